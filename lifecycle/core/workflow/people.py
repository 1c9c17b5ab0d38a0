"""People and things to assign: pools, and the effects that take from them, give back, and change the staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lifecycle.core.workflow.conditions import Condition, Formula
from lifecycle.problems import NOWHERE, Place

Turn = Literal["round_robin", "least_load", "last", "by_hand"]
Passed = Literal["kept", "lost"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pool:
    """Who, or what, is taken in turn.

    role       the people who hold it; "" for a pool of things
    kind       the keyed kind of case whose open cases are the things; "" for people
    turn       who is next: round the list, the least open jobs, whoever served this customer last, or as named
    pass_over  whom the turn leaves out: "away", "on_job" (an open job of any pool), "off_shift"
    passed     what becomes of the turn of who was passed over: kept, so that they are asked first next time, or lost
    """

    name: str
    role: str = ""
    kind: str = ""
    turn: Turn = "round_robin"
    pass_over: tuple[str, ...] = ()
    passed: Passed = "kept"
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A place in a team, and how many it takes."""

    name: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Assign:
    """Effect: people or things of a pool under a name; whoever bore it before is released.

    pool        None: the person that the formula names, whoever that is
    needs       qualifications, each held at the step's time
    unit        the unit that they must belong to; no answer asks for none
    fits        a condition on each thing, read as `it`
    cap         the most open jobs from this pool that anybody may hold
    person      by hand: this one and no other; no answer leaves it to the turn
    team        slots in order; () is one
    apart_from  names or steps whose people it may not be
    override    roles that may go on with a written reason though the one named does not qualify
    """

    name: str
    pool: Pool | None = None
    needs: tuple[Formula, ...] = ()
    unit: Formula | None = None
    fits: Condition | None = None
    cap: Formula | None = None
    person: Formula | None = None
    team: tuple[Slot, ...] = ()
    apart_from: tuple[str, ...] = ()
    override: tuple[str, ...] = ()
    when: Condition | None = None
    where: Place = NOWHERE

    @property
    def wanted(self) -> int:
        """How many it takes."""
        return sum(slot.count for slot in self.team) or 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """Effect: nobody bears the name any more."""

    name: str
    when: Condition | None = None
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Away:
    """Effect: a person is away from an instant (now when not given) until one (open), or is back."""

    person: Formula
    since: Formula | None = None
    until: Formula | None = None
    back: bool = False
    when: Condition | None = None
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Qualify:
    """Effect: a person gains a qualification, until the end of a day or for good; or loses it."""

    person: Formula
    qualification: Formula
    until: Formula | None = None
    lost: bool = False
    when: Condition | None = None
    where: Place = NOWHERE
