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
    """

    turns: int = 0
    taken: Mapping[str, int] = field(default_factory=dict)
    open: Mapping[str, int] = field(default_factory=dict)
    given: Mapping[str, int] = field(default_factory=dict)
    revision: int = 0

    def to_json(self) -> dict[str, Json]:
        turn = {"turns": self.turns, "taken": dict(self.taken)}
        return {**turn, "open": dict(self.open), "given": dict(self.given), "revision": self.revision}

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> Roster:
        return cls(**document)


def evolve(roster: Roster, event: Event) -> Roster:
    """Return the roster after `roster.assigned` or `roster.released`."""
    change = event.changes["roster"]
    one_more = 1 if event.type == "roster.assigned" else -1
    held, given, taken, turns = dict(roster.open), dict(roster.given), dict(roster.taken), roster.turns
    for person in change["people"]:
        held[person] = held.get(person, 0) + one_more
        if held[person] <= 0:
            del held[person]
        if one_more > 0:
            given[person] = given.get(person, 0) + 1
    for person in change.get("turns", change["people"] if change.get("in_turn") else ()):
        turns += 1
        taken[person] = turns
    return Roster(turns=turns, taken=taken, open=held, given=given, revision=roster.revision + 1)


ROSTER: Aggregate[Roster] = Aggregate(name="roster", shape=2, blank=Roster, read=Roster.from_json, evolve=evolve)


@dataclass(frozen=True, kw_only=True, slots=True)
class Acquaintance:
    """Who served a customer last from a pool. One tiny stream for each customer, so that a roster stays small."""

    person: str = ""
    revision: int = 0

    def to_json(self) -> dict[str, Json]:
        return {"person": self.person, "revision": self.revision}

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> Acquaintance:
        return cls(**document)


def meet(acquaintance: Acquaintance, event: Event) -> Acquaintance:
    """Return the acquaintance after `acquaintance.made`."""
    return Acquaintance(person=event.changes["acquaintance"]["person"], revision=acquaintance.revision + 1)


ACQUAINTANCE: Aggregate[Acquaintance] = Aggregate(
    name="acquaintance", shape=1, blank=Acquaintance, read=Acquaintance.from_json, evolve=meet
)


def roster_name(workflow: str, pool: str) -> str:
    """Return the name of a pool's roster in a store."""
    return f"{workflow}/{pool}"
