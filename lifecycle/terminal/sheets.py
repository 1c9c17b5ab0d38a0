"""Tables for people: values as they read them, columns that stand under each other, files for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

import click

from lifecycle.core.events import Json
from lifecycle.core.lengths import parse_length
from lifecycle.core.showing import ANSWERS, show, show_length
from lifecycle.core.values import FieldType
from lifecycle.core.workflow import Column, Workflow
from lifecycle.core.workflow.papers import VOID
from lifecycle.store.port import Erased
from lifecycle.terminal.answers import titled
from lifecycle.terminal.door import Door
from lifecycle.terminal.localtime import readable

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would take for a formula."""


def heading(door: Door, column: Column) -> str:
    """Return a column's heading: its title, the program's word for what every row has, or its name."""
    if column.titles:
        return titled(door, column.titles, column.name)
    word = column.reads.rpartition(".")[2] if column.reads.startswith("deadline.") else column.reads
    return door.words.say(f"row.{word}") if word in ROW_TITLES else column.name


ROW_TITLES = frozenset(
    "number kind instance state outcome closed customer key opened_at since latest_at age silent due late findings is"
    " count value".split()
)


def cell_text(door: Door, workflow: Workflow, column: Column, value: Json, machine: str = "") -> str:
    """Return what stands in a column, in words.

    machine  of the row: names its states
    """
    if value is None:
        return ""
    if isinstance(value, Erased):
        return door.words.say("value.erased")
    if column.reads == "state" and machine in workflow.machines:
        state = workflow.machines[machine].states.get(str(value))
        return titled(door, state.titles, str(value)) if state else str(value)
    if column.reads == "kind" and value in workflow.kinds:
        return titled(door, workflow.kinds[value].titles, value)
    if column.type is not None and column.type.name == "role" and value in workflow.roles:
        return titled(door, workflow.roles[value].titles, value)
    if column.reads.startswith("paper.") and column.reads.endswith(".stage"):
        return stage_title(door, workflow, column.reads.split(".")[1], str(value))
    if column.reads.startswith("deadline.") and column.reads.endswith(".is"):
        return door.words.say(f"deadlines.{value}")
    return typed_text(door, column.type, value, workflow.zone)


def stage_title(door: Door, workflow: Workflow, paper: str, stage: str) -> str:
    if stage == VOID:
        return door.words.say("slip.void")
    declared = workflow.papers[paper].stages.get(stage) if paper in workflow.papers else None
    return titled(door, declared.titles, stage) if declared else stage


def typed_text(door: Door, type: FieldType | None, value: Any, zone: str) -> str:
    """Return a value in words, by its type; what has none says itself what it is."""
    kind = type.name if type else ""
    if isinstance(value, bool):
        return ANSWERS[value][door.lang]
    if kind == "duration" or (not kind and isinstance(value, str) and parse_length(value.removeprefix("-"))):
        return length_of(door, str(value))
    if type is not None and kind != "datetime":
        return show(type, value, door.lang, ZoneInfo(zone))
    if isinstance(value, list):
        return ("、" if door.lang == "zh" else ", ").join(typed_text(door, None, one, zone) for one in value)
    return str(readable(value, zone))


def length_of(door: Door, stored: str) -> str:
    """Return a stored length for people: "1 d 2 h 5 min"; one below nothing with its sign."""
    length = parse_length(stored.removeprefix("-"))
    if length is None:
        return stored
    return show_length(-length if stored.startswith("-") else length, door.lang, measured=True)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines whose columns stand under each other; a Chinese character takes two places."""
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(f"{cell}{' ' * (wide - width(cell))}" for cell, wide in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def put_csv(door: Door, rows: Sequence[Sequence[str]], output: Path | None) -> None:
    """Write rows as CSV; a file begins with a mark by which spreadsheets know that it is UTF-8."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerows([[plain(cell) for cell in row] for row in rows])
    if output is None:
        click.echo(made.getvalue(), nl=False)
        return
    try:
        output.write_bytes(made.getvalue().encode("utf-8-sig"))
    except OSError as error:
        cause = error.strerror or type(error).__name__
        door.fail_usage("output-not-writable", "--output", file=str(output), cause=cause)


def plain(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) and not cell.lstrip("-").replace(".", "", 1).isdigit() else cell
