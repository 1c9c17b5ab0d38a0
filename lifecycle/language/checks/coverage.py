"""Coverage is measured by what its case keeps, of states that its cases have, and asked where its case is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lifecycle.language.checks.subject import Subject
from lifecycle.language.coverage import CoverageEntry, reaching
from lifecycle.language.sites import ExpressionSite, place_inside
from lifecycle.problems import Problem

KEPT = ("case.", "settings.")
SEEN = ("views.", "kpis.", "settlements.")
"""What is worked out over many cases, without those that they are linked to."""


def coverage(subject: Subject) -> Iterator[Problem]:
    """Yield `coverage-reads-else`, `coverage-foreign-state`, `coverage-no-length`, `unknown-state`."""
    for name, entry in subject.text.coverage.items():
        at = f"coverage.{name}"
        if subject.definition.is_broken(at):
            continue
        yield from _states(subject, name, entry, at)
        if entry.until is not None and entry.restart:
            yield subject.problem("coverage-no-length", f"{at}.restart", key=True, name=name)
    for site in subject.expressions:
        head, _, key = site.at.rpartition(".")
        if (
            head.startswith("coverage.")
            and head.count(".") == 1
            and key in ("from", "days", "months", "years", "until")
        ):
            for read in site.reading.reads:
                if not read.name.startswith(KEPT):
                    where = place_inside(subject.outline, site, read.offset)
                    yield Problem(code="coverage-reads-else", where=where, values={"name": read.name})


def _states(subject: Subject, name: str, entry: CoverageEntry, at: str) -> Iterator[Problem]:
    for mention in subject.outline.mentions(entry.extended_by, f"{at}.extended_by"):
        machine, _, state = mention.name.partition(".")
        site = subject.outline.machines.get(machine)
        if subject.lost(machine) or subject.lost(state.rpartition(".")[2]):
            continue
        if site is None:
            known = sorted(subject.outline.machines)
            yield subject.problem("unknown-machine", mention.path, name=machine, known=known)
        elif state not in site.states:
            found = subject.problem("unknown-state", mention.path, name=state, known=sorted(site.states))
            yield replace(found, values={**found.values, "machine": machine, "step": name})
        elif entry.of in subject.text.cases and entry.of not in subject.outline.kinds_of(machine):
            found = subject.problem("coverage-foreign-state", mention.path, name=mention.name, kind=entry.of)
            yield found


def coverage_asked(subject: Subject) -> Iterator[Problem]:
    """Yield `coverage-out-of-reach` where `covered()` is asked of a case that is neither it nor its only such link."""
    for site in subject.expressions:
        for found in site.reading.arguments:
            entry = (
                subject.text.coverage.get(found.literal) if found.function == "covered" and not found.index else None
            )
            if entry is None or entry.of not in subject.text.cases:
                continue
            links = not site.at.startswith(SEEN)
            if any(not reaching(subject.text, kind, entry.of, links=links) for kind in _kinds(subject, site)):
                where = place_inside(subject.outline, site, found.offset)
                values = {"name": found.literal, "kind": entry.of}
                yield Problem(code="coverage-out-of-reach", where=where, values=values)


def _kinds(subject: Subject, site: ExpressionSite) -> tuple[str, ...]:
    return subject.outline.kinds_of(site.machine) if site.machine else (site.kind,) if site.kind else ()
