"""The types of the workflow language inside CEL, and the way in and out of it.

    stored                            in CEL
    money    "12.50 CNY"              INT, minor units of the currency
    number   "4.5"                    DOUBLE
    date     "2026-03-02"             TIMESTAMP, 00:00 in the workflow's zone
    datetime "2026-03-02T01:00:00Z"   TIMESTAMP
    time     "08:30"                  DURATION since midnight
    duration "30m"                    DURATION
    list     of rows                  LIST of MAP, each column by its own type

The CEL package cannot hold an instant or a duration where a value may also be null, nor in a row.
Rows therefore carry them as text, and the compiled form reads them back (docs/decisions/0007).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any, Literal

from cel_expr_python import cel  # type: ignore[import-untyped]  # ships stubs without the py.typed mark

CelValue = Any
"""None, bool, int, float, str, datetime, timedelta, list or dict of these."""

Kind = Literal[
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
    "list",
    "map",
    "any",
]

_MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "BHD": 3, "KWD": 3, "OMR": 3, "JOD": 3, "TND": 3}


@dataclass(frozen=True, slots=True)
class ValueType:
    """A type that a name may have.

    choices   of a choice: its values; empty when any text goes
    currency  of money, of the results made from it
    columns   of a list of rows, in pairs; empty when the rows are not described, or the items are plain
    of        of a list of plain values: their type
    personal  the name may only be compared with null
    """

    kind: Kind
    choices: frozenset[str] = frozenset()
    currency: str = "CNY"
    columns: tuple[tuple[str, ValueType], ...] = ()
    of: ValueType | None = None
    personal: bool = False

    @property
    def is_time(self) -> bool:
        """Whether CEL holds it as TIMESTAMP or DURATION."""
        return self.kind in ("date", "datetime", "time", "duration")

    def column(self, name: str) -> ValueType | None:
        """Return the type of a column of a list of rows."""
        return dict(self.columns).get(name)


TEXT = ValueType("text")
NUMBER = ValueType("number")
INTEGER = ValueType("integer")
BOOLEAN = ValueType("boolean")
CHOICE = ValueType("choice")
MONEY = ValueType("money")
DATE = ValueType("date")
TIME = ValueType("time")
DATETIME = ValueType("datetime")
DURATION = ValueType("duration")
LIST = ValueType("list")
MAP = ValueType("map")
ANY = ValueType("any")


def rows(columns: Mapping[str, ValueType]) -> ValueType:
    """Return the type of a list of rows with these columns."""
    return ValueType("list", columns=tuple(columns.items()))


def choice(values: frozenset[str] | set[str] | tuple[str, ...]) -> ValueType:
    """Return the type of a choice among values."""
    return ValueType("choice", choices=frozenset(values))


def cel_name(of: ValueType) -> str:
    """Return the name that CEL gives to the type of such a value."""
    return _CEL_NAMES[of.kind]


_CEL_NAMES: Mapping[str, str] = {
    "text": "STRING",
    "choice": "STRING",
    "number": "DOUBLE",
    "integer": "INT",
    "money": "INT",
    "boolean": "BOOL",
    "date": "TIMESTAMP",
    "datetime": "TIMESTAMP",
    "time": "DURATION",
    "duration": "DURATION",
    "list": "LIST",
    "map": "MAP",
    "any": "DYN",
}
_PLAIN: Mapping[str, cel.Type] = {
    "STRING": cel.Type.STRING,
    "DOUBLE": cel.Type.DOUBLE,
    "INT": cel.Type.INT,
    "BOOL": cel.Type.BOOL,
    "TIMESTAMP": cel.Type.TIMESTAMP,
    "DURATION": cel.Type.DURATION,
    "MAP": cel.Type.Map(cel.Type.STRING, cel.Type.DYN),
    "DYN": cel.Type.DYN,
}
_WRAPPED: Mapping[str, str] = {
    "STRING": "google.protobuf.StringValue",
    "DOUBLE": "google.protobuf.DoubleValue",
    "INT": "google.protobuf.Int64Value",
    "BOOL": "google.protobuf.BoolValue",
}


def checked_as(of: ValueType, *, always_set: bool) -> cel.Type:
    """Return the CEL type under which a name is checked; one that may be unset may be compared with null."""
    name = cel_name(of)
    if name == "LIST":
        if not always_set:
            return cel.Type.DYN  # CEL lists cannot be compared with null
        if of.of is not None:
            return cel.Type.List(checked_as(of.of, always_set=True))
        return cel.Type.List(cel.Type.Map(cel.Type.STRING, cel.Type.DYN)) if of.columns else cel.Type.LIST
    if not always_set:
        if name in _WRAPPED:
            return cel.Type(_WRAPPED[name])
        if name == "MAP":
            return cel.Type.DYN
    return _PLAIN[name]


def to_cel(of: ValueType, stored: Any, zone: tzinfo) -> CelValue:  # noqa: PLR0911 - one case per type
    """Return a stored JSON value as CEL sees it; None stays None.

    zone    of the workflow: a date begins at its midnight
    Raises  ValueError when the value is not the stored form of its type
    """
    if stored is None:
        return None
    match of.kind:
        case "money":
            return minor_units(str(stored), of.currency)
        case "number":
            return float(Decimal(str(stored)))
        case "integer":
            return int(stored)
        case "boolean":
            if not isinstance(stored, bool):
                raise ValueError(f"no boolean: {type(stored).__name__}")
            return stored
        case "date":
            return datetime.fromisoformat(stored).replace(tzinfo=zone).astimezone(UTC)
        case "datetime":
            return datetime.fromisoformat(stored).astimezone(UTC)
        case "time":
            hour, minute, *second = (int(part) for part in str(stored).split(":"))
            return timedelta(hours=hour, minutes=minute, seconds=second[0] if second else 0)
        case "duration":
            return length(str(stored))
        case "list":
            return _rows_to_cel(of, stored, zone)
        case "map" | "any":
            return stored
        case _:
            return str(stored)


def _rows_to_cel(of: ValueType, stored: Any, zone: tzinfo) -> list[CelValue]:
    if of.of is not None:
        return [in_row(to_cel(of.of, item, zone)) for item in stored]
    if not of.columns:
        return list(stored)
    columns = of.columns
    return [{name: in_row(to_cel(column, row.get(name), zone)) for name, column in columns} for row in stored]


def in_row(value: CelValue) -> CelValue:
    """Return an instant or a duration as the text by which a row, or a name that may be null, carries it."""
    if isinstance(value, datetime):
        moment = value.astimezone(UTC)
        return f"{moment.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
    if isinstance(value, timedelta):
        return f"{value // timedelta(microseconds=1)}us"
    return value


def out_of_row(of: ValueType, value: CelValue) -> CelValue:
    """Return what `in_row` made of an instant or a duration; any other value unchanged."""
    if isinstance(value, str) and of.kind in ("date", "datetime"):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and of.kind in ("time", "duration"):
        return timedelta(microseconds=int(value.removesuffix("us")))
    return value


def from_cel(of: ValueType, value: CelValue, zone: tzinfo) -> Any:  # noqa: PLR0911, PLR0912 - one case per type
    """Return a result of CEL in the stored form of a type; None stays None.

    Raises  ValueError when the result is no value of the type
    """
    if value is None:
        return None
    match of.kind, value:
        case "money", int() if not isinstance(value, bool):
            return money_text(value, of.currency)
        case "number", float() | int() if not isinstance(value, bool):
            return decimal_text(value)
        case "integer", int() if not isinstance(value, bool):
            return value
        case "boolean", bool():
            return value
        case "date", datetime():
            return value.astimezone(zone).date().isoformat()
        case "datetime", datetime():
            return in_row(value)
        case "time", timedelta() if timedelta(0) <= value < timedelta(days=1):
            minutes, seconds = divmod(int(value.total_seconds()), 60)
            return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
        case "duration", timedelta():
            return length_text(value)
        case (("text" | "choice"), str()):
            if of.choices and value not in of.choices:
                raise ValueError(f"no value of the choice: {value}")
            return value
        case "list", list():
            if of.of is not None:
                plain = of.of
                return [from_cel(plain, out_of_row(plain, item), zone) for item in value]
            return [_row_from_cel(of, row, zone) for row in value]
        case "map", dict():
            return value
        case "any", _:
            return decimal_text(value) if isinstance(value, float) else in_row(value)
    raise ValueError(f"no {of.kind}: {type(value).__name__}")


def _row_from_cel(of: ValueType, row: Any, zone: tzinfo) -> Any:
    if not of.columns:
        return row
    return {
        name: from_cel(column, out_of_row(column, row[name]), zone)
        for name, column in of.columns
        if row.get(name) is not None
    }


def minor_digits(currency: str) -> int:
    """Return how many decimal digits a currency's minor unit takes (ISO 4217; two unless listed)."""
    return _MINOR_DIGITS.get(currency, 2)


