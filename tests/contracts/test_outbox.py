"""The outbox of notices: written with the event, claimed by one, tried again, given up, taken back, made anew."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from lifecycle.core.events import Json
from lifecycle.core.notices import read_notice_id
from lifecycle.store import SqliteStore
from lifecycle.store.port import Commit, Conflict, Notice
from tests.contracts.controls import MONDAY, confirmed, stream

A, B = stream(1), stream(2)
CHIEF = {"to": [{"role": "chief"}], "text": "late"}
BOTH = {"to": [{"role": "chief"}, {"party": "buyer"}], "text": "late"}
NOBODY: dict[str, Json] = {"to": [], "text": "late"}
MINUTE = timedelta(minutes=1)
ALL = ("pending", "sent", "dead", "dropped", "withdrawn")


def tell(store: SqliteStore, *notices: Json, of=A, after: int = 0, **changes: Json) -> None:
    event = confirmed(of, **({"notices": list(notices)} if notices else {}), **changes)
    store.append([Commit(events={of: [event]}, expected={of: after})])


def claimed(store: SqliteStore, *, after: timedelta = MINUTE * 0) -> Notice | None:
    return store.notices.claim(MONDAY + after, MONDAY + after + 5 * MINUTE)


def the_one(store: SqliteStore) -> Notice:
    [notice] = store.notices.latest(ALL, 10)
    return notice


def test_each_who_is_told_has_a_row_with_an_id_of_its_own(store: SqliteStore) -> None:
    tell(store, BOTH, NOBODY, CHIEF)
    assert [notice.id for notice in store.notices.latest(ALL, 10)] == ["notice/1/2", "notice/1/1", "notice/1/0"]
    assert store.notices.count() == {"pending": 3}


def test_a_commit_that_conflicts_leaves_no_notice(store: SqliteStore) -> None:
    tell(store, CHIEF)
    [verdict] = store.append([Commit(events={A: [confirmed(A, notices=[CHIEF])]}, expected={A: 0})])
    assert isinstance(verdict, Conflict)
    assert store.notices.count() == {"pending": 1}


def test_a_turn_that_is_rolled_back_leaves_no_notice(store: SqliteStore) -> None:
    with suppress(KeyError), store.writing() as session:
        session.append(Commit(events={A: [confirmed(A, notices=[CHIEF])]}, expected={A: 0}))
        raise KeyError
    assert store.notices.count() == {}
    assert claimed(store) is None


def test_what_one_has_claimed_no_other_gets_until_the_claim_is_over(opened: Callable[[], SqliteStore]) -> None:
    one, other = opened(), opened()
    tell(one, BOTH)
    first, second = claimed(one), claimed(other)
    assert first is not None
    assert second is not None
    assert (first.id, second.id) == ("notice/1/0", "notice/1/1")
    assert claimed(other) is None
    assert claimed(other, after=5 * MINUTE - timedelta.resolution) is None
    again = claimed(other, after=5 * MINUTE)
    assert again is not None
    assert (again.id, again.tries) == ("notice/1/0", 2)


def test_what_is_sent_is_never_due_again(store: SqliteStore) -> None:
    tell(store, CHIEF)
    notice = claimed(store)
    assert notice is not None
    store.notices.sent(notice, MONDAY + MINUTE)
    assert claimed(store, after=timedelta(days=1000)) is None
    kept = the_one(store)
    assert (kept.state, kept.tries, kept.at, kept.next_at) == ("sent", 1, MONDAY + MINUTE, None)


def test_what_failed_is_due_when_it_is_tried_next(store: SqliteStore) -> None:
    tell(store, CHIEF)
    notice = claimed(store)
    assert notice is not None
    store.notices.failed(notice, MONDAY, "unreachable", MONDAY + MINUTE)
    assert claimed(store) is None
    assert the_one(store).reason == "unreachable"
    again = claimed(store, after=MINUTE)
    assert again is not None
    assert again.tries == 2


def test_a_claim_that_is_over_says_nothing_more_of_a_failure_but_still_that_it_is_sent(store: SqliteStore) -> None:
    tell(store, CHIEF)
    slow = claimed(store)
    fast = claimed(store, after=5 * MINUTE)
    assert slow is not None
    assert fast is not None
    store.notices.failed(slow, MONDAY + 6 * MINUTE, "unreachable", None)
    assert the_one(store).state == "pending"
    store.notices.sent(slow, MONDAY + 6 * MINUTE)
    store.notices.failed(fast, MONDAY + 7 * MINUTE, "unreachable", MONDAY + 9 * MINUTE)
    assert the_one(store).state == "sent"


def test_what_is_given_up_or_dropped_is_tried_anew_only_when_somebody_asks(store: SqliteStore) -> None:
    tell(store, BOTH)
    first, second = claimed(store), claimed(store)
    assert first is not None
    assert second is not None
    store.notices.failed(first, MONDAY, "refused", None)
    store.notices.drop(second, MONDAY, "too-old")
    assert store.notices.count() == {"dead": 1, "dropped": 1}
    assert claimed(store, after=timedelta(days=9)) is None
    assert store.notices.retry(1, 0, MONDAY + MINUTE)
    assert not store.notices.retry(1, 0, MONDAY + MINUTE), "it is pending already"
    assert not store.notices.retry(1, 7, MONDAY), "there is none of that number"
    again = claimed(store, after=MINUTE)
    assert again is not None
    assert (again.id, again.tries) == ("notice/1/0", 1)


def test_which_addresses_have_it_is_kept_over_the_tries(store: SqliteStore) -> None:
    tell(store, CHIEF)
    notice = claimed(store)
    assert notice is not None
    assert notice.reached == frozenset()
    store.notices.reach(notice, store.token("a@example.com"))
    store.notices.reach(notice, store.token("b@example.com"))
    assert the_one(store).reached == {store.token("a@example.com"), store.token("b@example.com")}


def test_an_event_takes_back_what_an_earlier_one_has_not_told_yet(store: SqliteStore) -> None:
    tell(store, BOTH)
    tell(store, CHIEF, after=1)
    tell(store, CHIEF, of=B)
    first = claimed(store)
    assert first is not None
    store.notices.sent(first, MONDAY)
    tell(store, recalls=[{"revision": 1, "nth": 1}], after=2)
    states = {notice.id: notice.state for notice in store.notices.latest(ALL, 10)}
    assert states == {
        "notice/1/0": "sent", "notice/1/1": "withdrawn", "notice/2/0": "pending", "notice/3/0": "pending",
    }  # fmt: skip


def test_a_notice_can_be_taken_back_by_hand_and_one_that_went_out_meanwhile_counts_as_sent(store: SqliteStore) -> None:
    tell(store, CHIEF)
    notice = claimed(store)
    assert notice is not None
    assert store.notices.withdraw(A, 1, MONDAY) == 1
    assert store.notices.withdraw(A, 1, MONDAY) == 0
    store.notices.failed(notice, MONDAY, "unreachable", MONDAY)
    assert the_one(store).state == "withdrawn"
    store.notices.sent(notice, MONDAY)
    assert the_one(store).state == "sent"


def test_the_list_goes_on_before_a_place_and_a_run_of_numbers_is_counted_by_state(store: SqliteStore) -> None:
    tell(store, BOTH, CHIEF)
    tell(store, CHIEF, after=1)
    notice = claimed(store)
    assert notice is not None
    store.notices.sent(notice, MONDAY)
    assert [each.id for each in store.notices.latest(ALL, 2, (2, 0))] == ["notice/1/2", "notice/1/1"]
    assert [each.id for each in store.notices.latest(ALL, 9, (1, 1))] == ["notice/1/0"]
    assert store.notices.latest(("sent",), 9, (1, 0)) == []
    assert store.notices.tally(1, 0, 2) == {"pending": 2, "sent": 1}
    assert store.notices.tally(1, 1, 2) == {"pending": 2}


def test_all_that_an_event_told_in_vain_is_tried_anew_and_nothing_else(store: SqliteStore) -> None:
    tell(store, BOTH, CHIEF)
    tell(store, CHIEF, after=1)
    for reason in ("refused", "no-address", "", "refused"):
        notice = claimed(store)
        assert notice is not None
        store.notices.failed(notice, MONDAY, reason, None) if reason else store.notices.sent(notice, MONDAY)
    assert store.notices.retry_dead(1, MONDAY + MINUTE) == 2
    assert store.notices.count() == {"dead": 1, "pending": 2, "sent": 1}
    assert store.notices.retry_dead(1, MONDAY) == 0
    assert claimed(store) is None
    again = claimed(store, after=MINUTE)
    assert again is not None
    assert (again.id, again.tries) == ("notice/1/0", 1)


def test_rows_that_are_lost_are_made_anew_and_those_that_are_there_stay(store: SqliteStore) -> None:
    tell(store, BOTH)
    tell(store, CHIEF, after=1)
    tell(store, recalls=[{"revision": 2, "nth": 1}], after=2)
    notice = claimed(store)
    assert notice is not None
    store.notices.sent(notice, MONDAY)
    before = store.notices.latest(ALL, 10)
    assert store.notices.rebuild() == 0
    assert store.notices.latest(ALL, 10) == before
    with store._database.writing() as connection:
        connection.execute("DELETE FROM notices WHERE state != 'sent'")
    assert store.notices.rebuild() == 2
    assert {each.id: each.state for each in store.notices.latest(ALL, 10)} == {
        "notice/1/0": "sent", "notice/1/1": "pending", "notice/2/0": "withdrawn",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", "notice", "notice/1", "notice/1/", "notice/-1/0", "notice/1/x", "note/1/0", "1/0"]
)
def test_what_is_no_id_of_a_notice_is_read_as_none(text: str) -> None:
    assert read_notice_id(text) is None
    assert read_notice_id("notice/12/3") == (12, 3)
