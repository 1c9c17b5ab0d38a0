"""A store as it was at a position knows nothing that was written later."""

from __future__ import annotations

from lifecycle.store.port import Commit, Store
from tests.contracts.controls import case, commit, confirmed, stream

A, B = stream(1), stream(2)


def test_events_streams_and_the_feed_end_at_the_position(store: Store) -> None:
    store.append([commit(A, events=2), commit(B, events=1), commit(A, 2, events=1)])
    past = store.past(3)
    assert [(r.position, r.event.stream) for r in past.feed()] == [(1, A), (2, A), (3, B)]
    assert [r.revision for r in past.read(A)] == [1, 2]
    assert [r.revision for r in past.read(A, after=1)] == [2]
    assert past.last_position() == 3
    assert [r.revision for r in store.past(99).read(A)] == [1, 2, 3]


def test_a_head_tells_the_revision_of_then_and_no_state(store: Store) -> None:
    store.append([Commit(events={A: [confirmed(A)]}, expected={A: 0}, heads={A: {"n": 1}})])
    store.append([Commit(events={A: [confirmed(A)]}, expected={A: 1}, heads={A: {"n": 2}})])
    head = store.past(1).head(A)
    assert head is not None
    (first, _) = store.read(A)
    assert (head.revision, head.state, head.digest) == (1, {}, first.digest)
    assert store.past(1).head(B) is None


def test_cases_that_were_opened_later_are_not_there(store: Store) -> None:
    store.append([Commit(events={A: [confirmed(A)]}, expected={A: 0}, cases=[case(A, "W-1")])])
    store.append([Commit(events={B: [confirmed(B)]}, expected={B: 0}, cases=[case(B, "W-2")])])
    past = store.past(1)
    assert [entry.number for entry in past.cases()] == ["W-1"]
    assert past.find("W-2") is None
    assert past.head_of("W-2") is None
    assert past.head_of("W-1") is not None
