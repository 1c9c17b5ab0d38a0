"""Schedules: what comes again by the calendar, for whom, and what it opens or sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from lifecycle.clocks.recurrence import Recurrence
from lifecycle.core.workflow.acts import Open
from lifecycle.core.workflow.conditions import Condition, Formula
from lifecycle.problems import NOWHERE, Place, Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A command that an occurrence sends to each member: received there as `received.<step>`."""

    step: str
    form: Mapping[str, Formula] = field(default_factory=dict)
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """Something that comes again, and what happens then.

    calendar  to whose days with hours occurrences keep; "" for none
    per       the keyed kind each of whose cases is a member; "" for an occurrence that stands for itself
    only      which cases are members; it sees the case
    missed    what becomes of occurrences that nobody ran in time
    """

    name: str
    rule: Recurrence
    titles: Text = field(default_factory=dict)
    calendar: str = ""
    per: str = ""
    only: Condition | None = None
    opens: tuple[Open, ...] = ()
    sends: tuple[Told, ...] = ()
    missed: Literal["run", "skip", "latest"] = "run"
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE

    @property
    def mark(self) -> str:
        """Return what tells whether the occurrences are those of another version's schedule of the same name."""
        return sha256(repr((self.rule, self.calendar)).encode()).hexdigest()[:16]
