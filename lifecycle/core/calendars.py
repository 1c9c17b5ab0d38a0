"""What an organisation changes about calendars in use: hours of single days, and national plans, as events.

One stream for each workflow holds the hours of its calendars' days; one for each country the plans that stand above
those that the program brings along, for every workflow of the store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from lifecycle.clocks.calendar import Calendar
from lifecycle.clocks.hours import Interval, overlapping, parse_interval, show_interval
from lifecycle.clocks.national import Plan, published
from lifecycle.core.beside import Aggregate
from lifecycle.core.events import Actor, Event, Json, stamp
from lifecycle.core.workflow import Workflow
from lifecycle.problems import Place, Reason, Refusal

CLOSED = "closed"
USUAL = "usual"
"""What a day may be said to be, instead of its hours: closed all day, or as the workflow's text has it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What was changed so far.

    dates  calendar -> day -> its hours; none: closed
    plans  year -> the plan, as `Plan.from_json` reads it
    since  calendar, or year of a plan -> stored instant of its latest change
    """

    dates: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    plans: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    since: Mapping[str, str] = field(default_factory=dict)
    revision: int = 0

    def to_json(self) -> dict[str, Json]:
        dates = {name: {day: list(hours) for day, hours in days.items()} for name, days in self.dates.items()}
        return {"dates": dates, "plans": dict(self.plans), "since": dict(self.since), "revision": self.revision}

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> Changes:
        dates = {name: {day: tuple(hours) for day, hours in days.items()} for name, days in document["dates"].items()}
        return cls(dates=dates, plans=document["plans"], since=document["since"], revision=document["revision"])


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeCalendar:
    """Change days of a calendar. dates: day, "2026-05-02" -> hours as typed, `closed`, or `usual`: as before."""

    id: str
    workflow: str
    calendar: str
    dates: Mapping[str, str]
    actor: Actor
    via: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SetPlan:
    """Put a year's national plan above the one that the program brings along. document: as in its data files."""

    id: str
    country: str
    document: Mapping[str, Json]
    actor: Actor
    via: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Touched:
    """What a change concerns: a calendar of a workflow, or every calendar that keeps a country's days off."""

    workflow: str = ""
    calendar: str = ""
    country: str = ""

    def concerns(self, workflow: Workflow, name: str) -> bool:
        """Return whether a calendar of a workflow may be another one now: its open clocks must be looked at."""
        if self.country:
            return workflow.calendars[name].days == self.country
        return (workflow.name, name) == (self.workflow, self.calendar)


def evolve(changes: Changes, event: Event) -> Changes:
    """Return the changes after the event."""
    revision = changes.revision + 1
    at = stamp(event.occurred_at)
    if "plan" in event.changes:
        plan = event.changes["plan"]
        year = str(plan["year"])
        return Changes(
            dates=changes.dates,
            plans={**changes.plans, year: plan},
            since={**changes.since, year: at},
            revision=revision,
        )
    change = event.changes["calendar"]
    days = dict(changes.dates.get(change["name"], {}))
    for day, hours in change["dates"].items():
        days.pop(day, None)
        if hours is not None:
            days[day] = tuple(hours)
    return Changes(
        dates={**changes.dates, change["name"]: days},
        plans=changes.plans,
        since={**changes.since, change["name"]: at},
        revision=revision,
    )


CALENDARS = Aggregate(name="calendar", shape=2, blank=Changes, read=Changes.from_json, evolve=evolve)


def name_of_plans(country: str) -> str:
    """Return the name of the aggregate that keeps a country's plans: no workflow can be called so."""
    return f"+{country}"


def touched(event: Event) -> Touched:
    """Return what an event `calendar.changed` concerns."""
    if "plan" in event.changes:
        return Touched(country=event.changes["country"])
    return Touched(workflow=event.workflow[0], calendar=event.changes["calendar"]["name"])


def in_force(workflow: Workflow, changes: Changes, plans: Mapping[str, Changes]) -> dict[str, Calendar]:
    """Return the calendars of a workflow that the organisation has otherwise than the workflow's text.

    plans   country -> what was changed about its plans
    """
    found: dict[str, Calendar] = {}
    for name, calendar in workflow.calendars.items():
        dates = changes.dates.get(name, {})
        country = plans.get(calendar.days, Changes()).plans
        if dates or country:
            days = tuple((day, tuple(hours)) for day, hours in sorted(dates.items()))
            found[name] = _changed(calendar, days, tuple(_Document(country[year]) for year in sorted(country)))
    return found


def changed_at(workflow: Workflow, changes: Changes, plans: Mapping[str, Changes]) -> dict[str, str]:
    """Return when each calendar of a workflow, or the national plans that it keeps, were changed last.

    plans   country -> what was changed about its plans
    """
    found: dict[str, str] = {}
    for name, calendar in workflow.calendars.items():
        since = [changes.since[name]] if name in changes.since else []
        since.extend(plans.get(calendar.days, Changes()).since.values())
        if since:
            found[name] = max(since)
    return found


