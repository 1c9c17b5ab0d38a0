"""Schedules occur at some time, for members that a key tells apart, and what they open can be opened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from lifecycle.clocks.recurrence import next_after
from lifecycle.language.calendars import compiled, is_zone
from lifecycle.language.checks.subject import Subject
from lifecycle.language.schedules import ScheduleEntry, recurrence_of
from lifecycle.problems import Problem

ANY_DAY = date(2024, 1, 1)
"""From which a schedule that names no day is looked at: it occurs within thirty years, or never."""


def schedules(subject: Subject) -> Iterator[Problem]:
    """Yield `schedule-never-fires`, `schedule-per-plain-kind` and `schedule-field-not-given`."""
    for name, entry in subject.text.schedules.items():
        at = f"schedules.{name}"
        if subject.definition.is_broken(at):
            continue
        kind = subject.text.cases.get(entry.per or "")
        if kind is not None and kind.key_ is None:
            yield subject.problem("schedule-per-plain-kind", f"{at}.per", schedule=name, kind=entry.per)
        if is_zone(subject.text.zone) and not _occurs(subject, entry):
            yield subject.problem("schedule-never-fires", at, key=True, schedule=name)
        yield from _openable(subject, entry, at)


def _occurs(subject: Subject, entry: ScheduleEntry) -> bool:
    zone = subject.text.zone
    rule = recurrence_of(entry, zone)
    kept = subject.text.calendars.get(entry.calendar or "")
    calendar = compiled(entry.calendar or "", kept, zone) if kept is not None else None
    first = rule.since or (rule.until - timedelta(days=366) if rule.until else ANY_DAY)
    begun = datetime.combine(first, time(), UTC) - timedelta(days=2)
    return next_after(rule, begun, begun=begun, calendar=calendar) is not None


def _openable(subject: Subject, entry: ScheduleEntry, at: str) -> Iterator[Problem]:
    """Yield the fields that an opening asks for and the schedule does not give: it would be refused every time."""
    for number, opens in enumerate(entry.open):
        for name, body in opens.items():
            kind = subject.text.cases.get(name)
            opening = kind.opens.get(body.opening or next(iter(kind.opens), "")) if kind is not None else None
            for field, item in opening.form.items() if opening is not None else ():
                if item.needed and field not in body.form and item.default is None:
                    here = f"{subject.outline.many(f'{at}.open', number)}.{name}"
                    yield subject.problem("schedule-field-not-given", here, key=True, field=field, kind=name)
