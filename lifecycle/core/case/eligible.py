"""Who can be taken from a pool, in which order they stand, and what stands against each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from lifecycle.core.case.refused import Refused
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.state import Case
from lifecycle.core.events import PRIVATE, Json
from lifecycle.core.roster import ACQUAINTANCE, ROSTER, Roster, roster_name
from lifecycle.core.staff import DIRECTORY, STAFF, Person
from lifecycle.core.workflow import Assign, Failure, Formula
from lifecycle.core.workflow.people import Pool, Turn
from lifecycle.problems import Reason


@dataclass(frozen=True, slots=True)
class Why:
    """One cause why somebody is passed over. what: the qualification, unit or number that it is about."""

    code: str
    what: str = ""

    def to_json(self, person: str) -> dict[str, Json]:
        told = {"person": person, "why": self.code}
        return {**told, "what": self.what} if self.what else told


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of a pool, as the turn sees them.

    place  in the stated order
    load   open jobs
    given  jobs so far
    taken  number of their latest turn, taken or lost; 0 never
    """

    id: str
    place: int
    load: int
    given: int
    taken: int


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What one choice from a pool looks at, gathered once.

    people    in the stated order: who holds the role, or every thing of the kind
    before    the last one whom this customer knows; "" nobody
    """

    pool: Pool
    roster: Roster
    people: Sequence[str]
    needs: Sequence[str] = ()
    unit: str = ""
    cap: int | None = None
    apart: frozenset[str] = frozenset()
    before: str = ""
    at: datetime
    zone: tzinfo
    staff: Mapping[str, Person] = field(default_factory=dict)
    things: Mapping[str, bool] = field(default_factory=dict)
    busy: frozenset[str] = frozenset()

    @property
    def size(self) -> int:
        return len(self.people)

    def order(self) -> Iterator[tuple[Candidate, Turn]]:
        """Yield everybody in the order in which the turn asks them, each with the turn that puts them there.

        round_robin  whoever had their turn longest ago, at first the stated order: it goes round, and stays fair
                     among equals when others are passed over
        least_load   fewest open jobs, then fewest jobs given so far, then the stated order
        last         whoever served this customer last, then as round_robin
        by_hand      nobody
        """
        roster = self.roster
        everybody = [
            Candidate(one, place, roster.open.get(one, 0), roster.given.get(one, 0), roster.taken.get(one, 0))
            for place, one in enumerate(self.people)
        ]
        turn = self.pool.turn
        if turn == "by_hand":
            return
        if turn == "least_load":
            for one in sorted(everybody, key=lambda one: (one.load, one.given, one.place)):
                yield one, "least_load"
            return
        known = next((one for one in everybody if turn == "last" and one.id == self.before), None)
        if known is not None:
            yield known, "last"
        for one in sorted(everybody, key=lambda one: (one.taken, one.place)):
            if one is not known:
                yield one, "round_robin"

    def against(self, one: str) -> Iterator[Why]:
        """Yield every cause against taking somebody."""
        if one not in self.people:
            yield Why("left" if one in self.staff and self.staff[one].left else "not_in_pool")
            return
        if self.pool.role:
            yield from self._against_person(self.staff[one])
        elif not self.things[one]:
            yield Why("unfit")
        if one in self.apart:
            yield Why("apart")
        if "on_job" in self.pool.pass_over and one in self.busy:
            yield Why("on_job")
        if self.cap is not None and self.roster.open.get(one, 0) >= self.cap:
            yield Why("capped", str(self.cap))

    def _against_person(self, person: Person) -> Iterator[Why]:
        if self.unit and person.unit != self.unit:
            yield Why("elsewhere", person.unit)
        for qualification in self.needs:
            lack = person.lacks(qualification, self.at, self.zone)
            if lack:
                yield Why(lack, qualification)
        if "away" in self.pool.pass_over and person.is_away(self.at):
            yield Why("away")
        if "off_shift" in self.pool.pass_over and not person.is_on_shift(self.at, self.zone):
            yield Why("off_shift")


def ground_of(effect: Assign, scope: Snapshot, before: Snapshot | None = None) -> Ground:
    """Return what a choice looks at.

    before  the scope in which those to be kept apart from still bear their names; None for the same
    Raises  Refused when a formula of the pool has no answer
    """
    pool, workflow = effect.pool, scope.workflow
    assert pool is not None
    beside = scope.facts.beside
    name = roster_name(workflow.name, pool.name)
    directory = beside.now(STAFF, DIRECTORY)
    things: Mapping[str, bool] = {}
    if pool.role:
        people: Sequence[str] = [one.id for one in directory.in_role(workflow.name, pool.role)]
    else:
        kept = scope.facts.things(pool.kind)
        things = {one.number: fits(effect, one, scope) for one in kept}
        people = list(things)
    unit = _one(effect.unit, scope, effect)
    cap = _one(effect.cap, scope, effect)
    customer = scope.case.subject if scope.case.customer is not None else ""
    keeping = before or scope
    return Ground(
        pool=pool,
        roster=beside.now(ROSTER, name),
        people=people,
        needs=tuple(_names(effect.needs, scope, effect)),
        unit="" if unit is None else str(unit),
        cap=None if cap is None else int(cap),
        apart=frozenset(person for one in effect.apart_from for person in keeping.people_of(one)),
        before=beside.now(ACQUAINTANCE, f"{name}/{customer}").person if pool.turn == "last" and customer else "",
        at=scope.now,
        zone=ZoneInfo(workflow.zone),
        staff=directory.people,
        things=things,
        busy=busy_of(pool, scope),
    )


def busy_of(pool: Pool, scope: Snapshot) -> frozenset[str]:
    """Return who has an open job, of any pool of the workflow, where the pool passes such over."""
    if "on_job" not in pool.pass_over:
        return frozenset()
    beside, workflow = scope.facts.beside, scope.workflow
    rosters = (beside.now(ROSTER, roster_name(workflow.name, other)) for other in workflow.pools)
    return frozenset(one for roster in rosters for one in roster.open)


def fits(effect: Assign, thing: Case, scope: Snapshot) -> bool:
    """Return whether a thing may be taken, as its case says."""
    if effect.fits is None:
        return True
    first = next(iter(thing.instances.values()), None)
    row = {name: value for name, value in thing.data.items() if not isinstance(value, PRIVATE)}
    row.update({"key": thing.key, "state": first.state if first else ""})
    return effect.fits.holds(scope.with_item(row)) is True


def _names(formulas: Iterable[Formula], scope: Snapshot, effect: Assign) -> Iterator[str]:
    for formula in formulas:
        value = _one(formula, scope, effect)
        for name in value if isinstance(value, list) else [value]:
            if name not in (None, ""):
                yield str(name)


def _one(formula: Formula | None, scope: Snapshot, effect: Assign) -> Json:
    if formula is None:
        return None
    value = formula.value(scope)
    if isinstance(value, Failure):
        values = {"formula": formula.text, "failure": value.text}
        raise Refused(Reason(code="effect-failed", where=effect.where, values=values))
    return value
