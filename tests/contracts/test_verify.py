"""Whatever is altered behind the store's back is found, and named."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.store import SqliteStore, open_store
from lifecycle.store.chain import chained
from lifecycle.store.port import CommandRecord, Commit, Finding, Verification
from tests.contracts.controls import Counted, ToldClock, case, commit, confirmed, stream

EVENTS = 12
STREAMS = {n: stream(n) for n in range(3)}
TRIGGERS = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"


def place(position: int) -> tuple[UUID, int]:
    """Return stream and revision of a position: the three streams take turns."""
    return STREAMS[(position - 1) % 3], (position - 1) // 3 + 1


class Intruder:
    """Works on a copy of a written store by raw SQL, with the triggers dropped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._clock = ToldClock()
        self._copies = 0
        source = self._open(folder / "store.db")
        for position in range(1, EVENTS + 1):
            id, revision = place(position)
            source.append([commit(id, revision - 1, head={"n": revision})])
            self._clock.go(minutes=1)
        source.close()

    def _open(self, path: Path) -> SqliteStore:
        return open_store(f"sqlite:{path}", clock=self._clock, randomness=Counted(), keys=self._folder / "keys.db")

    @contextmanager
    def copy(self) -> Iterator[tuple[apsw.Connection, Callable[[], Verification]]]:
        self._copies += 1
        path = self._folder / f"copy-{self._copies}.db"
        path.write_bytes((self._folder / "store.db").read_bytes())
        raw = apsw.Connection(str(path))
        for (name,) in raw.execute(TRIGGERS).fetchall():
            raw.execute(f"DROP TRIGGER {name}")

        def verified() -> Verification:
            store = self._open(path)
            try:
                return store.verify()
            finally:
                store.close()

        try:
            yield raw, verified
        finally:
            raw.close()
            path.unlink()


@pytest.fixture(scope="module")
def intruder(tmp_path_factory: pytest.TempPathFactory) -> Intruder:
    return Intruder(tmp_path_factory.mktemp("intruder"))


def at(position: int, what: str) -> Finding:
    id, revision = place(position)
    return Finding(what=what, position=position, revision=revision, stream=id)


def test_a_store_as_it_was_written_has_no_finding_and_says_what_it_cannot_show(intruder: Intruder) -> None:
    with intruder.copy() as (_, verified):
        assert verified() == Verification(findings=(), events=EVENTS, streams=3, only_signed_heads_show=True)


positions = st.integers(1, EVENTS)


