"""The ledger of a deadline: what its time was made of, interval by interval, from its start to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from lifecycle.clocks.calendar import Calendar
from lifecycle.clocks.days import provisional, spans
from lifecycle.core.events import Json, Recorded, instant
from lifecycle.core.workflow import ELAPSED
from lifecycle.problems import Text

Kind = Literal["running", "paused", "closed", "holiday"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """A part of a deadline's time, half open.

    kind    running; paused by a state; closed: outside its calendar's hours; holiday: closed on a day off
    state   in which it was paused
    titles  what the day off is called
    """

    start: datetime
    end: datetime
    kind: Kind
    state: str = ""
    titles: Text = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Arming:
    """One running of a deadline.

    outcome      what became of it last: started, met, late, breached, cancelled ...
    due          None while it has none
    breached     the due instant that was missed; None when none was
    withdrawn    due instants at which it was held to be broken, until a late entry showed that it was not
    clock        whose time counts: "elapsed" or a calendar
    intervals    without gap or overlap from its start to its end, or to now
    provisional  whether its time touches a year whose national plan is not published
    """

    instance: str
    name: str
    n: int
    outcome: str
    start: datetime
    end: datetime
    due: datetime | None
    breached: datetime | None
    stopped: bool
    clock: str
    lengths: tuple[str, ...]
    intervals: tuple[Interval, ...]
    provisional: bool = False
    withdrawn: tuple[datetime, ...] = ()


def armings(history: Sequence[Recorded], now: datetime, calendar: Callable[[str], Calendar]) -> list[Arming]:
    """Return every running of every deadline of a case, in order of their starts.

    calendar  gives a calendar by name
    """
    found: dict[tuple[str, str, int], list[tuple[Recorded, Mapping[str, Json]]]] = {}
    for recorded in history:
        taken_back = recorded.event.changes.get("withdraws", {})
        if "deadline" in taken_back:
            key = (recorded.event.machine, taken_back["deadline"], taken_back["n"])
            entry = {"withdrawn": [taken_back["due"]], "breached": None, "is": "withdrawn"}
            found.setdefault(key, []).append((recorded, entry))
        for entry in recorded.event.changes.get("deadlines", ()):
            address = entry.get("instance") or recorded.event.machine
            found.setdefault((address, entry["id"], entry["n"]), []).append((recorded, entry))
    made = [arming(*key, entries, now, calendar) for key, entries in found.items() if "start" in entries[0][1]]
    return sorted(made, key=lambda one: (one.start, one.instance, one.name))


def arming(
    instance: str,
    name: str,
    n: int,
    entries: Sequence[tuple[Recorded, Mapping[str, Json]]],
    now: datetime,
    calendar: Callable[[str], Calendar],
) -> Arming:
    clock: dict[str, Json] = {}
    for _, entry in entries:
        clock |= {name: value for name, value in entry.items() if name != "withdrawn"}
    withdrawn = [due for recorded, entry in entries if "start" not in entry for due in entry.get("withdrawn", ())]
    start = instant(entries[0][1]["start"])
    end = instant(clock["stopped"]) if clock.get("stopped") else max(now, start)
    lengths = clock.get("lengths") or []
    measured = next((each for _, each in lengths if each != ELAPSED), ELAPSED)
    due = instant(clock["due"]) if clock.get("due") else None
    runs = list(stretches(entries, start, end))
    return Arming(
        instance=instance,
        name=name,
        n=n,
        outcome=clock["is"],
        start=start,
        end=end,
        due=due,
        breached=instant(clock["breached"]) if clock.get("breached") else None,
        stopped=bool(clock.get("stopped")),
        clock=measured,
        lengths=tuple(length for length, _ in lengths),
        intervals=tuple(intervals(runs, None if measured == ELAPSED else calendar(measured))),
        withdrawn=tuple(instant(due) for due in withdrawn),
        provisional=measured != ELAPSED and provisional(calendar(measured), start, max(end, due or end)),
    )


def stretches(
    entries: Iterable[tuple[Recorded, Mapping[str, Json]]], start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime, str | None]]:
    """Yield (from, to, state in which the clock was paused; None while it ran)."""
    since = start
    paused: str | None = None
    for recorded, entry in entries:
        state = entry.get("state")
        turned = (state == "paused" and paused is None) or (state == "running" and paused is not None)
        if not turned:
            continue
        at = min(max(recorded.event.occurred_at, since), end)
        if at > since:
            yield since, at, paused
        since, paused = at, recorded.event.target if state == "paused" else None
    if end > since:
        yield since, end, paused


def intervals(runs: Iterable[tuple[datetime, datetime, str | None]], calendar: Calendar | None) -> Iterator[Interval]:
    for start, end, paused in runs:
        if paused is not None:
            yield Interval(start=start, end=end, kind="paused", state=paused)
        elif calendar is None:
            yield Interval(start=start, end=end, kind="running")
        else:
            for span in spans(calendar, start, end):
                kind: Kind = "running" if span.kind == "open" else span.kind
                yield Interval(start=span.start, end=span.end, kind=kind, titles=span.titles)
