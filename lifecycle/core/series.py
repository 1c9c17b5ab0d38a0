"""The readings of one holder in one series, in the order of when they were read.

One stream for each workflow, series and holder. Its events hold no personal text; who read stands in their envelope.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from lifecycle.core.beside import Aggregate
from lifecycle.core.events import Event, Json

Reading = Mapping[str, Json]
"""{"id", "at" (stored instant), "value", and "source", "overridden" where they apply}."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Readings:
    """All readings so far, earliest first; of one instant in the order in which they were recorded."""

    all: tuple[Reading, ...] = ()
    revision: int = 0

    def to_json(self) -> dict[str, Json]:
        return {"all": list(self.all), "revision": self.revision}

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> Readings:
        return cls(all=tuple(document["all"]), revision=document["revision"])

    def at(self, instant: str) -> Reading | None:
        """Return the latest reading at or before a stored instant."""
        number = self.place_of(instant)
        return self.all[number - 1] if number else None

    def next_after(self, instant: str) -> Reading | None:
        """Return the first reading after a stored instant."""
        number = self.place_of(instant)
        return self.all[number] if number < len(self.all) else None

    def place_of(self, instant: str) -> int:
        """Return the number of readings at or before a stored instant."""
        return bisect_right([one["at"] for one in self.all], instant)


def evolve(readings: Readings, event: Event) -> Readings:
    """Return the readings after `series.recorded`."""
    change = event.changes["reading"]
    reading = {name: value for name, value in change.items() if name not in ("series", "of", "unit")}
    number = readings.place_of(reading["at"])
    return Readings(all=(*readings.all[:number], reading, *readings.all[number:]), revision=readings.revision + 1)


SERIES = Aggregate(name="series", shape=1, blank=Readings, read=Readings.from_json, evolve=evolve)


def name_of(workflow: str, series: str, holder: str) -> str:
    """Return the name of a holder's readings among all of the store."""
    return f"{workflow}/{series}/{holder}"


def falls(readings: Readings, at: str, value: Json) -> Reading | None:
    """Return the reading that a value does not go with: one before it that is greater, or one after it that is less."""
    before, behind = readings.at(at), readings.next_after(at)
    if before is not None and Decimal(str(value)) < Decimal(str(before["value"])):
        return before
    if behind is not None and Decimal(str(value)) > Decimal(str(behind["value"])):
        return behind
    return None