@given(position=positions, offset=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_flipped_bit_of_a_state_is_named(intruder: Intruder, position: int, offset: int, bit: int) -> None:
    with intruder.copy() as (raw, verified):
        state = bytearray(raw.execute("SELECT state FROM lifecycle_events WHERE position = ?", (position,)).get)
        state[offset % len(state)] ^= 1 << bit
        raw.execute("UPDATE lifecycle_events SET state = ? WHERE position = ?", (bytes(state), position))
        assert verified().findings == (at(position, "changed"),)


@given(
    position=positions,
    change=st.sampled_from(
        [
            "topic = 'repair.closed'",
            "recorded_at = '2026-03-02T01:00:00.000001Z'",
            "state = CAST(state AS TEXT) || ' '",
            "state = 7",
            "topic = 7",
            "digest = zeroblob(32)",
            "digest = 'none'",
            "recorded_at = x'00'",
        ]
    ),
)
def test_a_changed_column_is_named(intruder: Intruder, position: int, change: str) -> None:
    with intruder.copy() as (raw, verified):
        raw.execute(f"UPDATE lifecycle_events SET {change} WHERE position = ?", (position,))
        findings = verified().findings
        assert findings[0].what in ("changed", "recorded-at-went-back")
        assert any(finding == at(position, "changed") for finding in findings)


@given(removed=st.sets(positions, min_size=1, max_size=4))
def test_every_removed_event_is_named(intruder: Intruder, removed: set[int]) -> None:
    with intruder.copy() as (raw, verified):
        for position in removed:
            raw.execute("DELETE FROM lifecycle_events WHERE position = ?", (position,))
        findings = verified().findings
        assert {f.what for f in findings} == {"removed"}
        assert {f.position for f in findings if f.position} == removed
        assert {(f.stream, f.revision) for f in findings if f.stream} == {place(position) for position in removed}


@given(first=positions, second=positions)
def test_two_events_that_changed_places_are_named(intruder: Intruder, first: int, second: int) -> None:
    with intruder.copy() as (raw, verified):
        if first == second:
            return
        for take, put in ((first, 1000), (second, first), (1000, second)):
            raw.execute("UPDATE lifecycle_events SET position = ? WHERE position = ?", (put, take))
        raw.execute("UPDATE sqlite_sequence SET seq = ?", (EVENTS,))
        findings = verified().findings
        assert findings
        assert {first, second} & {f.position for f in findings}


@given(after=st.integers(0, EVENTS), of=st.sampled_from(sorted(STREAMS)))
def test_an_inserted_event_is_named(intruder: Intruder, after: int, of: int) -> None:
    """Even one whose digest follows: the head does not know it."""
    id = STREAMS[of]
    with intruder.copy() as (raw, verified):
        raw.execute("UPDATE lifecycle_events SET position = -position WHERE position > ?", (after,))
        raw.execute("UPDATE lifecycle_events SET position = 1 - position WHERE position < 0")
        last, previous = raw.execute(
            "SELECT originator_version, digest FROM lifecycle_events WHERE originator_id = ? ORDER BY 1 DESC LIMIT 1",
            (id.bytes,),
        ).get
        time = "2026-03-02T09:00:00.000000Z"
        digest = chained(previous, id.bytes, last + 1, "repair.closed", time, b"{}")
        row = (after + 1, id.bytes, last + 1, "repair.closed", b"{}", time, digest)
        raw.execute("INSERT INTO lifecycle_events VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        findings = verified().findings
        assert any(f.what in ("inserted", "removed") and f.stream == id for f in findings)
        assert any(f.position == after + 1 or f.stream == id for f in findings)


@given(position=positions)
def test_a_change_with_a_digest_made_anew_shows_at_the_next_event_or_the_head(
    intruder: Intruder, position: int
) -> None:
    id, revision = place(position)
    with intruder.copy() as (raw, verified):
        row = raw.execute("SELECT * FROM lifecycle_events WHERE position = ?", (position,)).get
        previous = raw.execute(
            "SELECT coalesce(max(digest), x'') FROM lifecycle_events "
            "WHERE originator_id = ? AND originator_version = ?",
            (id.bytes, revision - 1),
        ).get
        digest = chained(previous, id.bytes, revision, row[3], row[5], b'{"v":1}')
        raw.execute(
            "UPDATE lifecycle_events SET state = ?, digest = ? WHERE position = ?", (b'{"v":1}', digest, position)
        )
        last = position + 3 > EVENTS
        expected = at(position, "head-differs") if last else at(position + 3, "changed")
        assert verified().findings == (expected,)


@given(cut=st.integers(1, EVENTS))
def test_a_cut_tail_shows_by_the_numbers_already_given_and_the_heads(intruder: Intruder, cut: int) -> None:
    with intruder.copy() as (raw, verified):
        raw.execute("DELETE FROM lifecycle_events WHERE position >= ?", (cut,))
        missing = {f.position for f in verified().findings if f.position}
        assert missing == set(range(cut, EVENTS + 1))


def test_a_tail_that_was_cut_with_heads_and_numbers_made_anew_is_left_to_signed_heads(intruder: Intruder) -> None:
    with intruder.copy() as (raw, verified):
        raw.execute("DELETE FROM lifecycle_events WHERE position > 9")
        raw.execute("""UPDATE heads SET (revision, digest) = (SELECT originator_version, digest FROM lifecycle_events
            WHERE originator_id = stream ORDER BY originator_version DESC LIMIT 1)""")
        raw.execute("UPDATE sqlite_sequence SET seq = 9")
        verification = verified()
        assert verification.findings == ()
        assert verification.only_signed_heads_show


def test_a_missing_head_is_named(intruder: Intruder) -> None:
    with intruder.copy() as (raw, verified):
        raw.execute("DELETE FROM heads WHERE stream = ?", (STREAMS[0].bytes,))
        (finding,) = verified().findings
        assert (finding.what, finding.stream) == ("head-missing", STREAMS[0])


@pytest.mark.parametrize("column", ["originator_version", "position"])
def test_a_number_made_huge_is_named_and_does_not_take_for_ever(intruder: Intruder, column: str) -> None:
    with intruder.copy() as (raw, verified):
        raw.execute(f"UPDATE lifecycle_events SET {column} = 1 << 60 WHERE position = 12")
        assert {f.what for f in verified().findings} >= {"removed"}


def test_one_stream_is_verified_alone(store: SqliteStore, tmp_path: Path) -> None:
    store.append([commit(STREAMS[0], events=3), commit(STREAMS[1], events=3)])
    with sqlite3.connect(tmp_path / "store.db") as raw:
        for (name,) in raw.execute(TRIGGERS).fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE lifecycle_events SET state = replace(state, 'DW-013', 'DW-014') WHERE position = 2")
    raw.close()
    assert store.verify(STREAMS[0]).findings == (Finding(what="changed", position=2, revision=2, stream=STREAMS[0]),)
    assert store.verify(STREAMS[1]).findings == ()
    assert len(store.verify().findings) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE lifecycle_events SET topic = 'x'",
        "DELETE FROM lifecycle_events",
        "INSERT OR REPLACE INTO lifecycle_events SELECT * FROM lifecycle_events",
        "REPLACE INTO lifecycle_events SELECT position + 9, originator_id, originator_version, topic, x'', '', x'' "
        "FROM lifecycle_events",
        "UPDATE commands SET actor = 'x'",
        "DELETE FROM commands",
        "UPDATE cases SET number = 'x'",
        "DELETE FROM cases",
    ],
)
def test_what_is_written_can_only_be_added_to(store: SqliteStore, tmp_path: Path, statement: str) -> None:
    id = STREAMS[0]
    command = CommandRecord(id="c-1", actor="li", body=b"b" * 32, stream=id)
    store.append([Commit(events={id: [confirmed(id)]}, expected={id: 0}, command=command, cases=[case(id)])])
    raw = sqlite3.connect(tmp_path / "store.db")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(statement)
    raw.close()
    assert store.verify().findings == ()
