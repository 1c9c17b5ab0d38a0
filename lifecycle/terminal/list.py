"""Lists: reference rows as they are in force, and the changes that staff make to them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from lifecycle.core.events import Actor, Json
from lifecycle.core.lists import ChangeRow, history, in_force
from lifecycle.core.workflow import Listing, Workflow
from lifecycle.problems import ExitCode, Reason, Refusal
from lifecycle.terminal import answers, sheets
from lifecycle.terminal.arguments import actor_of, pairs_of
from lifecycle.terminal.door import Door
from lifecycle.terminal.root import Speaking, spoken

NAME = click.argument("name", metavar="WORKFLOW.LIST")
KEY = click.argument("key", metavar="KEY")
SINCE = click.option("--from", "since", metavar="DAY", default="", help=spoken("option.list-from"))
AS = click.option("--as", "actor", metavar="ROLE[:PERSON]", help=spoken("option.as"))


@click.group("list", cls=Speaking, help=spoken("list"))
def list_() -> None: ...


@list_.command("show", help=spoken("list.show"))
@NAME
@click.option("--at", "day", metavar="DAY", help=spoken("option.list-at"))
@click.option("--changes", is_flag=True, help=spoken("option.list-changes"))
@click.option("--csv", "as_csv", is_flag=True, help=spoken("option.csv"))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="PATH", help=spoken("option.output"))
@click.pass_obj
def show(door: Door, name: str, day: str | None, changes: bool, as_csv: bool, output: Path | None) -> None:
    workflow, listing = declared(door, name)
    rows = door.app.engine.rows(workflow, listing.name)
    if changes:
        put_changes(door, listing, [{"key": key, **change} for key, change in history(listing, rows)])
        return
    at = read_day(door, day, workflow)
    found = in_force(listing, rows, at)
    if door.as_json:
        told = [{"key": key, "row": dict(row), "version": version} for key, (row, version) in found.items()]
        document = {"workflow": workflow.name, "list": listing.name, "at": at.isoformat(), "revision": rows.revision}
        door.put_json({**document, "rows": told})
        return
    columns = [listing.key, *(column for column in listing.type.row if column != listing.key)]
    table = [[answers.titled(door, listing.columns.get(column, {}), column) for column in columns]]
    table.extend(
        [sheets.typed_text(door, listing.type.row[c], row[c], workflow.zone) if c in row else "" for c in columns]
        for row, _ in found.values()
    )
    if as_csv:
        sheets.put_csv(door, table, output)
        return
    for line in sheets.aligned(table):
        door.put(line)
    title = answers.titled(door, listing.titles, listing.name)
    door.say("list.count", list=title, count=len(found), at=at.isoformat())


@list_.command("set", help=spoken("list.set"))
@NAME
@KEY
@click.argument("values", metavar="COLUMN=VALUE...", nargs=-1)
@SINCE
@AS
@click.pass_obj
def set_(door: Door, name: str, key: str, values: tuple[str, ...], since: str, actor: str | None) -> None:
    change(door, name, key, pairs_of(door, "COLUMN=VALUE", values), since, actor)


@list_.command("remove", help=spoken("list.remove"))
@NAME
@KEY
@SINCE
@AS
@click.pass_obj
def remove(door: Door, name: str, key: str, since: str, actor: str | None) -> None:
    change(door, name, key, None, since, actor)


def change(door: Door, name: str, key: str, values: dict[str, str] | None, since: str, actor: str | None) -> None:
    """Change a row and say so, or why not."""
    workflow, listing = declared(door, name)
    command = ChangeRow(
        id=str(door.app.engine.new_id()),
        workflow=workflow.name,
        list=listing.name,
        key=key,
        values=values,
        actor=actor_of(door, actor) or Actor(role="operator"),
        since=since,
        via=door.via,
    )
    answer = door.app.engine.change_row(command)
    if isinstance(answer, Refusal):
        answers.put_refusal(door, answer, workflow.zone)
        door.leave(ExitCode.REFUSED)
    if door.as_json:
        door.put_json({"changed": bool(answer), **(answer[0].changes["list"] if answer else {})})
        return
    title = answers.titled(door, listing.titles, listing.name)
    since = answer[0].changes["list"]["from"] if answer else ""
    door.say("list.changed" if answer else "list.unchanged", list=title, row=key, since=since)


def declared(door: Door, name: str) -> tuple[Workflow, Listing]:
    """Return the list of a name, "workflow.list"; leave when there is none."""
    which, _, short = name.partition(".")
    workflow, _ = door.app.engine.figures(which)
    if short not in workflow.lists:
        reason = Reason(code="unknown-list", values={"name": short, "known": tuple(workflow.lists)})
        answers.put_refusal(door, Refusal(reasons=(reason,)), workflow.zone)
        door.leave(ExitCode.REFUSED)
    return workflow, workflow.lists[short]


def put_changes(door: Door, listing: Listing, changes: list[dict[str, Json]]) -> None:
    """Print every change of a list, by key and day."""
    if door.as_json:
        door.put_json(changes)
        return
    for one in changes:
        row = one["row"]
        told = door.words.say("list.removed") if row is None else answers.shown(row)
        door.put(f"{one['key']}  {one['from']}  {told}")
    if not changes:
        door.say("list.no-changes", list=answers.titled(door, listing.titles, listing.name))


def read_day(door: Door, typed: str | None, workflow: Workflow) -> date:
    """Return the day that was typed; today when none was."""
    if typed is None:
        return door.app.engine.clock().astimezone(ZoneInfo(workflow.zone)).date()
    try:
        return date.fromisoformat(typed)
    except ValueError:
        door.fail_usage("staff-day", "--at", typed=typed)
