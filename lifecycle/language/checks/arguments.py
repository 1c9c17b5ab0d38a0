"""What expressions ask about by name is there: steps, checklists, plurals, calendars, ledgers, lists, series ..."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.expressions import STANDARD
from lifecycle.language.checks.subject import Subject
from lifecycle.language.sites import place_inside
from lifecycle.problems import Problem

OF_STEPS = ("done", "ever", "count", "time_of", "actor_of")
OF_CALENDARS = tuple(name for name, signature in STANDARD.items() if signature.names == "calendar")


def unknown_arguments(subject: Subject) -> Iterator[Problem]:
    """Yield `unknown-` step, checklist, plural, calendar, ledger, list, series, label, coverage, at the column."""
    plurals = tuple(body.plural for body in subject.text.machines.values() if body.plural)
    for site in subject.expressions:
        for found in site.reading.arguments:
            if found.index:
                continue
            what, known = "", tuple[str, ...]()
            if found.function in OF_STEPS and site.machine in subject.text.machines:
                what, known = "step", subject.steps_of(site.machine)
            elif found.function == "missing":
                what, known = "checklist", tuple(subject.text.checklists)
            elif found.function == "all_final":
                what, known = "plural", plurals
            elif found.function in OF_CALENDARS:
                what, known = "calendar", tuple(subject.text.calendars)
            elif found.function == "label":
                what, known = "label", tuple(subject.text.derived)
            elif found.function == "balance":
                what, known = "ledger", tuple(subject.text.ledgers)
            elif found.function == "row":
                what, known = "list", tuple(subject.text.lists)
            elif found.function == "reading":
                what, known = "series", tuple(subject.text.series)
            elif found.function == "covered":
                what, known = "coverage", tuple(subject.text.coverage)
            if what and found.literal not in known and not subject.lost(found.literal):
                where = place_inside(subject.outline, site, found.offset)
                values = {"name": found.literal, "known": sorted(known), "machine": site.machine}
                yield Problem(code=f"unknown-{what}", where=where, values=values)
