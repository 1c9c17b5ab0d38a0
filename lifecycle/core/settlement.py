"""The periods of a settlement: which are frozen, by which case, at which position.

One stream for each workflow and settlement. Its events hold the frozen rows; they are never changed: what comes to
light later stands as corrections in the event of the period that is frozen next.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lifecycle.core.beside import Aggregate
from lifecycle.core.events import Event, Json
from lifecycle.core.ledger import period_of
from lifecycle.core.workflow.settlements import Every


@dataclass(frozen=True, kw_only=True, slots=True)
class Periods:
    """The periods frozen so far, first one first: {"period", "from" (its first day), "position", "case"}."""

    frozen: tuple[Mapping[str, Json], ...] = ()
    revision: int = 0

    def to_json(self) -> dict[str, Json]:
        return {"frozen": list(self.frozen), "revision": self.revision}

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> Periods:
        return cls(frozen=tuple(document["frozen"]), revision=document["revision"])

    @property
    def last(self) -> Mapping[str, Json] | None:
        return self.frozen[-1] if self.frozen else None


def evolve(periods: Periods, event: Event) -> Periods:
    """Return the periods after `settlement.frozen`."""
    change = event.changes["settlement"]
    entry = {name: change[name] for name in ("period", "from", "position")}
    return Periods(frozen=(*periods.frozen, {**entry, "case": event.case}), revision=periods.revision + 1)


SETTLEMENT = Aggregate(name="settlement", shape=1, blank=Periods, read=Periods.from_json, evolve=evolve)


def name_of(workflow: str, settlement: str) -> str:
    """Return the name of a settlement among all of the store."""
    return f"{workflow}/{settlement}"


@dataclass(frozen=True, slots=True)
class Span:
    """One period: its name, its first local day, and the instants between which it lies; the end is outside."""

    name: str
    first: date
    start: datetime
    end: datetime


PATTERNS: Mapping[str, re.Pattern[str]] = {
    "week": re.compile(r"(\d{4})-W(\d{2})"),
    "month": re.compile(r"(\d{4})-(\d{2})"),
    "quarter": re.compile(r"(\d{4})-Q([1-4])"),
    "year": re.compile(r"(\d{4})"),
}


def span_of(every: Every, first: date, zone: str) -> Span:
    """Return the period that begins with a day."""
    year, week, _ = first.isocalendar()
    names = {
        "week": f"{year}-W{week:02}",
        "month": f"{first:%Y-%m}",
        "quarter": f"{first.year}-Q{(first.month + 2) // 3}",
        "year": f"{first:%Y}",
    }
    return Span(names[every], first, midnight(first, zone), midnight(following(every, first), zone))


def span_at(every: Every, at: datetime, zone: str) -> Span:
    """Return the period in which an instant lies."""
    return span_of(every, date.fromisoformat(period_of(every, at, zone)), zone)


def after(every: Every, span: Span, zone: str) -> Span:
    """Return the period that follows."""
    return span_of(every, following(every, span.first), zone)


def before(every: Every, span: Span, zone: str) -> Span:
    """Return the period that comes before."""
    return span_at(every, span.start - timedelta(seconds=1), zone)


def following(every: Every, first: date) -> date:
    """Return the first day of the next period."""
    if every == "week":
        return first + timedelta(days=7)
    months = {"month": 1, "quarter": 3, "year": 12}[every]
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def span_read(every: Every, typed: str, zone: str) -> Span | None:
    """Return the period that a text names, None for a text that names none.

    typed  "2026-03", "2026-W10", "2026-Q1", "2026"; a day or an instant in it; or "2026-03-01/2026-03-31", all of it
    """
    try:
        first = _first_day(every, typed.strip(), zone)
    except (ValueError, OverflowError):
        return None
    return None if first is None else span_of(every, first, zone)


def _first_day(every: Every, typed: str, zone: str) -> date | None:
    found = PATTERNS[every].fullmatch(typed)
    if found is not None:
        year, number = int(found[1]), int(found[2]) if found.lastindex == 2 else 1
        if every == "week":
            return date.fromisocalendar(year, number, 1)
        return date(year, number * 3 - 2 if every == "quarter" else number, 1)
    begin, slash, end = typed.partition("/")
    at = datetime.fromisoformat(begin)
    local = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))
    first = date.fromisoformat(period_of(every, local, zone))
    if slash:
        last = following(every, first) - timedelta(days=1)
        return first if (begin, end) == (first.isoformat(), last.isoformat()) else None
    return first
