"""A sample day: what people of a company did, as a TOML file, played through the engine in order of time.

workflow = "furniture"
[[act]]
at = "09:10"                   # on the day that is played, in the workflow's zone
open = "order.signed"          # kind and opening; or: do = "delivery/1.agreed"
case = "Wang's wardrobe"       # a name of this file for the case
as = "sales_guide:wang"        # with = ["installer:zhao"], customer = "C-1001"
set = {contract_no = "H-2041"}
refused = true                 # this attempt must be refused
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from uuid import UUID
from zoneinfo import ZoneInfo

from lifecycle.core.case import OpenCase, TakeStep
from lifecycle.core.events import Actor, Json
from lifecycle.engine import Engine
from lifecycle.engine.answers import Command, Outcome
from lifecycle.problems import Refusal


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One thing that somebody did, or tried to do and was refused."""

    at: time
    case: str
    opens: str = ""
    does: str = ""
    actor: Actor | None = None
    customer: str = ""
    values: Mapping[str, Json] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    refused: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """A sample day of one workflow."""

    workflow: str
    zone: ZoneInfo
    acts: Sequence[Act]


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """An act with its outcome. as_written: whether it was refused or done as the file says."""

    act: Act
    number: str
    outcome: Outcome

    @property
    def as_written(self) -> bool:
        return isinstance(self.outcome, Refusal) == self.act.refused


class DayClock:
    """The clock of a played day: it stands where the acts put it."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now


def sample_days() -> list[Day]:
    """Return the days that are shipped, in order of their workflows' names."""
    folder = resources.files("lifecycle.trials") / "days"
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    return [read_day(each.read_text(encoding="utf-8")) for each in files]


def read_day(text: str) -> Day:
    """Return a day from its TOML text."""
    document = tomllib.loads(text)
    zone = ZoneInfo(document.get("zone", "Asia/Shanghai"))
    return Day(workflow=document["workflow"], zone=zone, acts=[read_act(act) for act in document["act"]])


def read_act(entry: Mapping[str, Json]) -> Act:
    actor = None
    if "as" in entry:
        role, _, person = entry["as"].partition(":")
        helpers = dict(each.partition(":")[::2] for each in entry.get("with", ()))
        actor = Actor(role=role, person=person, helpers=helpers)
    return Act(
        at=time.fromisoformat(entry["at"]),
        case=entry["case"],
        opens=entry.get("open", ""),
        does=entry.get("do", ""),
        actor=actor,
        customer=entry.get("customer", ""),
        values=entry.get("set", {}),
        reasons=entry.get("reason", {}),
        refused=entry.get("refused", False),
    )


def last_full_day(days: Sequence[Day], now: datetime) -> date:
    """Return the latest day on which every act of the days lies before now."""
    latest = max(
        datetime.combine(now.astimezone(day.zone).date(), act.at, day.zone) for day in days for act in day.acts
    )
    today = now.astimezone(days[0].zone).date()
    return today if latest <= now else today - timedelta(days=1)


def first_instant(days: Sequence[Day], on: date) -> datetime:
    """Return when the first act of a day happens."""
    return min(datetime.combine(on, act.at, day.zone).astimezone(UTC) for day in days for act in day.acts)


def play(
    days: Sequence[Day], on: date, engine: Engine, clock: DayClock, new_id: Callable[[], UUID], via: str
) -> Iterator[Played]:
    """Play the acts of several days as one, in order of time, and yield each with its outcome."""
    acts = [(datetime.combine(on, act.at, day.zone).astimezone(UTC), day, act) for day in days for act in day.acts]
    numbers: dict[tuple[str, str], str] = {}
    for moment, day, act in sorted(acts, key=lambda entry: entry[0]):
        clock.now = max(moment, clock.now)
        key = (day.workflow, act.case)
        outcome = engine.execute(command_of(day, act, numbers.get(key, ""), str(new_id()), via))
        if act.opens and not isinstance(outcome, Refusal):
            numbers[key] = outcome.case
        yield Played(act=act, number=numbers.get(key, ""), outcome=outcome)


def command_of(day: Day, act: Act, number: str, identity: str, via: str) -> Command:
    if act.opens:
        kind, _, opening = act.opens.partition(".")
        return OpenCase(
            id=identity,
            workflow=day.workflow,
            kind=kind,
            opening=opening,
            actor=act.actor,
            customer=act.customer,
            form=act.values,
            reasons=act.reasons,
            via=via,
        )
    machine, _, step = act.does.rpartition(".")
    assert act.actor is not None
    return TakeStep(
        id=identity,
        case=number,
        machine=machine,
        step=step,
        actor=act.actor,
        form=act.values,
        reasons=act.reasons,
        via=via,
    )
