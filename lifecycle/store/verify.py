"""Whether a log is what was written: every event that digests, positions, revisions and heads show to be altered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from lifecycle.store.chain import chained
from lifecycle.store.log import NEW
from lifecycle.store.port import Finding, Verification

Heads = Mapping[bytes, tuple[int, bytes]]
"""Per stream (16 bytes) the revision and digest that its head says."""

NAMED_OF_A_GAP = 1_000


def verify_log(rows: Iterable[tuple[Any, ...]], heads: Heads, last_given: int) -> Verification:
    """Return what is wrong with a whole log.

    Two streams' events of one instant that changed places are not shown: the order across streams is sealed by
    signed heads.

    rows        every raw row in order of position, of whatever types an intruder left
    last_given  the newest position that was ever given
    """
    check = _Check()
    expected, newest = 1, ""
    for row in rows:
        position = row[0]
        for missing in _gap(expected, position):
            check.note("removed", position=missing)
        expected = position + 1
        check.row(row)
        if isinstance(row[5], str):
            if row[5] < newest:
                check.note("recorded-at-went-back", position=position, revision=row[2], stream=row[1])
            newest = max(newest, row[5])
    for missing in _gap(expected, last_given + 1):
        check.note("removed", position=missing)
    return check.against(heads)


def verify_stream(rows: Iterable[tuple[Any, ...]], heads: Heads) -> Verification:
    """Return what is wrong with one stream, whose raw rows come in order of revision."""
    check = _Check()
    for row in rows:
        check.row(row)
    return check.against(heads)


def _gap(first: int, after: int) -> range:
    # A number that an intruder made huge names the beginning of the gap, not a million places.
    return range(first, min(after, first + NAMED_OF_A_GAP))


class _Check:
    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self._ends: dict[bytes, tuple[int, bytes, int]] = {}
        self._events = 0

    def note(self, what: str, *, position: int = 0, revision: Any = 0, stream: Any = None) -> None:
        self._findings.append(
            Finding(
                what=what,
                position=position,
                revision=revision if isinstance(revision, int) else 0,
                stream=UUID(bytes=stream) if isinstance(stream, bytes) and len(stream) == 16 else None,
            )
        )

    def row(self, row: tuple[Any, ...]) -> None:
        self._events += 1
        position, stream, revision, topic, state, recorded_at, digest = row
        state = state.encode() if isinstance(state, str) else state
        kinds = ((stream, bytes), (revision, int), (topic, str), (state, bytes), (recorded_at, str), (digest, bytes))
        if not all(isinstance(value, kind) for value, kind in kinds) or len(stream) != 16 or revision < 1:
            self.note("changed", position=position, revision=revision, stream=stream)
            return
        before, previous, _ = self._ends.get(stream, (*NEW, 0))
        follows = revision == before + 1
        for missing in _gap(before + 1, revision):
            self.note("removed", revision=missing, stream=stream)
        if revision <= before:
            self.note("inserted", position=position, revision=revision, stream=stream)
        elif follows and digest != chained(previous, stream, revision, topic, recorded_at, state):
            self.note("changed", position=position, revision=revision, stream=stream)
        # The stored digest carries on, so that one altered event is named once.
        self._ends[stream] = (revision, digest, position)

    def against(self, heads: Heads) -> Verification:
        for stream, (revision, digest, position) in self._ends.items():
            if stream not in heads:
                self.note("head-missing", position=position, revision=revision, stream=stream)
                continue
            said, said_digest = heads[stream]
            for missing in _gap(revision + 1, said + 1):
                self.note("removed", revision=missing, stream=stream)
            if said < revision:
                self.note("inserted", position=position, revision=revision, stream=stream)
            elif said == revision and said_digest != digest:
                self.note("head-differs", position=position, revision=revision, stream=stream)
        for stream, (said, _) in heads.items():
            if stream not in self._ends:
                for missing in _gap(1, said + 1):
                    self.note("removed", revision=missing, stream=stream)
        return Verification(findings=tuple(self._findings), events=self._events, streams=len(self._ends))
