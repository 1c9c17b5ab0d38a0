"""The functions of the workflow language inside CEL.

Some are pure; the others ask the `EvaluationContext` of the evaluation that is running. The CEL package
binds an implementation when an environment is made, so the context is handed over by a thread-local.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo

from cel_expr_python import cel  # type: ignore[import-untyped]  # ships stubs without the py.typed mark

from lifecycle.clocks import days as clocks
from lifecycle.clocks.business import NeverOpens, is_open, next_open, open_time
from lifecycle.clocks.calendar import Calendar
from lifecycle.clocks.days import add_months, add_workdays, workday_end
from lifecycle.expressions.costs import CALLS
from lifecycle.expressions.values import CelValue, in_row, minor_units


class EvaluationContext(Protocol):
    """What the functions may ask during one evaluation. Everything is as of that evaluation's snapshot."""

    @property
    def zone(self) -> tzinfo:
        """The workflow's zone, by which days, months and years begin."""

    @property
    def currency(self) -> str:
        """The currency that `money("12.50")` means."""

    def done(self, step: str) -> bool:
        """Whether the step was taken since the state that owns it was last entered."""

    def ever(self, step: str) -> bool:
        """Whether the step was taken in the life of the instance."""

    def count(self, step: str) -> int:
        """How often the step was taken in the life of the instance."""

    def time_of(self, step: str) -> datetime | None:
        """When the step was last taken, aware; None when it was not."""

    def actor_of(self, step: str) -> str | None:
        """Who last took the step; None when nobody did."""

    def missing(self, checklist: str) -> Sequence[str]:
        """The open items of a checklist, by name."""

    def all_final(self, plural: str) -> bool:
        """Whether all children of a plural have ended; True when there are none."""

    def calendar(self, name: str) -> Calendar:
        """A calendar as it is in force.

        Raises  KeyError when there is none of that name
        """

    def balance(self, ledger: str, key: str | None) -> int:
        """What is open or left in a ledger; of the holder of that key, else of the ledger's own.

        Raises  KeyError when there is no such ledger, ValueError when nobody is named
        """

    def reading(self, name: str, at: datetime) -> CelValue:
        """The value of the latest reading of a series at or before an instant; None without one.

        Raises  KeyError when there is no such series
        """

    def row(self, name: str, key: str) -> CelValue:
        """The row of a list under a key, as a map; None when there is none.

        Raises  KeyError when there is no such list
        """

    def label(self, name: str) -> CelValue:
        """The value of a derived label; None when it has none."""

    def covered(self, name: str, part: str) -> bool:
        """Whether the case that a coverage is of, or a part of it, is covered now; "" for the whole.

        Raises  KeyError when there is no such coverage
        """


@dataclass(frozen=True, kw_only=True, slots=True)
class Quiet:
    """An evaluation context in which nothing has happened yet: for checks, sample cases and tests."""

    zone: tzinfo = UTC
    currency: str = "CNY"
    taken: Mapping[str, tuple[datetime, str]] = field(default_factory=dict)
    open_items: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unfinished: frozenset[str] = frozenset()
    labels: Mapping[str, CelValue] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    balances: Mapping[str, int] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, CelValue]] = field(default_factory=dict)
    readings: Mapping[str, Mapping[datetime, CelValue]] = field(default_factory=dict)
    covers: frozenset[str] = frozenset()

    def done(self, step: str) -> bool:
        return step in self.taken

    def ever(self, step: str) -> bool:
        return step in self.taken

    def count(self, step: str) -> int:
        return int(step in self.taken)

    def time_of(self, step: str) -> datetime | None:
        return self.taken[step][0] if step in self.taken else None

    def actor_of(self, step: str) -> str | None:
        return self.taken[step][1] if step in self.taken else None

    def missing(self, checklist: str) -> Sequence[str]:
        return self.open_items.get(checklist, ())

    def all_final(self, plural: str) -> bool:
        return plural not in self.unfinished

    def calendar(self, name: str) -> Calendar:
        return self.calendars[name]

    def balance(self, ledger: str, key: str | None) -> int:
        return self.balances.get(ledger if key is None else f"{ledger}/{key}", 0)

    def reading(self, name: str, at: datetime) -> CelValue:
        known = [one for one in self.readings[name] if one <= at]
        return self.readings[name][max(known)] if known else None

    def row(self, name: str, key: str) -> CelValue:
        return self.rows[name].get(key)

    def label(self, name: str) -> CelValue:
        return self.labels.get(name)

    def covered(self, name: str, part: str) -> bool:
        return (f"{name}/{part}" if part else name) in self.covers


class _Running(threading.local):
    context: EvaluationContext | None = None
    calls: int = 0


RUNNING = _Running()
"""The context of the evaluation that this thread is running, and how many calls it has made."""


class CallsExhausted(Exception):
    """An evaluation called our functions too often."""


def _asked() -> EvaluationContext:
    if RUNNING.context is None:
        raise RuntimeError("no evaluation is running")
    return RUNNING.context


# --- pure parts, public for whoever computes the same outside CEL ------------------------------


