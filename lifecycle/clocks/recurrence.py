"""When something comes again: days of a week, a month, a quarter or a year, or a length counted from a start."""

from __future__ import annotations

import calendar as months_of
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count as counted
from typing import Final, Literal
from zoneinfo import ZoneInfo

from lifecycle.clocks.calendar import Calendar
from lifecycle.clocks.days import LONGEST_CLOSED_DAYS, on_day

LONGEST_GAP_DAYS: Final = 30 * 366
"""A rule that names no day for so long names none at all: 29 February comes again within eight years."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recurrence:
    """A rule of occurrences, in the words of iCalendar (RFC 5545) as far as it has them.

    unit, count  every so many days, weeks or months; "length": every `length` of elapsed time
    months       with months: which months of the period, from 1; none: its first
    days         of the month; -1 is its last
    weekdays     (0, Monday) each Monday, (1, Monday) the month's first, (-1, Monday) its last; Monday is 0
    second       of the local day; None: midnight, or the time of day of the start
    missing      what a day that a month lacks becomes: its last day, nothing, the first of the next month
    anchor       "calendar": days of the week, month or year; else counted from the start, or from the last occurrence
    closed       where an occurrence on a day without hours goes: to an open day after or before it, or nowhere
    since        the first day; None: from when the schedule began
    until        the last day
    """

    unit: Literal["days", "weeks", "months", "length"]
    count: int = 1
    length: timedelta = timedelta()
    months: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()
    second: int | None = None
    missing: Literal["last", "skip", "next"] = "last"
    anchor: Literal["calendar", "start", "last"] = "calendar"
    closed: Literal["next", "previous", "skip"] = "next"
    since: date | None = None
    until: date | None = None
    zone: str = "UTC"


@dataclass(frozen=True, kw_only=True, slots=True)
class Occurrence:
    """One occurrence. key: the day that the rule names, "2026-02-28", or the instant; at: when it is due, in UTC."""

    key: str
    at: datetime


def next_after(
    rule: Recurrence,
    after: datetime,
    *,
    begun: datetime,
    last: datetime | None = None,
    calendar: Calendar | None = None,
) -> Occurrence | None:
    """Return the first occurrence after an instant; None when none comes.

    begun     when the schedule began: nothing occurs at or before it
    last      when it occurred last, for a rule counted from there
    calendar  whose days with hours the occurrences keep to; one that has none within 366 days moves nothing
    """
    after = max(after, begun)
    zone = ZoneInfo(rule.zone)
    lowest = _lowest(rule, after.astimezone(zone).date(), calendar)
    for key, day, second in _nominal(rule, begun, last, lowest, zone):
        if rule.until is not None and day > rule.until:
            return None
        if (day - lowest).days > LONGEST_GAP_DAYS:
            return None
        moved = _moved(rule, day, calendar)
        if moved is None:
            continue
        at = datetime.fromisoformat(key) if rule.unit == "length" and moved == day else on_day(zone, moved, second)
        if at > after:
            return Occurrence(key=key, at=at)
    return None


def _lowest(rule: Recurrence, day: date, calendar: Calendar | None) -> date:
    """Return the first day whose occurrence may still come on a day, or after it: closed days before it move there."""
    if calendar is not None and rule.closed == "next":
        for _ in range(LONGEST_CLOSED_DAYS):
            before = day - timedelta(days=1)
            if calendar.hours_of(before):
                break
            day = before
    return day


def _moved(rule: Recurrence, day: date, calendar: Calendar | None) -> date | None:
    if calendar is None or calendar.hours_of(day):
        return day
    if rule.closed == "skip":
        return None
    step = timedelta(days=1 if rule.closed == "next" else -1)
    near = (day + step * n for n in range(1, LONGEST_CLOSED_DAYS + 1))
    return next((other for other in near if calendar.hours_of(other)), day)


Nominal = Iterator[tuple[str, date, int]]
"""Key, local day and second of the day of each occurrence, in order, before a calendar moves it."""


def _nominal(rule: Recurrence, begun: datetime, last: datetime | None, lowest: date, zone: ZoneInfo) -> Nominal:
    start = begun if rule.since is None else on_day(zone, rule.since, rule.second or 0)
    first = 0
    if rule.anchor == "last" and last is not None:
        start, first = last, 1
    local = start.astimezone(zone)
    if rule.unit == "length":
        yield from _lengths(rule, start, first, lowest, zone)
        return
    if rule.anchor == "calendar":
        days = (
            _by_months(rule, local.date(), lowest) if rule.unit == "months" else _by_weeks(rule, local.date(), lowest)
        )
        second = rule.second or 0
    else:
        days = _from_start(rule, local.date(), first, lowest)
        second = rule.second if rule.second is not None else local.hour * 3600 + local.minute * 60 + local.second
    reached = rule.since or date.min
    for day in days:
        if day >= max(reached, lowest):
            yield day.isoformat(), day, second
            reached = day + timedelta(days=1)


def _lengths(rule: Recurrence, start: datetime, first: int, lowest: date, zone: ZoneInfo) -> Nominal:
    begin = on_day(zone, lowest, 0)
    number = max(first, (begin - start) // rule.length)
    for nth in counted(number):
        at = (start + nth * rule.length).astimezone(UTC)
        local = at.astimezone(zone)
        if local.date() >= lowest:
            key = at.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
            yield key, local.date(), local.hour * 3600 + local.minute * 60 + local.second


def _by_weeks(rule: Recurrence, start: date, lowest: date) -> Iterator[date]:
    """Yield days by the day or the week; every n-th is counted from the one of the start."""
    if rule.unit == "days":
        behind = (lowest - start).days % rule.count
        day = lowest + timedelta(days=-behind % rule.count)
        for nth in counted():
            yield day + timedelta(days=nth * rule.count)
    monday = _monday(lowest)
    behind = (monday - _monday(start)).days // 7 % rule.count
    monday += timedelta(weeks=-behind % rule.count) if behind else timedelta()
    weekdays = sorted({weekday for _, weekday in rule.weekdays}) or [0]
    for nth in counted():
        for weekday in weekdays:
            yield monday + timedelta(weeks=nth * rule.count, days=weekday)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _by_months(rule: Recurrence, start: date, lowest: date) -> Iterator[date]:
    """Yield days by the month; periods that divide a year begin with January, others with the month of the start."""
    origin = 0 if 12 % rule.count == 0 else _month(start)
    period = (_month(lowest) - origin) // rule.count - 1  # the last days of the one before may have become later ones
    for nth in counted(period):
        months = [origin + nth * rule.count + month - 1 for month in rule.months or (1,)]
        if months[-1] >= 12 * 9999:
            return
        yield from sorted({day for month in months for day in _days_of(rule, month)})


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _days_of(rule: Recurrence, month: int) -> Iterator[date]:
    year, number = month // 12, month % 12 + 1
    first, length = date(year, number, 1), months_of.monthrange(year, number)[1]
    for day in rule.days or (() if rule.weekdays else (1,)):
        found = _day_of(rule, first, length, day if day > 0 else length + 1 + day)
        if found is not None:
            yield found
    for nth, weekday in rule.weekdays:
        all_of = [first + timedelta(days=n) for n in range(length) if (first.weekday() + n) % 7 == weekday]
        if nth == 0:
            yield from all_of
        elif abs(nth) <= len(all_of):
            yield all_of[nth - 1 if nth > 0 else nth]


def _day_of(rule: Recurrence, first: date, length: int, day: int) -> date | None:
    """Return a day of a month; what a day that the month lacks becomes. day: less than 1 counts as missing, too."""
    if 1 <= day <= length:
        return first + timedelta(days=day - 1)
    if rule.missing == "skip":
        return None
    if day < 1:
        return first
    return first + timedelta(days=length - 1 if rule.missing == "last" else length)


def _from_start(rule: Recurrence, start: date, first: int, lowest: date) -> Iterator[date]:
    """Yield the days that lie so many days, weeks or months after a start: each counted from it, never drifting."""
    if rule.unit != "months":
        step = timedelta(days=rule.count * (7 if rule.unit == "weeks" else 1))
        for nth in counted(max(first, (lowest - start) // step)):
            yield start + nth * step
    for nth in counted(max(first, (_month(lowest) - _month(start)) // rule.count - 1)):
        month = _month(start) + nth * rule.count
        if month >= 12 * 9999:
            return
        beginning = date(month // 12, month % 12 + 1, 1)
        day = _day_of(rule, beginning, months_of.monthrange(beginning.year, beginning.month)[1], start.day)
        if day is not None:
            yield day
