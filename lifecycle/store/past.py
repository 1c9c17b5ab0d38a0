"""A store as it was at a position: what was written later does not show."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from uuid import UUID

import apsw

from lifecycle.core.events import Recorded
from lifecycle.store.port import CaseEntry, Head, Row
from lifecycle.store.reading import StoreReads
from lifecycle.store.schema import EVENTS

# Where a stream stood at a position: its last revision and digest.
SELECT_END = f"""SELECT originator_version, digest FROM {EVENTS}
    WHERE originator_id = ? AND position <= ? ORDER BY originator_version DESC LIMIT 1"""


class Past(StoreReads):
    """What a store could be asked at a position. Heads have no state: whoever asks folds the events.

    Tables that only the present has (commands, what is due, the outbox, the journal) are asked as they are now.
    """

    def __init__(self, store: StoreReads, position: int) -> None:
        self._store = store
        self._path = store._path
        self._keys = store._keys
        self._position = position

    @property
    def _reading(self) -> apsw.Connection:
        return self._store._reading

    def read(self, stream: UUID, after: int = 0, upto: int | None = None) -> Iterator[Recorded]:
        return takewhile(lambda recorded: recorded.position <= self._position, super().read(stream, after, upto))

    def _rows(self, after: int, limit: int | None) -> Iterator[Row]:
        return takewhile(lambda row: row[0] <= self._position, super()._rows(after, limit))

    def head(self, stream: UUID) -> Head | None:
        row = self._one(SELECT_END, (stream.bytes, self._position))
        return None if row is None else Head(stream=stream, revision=row[0], digest=row[1], state={}, shape=0)

    def head_of(self, case: str) -> Head | None:
        entry = self.find(case)
        return None if entry is None else self.head(entry.id)

    def find(self, case: str) -> CaseEntry | None:
        return self._then(super().find(case))

    def find_key(self, workflow: str, kind: str, key: str) -> CaseEntry | None:
        return self._then(super().find_key(workflow, kind, key))

    def cases(self, workflow: str = "") -> Iterator[CaseEntry]:
        return (entry for entry in super().cases(workflow) if self._then(entry))

    def keyed(self, workflow: str, kind: str) -> list[CaseEntry]:
        return [entry for entry in super().keyed(workflow, kind) if self._then(entry)]

    def last_position(self) -> int:
        return min(super().last_position(), self._position)

    def _then(self, entry: CaseEntry | None) -> CaseEntry | None:
        """Return an entry of the index if its case was opened by then."""
        return entry if entry is not None and self.head(entry.id) is not None else None
