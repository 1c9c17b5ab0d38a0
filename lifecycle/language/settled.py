"""The rows of settlements as expressions see them: their columns, with the types that follow from what they add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lifecycle.core.values import FieldType
from lifecycle.core.workflow.ledgers import is_currency
from lifecycle.expressions import BOOLEAN, TEXT, ValueType, rows
from lifecycle.language.definition import Definition, WorkflowText
from lifecycle.language.fieldtypes import type_named, type_of_entry, value_type
from lifecycle.language.settlements import ColumnEntry, SettlementEntry

INTEGER = FieldType(name="integer")
SUMMED = ("integer", "number", "money", "duration")


@dataclass(frozen=True)
class RowsSoFar:
    """The row of a settlement as a column, its rank or its tables see it: what stands before them.

    text  as an `each` would be written, for those who know its columns by it
    """

    columns: Mapping[str, ValueType]
    text: str

    def rows(self) -> ValueType:
        return rows(self.columns)


def column_type(definition: Definition, column: ColumnEntry) -> FieldType:
    """Return the type of a column: as it says, else that of the ledger's unit or of the field that it copies."""
    if column.ledger is not None:
        ledger = definition.text.ledgers.get(column.ledger)
        money = ledger is not None and is_currency(ledger.unit)
        return FieldType(name="money", currency=ledger.unit) if ledger and money else INTEGER
    if column.is_ is not None:
        return type_named(definition, column.is_, currency=column.currency)
    head, _, name = (column.sum or "").removeprefix("=").strip().partition(".")
    entry = definition.text.fields.get(name) if head in ("data", "case", "form") else None
    copied = type_of_entry(definition, entry) if entry is not None and entry.is_ in SUMMED else None
    return FieldType(name=copied.name, currency=copied.currency) if copied is not None else INTEGER


def columns_of(definition: Definition, entry: SettlementEntry) -> dict[str, ValueType]:
    """Return the columns of a settlement's rows: its own, then rank, then what the tables say."""
    own = {name: value_type(column_type(definition, one)) for name, one in entry.columns.items()}
    found: dict[str, ValueType] = {"key": TEXT, **own}
    if entry.rank is not None:
        found["rank"] = value_type(INTEGER)
    for table in entry.decide:
        declared = definition.text.tables.get(table)
        for output, word in declared.outputs.items() if declared else ():
            found[output] = value_type(type_named(definition, word))
    return found


def names_of(definition: Definition, name: str) -> Iterator[tuple[str, ValueType]]:
    """Yield what a step sees of a settlement that its machine draws up."""
    entry = definition.text.settlements[name]
    sums = {one: value_type(column_type(definition, column)) for one, column in entry.columns.items() if adds(column)}
    yield f"settlement.{name}.period", TEXT
    yield f"settlement.{name}.frozen", BOOLEAN
    yield f"settlement.{name}.rows", rows(columns_of(definition, entry))
    yield f"settlement.{name}.corrections", rows({"key": TEXT, "period": TEXT, **sums})
    yield from ((f"settlement.{name}.total.{one}", of) for one, of in sums.items())


def adds(column: ColumnEntry) -> bool:
    return column.value is None


def always_in(text: WorkflowText, each: str | None) -> tuple[str, ...]:
    """Return the columns that surely have a value in the rows of an `each` that names a settlement's list."""
    head, _, rest = (each or "").removeprefix("=").strip().partition(".")
    name, _, of = rest.partition(".")
    entry = text.settlements.get(name) if head == "settlement" else None
    if entry is None or of not in ("rows", "corrections"):
        return ()
    sums = tuple(one for one, column in entry.columns.items() if adds(column))
    return ("key", *sums) if of == "rows" else ("key", "period", *sums)
