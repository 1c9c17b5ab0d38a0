"""What an event does to the coverage of its case (see `periods`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from lifecycle.clocks.days import on_day
from lifecycle.core.case.evolve import around
from lifecycle.core.case.periods import ONE_DAY, Period, after_entry, day_of, last_day, later, named
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.state import Case
from lifecycle.core.events import SYSTEM, Event, Json, changed_values, stamp
from lifecycle.core.workflow import Coverage, Workflow

if TYPE_CHECKING:
    from lifecycle.core.case.commands import Facts


def coverage_changes(
    workflow: Workflow, before: Case, after: Case, event: Event, facts: Facts
) -> dict[str, list[Json]]:
    """Return the change `coverage` that an event brings to its case; none when empty."""
    changes: list[Json] = []
    for coverage in workflow.coverage.values():
        if coverage.kind == after.kind and concerns(coverage, before, event):
            changes.extend(Turn(coverage, workflow, after, event, facts).entries())
    return {"coverage": changes} if changes else {}


def concerns(coverage: Coverage, before: Case, event: Event) -> bool:
    """Return whether an event may do anything to a coverage: it gives its data, moves instances, or is listened to."""
    changes = event.changes
    if event.type in coverage.heard or before.revision == 0 or "corrects" in changes or "restored" in changes:
        return True
    if coverage.extended_by and changes.keys() & {"entered", "started", "ended", "outcome"}:
        return True
    given = changed_values(event)
    return any(name.partition(".")[2] in given for name in (*coverage.begins.reads, *coverage.length.reads))


class Turn:
    """What one event does to the periods of one coverage."""

    def __init__(self, coverage: Coverage, workflow: Workflow, case: Case, event: Event, facts: Facts) -> None:
        self.coverage = coverage
        self.zone = ZoneInfo(workflow.zone)
        self.day = event.occurred_at.astimezone(self.zone).date()
        self.event = event
        self.scope = Snapshot(
            workflow=workflow,
            case=case,
            instance=case.instances.get(event.machine),
            actor=SYSTEM,
            now=event.occurred_at,
            facts=facts,
            fired=changed_values(event),
        )
        self.periods = {key: dict(one) for key, one in case.coverage.items() if named(key)[0] == coverage.name}
        self.out = any(
            one.machine == machine and around(path, one.state)
            for machine, path in coverage.extended_by
            for one in case.live()
        )

    def entries(self) -> Iterator[Json]:
        """Yield what becomes of each period, in order: the terms, what puts off the end, what begins anew, the end."""
        yield from self.by_terms()
        for key in tuple(self.periods):
            yield from self.by_absence(key)
        if self.event.type in self.coverage.restart:
            for part in self.renewed():
                yield from self.restarted(part)
        if self.event.type in self.coverage.cancel:
            for key in tuple(self.periods):
                yield from self.cancelled(key)

    def put(self, key: str, happening: str, changes: Mapping[str, Json]) -> Json:
        """Return the entry of the event, with the period kept for what else the event does."""
        name, part = named(key)
        told = {**({"part": part} if part else {}), "is": happening, **changes}
        kept = self.periods.get(key, {}) if changes.get("n") in (None, self.periods.get(key, {}).get("n")) else {}
        told.setdefault("n", kept.get("n"))
        self.periods[key] = after_entry(kept, told)
        return {"name": name, **told}

    def by_terms(self) -> Iterator[Json]:
        """Yield the beginning of the whole, or what new terms make of it."""
        terms = terms_of(self.coverage, self.scope)
        whole = self.periods.get(self.coverage.name)
        if terms is None or (whole is not None and whole["terms"] == terms):
            return
        if whole is None:
            yield self.put(self.coverage.name, "begun", {"n": 1, "terms": terms, **self.begun(day_of(terms[0]), terms)})
            return
        first = day_of(whole["from"]) if terms[0] == whole["terms"][0] else day_of(terms[0])
        until = later(last_day(first, terms), whole["lost"])
        moved = {"from": first.isoformat(), "until": until.isoformat(), "terms": terms}
        if whole["state"] == "over" and until >= self.day:
            yield self.put(self.coverage.name, "reopened", {"n": whole["n"] + 1, "lost": whole["lost"], **moved,
                                                            **self.standing(until)})  # fmt: skip
        elif whole["state"] == "running":
            yield self.put(self.coverage.name, "moved", {**moved, **self.standing(until, out=False)})
        else:
            yield self.put(self.coverage.name, "moved", moved)

    def by_absence(self, key: str) -> Iterator[Json]:
        """Yield that a period stands still while the case is in a state that puts off its end, and goes on after it."""
        one = self.periods[key]
        if self.out and one["is"] != "cancelled" and one["state"] != "paused" and self.day <= day_of(one["until"]):
            if one["state"] == "over":
                kept = {name: one[name] for name in ("from", "until", "lost", "terms")}
                yield self.put(key, "reopened", {"n": one["n"] + 1, **kept, **self.standing(day_of(one["until"]))})
            else:
                yield self.put(key, "paused", self.standing(day_of(one["until"])))
        elif not self.out and one["state"] == "paused":
            lost = max(0, (self.day - max(day_of(one["paused"]), day_of(one["from"]))).days)
            until = later(day_of(one["until"]), lost)
            yield self.put(key, "resumed", {"lost": one["lost"] + lost, "until": until.isoformat(),
                                            **self.standing(until)})  # fmt: skip

    def restarted(self, part: str) -> Iterator[Json]:
        """Yield that the whole, or a part, is covered anew from the day of the event on."""
        terms = terms_of(self.coverage, self.scope)
        whole = self.periods.get(self.coverage.name)
        if terms is None or whole is None:
            return
        key = f"{self.coverage.name}/{part}" if part else self.coverage.name
        before = self.periods.get(key, {})
        yield self.put(key, "restarted", {"n": before.get("n", 0) + 1, "terms": terms, **self.begun(self.day, terms)})

    def cancelled(self, key: str) -> Iterator[Json]:
        one = self.periods[key]
        if one["state"] != "over":
            until = min(day_of(one["until"]), self.day)
            over = {"state": "over", "until": until.isoformat(), "paused": None, "at": None}
            yield self.put(key, "cancelled", over)

    def begun(self, first: date, terms: list[Json]) -> Period:
        until = last_day(first, terms)
        return {"from": first.isoformat(), "until": until.isoformat(), "lost": 0, **self.standing(until)}

    def standing(self, until: date, *, out: bool | None = None) -> Period:
        """Return whether a period runs or stands still, and when the clock ends it: at once if that is past."""
        still = self.out if out is None else out
        over = None if still or until == date.max else on_day(self.zone, until + ONE_DAY, 0)
        at = None if over is None else stamp(max(over, self.event.occurred_at))
        return {"state": "paused" if still else "running", "paused": self.day.isoformat() if still else None, "at": at}

    def renewed(self) -> Iterable[str]:
        """Return the parts that the event renews, each once; "" for everything."""
        formula = self.coverage.restart[self.event.type]
        if formula is None:
            return ("",)
        found = formula.value(self.scope)
        return dict.fromkeys(name.strip() for name in found if name.strip()) if isinstance(found, list) else ()


def terms_of(coverage: Coverage, scope: Snapshot) -> list[Json] | None:
    """Return [first day, unit, length] as the data gives them; None while either has no value."""
    first, length = coverage.begins.value(scope), coverage.length.value(scope)
    if not isinstance(first, str) or isinstance(length, bool) or not isinstance(length, str | int):
        return None
    return [first, coverage.unit, length]
