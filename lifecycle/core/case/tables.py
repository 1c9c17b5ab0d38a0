"""Decision tables: which rows match, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from lifecycle.core.case.scope import Snapshot
from lifecycle.core.events import Json
from lifecycle.core.workflow import Call, Failure, Table
from lifecycle.problems import Reason


def consult(table: Table, call: Call, scope: Snapshot) -> dict[str, Json] | Reason:
    """Return what an event keeps of a table's answer: table, row numbers (from 1; 0 is the default), outputs.

    A failing input, no matching row without a default, and two rows of a `unique` table are reasons.
    """
    inputs: dict[str, Json] = {}
    for name, formula in call.inputs.items():
        value = formula.value(scope)
        if isinstance(value, Failure):
            return Reason(
                code="guard-failed",
                where=table.where,
                values={"guard": table.name, "failure": value.text},
                rules=table.rules,
            )
        inputs[name] = value
    matching = [
        number
        for number, row in enumerate(table.rows, start=1)
        if all(cell.matches(inputs[name]) for name, cell in row.cells.items())
    ]
    if not matching:
        if table.default is None:
            return Reason(
                code="no-row", where=table.where, values={"table": table.name}, rules=table.rules, actual=inputs
            )
        return {"table": table.name, "rows": [0], "outputs": dict(table.default)}
    if table.hit == "unique" and len(matching) > 1:
        return Reason(
            code="rows-overlap",
            where=table.where,
            values={"table": table.name, "rows": ", ".join(map(str, matching))},
            rules=table.rules,
            actual=inputs,
        )
    if table.hit in ("unique", "first"):
        matching = matching[:1]
    return {"table": table.name, "rows": matching, "outputs": gathered(table, matching)}


def gathered(table: Table, numbers: list[int]) -> Mapping[str, Json]:
    """Return the outputs of the matching rows: the row's, all of them, or the greatest of each."""
    rows = [table.rows[number - 1].outputs for number in numbers]
    if table.hit == "collect":
        return {name: [row[name] for row in rows if name in row] for name in table.outputs}
    if table.hit == "max":
        return {name: max((row[name] for row in rows if name in row), key=magnitude) for name in table.outputs}
    return dict(rows[0])


def magnitude(value: Json) -> Decimal:
    return Decimal(str(value).split(" ", 1)[0])
