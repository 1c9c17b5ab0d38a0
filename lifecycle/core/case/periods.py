"""Periods of coverage: whole local days, counted as civil law counts them.

How a period stands is a mapping in `Case.coverage`, by the name of the coverage, or "<name>/<part>" for a part's own:

    n       number of its beginning, from 1
    state   "running", "paused" (the case is in a state that puts off the end), or "over"
    is      what became of it last: begun, moved, paused, resumed, restarted, reopened, ended, cancelled
    from    first day; until: last day, as far as it is known
    lost    days by which the end was put off
    paused  day on which the case came into such a state
    terms   [first day, unit, length] as the data gave them last
    at      stored instant at which the clock ends it: the midnight after `until`, or when that was known
            to be past; absent while it is paused or over

The day on which something begins is not counted to what was lost by it; a month later is the day before the same date,
or the month's last day where that date is missing (Civil Code of China, articles 201 and 202).
"""

from __future__ import annotations

import calendar as months_of
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from lifecycle.core.case.state import Case
from lifecycle.core.events import Json

Period = dict[str, Json]
ONE_DAY = timedelta(days=1)


def last_day(first: date, terms: list[Json]) -> date:
    """Return the last day of a period that begins on a day, by its terms; the greatest day there is, beyond that."""
    _, unit, length = terms
    if unit == "until":
        return day_of(length)
    try:
        if unit == "days":
            return first + timedelta(days=length - 1)
        year, month = divmod(first.year * 12 + first.month - 1 + length * (12 if unit == "years" else 1), 12)
        longest = months_of.monthrange(year, month + 1)[1]
        if first.day > longest:
            return date(year, month + 1, longest)
        return date(year, month + 1, first.day) - ONE_DAY
    except (OverflowError, ValueError, months_of.IllegalMonthError):
        return date.max


def later(day: date, days: int) -> date:
    return date.max if (date.max - day).days < days else day + timedelta(days=days)


def day_of(stored: Json) -> date:
    return date.fromisoformat(str(stored))


def named(key: str) -> tuple[str, str]:
    """Return the coverage and the part of a key; "" for the whole."""
    name, _, part = key.partition("/")
    return name, part


def after_entry(period: Mapping[str, Json], entry: Mapping[str, Json]) -> Period:
    """Return how a period stands after an entry of an event; with another number it begins anew."""
    kept = period if period.get("n") == entry["n"] else {}
    merged = {**kept, **{name: value for name, value in entry.items() if name not in ("name", "part")}}
    return {name: value for name, value in merged.items() if value is not None}


def ends(case: Case) -> Iterator[tuple[str, str]]:
    """Yield (stored instant, key of a period) of every end that the clock will come to."""
    for key, period in case.coverage.items():
        if "at" in period:
            yield period["at"], key


def covered(case: Case, name: str, part: str, day: date) -> bool:
    """Return whether a case, or a part of it, is covered on a day: by the period of the whole, or by the part's own."""
    keys = (name, f"{name}/{part}") if part else (name,)
    return any(covers(case.coverage[key], day) for key in keys if key in case.coverage)


def covers(period: Mapping[str, Json], day: date) -> bool:
    begun = day_of(period["from"]) <= day
    return begun and (period["state"] == "paused" or day <= day_of(period["until"]))
