"""Views: the lists that a workflow says its people need."""

from __future__ import annotations

from pathlib import Path

import click

from lifecycle.clocks.typed import show_time
from lifecycle.core.events import SYSTEM
from lifecycle.core.workflow import View
from lifecycle.problems import ExitCode, Reason, Refusal
from lifecycle.terminal import answers, sheets
from lifecycle.terminal.arguments import actor_of
from lifecycle.terminal.completion import complete_workflow
from lifecycle.terminal.door import Door
from lifecycle.terminal.root import Speaking, spoken
from projections.views import Page, owned, page

WHO = click.option("--as", "actor", metavar="ROLE[:PERSON]", help=spoken("option.looking-as"))


@click.group(cls=Speaking, help=spoken("view"))
def view() -> None: ...


@view.command("list", help=spoken("view.list"))
@click.argument("workflow", metavar="WORKFLOW", shell_complete=complete_workflow)
@WHO
@click.pass_obj
def list_(door: Door, workflow: str, actor: str | None) -> None:
    declared, _ = door.app.engine.figures(workflow)
    views = owned(declared, actor.partition(":")[0] if actor else "")
    if door.as_json:
        listed = [{"view": one.name, "titles": dict(one.titles), "owner": one.owner} for one in views.values()]
        door.put_json({"workflow": declared.name, "views": listed})
        return
    if not views:
        door.say("view.none", workflow=declared.name)
    for one in views.values():
        role = declared.roles.get(one.owner)
        owner = f"  ({answers.titled(door, role.titles, role.name)})" if role else ""
        door.put(f"{declared.name}.{one.name}  {answers.titled(door, one.titles, one.name)}{owner}")


@view.command("show", help=spoken("view.show"))
@click.argument("view", metavar="WORKFLOW.VIEW")
@WHO
@click.option("--at", metavar="TIME", help=spoken("option.seen-at"))
@click.option("--csv", "as_csv", is_flag=True, help=spoken("option.csv"))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="PATH", help=spoken("option.output"))
@click.pass_obj
def show(door: Door, view: str, actor: str | None, at: str | None, as_csv: bool, output: Path | None) -> None:
    name, _, short = view.partition(".")
    workflow, _ = door.app.engine.figures(name)
    if short not in workflow.views:
        reason = Reason(code="unknown-view", values={"name": short, "known": tuple(workflow.views)})
        answers.put_refusal(door, Refusal(reasons=(reason,)), workflow.zone)
        door.leave(ExitCode.REFUSED)
    moment = door.instant(at, "--at", workflow.zone) if at else None
    who = actor_of(door, actor, ()) or SYSTEM
    found = page(door.app.engine, workflow, workflow.views[short], who, moment)
    if door.as_json:
        door.put_json(found.to_json())
    elif as_csv:
        sheets.put_csv(door, table(door, found), output)
    else:
        put_text(door, found)


def table(door: Door, found: Page) -> list[list[str]]:
    """Return a page as cells: the headings, then a row for each."""
    return [headings(door, found.view), *(cells(door, found, number) for number in range(len(found.rows)))]


def headings(door: Door, view: View) -> list[str]:
    return [sheets.heading(door, column) for column in view.columns]


def cells(door: Door, found: Page, number: int) -> list[str]:
    row = found.rows[number]
    machine = found.view.machine
    return [sheets.cell_text(door, found.workflow, c, row.values[c.name], machine) for c in found.view.columns]


def put_text(door: Door, found: Page) -> None:
    """Print a page: its rows, by groups if it has them, and how many there are."""
    view, workflow = found.view, found.workflow
    lines = sheets.aligned(table(door, found))
    if found.rows:
        door.put(lines[0])
    number = 1
    for values, rows in found.groups():
        if view.group:
            named = (
                sheets.cell_text(door, workflow, c, v, view.machine) for c, v in zip(view.group, values, strict=True)
            )
            door.put(f"{' / '.join(one or '-' for one in named)} ({len(rows)})")
        for line in lines[number : number + len(rows)]:
            door.put(f"  {line}" if view.group else line)
        number += len(rows)
    for one in found.unjudged:
        door.say("view.unjudged", case=one.case, instance=one.instance or "-", text=one.text)
    from zoneinfo import ZoneInfo

    at = show_time(found.at, ZoneInfo(workflow.zone))
    title = answers.titled(door, view.titles, view.name)
    door.say("view.count", view=title, count=len(found.rows), total=found.total, at=at)
