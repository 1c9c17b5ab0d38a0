"""Promises with a clock: deadlines, what they listen to, how long they give, what happens at their marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from lifecycle.core.workflow.conditions import Condition, Formula
from lifecycle.problems import NOWHERE, Place, Text

if TYPE_CHECKING:
    from lifecycle.core.workflow.acts import Effect

ELAPSED = "elapsed"
"""The clock that never stops; any other name is a calendar's."""

BREACH = "100%"
"""The mark at which a promise is broken: the instant after it was due."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cue:
    """What a deadline listens to.

    kind  "step": an event of that type; "start": the beginning of the instance; "entered": a state of that path
    own   of a step: only the instance's own counts; else any related one's
    """

    kind: Literal["step", "start", "entered"]
    name: str = ""
    own: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Length:
    """How long a deadline gives.

    formula  gives a stored duration, "30m"; or "2 workdays" as written
    clock    `elapsed`, or the calendar whose open time counts
    """

    formula: Formula
    clock: str = ELAPSED


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """A mark of a ladder with its effects: a percentage of what is given, or a length from the due instant.

    percent  1 and more; 0 when it is counted from the due instant
    offset   from the due instant, on the deadline's own clock; negative before it
    """

    name: str
    percent: int = 0
    offset: timedelta = timedelta()
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadline:
    """A promise with a clock, on a machine or on one of its states.

    owner    path of the state that it belongs to: leaving that state ends it; "" for the machine
    leaving  what leaving the owner means: kept ("met"), or no longer asked ("cancelled")
    pause    paths of states in which the clock stands still
    within   lengths, the earlier of which binds; () when `due` names the instant
    due, opens  instants from data; null means no clock
    target   measured, never breached
    who      the role, or "assignee", on whose worklist it stands
    every    begins again by itself when it was met or missed, as long as `while_` holds
    """

    name: str
    titles: Text = field(default_factory=dict)
    machine: str = ""
    owner: str = ""
    leaving: Literal["met", "cancelled"] = "cancelled"
    start: tuple[Cue, ...] = ()
    stop: tuple[Cue, ...] = ()
    cancel: tuple[Cue, ...] = ()
    restart: tuple[Cue, ...] = ()
    pause: tuple[str, ...] = ()
    within: tuple[Length, ...] = ()
    due: Formula | None = None
    opens: Formula | None = None
    target: bool = False
    who: str = ""
    when: Condition | None = None
    every: bool = False
    while_: Condition | None = None
    ladder: tuple[Rung, ...] = ()
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE
    heard: frozenset[str] = field(init=False, repr=False, compare=False)
    """Types of the events that it listens to."""
    local: bool = field(init=False, repr=False, compare=False)
    """Whether it matters to it where its instance is."""
    reads_data: bool = field(init=False, repr=False, compare=False)
    """Whether its due instant moves with data."""

    def __post_init__(self) -> None:
        cues = (*self.start, *self.stop, *self.cancel, *self.restart)
        lengths = (name for length in self.within for name in length.formula.reads)
        local = bool(self.owner or self.pause) or any(cue.kind == "entered" for cue in cues)
        reads = self.due is not None or any(not name.startswith("settings.") for name in lengths)
        object.__setattr__(self, "heard", frozenset(cue.name for cue in cues if cue.kind == "step"))
        object.__setattr__(self, "local", local)
        object.__setattr__(self, "reads_data", reads)

    @property
    def rungs(self) -> Mapping[str, Rung]:
        return {rung.name: rung for rung in self.ladder}
