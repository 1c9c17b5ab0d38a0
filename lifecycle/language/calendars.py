"""What a workflow text says of calendars: the hours of a week, of single days, and from a date on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Discriminator, Tag
from pydantic_core import PydanticCustomError

from lifecycle.clocks.calendar import Calendar, Hours
from lifecycle.clocks.hours import Interval, parse_days, parse_interval
from lifecycle.language.dictionary import Rules, shape
from lifecycle.language.vocabulary import Element, key, rules_key


def _days(value: str) -> str:
    if parse_days(value) is None:
        raise PydanticCustomError("bad-days", "no days", {"name": value[:80]})
    return value


def _interval(value: str) -> str:
    if parse_interval(value) is None:
        raise PydanticCustomError("bad-hours", "no hours", {"name": value[:80]})
    return value


def _date(value: str) -> str:
    try:
        shown = date.fromisoformat(value).isoformat()
    except ValueError:
        shown = ""
    if shown != value:  # one way to write a day, so that a day has one key
        raise PydanticCustomError("bad-date", "no date", {"name": value[:80]})
    return value


DaysText = Annotated[str, AfterValidator(_days)]
"""Days of the week: mon, mon-fri, "mon, wed, fri"."""

HoursText = Annotated[str, AfterValidator(_interval)]
"""Hours of a day: "08:30-12:00"; "22:00-06:00" ends on the next day."""

DateText = Annotated[str, AfterValidator(_date)]
"""A day: 2026-05-02."""

Week = dict[DaysText, tuple[HoursText, ...]]
DayHours = Annotated[
    Annotated[Literal["closed"], Tag("<value>")] | Annotated[tuple[HoursText, ...], Tag("<list>")],
    Discriminator(shape),
]


class CalendarEntry(Element):
    """When an organisation, or a part of it, works. A day of the week that is not named is closed."""

    zone: str | None = key("time zone; the workflow's when not given", "时区；不写则为流程的时区", None)
    hours: Week = key(
        "hours by days of the week",
        "一周各日的开放时间",
        {},
        examples=[{"mon-fri": ["08:30-12:00", "13:30-17:30"]}],
    )
    days: Literal["cn"] | None = key(
        "whose national days off and make-up workdays count", "遵循何国的法定节假日与调休", None
    )
    dates: dict[DateText, DayHours] = key(
        "hours of single days, or `closed`; they stand above everything else",
        "个别日期的开放时间，或 closed；优先于其他规定",
        {},
        examples=[{"2026-05-02": ["09:00-12:00"], "2026-05-03": "closed"}],
    )
    from_: dict[DateText, Week] = key(
        "weeks in force from a date on",
        "自某日起实行的一周开放时间",
        {},
        alias="from",
        examples=[{"2026-07-01": {"mon-sat": ["08:00-12:00"]}}],
    )
    rules: Rules = rules_key()


def compiled(name: str, entry: CalendarEntry, zone: str) -> Calendar | None:
    """Return the calendar of an entry; None when its zone does not exist, which the checker reports.

    zone   the workflow's
    """
    named = entry.zone or zone
    if not is_zone(named):
        return None
    later = [Hours(since=date.fromisoformat(since), week=week_of(week)) for since, week in sorted(entry.from_.items())]
    return Calendar(
        name=name,
        zone=named,
        hours=(Hours(week=week_of(entry.hours)), *later),
        days=entry.days or "",
        dates={date.fromisoformat(day): hours_of(hours) for day, hours in entry.dates.items()},
    )


def week_of(week: Mapping[str, tuple[str, ...]]) -> tuple[tuple[Interval, ...], ...]:
    """Return a week, Monday first. Days that are named twice have all their hours."""
    found: list[tuple[Interval, ...]] = [()] * 7
    for days, hours in week.items():
        for day in parse_days(days) or ():
            found[day] = tuple(sorted((*found[day], *hours_of(hours))))
    return tuple(found)


def hours_of(hours: tuple[str, ...] | str) -> tuple[Interval, ...]:
    """Return the hours of a day; none when it is `closed`."""
    texts = () if isinstance(hours, str) else hours
    return tuple(sorted(interval for text in texts if (interval := parse_interval(text)) is not None))


def is_zone(name: str) -> bool:
    """Return whether a time zone of that name exists."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder of zones, "Asia"
        return False
    return True
