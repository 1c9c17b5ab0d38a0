"""Series: readings over time, of one holder or the latest of each."""

from __future__ import annotations

import click

from lifecycle.audit.series import holders_of, readings_of
from lifecycle.core.workflow import Series, Workflow
from lifecycle.problems import ExitCode, Reason, Refusal
from lifecycle.terminal import answers, sheets
from lifecycle.terminal.door import Door
from lifecycle.terminal.localtime import readable
from lifecycle.terminal.root import Speaking, spoken


@click.group(cls=Speaking, help=spoken("series"))
def series() -> None: ...


@series.command("show", help=spoken("series.show"))
@click.argument("name", metavar="WORKFLOW.SERIES")
@click.argument("holder", metavar="HOLDER", required=False)
@click.pass_obj
def show(door: Door, name: str, holder: str | None) -> None:
    workflow, one = declared(door, name)
    if holder is None:
        put_latest(door, workflow, one)
        return
    found = readings_of(door.app.store, workflow, one, holder)
    if door.as_json:
        door.put_json({"workflow": workflow.name, "series": one.name, "of": holder, "readings": found})
        return
    table = []
    for reading in found:
        by = f"{reading['by']['role']}:{reading['by']['person']}".rstrip(":")
        notes = [str(reading.get("source", "")), door.words.say("series.overridden") if "overridden" in reading else ""]
        told = " ".join(note for note in notes if note)
        table.append(
            [readable(reading["at"], workflow.zone), value(door, one, reading["value"]), by, reading["case"], told]
        )
    for line in sheets.aligned(table) if table else ():
        door.put(line)
    title = answers.titled(door, one.titles, one.name)
    door.say("series.count", series=title, holder=holder, count=len(found))


def put_latest(door: Door, workflow: Workflow, one: Series) -> None:
    """Print the latest reading of each holder."""
    found = holders_of(door.app.store, workflow, one)
    if door.as_json:
        door.put_json({"workflow": workflow.name, "series": one.name, "latest": found})
        return
    table = [[holder, value(door, one, r["value"]), readable(r["at"], workflow.zone)] for holder, r in found.items()]
    for line in sheets.aligned(table) if table else ():
        door.put(line)
    door.say("series.holders", series=answers.titled(door, one.titles, one.name), count=len(found))


def value(door: Door, one: Series, read: object) -> str:
    return f"{read} {answers.titled(door, one.unit_titles, one.unit)}".strip()


def declared(door: Door, name: str) -> tuple[Workflow, Series]:
    """Return the series of a name, "workflow.series"; leave when there is none."""
    which, _, short = name.partition(".")
    workflow, _ = door.app.engine.figures(which)
    if short not in workflow.series:
        reason = Reason(code="unknown-series", values={"name": short, "known": tuple(workflow.series)})
        answers.put_refusal(door, Refusal(reasons=(reason,)), workflow.zone)
        door.leave(ExitCode.REFUSED)
    return workflow, workflow.series[short]
