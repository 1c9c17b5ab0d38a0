"""Schedules: what comes again, when, for whom; what became of each occurrence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import click

from lifecycle.clocks.typed import show_time
from lifecycle.core.events import instant
from lifecycle.core.workflow import Schedule, Workflow
from lifecycle.problems import ExitCode, Reason, Refusal
from lifecycle.terminal import answers, sheets
from lifecycle.terminal.completion import complete_workflow
from lifecycle.terminal.door import Door
from lifecycle.terminal.root import Speaking, spoken
from lifecycle.terminal.schedulewords import doing_words, joined, rule_words
from projections.schedules import Occurred, Standing, standing, standings

MOST_NAMED = 5
"""Cases that a line names."""


@click.group(cls=Speaking, help=spoken("schedule"))
def schedule() -> None: ...


@schedule.command("list", help=spoken("schedule.list"))
@click.argument("workflow", metavar="[WORKFLOW]", required=False, shell_complete=complete_workflow)
@click.pass_obj
def list_(door: Door, workflow: str | None) -> None:
    found = [one for each in meant(door, workflow) for one in standings(door.app.engine, each)]
    if door.as_json:
        door.put_json([document(door, one) for one in found])
        return
    for one in found:
        put_standing(door, one)
    door.say("schedule.count", count=len(found))


@schedule.command("show", help=spoken("schedule.show"))
@click.argument("name", metavar="WORKFLOW.SCHEDULE")
@click.option("--limit", type=click.IntRange(1), default=10, help=spoken("option.occurrences"))
@click.pass_obj
def show(door: Door, name: str, limit: int) -> None:
    workflow, one = declared(door, name)
    found = standing(door.app.engine, workflow, one)
    latest = found.occurred[-limit:]
    if door.as_json:
        rest = {"occurred": [each.to_json() for each in latest], "missed": [each.to_json() for each in found.missed]}
        door.put_json({**document(door, found), **rest})
        return
    put_standing(door, found)
    for line in sheets.aligned([occurrence_cells(door, workflow, each) for each in latest]) if latest else ():
        door.put(f"  {line}")
    for missed in found.missed[-limit:]:
        keys = missed.first if missed.count == 1 else f"{missed.first} – {missed.to}"
        noticed = show_time(missed.noticed_at, ZoneInfo(workflow.zone))
        door.put(f"  {door.words.say('schedule.passed-over', keys=keys, count=missed.count, at=noticed)}")


def meant(door: Door, name: str | None) -> Iterator[Workflow]:
    """Yield the newest published version of each workflow; of one that is named, else the text that is to be published.

    Raises  UnknownWorkflow, InvalidWorkflow
    """
    app = door.app
    for each in app.folder.names() if name is None else (name,):
        newest = app.workflows.publication(app.store, app.store.meta.id, each).newest
        if newest:
            yield app.workflows.published(app.store, app.store.meta.id, each, newest)
        elif name is not None:
            yield app.engine.figures(each)[0]


def declared(door: Door, name: str) -> tuple[Workflow, Schedule]:
    """Return the schedule of a name, "workflow.schedule"; leave when there is none."""
    which, _, short = name.partition(".")
    workflow = next(meant(door, which))
    if short not in workflow.schedules:
        reason = Reason(code="unknown-schedule", values={"name": short, "known": tuple(workflow.schedules)})
        answers.put_refusal(door, Refusal(reasons=(reason,)), workflow.zone)
        door.leave(ExitCode.REFUSED)
    return workflow, workflow.schedules[short]


def document(door: Door, one: Standing) -> dict[str, Any]:
    """Return how a schedule stands, for programs; its rule also in words."""
    words = {"rule": rule_words(door, one.schedule), "does": doing_words(door, one.workflow, one.schedule)}
    return {**one.to_json(), **words}


def put_standing(door: Door, one: Standing) -> None:
    """Print a schedule: its title, its rule, what it does, how it stands."""
    titles = answers.titled(door, one.schedule.titles, one.schedule.name)
    door.put(f"{one.workflow.name}.{one.schedule.name}  {titles}")
    door.put(f"  {rule_words(door, one.schedule)}")
    door.put(f"  {doing_words(door, one.workflow, one.schedule)}")
    door.put(f"  {joined(door, list(standing_parts(door, one)))}")


def standing_parts(door: Door, one: Standing) -> Iterator[str]:
    """Yield members, the last occurrence, the next one, and what was missed."""
    place, say, zone = one.place, door.words.say, ZoneInfo(one.workflow.zone)
    if one.members is not None:
        yield say("schedule.members", count=one.members)
    if not place.mark:
        yield say("schedule.not-begun")
        return
    if one.occurred:
        last = one.occurred[-1]
        yield say("schedule.last", occurrence=last.key, at=show_time(last.ran_at, zone))
        if last.refused:
            yield refused_text(door, last)
    else:
        yield say("schedule.never")
    if place.pending is not None:
        yield say("schedule.pending", count=len(place.pending["members"]))
    if place.next is None:
        yield say("schedule.no-more")
    else:
        at = instant(place.next["at"])
        yield say("schedule.late" if at <= one.at else "schedule.next", at=show_time(at, zone))
    if one.count_missed:
        yield say("schedule.missed", count=one.count_missed, occurrence=one.missed[-1].to)


def occurrence_cells(door: Door, workflow: Workflow, one: Occurred) -> list[str]:
    """Return an occurrence as cells: key, when it was due, when it ran, what came of it."""
    zone = ZoneInfo(workflow.zone)
    return [one.key, show_time(one.due, zone), show_time(one.ran_at, zone), joined(door, list(results(door, one)))]


def results(door: Door, one: Occurred) -> Iterator[str]:
    """Yield what came of an occurrence; of many cases, the first few."""
    say = door.words.say
    if one.opened:
        yield say("schedule.opened", count=len(one.opened), cases=some(one.opened))
    if one.taken:
        yield say("schedule.taken", count=len(one.taken))
    if one.refused:
        yield refused_text(door, one)
    if one.left:
        yield say("schedule.pending", count=one.left)
    if not one.members:
        yield say("schedule.nobody")


def refused_text(door: Door, one: Occurred) -> str:
    told = [f"{member} {' '.join(codes)}".strip() for member, codes in one.refused]
    return door.words.say("schedule.refused", count=len(told), members=some(told))


def some(names: list[str]) -> list[str]:
    return [*names[:MOST_NAMED], *(["…"] if len(names) > MOST_NAMED else [])]
