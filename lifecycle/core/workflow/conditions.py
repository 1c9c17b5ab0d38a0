"""What conditions and formulas are to a decision; compiled by the language room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from lifecycle.clocks.calendar import Calendar
from lifecycle.core.events import Json


@dataclass(frozen=True, slots=True)
class Failure:
    """An expression that gave no answer: an error, a missing name, an exhausted budget."""

    text: str


class Scope(Protocol):
    """What expressions may see while one step is decided."""

    def value(self, name: str) -> Json:
        """Return the stored form of a declared dotted name; None when it is unset."""

    def done(self, step: str) -> bool:
        """Return whether the step was taken since the state that owns it was last entered."""

    def ever(self, step: str) -> bool:
        """Return whether the step was taken in the life of the instance."""

    def count(self, step: str) -> int:
        """Return how often the step was taken in the life of the instance."""

    def time_of(self, step: str) -> str | None:
        """Return the stored instant at which the step was last taken."""

    def actor_of(self, step: str) -> str | None:
        """Return the person who last took the step."""

    def missing(self, checklist: str) -> list[str]:
        """Return the names of the checklist's items that apply and are not ticked."""

    def all_final(self, plural: str) -> bool:
        """Return whether every child instance of that plural is in a final state."""

    def calendar(self, name: str) -> Calendar:
        """Return a calendar as it is in force."""

    def row(self, name: str, key: str) -> Json:
        """Return the row of a list that is in force under a key, in its stored form; None when there is none."""

    def reading(self, name: str, at: str | None) -> Json:
        """Return the value of the latest reading at or before a stored instant (now, for None); None without one."""

    def balance(self, name: str, key: str | None) -> int:
        """Return what is open or left in a ledger, in minor units for money."""

    def covered(self, name: str, part: str) -> bool:
        """Return whether the case that a coverage is of, or a part of it, is covered now; "" for the whole."""


class Condition(Protocol):
    """A compiled condition. It holds only if the expression's answer is the boolean true."""

    @property
    def text(self) -> str: ...

    @property
    def reads(self) -> tuple[str, ...]:
        """The dotted names that it reads: "data.estimate", "repairs", "link.vehicle.mileage"."""

    def holds(self, scope: Scope) -> bool | Failure: ...


class Formula(Protocol):
    """A compiled value: a literal, or an expression written with "="."""

    @property
    def text(self) -> str: ...

    @property
    def reads(self) -> tuple[str, ...]: ...

    def value(self, scope: Scope) -> Json | Failure:
        """Return the value in its stored form."""


class Cell(Protocol):
    """One test of a decision table's row."""

    def matches(self, value: Json) -> bool: ...
