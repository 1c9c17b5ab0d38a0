"""A sample week: what people of a company did, played through the engine in order of time (read by `weekfile`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from importlib import resources
from typing import Final
from uuid import UUID

from lifecycle.core.case import OpenCase, TakeStep
from lifecycle.core.events import Actor, Json, stamp
from lifecycle.core.staff import ChangeStaff, at_midnight
from lifecycle.engine import Engine
from lifecycle.engine.answers import Command, Outcome
from lifecycle.problems import InvalidInput, Place, Problem, Refusal
from lifecycle.trials.weekfile import DAYS, Act, Week, Worker, read_week

LENGTH: Final = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """An act with its outcome. as_written: whether it was refused or done as the file says."""

    week: Week
    act: Act
    moment: datetime
    number: str
    outcome: Outcome

    @property
    def as_written(self) -> bool:
        return isinstance(self.outcome, Refusal) == self.act.refused


class WeekClock:
    """The clock of a played week: it stands where the acts put it."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now


def sample_weeks() -> list[Week]:
    """Return the weeks that are shipped, in order of their workflows' names.

    Raises  InvalidInput
    """
    folder = resources.files("lifecycle.trials") / "weeks"
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    return [read_week(each.read_text(encoding="utf-8"), each.name) for each in files]


def last_whole_week(now: datetime, zone: tzinfo, ordinary: Callable[[date], bool]) -> date:
    """Return the Monday of the latest week that is over and has no day off or made up for.

    ordinary  whether a day is a working day from Monday to Friday, and a day off at the weekend, as usual
    """
    today = now.astimezone(zone).date()
    monday = today - LENGTH - timedelta(days=today.weekday())
    while not all(ordinary(monday + timedelta(days=n)) for n in range(LENGTH.days)):
        monday -= LENGTH
    return monday


def moment_of(week: Week, act: Act, monday: date) -> datetime:
    """Return when an act of a week happens."""
    return datetime.combine(monday + timedelta(days=act.day), act.at, week.zone).astimezone(UTC)


def first_instant(weeks: Sequence[Week], monday: date) -> datetime:
    """Return when the first act of a week happens."""
    return min(moment_of(week, act, monday) for week in weeks for act in week.acts)


def play(
    weeks: Sequence[Week], monday: date, engine: Engine, clock: WeekClock, new_id: Callable[[], UUID], via: str
) -> Iterator[Played]:
    """Play the acts of several weeks as one, in order of time, and yield each with its outcome.

    What is due between them the clock does at its time; at the end, everything until the week is over.
    """
    for week in weeks:
        for worker in week.staff:
            hire(week, worker, monday, engine, new_id, via)
    acts = [(moment_of(week, act, monday), week, act) for week in weeks for act in week.acts]
    numbers: dict[tuple[str, str], str] = {}
    for moment, week, act in sorted(acts, key=lambda entry: entry[0]):
        run_until(moment, engine, clock)
        key = (week.workflow, act.case)
        outcome = engine.execute(command_of(week, act, monday, numbers.get(key, ""), str(new_id()), via))
        if act.opens and not isinstance(outcome, Refusal):
            numbers[key] = outcome.case
        yield Played(week=week, act=act, moment=moment, number=numbers.get(key, ""), outcome=outcome)
    run_until(max(at_midnight(monday + LENGTH, week.zone) for week in weeks), engine, clock)


def run_until(moment: datetime, engine: Engine, clock: WeekClock) -> None:
    """Put the clock on, and let it do what is due by then."""
    clock.now = max(moment, clock.now)
    engine.run_due()


def hire(week: Week, worker: Worker, monday: date, engine: Engine, new_id: Callable[[], UUID], via: str) -> None:
    """Put somebody on the staff in the week's workflow; who works in another one already, there, too.

    Raises  InvalidInput when the directory refuses it
    """
    known = engine.staff().people.get(worker.person)
    roles = {**(known.roles if known else {}), week.workflow: list(worker.roles)}
    told: dict[str, Json] = {"roles": roles, "skills": list(worker.skills)}
    if worker.unit:
        told["unit"] = worker.unit
    changes = [("changed" if known else "added", told)]
    for day in worker.away:
        begin = at_midnight(monday + timedelta(days=day), week.zone)
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
        answer = engine.change_staff(command, week.zone.key)
        if isinstance(answer, Refusal):
            values = {"key": "staff", "typed": worker.person}
            raise InvalidInput([Problem(code="week-bad-value", where=Place(file=week.workflow), values=values)])


def command_of(week: Week, act: Act, monday: date, number: str, identity: str, via: str) -> Command:
    on = monday + timedelta(days=act.day)
    form = {name: dated(value, on) for name, value in act.values.items()}
    if act.opens:
        kind, _, opening = act.opens.partition(".")
        return OpenCase(
            id=identity,
            workflow=week.workflow,
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