def decide(
    workflow: Workflow,
    changes: Changes,
    now_open: Calendar | None,
    command: ChangeCalendar,
    stream: UUID,
    now: datetime,
) -> list[Event] | Refusal:
    """Return the event `calendar.changed`, nothing when the days are so already, or a refusal.

    now_open  the calendar as it is in force; None when the workflow has none of that name
    """
    if now_open is None:
        known = tuple(workflow.calendars)
        reason = Reason(code="unknown-calendar", values={"calendar": command.calendar, "known": known})
        return Refusal(reasons=(reason,))
    reasons = tuple(_faults(command.dates))
    if reasons:
        return Refusal(reasons=reasons)
    before = changes.dates.get(command.calendar, {})
    wanted = {date.fromisoformat(day).isoformat(): _stored(hours) for day, hours in command.dates.items()}
    different = {
        day: hours
        for day, hours in wanted.items()
        if (day in before) != (hours is not None) or (hours is not None and tuple(hours) != before[day])
    }
    if not different:
        return []
    change: dict[str, Json] = {"name": command.calendar, "dates": different, "before": now_open.version}
    event = Event.ordered(
        command,
        "calendar.changed",
        stream,
        now,
        zone=workflow.zone,
        workflow=(workflow.name, workflow.version),
        changes={"calendar": change},
    )
    return [event]


def decide_plan(changes: Changes, command: SetPlan, stream: UUID, now: datetime) -> list[Event] | Refusal:
    """Return the event `calendar.changed` with the plan, nothing when it is in force already, or a refusal."""
    try:
        plan = Plan.from_json(command.document)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return Refusal(reasons=(Reason(code="plan-unreadable", values={"detail": str(error)}),))
    reasons = tuple(_plan_faults(plan))
    if reasons:
        return Refusal(reasons=reasons)
    standing = published(command.country).plans.get(plan.year)
    if str(plan.year) in changes.plans:
        standing = Plan.from_json(changes.plans[str(plan.year)])
    if plan == standing:
        return []
    event = Event.ordered(
        command,
        "calendar.changed",
        stream,
        now,
        changes={"country": command.country, "plan": plan.to_json()},
    )
    return [event]


def _faults(dates: Mapping[str, str]) -> Iterator[Reason]:
    for day, typed in dates.items():
        where = Place(path=day)
        try:
            date.fromisoformat(day)
        except ValueError:
            yield Reason(code="day-unreadable", where=where, values={"day": day})
            continue
        if typed in (CLOSED, USUAL):
            continue
        hours = [parse_interval(text) for text in typed.split(",")]
        read = [one for one in hours if one is not None]
        if len(read) < len(hours):
            yield Reason(code="hours-unreadable", where=where, values={"hours": typed, "day": day})
        elif (shared := overlapping(read)) is not None:
            values = {"hours": show_interval(shared[1]), "others": show_interval(shared[0]), "day": day}
            yield Reason(code="hours-overlap", where=where, values=values)


def _plan_faults(plan: Plan) -> Iterator[Reason]:
    off = {day for days in plan.off for day in days}
    strangers = [day for day in (*off, *plan.work) if not plan.year - 1 <= day.year <= plan.year]
    wrong = sorted({*strangers, *(off & set(plan.work)), *(day for day in plan.work if day.weekday() < 5)})
    for day in wrong:
        yield Reason(code="plan-day", values={"day": str(day), "year": plan.year})


def _stored(typed: str) -> list[str] | None:
    """Return hours in the form of events: None for `usual`, none for `closed`."""
    if typed == USUAL:
        return None
    if typed == CLOSED:
        return []
    return [show_interval(interval) for interval in sorted(_read(typed.split(",")))]


def _read(texts: tuple[str, ...] | list[str]) -> tuple[Interval, ...]:
    return tuple(interval for text in texts if (interval := parse_interval(text)) is not None)


class _Document:
    """A plan's document as a key of the cache: equal when the text is."""

    def __init__(self, document: Mapping[str, Json]) -> None:
        self.plan = Plan.from_json(document)
        self._text = repr(self.plan)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Document) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


@lru_cache(maxsize=200)
def _changed(
    calendar: Calendar, days: tuple[tuple[str, tuple[str, ...]], ...], plans: tuple[_Document, ...]
) -> Calendar:
    """Return a calendar with changes put over it; the same one for the same changes, as it keeps what it works out."""
    dates = {date.fromisoformat(day): _read(hours) for day, hours in days}
    return calendar.changed(dates, [document.plan for document in plans])
