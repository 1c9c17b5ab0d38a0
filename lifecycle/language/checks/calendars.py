"""Calendars open at some time, their hours do not overlap, and zones exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from zoneinfo import available_timezones

from lifecycle.clocks.hours import WEEKDAYS, Interval, parse_days, parse_interval
from lifecycle.language.calendars import CalendarEntry, is_zone
from lifecycle.language.checks.subject import Subject
from lifecycle.problems import Problem


def calendars(subject: Subject) -> Iterator[Problem]:
    """Yield `unknown-zone`, `hours-overlap`, `day-twice` and `calendar-never-open`."""
    yield from _zone(subject, subject.text.zone, "zone")
    for name, entry in subject.text.calendars.items():
        at = f"calendars.{name}"
        if entry.zone is not None:
            yield from _zone(subject, entry.zone, f"{at}.zone")
        yield from _week(subject, entry.hours, f"{at}.hours")
        for since, week in entry.from_.items():
            yield from _week(subject, week, f"{at}.from.{since}")
        for day, hours in entry.dates.items():
            yield from _overlaps(subject, () if isinstance(hours, str) else hours, f"{at}.dates.{day}")
        if not _opens(entry) and not subject.definition.is_broken(at):
            yield subject.problem("calendar-never-open", at, key=True, calendar=name)


def _zone(subject: Subject, name: str, at: str) -> Iterator[Problem]:
    if not is_zone(name) and not subject.definition.is_broken(at):
        yield subject.problem("unknown-zone", at, name=name, known=sorted(available_timezones()))


def _week(subject: Subject, week: Mapping[str, tuple[str, ...]], at: str) -> Iterator[Problem]:
    named: dict[int, str] = {}
    for days, hours in week.items():
        yield from _overlaps(subject, hours, f"{at}.{days}")
        for day in parse_days(days) or ():
            if day in named:
                where = f"{at}.{days}"
                yield subject.problem("day-twice", where, key=True, day=WEEKDAYS[day], first=named[day])
                break
            named[day] = days


def _overlaps(subject: Subject, hours: tuple[str, ...], at: str) -> Iterator[Problem]:
    """Yield the first of the hours that shares a time with hours before it."""
    before: list[tuple[Interval, str]] = []
    for number, text in enumerate(hours):
        interval = parse_interval(text)
        if interval is None:
            continue
        for other, written in before:
            if interval[0] < other[1] and other[0] < interval[1]:
                yield subject.problem("hours-overlap", f"{at}.{number}", hours=text, others=written)
                return
        before.append((interval, text))


def _opens(entry: CalendarEntry) -> bool:
    weeks = (entry.hours, *entry.from_.values())
    return any(hours for week in weeks for hours in week.values()) or any(
        hours for hours in entry.dates.values() if not isinstance(hours, str)
    )
