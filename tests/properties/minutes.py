"""An oracle for business time that goes from minute to minute with a wall clock in hand, sharing no code with the room.

A calendar is told to it as plain values: {weekday: [(from, until)]} in minutes of the day, the same by date, and two
sets of national days. Borders stand on whole minutes, so every minute is wholly open or wholly closed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)
"""Clocks on the wall are moved at whole quarters of an hour, by such: within one they go on evenly."""
Minutes = list[tuple[int, int]]


@dataclass
class Told:
    """What is told about a calendar. `later`: the week in force from a date on."""

    zone: str
    week: dict[int, Minutes]
    dates: dict[date, Minutes] = field(default_factory=dict)
    national: bool = False
    off: set[date] = field(default_factory=set)
    work: set[date] = field(default_factory=set)
    later: tuple[date, dict[int, Minutes]] | None = None
    known: dict[date, set[int]] = field(default_factory=dict, repr=False)

    def begin_on(self, day: date) -> Minutes:
        if day in self.dates:
            return self.dates[day]
        if self.national and day in self.off:
            return []
        week = self.later[1] if self.later and day >= self.later[0] else self.week
        if self.national and day in self.work:
            for weekday in range(5):
                if week.get(weekday):
                    return week[weekday]
        return week.get(day.weekday(), [])

    def wall(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)

    def open_at(self, at: datetime) -> bool:
        wall = self.wall(at)
        return wall.hour * 60 + wall.minute in self.open_minutes(wall.date())

    def open_minutes(self, day: date) -> set[int]:
        """Every minute of a day that is open: by its own hours and by those of the night before."""
        if day not in self.known:
            today = {minute for first, last in self.begin_on(day) for minute in range(first, last)}
            night = {m for first, last in self.begin_on(day - timedelta(days=1)) for m in range(first, last)}
            self.known[day] = today | {minute - 1_440 for minute in night}
        return self.known[day]

    def kind_outside(self, day: date) -> str:
        """Return what the minutes of a day are that are not open."""
        return "holiday" if self.national and day in self.off and day not in self.dates else "closed"


def minutes(told: Told, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, str]]:
    """Yield the whole minutes that a stretch touches, cut at its ends, with their kinds; quarters of one kind whole."""
    quarter = start.astimezone(UTC)
    quarter = quarter.replace(minute=quarter.minute // 15 * 15, second=0, microsecond=0)
    while quarter < end:
        wall = told.wall(quarter)
        shown, shut = wall.hour * 60 + wall.minute, told.kind_outside(wall.date())
        open_ = [minute in told.open_minutes(wall.date()) for minute in range(shown, shown + 15)]
        step = 15 if len({*open_}) == 1 else 1
        for number in range(0, 15, step):
            first, last = max(quarter + number * MINUTE, start), min(quarter + (number + step) * MINUTE, end)
            if first < last:
                yield first, last, "open" if open_[number] else shut
        quarter += QUARTER


def kinds(told: Told, start: datetime, end: datetime) -> Counter[str]:
    """Return how many seconds of each kind there are."""
    found: Counter[str] = Counter()
    for since, before, kind in minutes(told, start, end):
        found[kind] += int((before - since).total_seconds())
    return found


def due(told: Told, start: datetime, length: timedelta, until: datetime) -> datetime | None:
    """Return when a length is used up; None when it is not by `until`."""
    left = length
    for since, before, kind in minutes(told, start, until):
        if kind == "open":
            if before - since >= left:
                return since + left
            left -= before - since
    return None


def started(told: Told, end: datetime, length: timedelta, since: datetime) -> datetime | None:
    """Return the last start from which a length is used up by `end`; None when it lies before `since`."""
    left = length
    for first, last, kind in reversed(list(minutes(told, since, end))):
        if kind == "open":
            if last - first >= left:
                return last - left
            left -= last - first
    return None


def opens(told: Told, at: datetime, until: datetime) -> datetime | None:
    """Return the first open instant; None when there is none before `until`."""
    return next((since for since, _, kind in minutes(told, at, until) if kind == "open"), None)


def ends(told: Told, at: datetime, days: int) -> datetime:
    """Return the first whole minute of which the wall clock shows a day after the one so many days on."""
    last = told.wall(at).date() + timedelta(days=days)
    end = at + timedelta(days=days + 3)
    return next(since for since, _, _ in minutes(told, at, end) if told.wall(since).date() > last)
