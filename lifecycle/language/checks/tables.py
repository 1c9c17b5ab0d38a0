"""The rows of a decision table exclude one another (hit unique) and leave no input without an answer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from math import prod
from zoneinfo import ZoneInfo

from lifecycle.core.events import Json
from lifecycle.core.values import FieldType
from lifecycle.core.workflow import Cell
from lifecycle.language.cells import Between, OneOf, cell_of
from lifecycle.language.checks.finite import MOST
from lifecycle.language.checks.subject import Subject
from lifecycle.language.dictionary import Table, TableRow
from lifecycle.language.fieldtypes import type_named
from lifecycle.problems import Problem

CHEAP = 20
"""Tests of a row that cost as much as one evaluation of a condition."""

Cells = list[dict[str, Cell]]


def table_rows(subject: Subject) -> Iterator[Problem]:
    """Yield `rows-overlap` (hit unique) and the warning `rows-incomplete` (no default) over finite domains."""
    for name, table in subject.text.tables.items():
        at = f"tables.{name}"
        if subject.definition.is_broken(at):
            continue
        types = {column: type_named(subject.definition, of) for column, of in table.inputs.items()}
        rows = _rows(table, types)
        if rows is None:
            continue
        domains = {column: _domain(of, rows, column) for column, of in types.items()}
        finite = {column: values for column, values in domains.items() if values is not None}
        size = prod(len(values) for values in finite.values())
        if len(finite) != len(domains) or size > MOST or not subject.may_spend(size * len(rows) // CHEAP):
            continue
        yield from _judge(subject, name, table, rows, finite)


def _judge(
    subject: Subject, name: str, table: Table, rows: Cells, domains: dict[str, tuple[Json, ...]]
) -> Iterator[Problem]:
    told: set[tuple[int, int]] = set()
    gap: dict[str, Json] | None = None
    for values in product(*domains.values()):
        given = dict(zip(domains, values, strict=True))
        matching = [
            number
            for number, cells in enumerate(rows)
            if all(cell.matches(given[column]) for column, cell in cells.items())
        ]
        if not matching and gap is None:
            gap = given
        told.update(combinations(matching, 2))
    if table.hit == "unique":
        for first, second in sorted(told):
            yield subject.problem(
                "rows-overlap", f"tables.{name}.rows.{second}", table=name, first=first + 1, second=second + 1
            )
    if gap is not None and table.default is None and table.hit != "collect":
        shown = ", ".join(f"{column} = {str(value).lower()}" for column, value in gap.items())
        yield subject.problem("rows-incomplete", f"tables.{name}", key=True, level="warning", table=name, inputs=shown)


def _rows(table: Table, types: dict[str, FieldType]) -> Cells | None:
    rows: Cells = []
    for row in table.rows:
        cells = _cells(row, types)
        if cells is None:
            return None
        rows.append(cells)
    return rows


def _cells(row: TableRow, types: dict[str, FieldType]) -> dict[str, Cell] | None:
    found: dict[str, Cell] = {}
    for column, written in row.cells.items():
        if column not in types:
            return None
        cell = cell_of(types[column], written, ZoneInfo("UTC"))
        if isinstance(cell, OneOf | Between):
            found[column] = cell
        elif cell is not None:
            return None
    return found


def _domain(of: FieldType, rows: Cells, column: str) -> tuple[Json, ...] | None:
    """Return every value of a type, or one for each stretch that the rows tell apart; None when neither is known."""
    if of.name == "boolean":
        return (False, True)
    if of.choices:
        return tuple(of.choices)
    if of.name != "integer":
        return None
    points: set[int] = set()
    for cells in rows:
        cell = cells.get(column)
        borders = [border for _, border in cell.borders] if isinstance(cell, Between) else []
        values = cell.values if isinstance(cell, OneOf) else ()
        for border in (*borders, *values):
            points.update((int(border) - 1, int(border), int(border) + 1))
    lowest = int(of.minimum) if of.minimum else None
    highest = int(of.maximum) if of.maximum else None
    inside = (p for p in sorted(points) if (lowest is None or p >= lowest) and (highest is None or p <= highest))
    return tuple(inside) or (0,)
