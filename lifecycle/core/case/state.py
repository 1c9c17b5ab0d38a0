"""What a case is, folded from its events.

Cases and instances are values: nobody changes one that was handed out. Only `evolve` writes, into copies
that nobody else has seen yet; frozen dataclasses made the fold three times as slow, and slots, which
cannot be copied at once, half as slow again (`benchmarks/`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from lifecycle.core.events import Json
from lifecycle.problems import DamagedHistory

WITHDRAWN = "withdrawn"
"""Outcome of an instance that only something withdrawn had started."""


@dataclass(kw_only=True)
class Instance:
    """One running machine of a case.

    id        its address, "repair/1"
    key       what names it among its siblings: the row's key, or its serial number
    parent    the address of the instance that started it; "" for the case's own
    state     path of the leaf that it is in
    outcome   of the final state it is in; "" while it lives
    data      values of its fields, in their stored form
    since     field -> revision of the event that gave its value
    entered   state -> revision at which it was last entered, also when it has been left; "" is the start
    came      entered state -> {"from": leaf, "ticks": as they were}: where `$history` leads
    taken     step -> {"n": how often, "rev": last revision, "at", "role", "person": of the last time}
    ticks     checklist -> item -> revision
    decisions table -> output -> value
    orders    ordered state -> variant chosen
    papers    name -> the latest paper of that name that it issued (see `papers`)
    assigned  name -> the people, or things, that bear it; they stay when the instance has ended
    duties    name -> {"pool", "team": place -> people, "over": whether it is an open job no more}
    clocks    deadline -> how it stands (see `lifecycle.core.case.clocking`)
    timers    step -> stored instant at which the clock takes it
    counted   step -> by what its timer is counted anew when a calendar or setting is changed (see `clocking.counted`)
    labels    derived label -> value that an event has fixed
    past      step -> stored instant that the clock has passed without taking it
    settled   settlement -> rows that it drew up last, and whether they are frozen (see `settling`)
    at        stored instant of the latest event of its own; the clock's marks do not count
    removed   whether the row that it stands for was struck out
    """

    id: str
    machine: str
    key: str
    parent: str = ""
    state: str
    outcome: str = ""
    data: Mapping[str, Json] = field(default_factory=dict)
    since: Mapping[str, int] = field(default_factory=dict)
    entered: Mapping[str, int] = field(default_factory=dict)
    came: Mapping[str, Json] = field(default_factory=dict)
    taken: Mapping[str, Json] = field(default_factory=dict)
    ticks: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    decisions: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    orders: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, Json] = field(default_factory=dict)
    assigned: Mapping[str, Sequence[str]] = field(default_factory=dict)
    duties: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    clocks: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    timers: Mapping[str, str] = field(default_factory=dict)
    counted: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    past: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Json] = field(default_factory=dict)
    settled: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    at: str
    removed: bool = False

    @property
    def final(self) -> bool:
        return bool(self.outcome)

    @property
    def withdrawn(self) -> bool:
        """Whether only something withdrawn had started it: it has ended in whatever state it is."""
        return self.outcome == WITHDRAWN

    def copy(self) -> Instance:
        """Return a copy whose attributes may be set; its mappings are shared until they are replaced."""
        twin = Instance.__new__(Instance)
        twin.__dict__.update(self.__dict__)
        return twin

    def to_json(self) -> dict[str, Json]:
        # Every instance is made by its constructor or copied from one that was: its attributes are in their order.
        return {name: value for name, value in self.__dict__.items() if value or name in ALWAYS_KEPT}

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> Instance:
        return cls(**document)


ALWAYS_KEPT = frozenset(("id", "machine", "key", "state", "at"))


@dataclass(kw_only=True)
class Case:
    """One matter, or a keyed thing that outlives matters.

    id         the stream's id
    subject    keyed digest of the customer, or of the case itself: names the key of its personal data
    customer   the customer's id as given, sealed; None without one
    keyed      whether the kind is keyed: it never closes
    revision   count of its events; 0 before the opening
    data, since  values of the fields of scope case, and the revision that gave each
    serials    machine -> how many instances were started
    links      name -> {"id", "number"} of another case
    papers     name -> the latest paper of that name, of those that there is one of in a case
    posts      id -> entry in an account that it caused and that still counts (see `posting`)
    readings   "<series>/<holder>" -> its latest reading that the case recorded
    coverage   name, or "<name>/<part>" -> how that period stands (see `covering`)
    notices    the latest few that were given: as its events have them, with "at", "revision", "nth" and "withdrawn"
    findings   id -> {"name", "instance", "text", "owner", "rules", "since"}: open ones only
    labels     derived label -> value that an event has fixed
    happened   event type -> how often
    opened_at, at  stored instants of its first and latest event
    """

    id: UUID
    number: str = ""
    workflow: str = ""
    version: int = 0
    kind: str = ""
    subject: str = ""
    customer: Json = None
    key: str = ""
    keyed: bool = False
    revision: int = 0
    data: Mapping[str, Json] = field(default_factory=dict)
    since: Mapping[str, int] = field(default_factory=dict)
    instances: dict[str, Instance] = field(default_factory=dict)
    serials: Mapping[str, int] = field(default_factory=dict)
    links: Mapping[str, Json] = field(default_factory=dict)
    papers: Mapping[str, Json] = field(default_factory=dict)
    posts: Mapping[str, Json] = field(default_factory=dict)
    readings: Mapping[str, Json] = field(default_factory=dict)
    coverage: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    notices: Sequence[Mapping[str, Json]] = ()
    findings: Mapping[str, Json] = field(default_factory=dict)
    labels: Mapping[str, Json] = field(default_factory=dict)
    happened: Mapping[str, int] = field(default_factory=dict)
    opened_at: str = ""
    at: str = ""

    def copy(self) -> Case:
        """Return a copy whose attributes may be set; its mappings are shared until they are replaced."""
        twin = Case.__new__(Case)
        twin.__dict__.update(self.__dict__)
        twin.instances = dict(self.instances)
        return twin

    def own(self, address: str) -> Instance:
        """Put a copy of an instance in its place and return it: to be changed by `evolve` alone."""
        one = self.instances[address].copy()
        self.instances[address] = one
        return one

    @property
    def closed(self) -> bool:
        """Whether all its instances are final; a case that started none closes with its opening."""
        return self.revision > 0 and not self.keyed and all(one.final for one in self.instances.values())

    def live(self) -> Iterator[Instance]:
        return (one for one in self.instances.values() if not one.outcome)

    def children_of(self, parent: str, machine: str) -> Iterator[Instance]:
        """Yield the instances of a machine that a parent started; of the whole case when parent is ""."""
        return (
            one for one in self.instances.values() if one.machine == machine and (not parent or one.parent == parent)
        )

    def to_json(self) -> dict[str, Json]:
        """Return the head's form: what `from_json` takes, without its id and empty parts."""
        document: dict[str, Json] = {
            name: value for name, value in self.__dict__.items() if value and name not in KEPT_APART
        }
        document["instances"] = [one.to_json() for one in self.instances.values()]
        return document

    @classmethod
    def from_json(cls, stream: UUID, document: Mapping[str, Json]) -> Case:
        """Return the case of a head's form.

        Raises  DamagedHistory for a document that is none
        """
        values = dict(document)
        try:
            instances = {one["id"]: Instance.from_json(one) for one in values.pop("instances")}
            return cls(id=stream, instances=instances, **values)
        except (KeyError, TypeError) as error:
            raise DamagedHistory(position=0, stream=str(stream)) from error


KEPT_APART = frozenset(("id", "instances"))