def minor_units(text: str, currency: str) -> int:
    """Return an amount "12.50" or "12.50 CNY" in minor units of the currency.

    Raises  ValueError when it is no amount, has more digits than the currency, or is of another currency
    """
    found = re.fullmatch(r"(-?\d{1,15}(?:\.\d+)?)(?: ?([A-Z]{3}))?", text)
    if not found or (found[2] and found[2] != currency):
        raise ValueError(f"no amount in {currency}: {text}")
    scaled = Decimal(found[1]).scaleb(minor_digits(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"more digits than {currency} has: {text}")
    return int(scaled)


def money_text(amount: int, currency: str) -> str:
    """Return minor units as stored: "12.50 CNY"."""
    digits = minor_digits(currency)
    return f"{Decimal(amount).scaleb(-digits):.{digits}f} {currency}"


def decimal_text(value: float) -> str:
    """Return a number as stored: the shortest decimal that reads back as the same number, without exponent.

    Raises  ValueError when it is not finite
    """
    number = Decimal(repr(value))
    if not number.is_finite():
        raise ValueError(f"no finite number: {value}")
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_LENGTH = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_ISO_LENGTH = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def length(text: str) -> timedelta:
    """Return the elapsed time that "30m", "1d12h" or "PT5M" names.

    Raises  ValueError for anything else, months and workdays among it: they have no fixed length
    """
    negative = text.startswith("-")
    body = text.removeprefix("-")
    found = (_ISO_LENGTH if body.startswith("P") else _LENGTH).fullmatch(body)
    if not found or not any(found.groups()):
        raise ValueError(f"no length: {text}")
    seconds = sum(int(count) * unit for count, unit in zip(found.groups(), _UNITS.values(), strict=True) if count)
    return timedelta(seconds=-seconds if negative else seconds)


def length_text(value: timedelta) -> str:
    """Return a length as it is stored: whole seconds, in the largest of d, h, m, s that divides them: "90m", "1d"."""
    seconds = int(value.total_seconds())
    unit = next((unit for unit in "dhm" if seconds and seconds % _UNITS[unit] == 0), "s")
    return f"{int(seconds / _UNITS[unit])}{unit}"
