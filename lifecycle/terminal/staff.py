"""The staff directory: who works here, in which role and unit, qualified for what, away or on shift."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

import click

from lifecycle.clocks.typed import show_time
from lifecycle.core.events import Actor, Json, instant, stamp
from lifecycle.core.staff import ANY_WORKFLOW, ChangeStaff, Person
from lifecycle.problems import ExitCode, Refusal
from lifecycle.terminal import answers
from lifecycle.terminal.arguments import actor_of
from lifecycle.terminal.door import Door
from lifecycle.terminal.root import Speaking, spoken

PERSON = click.argument("person", metavar="PERSON")
AS = click.option("--as", "actor", metavar="ROLE[:PERSON]", help=spoken("option.as"))
ROLES = click.option("--role", "roles", metavar="[WORKFLOW:]ROLE", multiple=True, help=spoken("option.staff-role"))
UNIT = click.option("--unit", metavar="UNIT", help=spoken("option.staff-unit"))
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)")


@click.group(cls=Speaking, help=spoken("staff"))
def staff() -> None: ...


@staff.command("add", help=spoken("staff.add"))
@PERSON
@ROLES
@UNIT
@click.option("--skill", "skills", metavar="NAME", multiple=True, help=spoken("option.staff-skill"))
@AS
@click.pass_obj
def add(
    door: Door, person: str, roles: tuple[str, ...], unit: str | None, skills: tuple[str, ...], actor: str | None
) -> None:
    told = {"roles": _roles(roles), "unit": unit or "", "skills": list(skills)}
    _change(door, person, "added", {name: value for name, value in told.items() if value}, actor)


@staff.command("change", help=spoken("staff.change"))
@PERSON
@ROLES
@UNIT
@AS
@click.pass_obj
def change(door: Door, person: str, roles: tuple[str, ...], unit: str | None, actor: str | None) -> None:
    told: dict[str, Json] = {"roles": _roles(roles)} if roles else {}
    if unit is not None:
        told["unit"] = unit
    if not told:
        door.fail_usage("staff-nothing", "--role")
    _change(door, person, "changed", told, actor)


@staff.command("list", help=spoken("staff.list"))
@click.pass_obj
def list_(door: Door) -> None:
    directory = door.app.engine.staff()
    if door.as_json:
        door.put_json([_document(one) for one in directory.people.values()])
        return
    for one in directory.people.values():
        door.put(_line(door, one))
    if not directory.people:
        door.say("staff.nobody")


@staff.command("show", help=spoken("staff.show"))
@PERSON
@click.pass_obj
def show(door: Door, person: str) -> None:
    people = door.app.engine.staff().people
    one = people.get(person)
    if one is None:
        door.fail_usage("staff-unknown", "PERSON", name=person, known=tuple(people))
    if door.as_json:
        door.put_json(_document(one))
        return
    door.put(_line(door, one))
    zone = door.settings.zone
    for name, until in one.qualifications.items():
        key = "staff.qualified-until" if until else "staff.qualified"
        door.put("  " + door.words.say(key, name=name, until=until))
    for shift in one.shifts:
        door.put("  " + door.words.say("staff.shift", when=_shift(shift, zone)))
    for since, until in one.absences:
        shown = {"since": show_time(instant(since), zone), "until": show_time(instant(until), zone) if until else "-"}
        door.put("  " + door.words.say("staff.away", **shown))


@staff.command("qualify", help=spoken("staff.qualify"))
@PERSON
@click.argument("qualification", metavar="NAME")
@click.option("--until", metavar="DAY", help=spoken("option.staff-until"))
@click.option("--lost", is_flag=True, help=spoken("option.staff-lost"))
@AS
@click.pass_obj
def qualify(door: Door, person: str, qualification: str, until: str | None, lost: bool, actor: str | None) -> None:
    told = {"qualification": qualification}
    if until is not None:
        told["until"] = _day(door, until)
    _change(door, person, "disqualified" if lost else "qualified", told, actor)


@staff.command("away", help=spoken("staff.away"))
@PERSON
@click.option("--from", "since", metavar="TIME", help=spoken("option.staff-from"))
@click.option("--to", "until", metavar="TIME", help=spoken("option.staff-to"))
@AS
@click.pass_obj
def away(door: Door, person: str, since: str | None, until: str | None, actor: str | None) -> None:
    told = {"from": _instant(door, since, "--from") or stamp(door.app.engine.clock())}
    if until is not None:
        told["to"] = _instant(door, until, "--to")
    _change(door, person, "away", told, actor)


@staff.command("back", help=spoken("staff.back"))
@PERSON
@click.option("--at", metavar="TIME", help=spoken("option.staff-at"))
@AS
@click.pass_obj
def back(door: Door, person: str, at: str | None, actor: str | None) -> None:
    told = {"at": _instant(door, at, "--at") or stamp(door.app.engine.clock())}
    _change(door, person, "returned", told, actor)


@staff.command("shift", help=spoken("staff.shift"))
@PERSON
@click.option("--from", "since", metavar="TIME", help=spoken("option.staff-from"))
@click.option("--to", "until", metavar="TIME", help=spoken("option.staff-to"))
@click.option("--days", metavar="mon,tue,...", help=spoken("option.staff-days"))
@click.option("--hours", metavar="HH:MM-HH:MM", help=spoken("option.staff-hours"))
@click.option("--anew", is_flag=True, help=spoken("option.staff-anew"))
@AS
@click.pass_obj
def shift(door: Door, /, person: str, actor: str | None, **options: Any) -> None:
    told = _typed_shift(door, options)
    if options["anew"]:
        told["anew"] = True
    if not told:
        door.fail_usage("staff-nothing", "--from")
    _change(door, person, "shifted", told, actor)


@staff.command("leave", help=spoken("staff.leave"))
@PERSON
@AS
@click.pass_obj
def leave(door: Door, person: str, actor: str | None) -> None:
    _change(door, person, "left", {"at": stamp(door.app.engine.clock())}, actor)


def _change(door: Door, person: str, happening: str, told: Mapping[str, Json], actor: str | None) -> None:
    """Change the directory and say so, or why not."""
    command = ChangeStaff(
        id=str(door.app.engine.new_id()),
        person=person,
        happening=happening,
        change=told,
        actor=actor_of(door, actor) or Actor(role="operator"),
        via=door.via,
    )
    answer = door.app.engine.change_staff(command, str(door.settings.zone))
    if isinstance(answer, Refusal):
        answers.put_refusal(door, answer)
        door.leave(ExitCode.REFUSED)
    if door.as_json:
        door.put_json(_document(door.app.engine.staff().people[person]))
        return
    door.say("staff.changed", person=person)


def _roles(typed: tuple[str, ...]) -> dict[str, list[str]]:
    """Return roles by workflow; one without a workflow is held in every workflow that has it."""
    found: dict[str, list[str]] = {}
    for one in typed:
        workflow, _, role = one.rpartition(":")
        found.setdefault(workflow or ANY_WORKFLOW, []).append(role)
    return found


def _typed_shift(door: Door, options: Mapping[str, Any]) -> dict[str, Json]:
    if options["days"] or options["hours"]:
        days = [day.strip() for day in (options["days"] or ",".join(DAYS)).split(",")]
        hours = HOURS.fullmatch(options["hours"] or "")
        if hours is None:
            door.fail_usage("shift-hours", "--hours", typed=options["hours"] or "")
        if not set(days) <= set(DAYS):
            door.fail_usage("shift-days", "--days", typed=options["days"])
        return {"days": sorted(DAYS.index(day) + 1 for day in set(days)), "hours": [hours[1], hours[2]]}
    if not options["since"] and not options["until"]:
        return {}
    if not (options["since"] and options["until"]):
        door.fail_usage("staff-nothing", "--to" if options["since"] else "--from")
    return {"from": _instant(door, options["since"], "--from"), "to": _instant(door, options["until"], "--to")}


def _instant(door: Door, typed: str | None, path: str) -> str:
    return stamp(door.instant(typed, path)) if typed else ""


def _day(door: Door, typed: str) -> str:
    try:
        return datetime.strptime(typed, "%Y-%m-%d").date().isoformat()  # a day, whatever the zone
    except ValueError:
        door.fail_usage("staff-day", "--until", typed=typed)


def _document(one: Person) -> dict[str, Any]:
    return {
        "person": one.id,
        "roles": {workflow: list(roles) for workflow, roles in one.roles.items()},
        "unit": one.unit,
        "qualifications": dict(one.qualifications),
        "shifts": [dict(each) for each in one.shifts],
        "absences": [{"from": since, "to": until or None} for since, until in one.absences],
        "left": one.left or None,
    }


def _line(door: Door, one: Person) -> str:
    """Return one line about a person: id, roles, unit, and whether away or gone now."""
    roles = " ".join(
        role if workflow == ANY_WORKFLOW else f"{workflow}:{role}"
        for workflow, held in one.roles.items()
        for role in held
    )
    now = door.app.engine.clock()
    state = "staff.gone" if one.left else "staff.is-away" if one.is_away(now) else ""
    parts = [one.id, roles, one.unit, door.words.say(state) if state else ""]
    return "  ".join(part for part in parts if part)


def _shift(shift: Mapping[str, Json], zone: tzinfo) -> str:
    if "from" in shift:
        return f"{show_time(instant(shift['from']), zone)} - {show_time(instant(shift['to']), zone)}"
    return f"{','.join(DAYS[day - 1] for day in shift['days'])} {'-'.join(shift['hours'])}"
