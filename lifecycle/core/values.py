"""Values: how a typed text or JSON value becomes the one stored form of its type.

Stored forms are JSON without floats: number "4.5", money "12.50 CNY", date "2026-03-02", time
"08:30", datetime "2026-03-02T01:00:00.000000Z", duration "30m", period "2026-03", "2026-Q1",
"2026", "2026-W10" or "2026-03-01/2026-03-31", everything else text, integer or boolean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lifecycle.problems import Text

Json = Any

TypeName = Literal[
    "text",
    "number",
    "integer",
    "boolean",
    "choice",
    "money",
    "date",
    "time",
    "datetime",
    "duration",
    "period",
    "phone",
    "staff",
    "role",
    "asset",
    "ref",
    "attachment",
    "list",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldType:
    """A type of the data dictionary with its borders.

    choices        of a choice: value -> titles
    minimum, maximum  of numbers, integers and money, in the value's own unit, as decimal text; "" none
    currency       of money
    kind           of a ref: the kind of case it names
    row            of a list of rows: field name -> type; empty when `of` is a plain type
    of             of a list of plain values: their type
    longest        of text: characters
    unit           titles of the unit of numbers and integers, by language
    listed         name of the list whose rows' keys are its values; "" none
    """

    name: TypeName
    choices: Mapping[str, Text] = field(default_factory=dict)
    minimum: str = ""
    maximum: str = ""
    currency: str = ""
    kind: str = ""
    row: Mapping[str, FieldType] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    of: FieldType | None = None
    longest: int = 4000
    unit: Text = field(default_factory=dict)
    listed: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Misfit:
    """Why a value does not fit its type.

    code    "field-wrong-type", "choice-unknown", "value-too-small", "value-too-large", "text-too-long",
            "text-unprintable", "row-field-unknown", "row-field-missing"
    path    inside the value, for rows: "2.quantity"; "" for the value itself
    values  of the sentence; never the value itself, which may be personal
    """

    code: str
    path: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
