"""The cells of decision tables: a value, a list of values, a comparison, a range (DMN)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from lifecycle.core.events import Json
from lifecycle.core.parsing import ORDERED, accept, comparable
from lifecycle.core.values import FieldType, Misfit
from lifecycle.core.workflow import Cell

ANYTHING = "*"
COMPARED = re.compile(r"(>=|<=|>|<|!=)\s*(.+)")
RANGE = re.compile(r"([\[(]?)\s*(.+?)\s*\.\.\s*(.+?)\s*([\])]?)")
ORDERS: dict[str, Callable[[Any, Any], bool]] = {">=": ge, "<=": le, ">": gt, "<": lt}

Written = str | int | bool | Decimal | tuple[str | int | bool | Decimal, ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """Matches any of some values; with `but`, any value except them."""

    values: tuple[Json, ...]
    but: bool = False

    def matches(self, value: Json) -> bool:
        if value is None:
            return False
        return (value in self.values) is not self.but


@dataclass(frozen=True, slots=True)
class Between:
    """Matches values within borders: pairs of operator and stored value."""

    type: FieldType
    borders: tuple[tuple[str, Json], ...]

    def matches(self, value: Json) -> bool:
        if value is None:
            return False
        found = comparable(self.type, value)
        return all(ORDERS[operator](found, comparable(self.type, border)) for operator, border in self.borders)


def cell_of(type: FieldType, written: Written, zone: tzinfo) -> Cell | Misfit | None:
    """Return the test that a cell writes; None when it matches anything, a misfit when it is no test of its type.

    zone   in which a date and time without a zone is read
    """
    if written == ANYTHING:
        return None
    if isinstance(written, tuple):
        found = [accept(type, value, zone) for value in written]
        return next((one for one in found if isinstance(one, Misfit)), None) or OneOf(tuple(found))
    if isinstance(written, str) and (compared := COMPARED.fullmatch(written.strip())):
        return _compared(type, compared[1], compared[2], zone)
    if isinstance(written, str) and type.name in ORDERED and (bounds := RANGE.fullmatch(written.strip())):
        return _range(type, bounds, zone)
    value = accept(type, written, zone)
    if value is None:
        return Misfit(code="field-wrong-type", values={"type": type.name})
    return value if isinstance(value, Misfit) else OneOf((value,))


def _compared(type: FieldType, operator: str, written: str, zone: tzinfo) -> Cell | Misfit:
    border = accept(type, written, zone)
    if isinstance(border, Misfit):
        return border
    if operator == "!=":
        return OneOf((border,), but=True)
    if type.name not in ORDERED:
        return Misfit(code="field-wrong-type", values={"type": type.name})
    return Between(type, ((operator, border),))


def _range(type: FieldType, bounds: re.Match[str], zone: tzinfo) -> Cell | Misfit:
    """Read "1..5" and "[1..5]" with both borders, "(1..5]" and "[1..5)" without the round one."""
    low, high = accept(type, bounds[2], zone), accept(type, bounds[3], zone)
    for one in (low, high):
        if isinstance(one, Misfit):
            return one
    return Between(type, ((">" if bounds[1] == "(" else ">=", low), ("<" if bounds[4] == ")" else "<=", high)))
