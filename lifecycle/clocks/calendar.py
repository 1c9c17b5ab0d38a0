"""A calendar: when an organisation works, day by day, in a zone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from lifecycle.clocks.hours import Interval, parse_days, parse_interval, show_interval
from lifecycle.clocks.national import NationalDays, Plan, published

if TYPE_CHECKING:
    from lifecycle.clocks.tables import Table

COUNTRIES: Final = ("cn",)
"""What `days` may name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """The hours of a week, in force from a date on.

    since  the first date of which they are the hours
    week   Monday first; each day's intervals; an empty one is closed
    """

    since: date = date.min
    week: tuple[tuple[Interval, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """When there are open hours.

    Hours belong to the local day on which they begin. A wall clock of the zone decides: what it shows twice when it
    is put back is open twice, what it skips is not there.

    zone   IANA name
    hours  by the date from which they are in force, first one first
    days   "cn": the national days off are closed, and a make-up workday of a weekend has the hours of the first
           weekday, Monday to Friday, that has any (without one, its own); "": no national days
    dates  hours of single days, whatever else says; an empty tuple is closed
    plans  national plans of the organisation's own, in the place of the program's for their years
    """

    name: str
    zone: str
    hours: tuple[Hours, ...]
    days: str = ""
    dates: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)
    plans: tuple[Plan, ...] = ()
    tables: dict[int, Table] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Worked out when a year is first asked for (`lifecycle.clocks.tables`)."""

    def __hash__(self) -> int:
        return hash((self.name, self.version))

    @cached_property
    def tz(self) -> ZoneInfo:
        """The zone's rules."""
        return ZoneInfo(self.zone)

    @cached_property
    def national(self) -> NationalDays:
        """The national days that this calendar keeps."""
        return published(self.days).with_plans(self.plans) if self.days else published("")

    @cached_property
    def version(self) -> str:
        """A digest of everything that says when it is open, and of the national plans: "5be0cd19+cn2026.1f0c3a7b"."""
        form = {
            "zone": self.zone,
            "hours": [[str(hours.since), _shown_week(hours.week)] for hours in self.hours],
            "dates": {str(day): _shown(self.dates[day]) for day in sorted(self.dates)},
        }
        own = sha256(json.dumps(form, sort_keys=True).encode()).hexdigest()[:8]
        return f"{own}+{self.days}{self.national.version}" if self.days else own

    def hours_of(self, day: date) -> tuple[Interval, ...]:
        """Return the hours that begin on a local day, in seconds of that day."""
        found = self.dates.get(day)
        if found is not None:
            return found
        if day in self.national.off:
            return ()
        hours = next((hours for hours in reversed(self.hours) if hours.since <= day), None)
        if hours is None:
            return ()
        own = hours.week[day.weekday()]
        if day in self.national.work:
            return next((workday for workday in hours.week[:5] if workday), own)
        return own

    def changed(self, dates: Mapping[date, tuple[Interval, ...]], plans: Sequence[Plan] = ()) -> Calendar:
        """Return this calendar with hours of single days and national plans put over its own."""
        if not dates and not plans:
            return self
        kept = [plan for plan in self.plans if plan.year not in {new.year for new in plans}]
        return replace(self, dates={**self.dates, **dates}, plans=(*kept, *plans))


def calendar_of(
    name: str,
    *,
    zone: str,
    hours: Mapping[str, Sequence[str]],
    days: str = "",
    dates: Mapping[date, Sequence[str]] | None = None,
) -> Calendar:
    """Return a calendar from texts that are known to be right, as a program or a test writes them.

    hours    {"mon-fri": ["08:30-12:00", "13:30-17:30"]}
    Raises   ValueError at the first text that is none
    """
    week: list[tuple[Interval, ...]] = [()] * 7
    for text, intervals in hours.items():
        named = parse_days(text)
        if named is None:
            raise ValueError(f"no days of the week: {text!r}")
        for day in named:
            week[day] = _read(intervals)
    overrides = {day: _read(intervals) for day, intervals in (dates or {}).items()}
    return Calendar(name=name, zone=zone, hours=(Hours(week=tuple(week)),), days=days, dates=overrides)


def _read(texts: Sequence[str]) -> tuple[Interval, ...]:
    found = [parse_interval(text) for text in texts]
    if None in found:
        raise ValueError(f"no hours: {', '.join(map(repr, texts))}")
    return tuple(sorted(interval for interval in found if interval is not None))


def _shown(intervals: Sequence[Interval]) -> list[str]:
    return [show_interval(interval) for interval in sorted(intervals)]


def _shown_week(week: Sequence[Sequence[Interval]]) -> list[list[str]]:
    return [_shown(day) for day in week]
