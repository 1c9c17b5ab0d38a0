"""A sample day: what people of a company did, played through the engine in order of time (read by `dayfile`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from uuid import UUID

from lifecycle.core.case import OpenCase, TakeStep
from lifecycle.core.events import Actor, Json, stamp
from lifecycle.core.staff import ChangeStaff, at_midnight
from lifecycle.engine import Engine
from lifecycle.engine.answers import Command, Outcome
from lifecycle.problems import InvalidInput, Place, Problem, Refusal
from lifecycle.trials.dayfile import DAYS, Act, Day, Worker, read_day


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """An act with its outcome. as_written: whether it was refused or done as the file says."""

    day: Day
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
    """Return the days that are shipped, in order of their workflows' names.

    Raises  InvalidInput
    """
    folder = resources.files("lifecycle.trials") / "days"
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    return [read_day(each.read_text(encoding="utf-8"), each.name) for each in files]


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
    for day in days:
        for worker in day.staff:
            hire(day, worker, on, engine, new_id, via)
    acts = [(datetime.combine(on, act.at, day.zone).astimezone(UTC), day, act) for day in days for act in day.acts]
    numbers: dict[tuple[str, str], str] = {}
    for moment, day, act in sorted(acts, key=lambda entry: entry[0]):
        clock.now = max(moment, clock.now)
        key = (day.workflow, act.case)
        outcome = engine.execute(command_of(day, act, on, numbers.get(key, ""), str(new_id()), via))
        if act.opens and not isinstance(outcome, Refusal):
            numbers[key] = outcome.case
        yield Played(day=day, act=act, number=numbers.get(key, ""), outcome=outcome)


def hire(day: Day, worker: Worker, on: date, engine: Engine, new_id: Callable[[], UUID], via: str) -> None:
    """Put somebody on the staff in the day's workflow; who works in another day's already, there, too.

    Raises  InvalidInput when the directory refuses it
    """
    known = engine.staff().people.get(worker.person)
    roles = {**(known.roles if known else {}), day.workflow: list(worker.roles)}
    told: dict[str, Json] = {"roles": roles, "skills": list(worker.skills)}
    if worker.unit:
        told["unit"] = worker.unit
    changes = [("changed" if known else "added", told)]
    if worker.away:
        begin = at_midnight(on, day.zone)
        changes.append(("away", {"from": stamp(begin), "to": stamp(begin + timedelta(days=1))}))
    for happening, change in changes:
        command = ChangeStaff(
            id=str(new_id()),
            person=worker.person,
            happening=happening,
            change=change,
            actor=Actor(role="operator"),
            via=via,
        )
        answer = engine.change_staff(command, day.zone.key)
        if isinstance(answer, Refusal):
            values = {"key": "staff", "typed": worker.person}
            raise InvalidInput([Problem(code="day-bad-value", where=Place(file=day.workflow), values=values)])


def command_of(day: Day, act: Act, on: date, number: str, identity: str, via: str) -> Command:
    form = {name: dated(value, on) for name, value in act.values.items()}
    if act.opens:
        kind, _, opening = act.opens.partition(".")
        return OpenCase(
            id=identity,
            workflow=day.workflow,
            kind=kind,
            opening=opening,
            actor=act.actor,
            customer=act.customer,
            form=form,
            reasons=act.reasons,
            via=via,
        )
    machine, _, step = act.does.rpartition(".")
    return TakeStep(
        id=identity,
        case=number,
        machine=machine,
        step=step,
        actor=act.actor,
        form=form,
        reasons=act.reasons,
        via=via,
    )


def dated(value: Json, on: date) -> Json:
    """Return a value with the days that it names, "{today+2}", as dates."""
    if isinstance(value, str):
        return DAYS.sub(lambda found: str(on + timedelta(days=int(found[1] or 0))), value)
    if isinstance(value, list):
        return [dated(each, on) for each in value]
    if isinstance(value, dict):
        return {name: dated(each, on) for name, each in value.items()}
    return value
