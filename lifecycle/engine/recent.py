"""What the last turns ended with: true for as long as nobody else has written to the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lifecycle.clocks.calendar import Calendar
from lifecycle.core.case import Case
from lifecycle.core.events import Json

MOST = 500
"""Cases kept: those at work. An idle one is forgotten, however many there are."""


@dataclass(kw_only=True, slots=True)
class Standing:
    """What a turn knows without asking: cases by number; the figures, calendars and changes of a workflow version."""

    cases: dict[str, Case] = field(default_factory=dict)
    settings: dict[tuple[str, int], Mapping[str, Json]] = field(default_factory=dict)
    calendars: dict[tuple[str, int], Mapping[str, Calendar]] = field(default_factory=dict)
    changed: dict[tuple[str, int], Mapping[str, str]] = field(default_factory=dict)

    def keep(self, case: Case) -> None:
        """Keep a case as the newest one; the oldest goes when there are too many."""
        self.cases.pop(case.number, None)
        self.cases[case.number] = case
        if len(self.cases) > MOST:
            del self.cases[next(iter(self.cases))]


class Recent:
    """Hands what one turn knew to the next one, if the store has no newer position in between.

    Positions are final, never reused, and given by every change of a case or setting: an equal one proves that
    nothing has changed. A turn takes what is there with it, so that one that fails, or two that end out of order,
    leave nothing behind that could be wrong.
    """

    def __init__(self) -> None:
        self._left: tuple[int, Standing] = (-1, Standing())

    def take(self, position: int) -> Standing:
        """Return what was known at a position, which the store has now; nothing when it has moved on."""
        known_at, standing = self._left
        self._left = (-1, Standing())
        return standing if known_at == position else Standing()

    def give(self, position: int, standing: Standing) -> None:
        """Leave what a committed turn knew at its end."""
        self._left = (position, standing)
