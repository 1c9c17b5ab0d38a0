"""Settlements: which periods are frozen, and their rows with what was put right later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from lifecycle.audit.settlements import Frozen, frozen_of
from lifecycle.core.events import Json
from lifecycle.core.showing import show as shown
from lifecycle.core.values import FieldType
from lifecycle.core.workflow import Settlement, Workflow
from lifecycle.problems import ExitCode, Reason, Refusal
from lifecycle.terminal import answers, sheets
from lifecycle.terminal.door import Door
from lifecycle.terminal.localtime import readable
from lifecycle.terminal.root import Speaking, spoken

NAME = click.argument("name", metavar="WORKFLOW.SETTLEMENT")
NUMERIC = ("integer", "number", "money", "duration")


@click.group(cls=Speaking, help=spoken("settlement"))
def settlement() -> None: ...


@settlement.command("list", help=spoken("settlement.list"))
@NAME
@click.pass_obj
def list_(door: Door, name: str) -> None:
    workflow, one = declared(door, name)
    periods = frozen_of(door.app.store, workflow, one)
    if door.as_json:
        told = ("period", "first", "last", "position", "case", "frozen_at", "by", "total")
        listed = [{key: each.to_json()[key] for key in told} for each in periods]
        door.put_json({"workflow": workflow.name, "settlement": one.name, "periods": listed})
        return
    for each in periods:
        total = cells(door, workflow, one, each.total)
        sums = "  ".join(f"{title(door, one, column)} {total[column]}" for column in each.total)
        door.put(f"{each.period}  {head(door, workflow, each)}  {sums}".rstrip())
    door.say("settlement.count", settlement=answers.titled(door, one.titles, one.name), count=len(periods))


@settlement.command("show", help=spoken("settlement.show"))
@NAME
@click.argument("period", required=False)
@click.option("--format", "form", type=click.Choice(["text", "csv"]), default="text", help=spoken("option.format"))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="PATH", help=spoken("option.output"))
@click.pass_obj
def show_(door: Door, name: str, period: str | None, form: str, output: Path | None) -> None:
    workflow, one = declared(door, name)
    periods = frozen_of(door.app.store, workflow, one)
    wanted = [each for each in periods if period in (None, each.period, each.first)]
    if not wanted:
        values = {"settlement": one.titles or one.name, "period": period or "", "known": [p.period for p in periods]}
        refuse(door, workflow, Reason(code="period-not-frozen", values=values))
    if door.as_json:
        door.put_json({"workflow": workflow.name, "settlement": one.name, **wanted[-1].to_json()})
    elif form == "csv":
        sheets.put_csv(door, csv_lines(door, workflow, one, wanted[-1]), output)
    else:
        put_text(door, workflow, one, wanted[-1])


def declared(door: Door, name: str) -> tuple[Workflow, Settlement]:
    """Return the settlement of a name, "workflow.settlement"; leave when there is none."""
    which, _, short = name.partition(".")
    workflow, _ = door.app.engine.figures(which)
    if short not in workflow.settlements:
        values = {"name": short, "known": tuple(workflow.settlements)}
        refuse(door, workflow, Reason(code="unknown-settlement", values=values))
    return workflow, workflow.settlements[short]


def refuse(door: Door, workflow: Workflow, reason: Reason) -> None:
    answers.put_refusal(door, Refusal(reasons=(reason,)), workflow.zone)
    door.leave(ExitCode.REFUSED)


def put_text(door: Door, workflow: Workflow, one: Settlement, frozen: Frozen) -> None:
    """Print a period: who froze it and when, its rows, its total, then what it puts right of earlier ones."""
    door.put(f"{answers.titled(door, one.titles, one.name)}  {frozen.period}  {head(door, workflow, frozen)}")
    names = columns_of(frozen.rows, one)
    titles = [title(door, one, name) for name in names]
    table = [titles, *([cells(door, workflow, one, row)[name] for name in names] for row in frozen.rows)]
    total = cells(door, workflow, one, {**dict.fromkeys(names), **frozen.total})
    table.append([door.words.say("settlement.total"), *(total[name] for name in names[1:])])
    put_table(door, table, [False, *(is_numeric(workflow, one, name) for name in names[1:])])
    if frozen.corrections:
        door.put(door.words.say("settlement.corrections"))
        sums = [column.name for column in one.columns if column.sums]
        names = ["period", "key", *sums]
        lines = [[title(door, one, name) for name in names]]
        lines.extend([cells(door, workflow, one, row)[name] for name in names] for row in frozen.corrections)
        put_table(door, lines, [False, False, *(True for _ in sums)])


def head(door: Door, workflow: Workflow, frozen: Frozen) -> str:
    """Return which days a period has, and by which case, when and by whom it was frozen."""
    by = f"{frozen.by['role']}:{frozen.by['person']}".rstrip(":")
    return door.words.say(
        "settlement.head",
        first=frozen.first,
        last=frozen.last,
        case=frozen.case,
        at=readable(frozen.frozen_at, workflow.zone),
        by=by,
        position=frozen.position,
    )


def columns_of(rows: Sequence[Mapping[str, Json]], one: Settlement) -> list[str]:
    """Return the columns in the order in which people read them: key, own ones, rank, what tables say."""
    own = [column.name for column in one.columns]
    found = dict.fromkeys(name for row in rows for name in row)
    rest = [name for name in found if name not in ("key", *own, "cases", "tables")]
    return ["key", *(name for name in own if name in found or not rows), *rest]


def title(door: Door, one: Settlement, name: str) -> str:
    """Return the heading of a column."""
    column = next((each for each in one.columns if each.name == name), None)
    if column is not None:
        return answers.titled(door, column.titles, name)
    return door.words.say(f"settlement.{name}") if door.words.knows(f"settlement.{name}") else name


def type_of(workflow: Workflow, one: Settlement, name: str) -> FieldType:
    column = next((each for each in one.columns if each.name == name), None)
    if column is not None:
        return column.type
    tables = (workflow.tables[call.table].outputs for call in one.decide if call.table in workflow.tables)
    return next((outputs[name] for outputs in tables if name in outputs), FieldType(name="text"))


def is_numeric(workflow: Workflow, one: Settlement, name: str) -> bool:
    return name == "rank" or type_of(workflow, one, name).name in NUMERIC


def cells(door: Door, workflow: Workflow, one: Settlement, row: Mapping[str, Json]) -> dict[str, str]:
    """Return a row as people read it."""
    zone = ZoneInfo(workflow.zone)
    found = {
        name: shown(type_of(workflow, one, name), value, door.lang, zone)
        for name, value in row.items()
        if name not in ("cases", "tables")
    }
    if "key" in found:
        found["key"] = found["key"] or door.words.say("settlement.nobody")
    return found


def put_table(door: Door, lines: Sequence[Sequence[str]], numeric: Sequence[bool]) -> None:
    """Print lines under each other, numbers to the right."""
    widths = [max(sheets.width(line[n]) for line in lines) for n in range(len(numeric))]
    for line in lines:
        padded = []
        for text, width, right in zip(line, widths, numeric, strict=True):
            space = " " * (width - sheets.width(text))
            padded.append(f"{space}{text}" if right else f"{text}{space}")
        door.put(f"  {'  '.join(padded)}".rstrip())


def csv_lines(door: Door, workflow: Workflow, one: Settlement, frozen: Frozen) -> list[list[str]]:
    """Return rows, then corrections, each with its period and cases."""
    names = columns_of(frozen.rows, one)
    lines = [[title(door, one, name) for name in ("period", *names, "cases")]]
    for row in (*frozen.rows, *frozen.corrections):
        read = {"period": frozen.period, **cells(door, workflow, one, row)}
        lines.append([*(read.get(name, "") for name in ("period", *names)), " ".join(row["cases"])])
    return lines
