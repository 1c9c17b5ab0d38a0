"""Opening hours as people write them: "08:30-12:00" on "mon-fri"; a night shift crosses midnight."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

Interval = tuple[int, int]
"""Seconds of a local day, half open: from the first one on, before the second. Past 86,400: into the next day."""

DAY: Final = 86_400
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?|(24):(00)(?::(00))?", re.ASCII)


def parse_time(text: str) -> int | None:
    """Return the second of the day that a text names, "08:30", "17:00:30", "24:00"; None when it names none."""
    found = TIME.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, second = found.groups()[:3] if found[1] else found.groups()[3:]
    return int(hour) * 3_600 + int(minute) * 60 + int(second or 0)


def parse_interval(text: str) -> Interval | None:
    """Return the hours that a text names; None when it names none.

    text   "08:30-12:00"; "22:00-06:00" ends on the next day, "00:00-24:00" is the whole day;
           both ends at the same time would be nothing or a day, and names neither
    """
    first, dash, last = text.partition("-")
    opens, closes = parse_time(first), parse_time(last)
    if not dash or opens is None or closes is None or opens in (closes, DAY):
        return None
    return (opens, closes) if opens < closes else (opens, closes + DAY)


def show_interval(interval: Interval) -> str:
    """Return hours in the form that `parse_interval` reads."""
    opens, closes = interval
    return f"{_show(opens)}-{_show(closes if closes <= DAY else closes - DAY)}"


def parse_days(text: str) -> tuple[int, ...] | None:
    """Return the weekdays, Monday 0, that a text names; None when it names none.

    text   "mon", "mon-fri", "sat-mon" over the end of the week, "mon, wed, fri-sat"; a day named twice names none
    """
    days: list[int] = []
    for part in text.lower().split(","):
        names = [name.strip() for name in part.split("-")]
        if not 1 <= len(names) <= 2 or any(name not in WEEKDAYS for name in names):
            return None
        first, last = WEEKDAYS.index(names[0]), WEEKDAYS.index(names[-1])
        days.extend((first + step) % 7 for step in range((last - first) % 7 + 1))
    return tuple(days) if len(set(days)) == len(days) else None


def overlapping(intervals: Iterable[Interval]) -> tuple[Interval, Interval] | None:
    """Return the first two hours of one day that share a time; None when there are none."""
    ordered = sorted(intervals)
    for one, following in pairwise(ordered):
        if following[0] < one[1]:
            return one, following
    return None


def _show(second: int) -> str:
    hour, rest = divmod(second, 3_600)
    minute, rest = divmod(rest, 60)
    return f"{hour:02}:{minute:02}" + (f":{rest:02}" if rest else "")
