"""Figures: what they count can happen, the states that they leave out are there."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.core.workflow import ELAPSED
from lifecycle.language.checks.subject import Subject
from lifecycle.language.dictionary import Guard
from lifecycle.language.kpis import BETWEEN, KpiEntry
from lifecycle.problems import Problem

WORDS = ("met", "late", "breached")


def kpis(subject: Subject) -> Iterator[Problem]:
    """Yield `unknown-...` for what a figure counts, measures or leaves out and nothing declares."""
    for name, kpi in subject.text.kpis.items():
        at = f"kpis.{name}"
        for event, path in _events(subject, kpi, at):
            yield from _event(subject, event, path)
        for mention in subject.outline.mentions(kpi.pause, f"{at}.pause"):
            yield from _state(subject, mention.name, mention.path)
        clocks = (*subject.text.calendars, ELAPSED)
        if kpi.clock is not None and kpi.clock not in clocks and not subject.lost(kpi.clock):
            yield subject.problem("unknown-calendar", f"{at}.clock", name=kpi.clock, known=sorted(clocks))


def _events(subject: Subject, kpi: KpiEntry, at: str) -> Iterator[tuple[str, str]]:
    lists = [(kpi.count, f"{at}.count")]
    if kpi.of is not None:
        long = f"{at}.of.upon" in subject.definition.places.values
        lists.append((kpi.of.upon, f"{at}.of.upon" if long else f"{at}.of"))
    lists.extend((body.count, f"{at}.apart.{one}.count") for one, body in kpi.apart.items())
    for names, path in lists:
        yield from ((mention.name, mention.path) for mention in subject.outline.mentions(names, path))
    measured = BETWEEN.fullmatch(kpi.measure) if kpi.measure else None
    if measured:
        yield from ((event, f"{at}.measure") for event in (measured[1], measured[2]))


def _event(subject: Subject, event: str, at: str) -> Iterator[Problem]:
    text = subject.text
    owner, _, rest = event.partition(".")
    name, _, word = rest.partition(".")
    if owner == "finding":
        known, what = findings_of(subject), "unknown-finding"
    elif word:
        machine = subject.outline.machines.get(owner)
        known, what = tuple(one.name for one in machine.deadlines) if machine else (), "unknown-deadline"
        if machine is None:
            name, known, what = owner, tuple(text.machines), "unknown-machine"
    elif owner in text.machines:
        known, what = subject.steps_of(owner), "unknown-step"
    elif owner in text.cases:
        known, what = (*text.cases[owner].opens, "closed"), "unknown-opening"
    else:
        name, known, what = owner, (*text.machines, *text.cases, "finding"), "unknown-machine"
    if name not in known and not subject.lost(name):
        yield subject.problem(what, at, name=name, known=sorted(known), machine=owner, kind=owner)


def _state(subject: Subject, written: str, at: str) -> Iterator[Problem]:
    owner, _, path = written.partition(".")
    machine = subject.outline.machines.get(owner)
    if machine is None:
        if not subject.lost(owner):
            yield subject.problem("unknown-machine", at, name=owner, known=sorted(subject.text.machines))
    elif path not in machine.states and not subject.lost(path):
        known = sorted(machine.states)
        yield subject.problem("unknown-state", at, name=path, known=known, machine=owner, step="pause")


def findings_of(subject: Subject) -> tuple[str, ...]:
    """Return the names of findings that the workflow may open: expectations, and guards that mark."""
    text = subject.text
    found = [*text.expect, *(name for kind in text.cases.values() for name in kind.expect)]
    for site in subject.outline.machines.values():
        found.extend(site.machine.expect)
        found.extend(name for state in site.states.values() for name in state.state.expect)
    for name, _, guard, _ in subject.outline.guards():
        if isinstance(guard, Guard) and guard.failing == "mark":
            found.append(name)
    return tuple(found)
