"""Settlements as they were frozen, period by period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lifecycle.core.beside import stream_of
from lifecycle.core.events import Json, Recorded, stamp
from lifecycle.core.settlement import SETTLEMENT, name_of
from lifecycle.core.workflow import Settlement, Workflow
from lifecycle.store.port import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Frozen:
    """A frozen period.

    period       its name, "2026-03"; first, last: its days
    position     up to which the log was known when its rows were drawn up
    rows         by key: columns, values, rank, what the tables said, the cases that count in it
    corrections  of earlier periods: what has come to light since, by period and key
    """

    period: str
    first: str
    last: str
    position: int
    case: str
    frozen_at: str
    by: Mapping[str, Json]
    rows: tuple[Mapping[str, Json], ...]
    corrections: tuple[Mapping[str, Json], ...]
    total: Mapping[str, Json]

    def to_json(self) -> dict[str, Json]:
        lists = ("rows", "corrections")
        document = {name: getattr(self, name) for name in self.__slots__ if name not in lists}
        return {**document, **{name: list(getattr(self, name)) for name in lists}}


def frozen_of(store: Store, workflow: Workflow, settlement: Settlement) -> list[Frozen]:
    """Return every period of a settlement that was frozen, first one first."""
    stream = stream_of(store.meta.id, SETTLEMENT, name_of(workflow.name, settlement.name))
    return [_frozen(recorded) for recorded in store.read(stream)]


def _frozen(recorded: Recorded) -> Frozen:
    event = recorded.event
    change = event.changes["settlement"]
    return Frozen(
        period=change["period"],
        first=change["from"],
        last=change["to"],
        position=change["position"],
        case=event.case,
        frozen_at=stamp(event.occurred_at),
        by={"role": event.by.role, "person": event.by.person},
        rows=tuple(change["rows"]),
        corrections=tuple(change["corrections"]),
        total=change["total"],
    )
