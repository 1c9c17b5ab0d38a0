"""The types of the data dictionary: from the words of a definition to the core's, and on to those of expressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import cast, get_args

from lifecycle.core import values as core
from lifecycle.core.values import FieldType, TypeName
from lifecycle.core.workflow import Field, Setting
from lifecycle.expressions.values import ANY, ValueType
from lifecycle.language.definition import Definition
from lifecycle.language.dictionary import FieldEntry, RowField
from lifecycle.language.dictionary import Setting as SettingEntry

PLAIN: frozenset[str] = frozenset(get_args(TypeName)) - {"choice", "list"}
UNKNOWN = FieldType(name="text")
"""Stands for a type that the checker reports as unknown."""


def type_named(definition: Definition, name: str, *, currency: str = "", least: str = "", most: str = "") -> FieldType:
    """Return the type that a word names: a value type, a name of `types`, or a case kind."""
    text = definition.text
    if name in text.types:
        titles = {value: choice.titles for value, choice in text.types[name].items()}
        return FieldType(name="choice", choices=titles)
    if name in text.cases:
        return FieldType(name="ref", kind=name)
    if name == "list":
        return FieldType(name="list", of=UNKNOWN)
    if name not in PLAIN:
        return UNKNOWN
    return FieldType(
        name=cast(TypeName, name),
        currency=(currency or "CNY") if name == "money" else "",
        minimum=least,
        maximum=most,
    )


def border(value: str | int | bool | Decimal | None) -> str:
    """Return a literal border as text; "" when there is none, or it is an expression."""
    return "" if value is None or str(value).startswith("=") else str(value)


def type_of_entry(definition: Definition, entry: FieldEntry | SettingEntry) -> FieldType:
    """Return the type of a dictionary entry or a setting, with its borders and rows."""
    bare = type_named(definition, entry.is_, currency=entry.currency, least=border(entry.min), most=border(entry.max))
    if isinstance(entry, FieldEntry) and entry.unit is not None:
        bare = replace(bare, unit=unit_titles(definition, entry.unit))
    if isinstance(entry, FieldEntry) and entry.from_ is not None and entry.is_ != "list":
        return replace(bare, listed=entry.from_)
    if entry.is_ != "list" or not isinstance(entry, FieldEntry) or entry.of is None:
        return bare
    if isinstance(entry.of, str):
        of = type_named(definition, entry.of.removesuffix("!"))
        return FieldType(name="list", of=replace(of, listed=entry.from_ or ""))
    return rows_type(definition, entry.of)


def rows_type(definition: Definition, columns: Mapping[str, RowField]) -> FieldType:
    """Return the type of a list of rows with these columns."""
    return FieldType(
        name="list",
        row={name: _column(definition, name, column) for name, column in columns.items()},
        required=frozenset(name for name, column in columns.items() if column.required),
    )


def _column(definition: Definition, name: str, column: RowField) -> FieldType:
    if column.is_:
        return type_named(definition, column.is_)
    entry = definition.text.fields.get(name)
    return type_of_entry(definition, entry) if entry and entry.is_ != "list" else UNKNOWN


def fields_of(definition: Definition) -> dict[str, Field]:
    """Return the data dictionary."""
    return {
        name: Field(
            name=name,
            type=type_of_entry(definition, entry),
            titles=entry.titles,
            shared=entry.scope == "case",
            pii=personal(definition, entry),
            where=definition.key_place(f"fields.{name}"),
        )
        for name, entry in definition.text.fields.items()
    }


def personal(definition: Definition, entry: FieldEntry) -> bool:
    """Return whether a field is personal: marked so, or a list with a column that names a personal field."""
    if entry.pii or not isinstance(entry.of, Mapping):
        return entry.pii
    fields = definition.text.fields
    return any(name in fields and fields[name].pii for name, column in entry.of.items() if not column.is_)


def settings_of(definition: Definition, defaults: Mapping[str, core.Json]) -> dict[str, Setting]:
    """Return the settings.

    defaults  name -> default in its stored form
    """
    return {
        name: Setting(
            name=name,
            type=type_of_entry(definition, entry),
            default=defaults[name],
            given=entry.given,
            follows=entry.follows,
            titles=entry.titles,
            where=definition.key_place(f"settings.{name}"),
        )
        for name, entry in definition.text.settings.items()
    }


def value_type(type: FieldType, *, personal: bool = False) -> ValueType:
    """Return how expressions see values of a type.

    personal  they may only be compared with null, whatever their type is
    """
    if personal:
        return ValueType("text", personal=True)
    match type.name:
        case "choice":
            return ValueType("choice", choices=frozenset(type.choices))
        case "money":
            return ValueType("money", currency=type.currency)
        case "list" if type.row:
            return ValueType("list", columns=tuple((name, value_type(inner)) for name, inner in type.row.items()))
        case "list":
            return ValueType("list", of=value_type(type.of) if type.of else ANY)
        case "number" | "integer" | "boolean" | "date" | "time" | "datetime" | "duration":
            return ValueType(type.name)
        case _:
            return ValueType("text")


def lists_type(definition: Definition, name: str) -> FieldType:
    """Return the type of a list's rows, whose key every row has."""
    entry = definition.text.lists[name]
    type = rows_type(definition, entry.columns)
    return replace(type, required=type.required | {entry.key_})


def series_type(word: str) -> FieldType:
    """Return the type of a series' values."""
    return FieldType(name="number" if word == "number" else "integer")


def unit_titles(definition: Definition, word: str) -> Mapping[str, str]:
    """Return the titles of a unit; its own word in both languages when they are not declared."""
    entry = definition.text.units.get(word)
    return entry.titles if entry is not None else {}