def share(amount: int, part: int, whole: int) -> int:
    """Return `part / whole` of an amount in minor units, a half rounded away from zero.

    Raises  ValueError when whole is zero
    """
    if whole == 0:
        raise ValueError("a share of nothing")
    product = amount * part
    rounded = (2 * abs(product) + abs(whole)) // (2 * abs(whole))
    return rounded if (product < 0) == (whole < 0) else -rounded


UNITS = ("hour", "day", "week", "month", "quarter", "year")


def start_of(unit: str, at: datetime, zone: tzinfo) -> datetime:
    """Return the first instant of the hour, day, week (Monday), month, quarter or year of an instant.

    Raises  ValueError for another unit
    """
    local = at.astimezone(zone).replace(minute=0, second=0, microsecond=0, fold=0)
    midnight = local.replace(hour=0)
    match unit:
        case "hour":
            start = local
        case "day":
            start = midnight
        case "week":
            start = midnight - timedelta(days=midnight.weekday())
        case "month":
            start = midnight.replace(day=1)
        case "quarter":
            start = midnight.replace(month=(midnight.month - 1) // 3 * 3 + 1, day=1)
        case "year":
            start = midnight.replace(month=1, day=1)
        case _:
            raise ValueError(f"no unit of time: {unit}")
    return start.astimezone(UTC)


def end_of(unit: str, at: datetime, zone: tzinfo) -> datetime:
    """Return the first instant after the hour, day, week, month, quarter or year of an instant.

    Raises  ValueError for another unit
    """
    start = start_of(unit, at, zone).astimezone(zone)
    match unit:
        case "hour":
            return (start.astimezone(UTC) + timedelta(hours=1)).astimezone(UTC)
        case "day" | "week":
            return (start + timedelta(days=1 if unit == "day" else 7)).astimezone(UTC)
        case _:
            return add_months(start, {"month": 1, "quarter": 3, "year": 12}[unit], zone)


def day_end(at: datetime, days: int, zone: tzinfo) -> datetime:
    """Return the midnight after the local day so many days after that of an instant.

    Raises  ValueError when the zone has no name, or beyond the years 1 to 9999
    """
    try:
        return clocks.day_end(_named(zone), at, days)
    except OverflowError as error:
        raise ValueError("a day outside the years 1 to 9999") from error


def cut_off(at: datetime, time: str, zone: tzinfo) -> datetime:
    """Return a time of day on the local day of an instant.

    Raises  ValueError when the text is no time of day
    """
    return clocks.cut_off(_named(zone), at, time)


def _named(zone: tzinfo) -> ZoneInfo:
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")


def days_between(one: datetime, other: datetime) -> int:
    """Return the whole days of 24 hours from one instant to another; negative when the other is earlier."""
    return int((other - one) / timedelta(days=1))


# --- declarations -------------------------------------------------------------------------------

_T = cel.Type


@dataclass(frozen=True, eq=False, slots=True)
class Shape:
    """One way to call a function.

    returns   the CEL type of the answer
    unset     whether the answer may be null; a time is then handed over as text (docs/decisions/0007)
    """

    parameters: tuple[cel.Type, ...]
    returns: cel.Type
    answer: Callable[..., CelValue]
    unset: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Signature:
    """A function that expressions may call.

    shapes   its overloads
    names    what the literal first argument names: "step", "checklist", "plural", "label", "unit",
             "calendar", "ledger", "list", "series", "coverage" (which are always literals); "" nothing
    """

    shapes: tuple[Shape, ...]
    names: str = ""


def _one(
    parameters: Sequence[cel.Type], returns: cel.Type, answer: Callable[..., CelValue], names: str = ""
) -> Signature:
    return Signature((Shape(tuple(parameters), returns, answer),), names)


def _time_of(step: str) -> CelValue:
    return in_row(_asked().time_of(step))


def _of_calendar(function: Callable[..., CelValue]) -> Callable[..., CelValue]:
    """Return a function of business time as one that takes the name of the calendar."""

    def answer(name: str, *rest: CelValue) -> CelValue:
        try:
            return function(_asked().calendar(name), *rest)
        except NeverOpens as error:
            raise ValueError(f"the calendar {name} does not open") from error
        except OverflowError as error:
            raise ValueError("an instant outside the years 1 to 9999") from error

    return answer


STANDARD: Mapping[str, Signature] = {
    "done": _one([_T.STRING], _T.BOOL, lambda step: _asked().done(step), "step"),
    "ever": _one([_T.STRING], _T.BOOL, lambda step: _asked().ever(step), "step"),
    "count": _one([_T.STRING], _T.INT, lambda step: _asked().count(step), "step"),
    "time_of": Signature((Shape((_T.STRING,), _T.TIMESTAMP, _time_of, unset=True),), "step"),
    "actor_of": Signature((Shape((_T.STRING,), _T.STRING, lambda step: _asked().actor_of(step), unset=True),), "step"),
    "missing": _one([_T.STRING], _T.List(_T.STRING), lambda name: list(_asked().missing(name)), "checklist"),
    "all_final": _one([_T.STRING], _T.BOOL, lambda plural: _asked().all_final(plural), "plural"),
    "label": _one([_T.STRING], _T.DYN, lambda name: in_row(_asked().label(name)), "label"),
    "days": Signature(
        (
            Shape((_T.INT,), _T.DURATION, lambda count: timedelta(days=count)),
            Shape((_T.TIMESTAMP, _T.TIMESTAMP), _T.INT, days_between),
        )
    ),
    "add_months": _one([_T.TIMESTAMP, _T.INT], _T.TIMESTAMP, lambda at, count: add_months(at, count, _asked().zone)),
    "start_of": _one(
        [_T.STRING, _T.TIMESTAMP], _T.TIMESTAMP, lambda unit, at: start_of(unit, at, _asked().zone), "unit"
    ),
    "end_of": _one([_T.STRING, _T.TIMESTAMP], _T.TIMESTAMP, lambda unit, at: end_of(unit, at, _asked().zone), "unit"),
    "share": _one([_T.INT, _T.INT, _T.INT], _T.INT, share),
    "money": _one([_T.STRING], _T.INT, lambda text: minor_units(text, _asked().currency)),
    "day_end": _one([_T.TIMESTAMP, _T.INT], _T.TIMESTAMP, lambda at, count: day_end(at, count, _asked().zone)),
    "cut_off": _one([_T.TIMESTAMP, _T.STRING], _T.TIMESTAMP, lambda at, time: cut_off(at, time, _asked().zone)),
    "is_open": _one([_T.STRING, _T.TIMESTAMP], _T.BOOL, _of_calendar(is_open), "calendar"),
    "next_open": _one([_T.STRING, _T.TIMESTAMP], _T.TIMESTAMP, _of_calendar(next_open), "calendar"),
    "workdays": _one([_T.STRING, _T.TIMESTAMP, _T.INT], _T.TIMESTAMP, _of_calendar(add_workdays), "calendar"),
    "workday_end": _one([_T.STRING, _T.TIMESTAMP, _T.INT], _T.TIMESTAMP, _of_calendar(workday_end), "calendar"),
    "open_time": _one([_T.STRING, _T.TIMESTAMP, _T.TIMESTAMP], _T.DURATION, _of_calendar(open_time), "calendar"),
    "balance": Signature(
        (
            Shape((_T.STRING,), _T.INT, lambda ledger: _asked().balance(ledger, None)),
            Shape((_T.STRING, _T.STRING), _T.INT, lambda ledger, key: _asked().balance(ledger, key)),
        ),
        "ledger",
    ),
    "row": Signature(
        (
            Shape((_T.STRING, _T.STRING), _T.DYN, lambda name, key: _asked().row(name, key)),
            Shape((_T.STRING, _T.INT), _T.DYN, lambda name, key: _asked().row(name, str(key))),
        ),
        "list",
    ),
    "reading": Signature(
        (Shape((_T.STRING, _T.TIMESTAMP), _T.DYN, lambda name, at: _asked().reading(name, at)),), "series"
    ),
    "covered": Signature(
        (
            Shape((_T.STRING,), _T.BOOL, lambda name: _asked().covered(name, "")),
            Shape((_T.STRING, _T.STRING), _T.BOOL, lambda name, part: _asked().covered(name, part)),
        ),
        "coverage",
    ),
}
"""The functions of language.md, section 1. Reserved ones have no shape yet."""

BUILT_IN = frozenset(
    "size contains startsWith endsWith matches getFullYear getMonth getDate getDayOfMonth getDayOfWeek getDayOfYear "
    "getHours getMinutes getSeconds getMilliseconds int double string timestamp duration".split()
)
"""What CEL itself offers and we let through."""

_WRAPPED = {
    "STRING": "google.protobuf.StringValue",
    "INT": "google.protobuf.Int64Value",
    "BOOL": "google.protobuf.BoolValue",
}


def declarations(functions: Mapping[str, Signature], *, for_checking: bool) -> list[cel.FunctionDecl]:
    """Return the CEL declarations: for checking with nullable answers and no code, for running with code."""
    declared = []
    for name, signature in functions.items():
        overloads = []
        for number, one in enumerate(signature.shapes):
            returns = one.returns
            if one.unset and for_checking:
                returns = _T(_WRAPPED[returns.name()]) if returns.name() in _WRAPPED else returns
            elif one.unset:
                returns = _T.DYN
            overload_id = f"{name}_{number}"
            if for_checking:
                overloads.append(cel.Overload(overload_id, returns, list(one.parameters)))
            else:
                overloads.append(cel.Overload(overload_id, returns, list(one.parameters), impl=_counted(one.answer)))
        if overloads:
            declared.append(cel.FunctionDecl(name, overloads))
    return declared


def _counted(answer: Callable[..., CelValue]) -> Callable[..., CelValue]:
    def counted(*arguments: CelValue) -> CelValue:
        RUNNING.calls += 1
        if RUNNING.calls > CALLS:
            raise CallsExhausted("too many calls of functions in one evaluation")
        return answer(*arguments)

    return counted
