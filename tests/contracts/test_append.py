"""What is written, in which order, and what stands against it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise

import pytest

from lifecycle.core.events import Personal
from lifecycle.store import SqliteStore
from lifecycle.store.port import (
    Appended,
    CommandRecord,
    Commit,
    Conflict,
    Folded,
    Head,
    Outgoing,
    Repeated,
    Store,
    UnsealedValue,
)
from tests.contracts.controls import MONDAY, ToldClock, case, commit, confirmed, stream

A, B = stream(1), stream(2)


def test_an_event_is_read_as_it_was_written(store: Store) -> None:
    event = confirmed(
        A, form={"estimate": "200.00 CNY", "items": [1, True, None]}, deadlines=[{"id": "d", "is": "met"}]
    )
    (verdict,) = store.append([Commit(events={A: [event]}, expected={A: 0})])
    assert isinstance(verdict, Appended)
    (read,) = store.read(A)
    assert read == verdict.positions[0]
    assert read.event == event
    assert (read.position, read.revision, read.recorded_at, len(read.digest)) == (1, 1, MONDAY, 32)


def test_positions_follow_the_order_of_a_commits_streams_without_a_hole(store: Store) -> None:
    store.append([commit(B, events=2)])
    both = Commit(events={B: [confirmed(B)], A: [confirmed(A), confirmed(A)]}, expected={A: 0, B: 2})
    store.append([both, commit(A, 2)])
    assert [(r.position, r.event.stream, r.revision) for r in store.feed()] == [
        (1, B, 1), (2, B, 2), (3, B, 3), (4, A, 1), (5, A, 2), (6, A, 3),
    ]  # fmt: skip
    assert store.last_position() == 6


def test_a_commit_that_conflicts_drops_out_of_its_group_alone(store: Store) -> None:
    first, second, third = store.append([commit(A), commit(A), commit(B)])
    assert isinstance(first, Appended)
    assert second == Conflict(stream=A, expected=0, actual=1)
    assert isinstance(third, Appended)
    assert [r.event.stream for r in store.feed()] == [A, B]


def test_a_stream_that_was_only_read_can_stand_against_a_commit(store: Store) -> None:
    store.append([commit(B)])
    (verdict,) = store.append([Commit(events={A: [confirmed(A)]}, expected={A: 0, B: 0})])
    assert verdict == Conflict(stream=B, expected=0, actual=1)
    assert store.head(A) is None


def test_a_stream_without_an_expected_revision_is_the_callers_fault(store: Store) -> None:
    with pytest.raises(ValueError, match="no expected revision"):
        store.append([Commit(events={A: [confirmed(A)]}, expected={})])
    assert store.last_position() == 0


def test_an_event_among_those_of_another_stream_is_the_callers_fault(store: Store) -> None:
    with pytest.raises(ValueError, match="an event of"):
        store.append([Commit(events={A: [confirmed(B)]}, expected={A: 0})])


def test_the_same_command_twice_adds_nothing(store: Store) -> None:
    store.append([commit(B)])
    store.append([commit(A, events=2, command="c-1")])
    (again,) = store.append([commit(A, 2, command="c-1")])
    assert isinstance(again, Repeated)
    assert again.command == store.command("c-1")
    assert (again.command.first_position, again.command.count, again.command.actor) == (2, 2, "li")
    assert again.command.body == sha256(b"c-1").digest()
    assert store.last_position() == 3


def test_the_same_command_twice_in_one_session_adds_nothing(store: Store) -> None:
    with store.writing() as session:
        assert session.command("c-1") is None
        session.append(commit(A, command="c-1"))
        assert isinstance(session.append(commit(A, 1, command="c-1")), Repeated)


def test_a_command_that_changes_nothing_is_remembered(store: Store) -> None:
    nothing = CommandRecord(id="c-1", actor="li", body=b"b" * 32, stream=None)
    (verdict,) = store.append([Commit(events={}, expected={}, command=nothing)])
    assert verdict == Appended(positions=[])
    found = store.command("c-1")
    assert found is not None
    assert (found.count, found.stream) == (0, None)


def test_a_session_sees_what_it_wrote_and_others_only_what_is_committed(store: Store) -> None:
    with store.writing() as session:
        session.append(commit(A, command="c-1", head={"state": "confirmed"}))
        head = session.head(A)
        assert head is not None
        assert (head.revision, head.state) == (1, {"state": "confirmed"})
        assert session.last_position() == 1
        assert [r.position for r in session.feed()] == [1]
        assert session.command("c-1") is not None
        assert isinstance(session.append(commit(A, 1)), Appended)
        assert store.last_position() == 0
        assert store.head(A) is None
    assert store.last_position() == 2


def test_a_session_that_fails_leaves_no_hole(store: Store) -> None:
    store.append([commit(A)])

    def failing_decision() -> None:
        with store.writing() as session:
            session.append(commit(A, 1, events=3, command="c-1", head={"n": 4}))
            session.draw("DW-2026")
            raise KeyError("the decision failed")

    with pytest.raises(KeyError):
        failing_decision()
    head = store.head(A)
    assert head is not None
    assert head.revision == 1
    assert store.command("c-1") is None
    (verdict,) = store.append([commit(B)])
    assert isinstance(verdict, Appended)
    assert verdict.positions[0].position == 2
    assert store.verify().findings == ()
    with store.writing() as session:
        assert session.draw("DW-2026") == 1


def test_a_failed_append_cannot_be_half_kept_by_going_on(store: Store) -> None:
    wrong = Commit(
        events={A: [confirmed(A)]},
        expected={A: 0},
        sends=[Outgoing(stream=A, index=5, target_case="DW-2", payload={})],
    )
    with pytest.raises(RuntimeError, match="halfway"), store.writing() as session, pytest.raises(IndexError):
        session.append(wrong)
    assert store.last_position() == 0


def test_a_head_is_one_row_with_its_state_and_shape(store: Store) -> None:
    store.append([Commit(events={A: [confirmed(A)]}, expected={A: 0}, heads={A: {"n": 1}}, shape=3)])
    (last,) = store.read(A)
    assert store.head(A) == Head(stream=A, revision=1, digest=last.digest, state={"n": 1}, shape=3)


def test_a_stream_without_a_kept_state_has_a_head_of_no_shape(store: Store) -> None:
    store.append([commit(A)])
    head = store.head(A)
    assert head is not None
    assert (head.state, head.shape) == ({}, 0)


def test_heads_are_folded_again_from_the_events(store: Store) -> None:
    store.append([commit(A, events=3, head={"wrong": True}), commit(B)])
    ends = {A: store.head(A), B: store.head(B)}
    assert store.rebuild_heads(lambda stream, events: Folded(state={"n": sum(1 for _ in events)}, shape=2)) == 2
    for id, n in ((A, 3), (B, 1)):
        head, before = store.head(id), ends[id]
        assert head is not None
        assert before is not None
        assert (head.state, head.shape) == ({"n": n}, 2)
        assert (head.revision, head.digest) == (before.revision, before.digest)
    assert store.verify().findings == ()


def test_a_stream_is_read_between_two_revisions(store: Store) -> None:
    store.append([commit(A, events=5), commit(B)])
    assert [r.revision for r in store.read(A, after=1, upto=3)] == [2, 3]
    assert [r.revision for r in store.read(A, after=5)] == []
    assert [r.position for r in store.feed(4, limit=1)] == [5]
    assert [row[0] for row in store.rows(4)] == [5, 6]


def test_recorded_at_never_goes_back_with_the_clock(store: Store, clock: ToldClock) -> None:
    store.append([commit(A)])
    clock.go(hours=-1)
    store.append([commit(A, 1)])
    clock.go(hours=2)
    store.append([commit(A, 2)])
    times = [r.recorded_at for r in store.read(A)]
    assert times == [MONDAY, MONDAY, MONDAY + timedelta(hours=1)]


def test_a_time_is_the_last_position_recorded_by_then(store: Store, clock: ToldClock) -> None:
    for revision in range(0, 20, 2):
        store.append([commit(A, revision, events=2)])
        clock.go(minutes=1)
    assert store.position_at(MONDAY - timedelta(seconds=1)) == 0
    assert store.position_at(MONDAY) == 2
    assert store.position_at(MONDAY + timedelta(minutes=4, seconds=59)) == 10
    assert store.position_at(MONDAY + timedelta(days=1)) == 20


def test_a_case_is_found_by_number_id_and_key(store: Store) -> None:
    entry = case(A, key="chassis-7", subject="s")
    store.append([Commit(events={A: [confirmed(A)]}, expected={A: 0}, cases=[entry])])
    assert store.find("DW-2026-000001") == entry
    assert store.find(str(A)) == entry
    assert store.find("DW-2026-000002") is None
    assert store.find(str(B)) is None
    assert store.find_key("doors-windows", "repair_case", "chassis-7") == entry
    assert store.find_key("doors-windows", "repair_case", "") is None


@pytest.mark.parametrize(("number", "key"), [("DW-1", "other"), ("DW-2", "same")])
def test_a_second_case_of_a_number_or_key_conflicts(store: Store, number: str, key: str) -> None:
    def opening(of: int, number: str, key: str) -> Commit:
        id = stream(of)
        return Commit(events={id: [confirmed(id)]}, expected={id: 0}, cases=[case(id, number, key=key)])

    first, second, third = store.append([opening(1, "DW-1", "same"), opening(2, number, key), opening(3, "DW-3", "")])
    assert isinstance(first, Appended)
    assert second == Conflict(stream=A, expected=0, actual=1)
    assert isinstance(third, Appended)


def test_any_number_of_cases_has_no_key(store: Store) -> None:
    for n in (1, 2):
        id = stream(n)
        (verdict,) = store.append([Commit(events={id: [confirmed(id)]}, expected={id: 0}, cases=[case(id, f"DW-{n}")])])
        assert isinstance(verdict, Appended)


def test_numbers_are_drawn_per_series(store: Store) -> None:
    with store.writing() as session:
        assert [session.draw("DW-2026"), session.draw("DW-2026"), session.draw("FU-2026")] == [1, 2, 1]
    with store.writing() as session:
        assert session.draw("DW-2026") == 3


def test_a_message_waits_in_the_outbox_until_it_is_delivered(store: Store) -> None:
    def to(case: str, index: int) -> Outgoing:
        return Outgoing(stream=A, index=index, target_case=case, payload={"to": case})

    sends = [to("DW-2", 1), to("DW-3", 1), to("DW-4", 0)]
    store.append([commit(B), Commit(events={A: [confirmed(A), confirmed(A)]}, expected={A: 0}, sends=sends)])
    pending = store.pending_sends()
    assert [(send.id, send.target_case, send.payload) for send in pending] == [
        ("send/2/0", "DW-4", {"to": "DW-4"}),
        ("send/3/0", "DW-2", {"to": "DW-2"}),
        ("send/3/1", "DW-3", {"to": "DW-3"}),
    ]
    store.mark_delivered(3, 0)
    assert [send.id for send in store.pending_sends()] == ["send/2/0", "send/3/1"]


def test_refused_attempts_are_journalled_beside_the_order_and_pruned(store: Store, clock: ToldClock) -> None:
    store.journal({"case": "DW-1", "reasons": ["wrong-state"]})
    clock.go(days=1)
    with store.writing() as session:
        session.journal({"case": "DW-1", "reasons": ["wrong-role"]})
        session.journal({"case": "DW-2", "reasons": []})
    assert [entry["reasons"] for entry in store.refusals("DW-1")] == [["wrong-state"], ["wrong-role"]]
    assert store.refusals("DW-1")[0]["at"] == "2026-03-02T01:00:00.000000Z"
    assert store.last_position() == 0
    assert store.prune_journal(MONDAY + timedelta(hours=1)) == 1
    assert [entry["reasons"] for entry in store.refusals("DW-1")] == [["wrong-role"]]


@pytest.mark.parametrize("place", ["event", "head", "send"])
def test_a_personal_value_in_clear_is_never_written(store: Store, place: str) -> None:
    clear = {"rows": [{"caller": Personal("王小明")}]}
    wrong = Commit(
        events={A: [confirmed(A, form=clear if place == "event" else {})]},
        expected={A: 0},
        heads={A: clear} if place == "head" else {},
        sends=[Outgoing(stream=A, index=0, target_case="DW-2", payload=clear)] * (place == "send"),
    )
    with pytest.raises(UnsealedValue):
        store.append([wrong])
    assert store.last_position() == 0


def test_a_personal_value_in_clear_is_not_journalled(store: Store) -> None:
    with pytest.raises(UnsealedValue):
        store.journal({"case": "DW-1", "form": {"caller": Personal("王小明")}})
    assert store.refusals("DW-1") == []


def test_threads_write_one_after_another(store: Store) -> None:
    def write(n: int) -> None:
        for revision in range(10):
            store.append([commit(stream(n), revision)])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(1, 5)))
    rows = list(store.rows())
    assert [row[0] for row in rows] == list(range(1, 41))
    assert all(before[5] <= after[5] for before, after in pairwise(rows))
    assert store.verify().findings == ()


def test_a_reader_goes_on_while_another_writes(store: Store) -> None:
    store.append([commit(A)])
    with store.writing() as session, ThreadPoolExecutor(1) as pool:
        session.append(commit(A, 1))
        assert pool.submit(store.last_position).result() == 1
        assert [r.revision for r in pool.submit(lambda: list(store.read(A))).result()] == [1]


def test_a_store_keeps_its_identity(opened: Callable[[], SqliteStore]) -> None:
    first = opened()
    assert opened().meta == first.meta
    assert first.meta.created == MONDAY
