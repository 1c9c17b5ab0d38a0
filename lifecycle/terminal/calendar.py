"""Calendars: when they are open, days that an organisation changes, and the national plans."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from lifecycle.clocks.calendar import Calendar
from lifecycle.clocks.hours import WEEKDAYS, show_interval
from lifecycle.clocks.national import published
from lifecycle.core.calendars import CLOSED, ChangeCalendar, SetPlan
from lifecycle.core.events import Actor, Event
from lifecycle.problems import ExitCode, Refusal
from lifecycle.terminal import answers
from lifecycle.terminal.arguments import actor_of, pairs_of
from lifecycle.terminal.completion import complete_workflow
from lifecycle.terminal.door import Door
from lifecycle.terminal.root import Speaking, spoken

NAME = click.argument("name", metavar="WORKFLOW", shell_complete=complete_workflow)
AS = click.option("--as", "actor", metavar="ROLE[:PERSON]", help=spoken("option.as"))


@click.group(cls=Speaking, help=spoken("calendar"))
def calendar() -> None: ...


@calendar.command("show", help=spoken("calendar.show"))
@NAME
@click.pass_obj
def show(door: Door, name: str) -> None:
    workflow, _ = door.app.engine.figures(name)
    found = door.app.engine.calendars(workflow)
    if door.as_json:
        door.put_json({one.name: _document(one) for one in found.values()})
        return
    for one in found.values():
        _put(door, one)


@calendar.command("change", help=spoken("calendar.change"))
@NAME
@click.argument("which", metavar="CALENDAR")
@click.argument("days", metavar="DAY=HOURS...", nargs=-1, required=True)
@AS
@click.pass_obj
def change(door: Door, name: str, which: str, days: tuple[str, ...], actor: str | None) -> None:
    command = ChangeCalendar(
        id=str(door.app.engine.new_id()),
        workflow=name,
        calendar=which,
        dates=pairs_of(door, "DAY=HOURS", days),
        actor=actor_of(door, actor) or Actor(role="operator"),
        via=door.via,
    )
    _answer(door, door.app.engine.change_calendar(command))


@calendar.command("plan", help=spoken("calendar.plan"))
@click.argument("country", metavar="COUNTRY", type=click.Choice(["cn"]))
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@AS
@click.pass_obj
def plan(door: Door, country: str, file: Path | None, actor: str | None) -> None:
    if file is not None:
        try:
            document: Any = json.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:
            door.fail_usage("plan-no-json", str(file), detail=str(error))
        command = SetPlan(
            id=str(door.app.engine.new_id()),
            country=country,
            document=document,
            actor=actor_of(door, actor) or Actor(role="operator"),
            via=door.via,
        )
        _answer(door, door.app.engine.set_plan(command))
        return
    plans = published(country).with_plans(door.app.engine.plans(country)).plans
    if door.as_json:
        door.put_json([plans[year].to_json() for year in sorted(plans)])
        return
    for year in sorted(plans):
        one = plans[year]
        off = sum((days.last - days.first).days + 1 for days in one.off)
        values = {"year": year, "off": off, "work": len(one.work), "papers": " ".join(one.papers)}
        door.put(door.words.say("calendar.plan-line", **values).rstrip())


def _answer(door: Door, answer: list[Event] | Refusal) -> None:
    """Say whether something changed, or why not."""
    if isinstance(answer, Refusal):
        answers.put_refusal(door, answer)
        door.leave(ExitCode.REFUSED)
    if door.as_json:
        door.put_json({"changed": bool(answer)})
        return
    door.say("calendar.changed" if answer else "calendar.unchanged")


def _document(one: Calendar) -> dict[str, Any]:
    return {
        "zone": one.zone,
        "days": one.days,
        "version": one.version,
        "planned_until": max(one.national.plans, default=None),
        "hours": [
            {"since": str(hours.since) if number else None, **_week(hours.week)}
            for number, hours in enumerate(one.hours)
        ],
        "dates": {str(day): [show_interval(each) for each in one.dates[day]] for day in sorted(one.dates)},
    }


def _week(week: tuple[tuple[tuple[int, int], ...], ...]) -> dict[str, list[str]]:
    return {name: [show_interval(each) for each in hours] for name, hours in zip(WEEKDAYS, week, strict=True) if hours}


def _put(door: Door, one: Calendar) -> None:
    door.put(door.words.say("calendar.head", name=one.name, zone=one.zone, version=one.version))
    for number, hours in enumerate(one.hours):
        if number:
            door.put("  " + door.words.say("calendar.since", day=hours.since))
        for name, texts in _week(hours.week).items():
            door.put(f"    {name}  {' '.join(texts)}")
    if one.days:
        door.put("  " + door.words.say("calendar.national", until=max(one.national.plans, default="-")))
    for day in sorted(one.dates):
        texts = [show_interval(each) for each in one.dates[day]]
        door.put(f"    {day}  {' '.join(texts) or door.words.say(f'calendar.{CLOSED}')}")
