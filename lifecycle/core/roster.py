"""The roster of a pool: whose turn it is, who holds how many open jobs, who was given how many.

One stream for each workflow and pool, changed in the commit that assigns or releases. Its events name staff by their
ids, and things by their case numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lifecycle.core.beside import Aggregate
from lifecycle.core.events import Event, Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Roster:
    """What the next choice needs to know.

    turns   turns that are over so far
    taken   person -> number of their latest turn: that in which they were taken, or that which they lost
    open    person -> open jobs; nobody is in it with none
    given   person -> jobs given so far
    before  person -> [the number of their latest turn but one, what took the latest: "<case>@<revision>"]
    """

    turns: int = 0
    taken: Mapping[str, int] = field(default_factory=dict)
    open: Mapping[str, int] = field(default_factory=dict)
    given: Mapping[str, int] = field(default_factory=dict)
    before: Mapping[str, Json] = field(default_factory=dict)
    revision: int = 0

    def to_json(self) -> dict[str, Json]:
        turn = {"turns": self.turns, "taken": dict(self.taken), "before": dict(self.before)}
        return {**turn, "open": dict(self.open), "given": dict(self.given), "revision": self.revision}

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> Roster:
        return cls(**document)


def evolve(roster: Roster, event: Event) -> Roster:
    """Return the roster after `roster.assigned` or `roster.released`.

    A job given back `again` is not counted as another one; one to `forget` was never given, and the turn goes `back`.
    """
    change = event.changes["roster"]
    one_more = 1 if event.type == "roster.assigned" else -1
    held, given, taken, turns = dict(roster.open), dict(roster.given), dict(roster.taken), roster.turns
    before = dict(roster.before)
    for person in change["people"]:
        held[person] = held.get(person, 0) + one_more
        if held[person] <= 0:
            del held[person]
        if one_more > 0 and not change.get("again"):
            given[person] = given.get(person, 0) + 1
    for person in change.get("turns", change["people"] if change.get("in_turn") else ()):
        turns += 1
        before[person] = [taken.get(person, 0), event.causation]
        taken[person] = turns
    for person in change.get("forget", ()):
        given[person] = given.get(person, 0) - 1
    for person, turn in change.get("back", {}).items():
        taken[person] = turn
        del before[person]
    return Roster(
        turns=turns,
        taken={person: turn for person, turn in taken.items() if turn},
        open=held,
        given={person: count for person, count in given.items() if count > 0},
        before=before,
        revision=roster.revision + 1,
    )


ROSTER: Aggregate[Roster] = Aggregate(name="roster", shape=3, blank=Roster, read=Roster.from_json, evolve=evolve)


@dataclass(frozen=True, kw_only=True, slots=True)
class Acquaintance:
    """Who served a customer last from a pool. One tiny stream for each customer, so that a roster stays small.

    before  who did before; cause: what made the acquaintance, "<case>@<revision>"
    """

    person: str = ""
    before: str = ""
    cause: str = ""
    revision: int = 0

    def to_json(self) -> dict[str, Json]:
        return {"person": self.person, "before": self.before, "cause": self.cause, "revision": self.revision}

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> Acquaintance:
        return cls(**document)


def meet(acquaintance: Acquaintance, event: Event) -> Acquaintance:
    """Return the acquaintance after `acquaintance.made`."""
    return Acquaintance(
        person=event.changes["acquaintance"]["person"],
        before=acquaintance.person,
        cause=event.causation,
        revision=acquaintance.revision + 1,
    )


ACQUAINTANCE: Aggregate[Acquaintance] = Aggregate(
    name="acquaintance", shape=2, blank=Acquaintance, read=Acquaintance.from_json, evolve=meet
)


def roster_name(workflow: str, pool: str) -> str:
    """Return the name of a pool's roster in a store."""
    return f"{workflow}/{pool}"
