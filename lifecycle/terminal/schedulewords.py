"""Schedules in words: when one comes again, for whom, and what it does then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lifecycle.clocks.hours import WEEKDAYS
from lifecycle.clocks.recurrence import Recurrence
from lifecycle.core.showing import show_length
from lifecycle.core.workflow import Schedule, Workflow
from lifecycle.terminal.answers import titled
from lifecycle.terminal.door import Door

PERIODS = (("year", 12), ("half-year", 6), ("quarter", 3), ("month", 1))
"""What so many months are called, the longest first."""


def rule_words(door: Door, schedule: Schedule) -> str:
    """Return when a schedule comes again: "every quarter in month 1 on day 10, the last day at 09:00, from .."."""
    return joined(door, [" ".join(days_parts(door, schedule.rule)), *rest_parts(door, schedule)])


def joined(door: Door, parts: Sequence[str]) -> str:
    return ("，" if door.lang == "zh" else ", ").join(parts)


def days_parts(door: Door, rule: Recurrence) -> Iterator[str]:
    """Yield the period, its months and days, and the time."""
    yield every(door, rule)
    if rule.anchor == "calendar":
        if rule.unit == "months" and rule.count > 1:
            yield door.words.say("schedule.months", months=list(rule.months or (1,)))
        if rule.unit != "days":
            yield door.words.say("schedule.days", days=[*monthdays(door, rule), *weekdays(door, rule)])
    if rule.second is not None or rule.anchor == "calendar":
        yield door.words.say("schedule.time", time=time_text(rule.second or 0))


def rest_parts(door: Door, schedule: Schedule) -> Iterator[str]:
    """Yield what else decides when it comes: the start, closed days, limits, what becomes of missed ones."""
    rule, say = schedule.rule, door.words.say
    if rule.anchor != "calendar":
        yield say(f"schedule.from-{rule.anchor}")
    if rule.missing != "last" and may_miss(rule):
        yield say(f"schedule.missing-{rule.missing}")
    if schedule.calendar:
        yield say(f"schedule.closed-{rule.closed}", calendar=schedule.calendar)
    if rule.since is not None:
        yield say("schedule.since", day=rule.since)
    if rule.until is not None:
        yield say("schedule.until", day=rule.until)
    if schedule.missed != "run":
        yield say(f"schedule.missed-{schedule.missed}")


def every(door: Door, rule: Recurrence) -> str:
    if rule.unit == "length":
        return door.words.say("schedule.every-length", length=show_length(rule.length, door.lang))
    unit, count = {"days": ("day", rule.count), "weeks": ("week", rule.count)}.get(rule.unit) or period_of(rule.count)
    return door.words.say(f"schedule.every-{unit}" if count == 1 else f"schedule.every-{unit}s", count=count)


def period_of(months: int) -> tuple[str, int]:
    """Return the longest unit that so many months are a multiple of, and how many: 6 are one half-year."""
    return next((unit, months // size) for unit, size in PERIODS if months % size == 0)


def monthdays(door: Door, rule: Recurrence) -> Iterator[str]:
    """Yield days of the month as words; also the first, which is meant where none is named."""
    if rule.unit != "months":
        return
    for day in sorted(rule.days, key=lambda day: (day < 0, day)) or (() if rule.weekdays else (1,)):
        word = "day" if day > 0 else "last-day" if day == -1 else "day-from-end"
        yield door.words.say(f"schedule.{word}", day=abs(day))


def weekdays(door: Door, rule: Recurrence) -> Iterator[str]:
    """Yield weekdays as words, three or more on end as the first to the last; of a week without any, its Monday."""
    named = rule.weekdays or (((0, 0),) if rule.unit == "weeks" else ())
    plain = sorted(day for nth, day in named if nth == 0)
    if len(plain) > 2 and plain[-1] - plain[0] == len(plain) - 1:
        first, last = weekday_text(door, plain[0]), weekday_text(door, plain[-1])
        yield door.words.say("schedule.weekday-range", first=first, last=last)
    else:
        yield from (weekday_text(door, day) for day in plain)
    for nth, day in named:
        if nth:
            word = "nth-weekday" if nth > 0 else "last-weekday" if nth == -1 else "weekday-from-end"
            ordinal = door.words.say(f"schedule.nth-{abs(nth)}")
            yield door.words.say(f"schedule.{word}", nth=ordinal, weekday=weekday_text(door, day))


def weekday_text(door: Door, day: int) -> str:
    return door.words.say(f"schedule.weekday-{WEEKDAYS[day]}")


def time_text(second: int) -> str:
    minutes, seconds = divmod(second, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}{f':{seconds:02}' if seconds else ''}"


def may_miss(rule: Recurrence) -> bool:
    """Return whether some month lacks a day that the rule names."""
    counted = rule.anchor != "calendar" and rule.unit == "months"
    return counted or any(day > 28 or day < -28 for day in rule.days)


def doing_words(door: Door, workflow: Workflow, schedule: Schedule) -> str:
    """Return what an occurrence does: "for each staff file: sends "Report due"; opens "Visit"."."""
    doings = []
    for told in schedule.sends:
        doings.append(door.words.say("schedule.sends", step=step_title(door, workflow, schedule.per, told.step)))
    for opens in schedule.opens:
        kind = workflow.kinds.get(opens.kind)
        doings.append(door.words.say("schedule.opens", kind=titled(door, kind.titles if kind else {}, opens.kind)))
    done = ("；" if door.lang == "zh" else "; ").join(doings)
    if not schedule.per:
        return done
    kind = workflow.kinds[schedule.per]
    return door.words.say("schedule.per", kind=titled(door, kind.titles, kind.name), done=done)


def step_title(door: Door, workflow: Workflow, kind: str, sent: str) -> str:
    """Return the title of the step that receives what is sent to cases of a kind."""
    for name in workflow.kinds[kind].machines:
        for steps in workflow.machines[name].offered.values():
            found = next((step for step in steps if f"received.{sent}" in step.upon), None)
            if found is not None:
                return titled(door, found.titles, found.name)
    return sent
