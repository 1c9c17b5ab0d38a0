"""Views: states that there are, columns that something fills, columns that rows are ordered by."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.core.seeing.words import ROW_WORDS
from lifecycle.language.checks.never_set import filled_of_case
from lifecycle.language.checks.subject import Subject
from lifecycle.language.sites import place_inside
from lifecycle.problems import Problem


def views(subject: Subject) -> Iterator[Problem]:
    """Yield `view-state-unknown` and `column-never-set`: rows that never come, columns that stay empty."""
    yield from _states(subject)
    if subject.definition.broken:
        return
    shared = filled_of_case(subject)
    for name, view in subject.text.views.items():
        at = f"views.{name}"
        places = [
            *((word, f"{at}.columns.{number}") for number, (word, body) in enumerate(view.columns.items())
              if body.value is None),
            *((word, subject.outline.many(f"{at}.order", number)) for number, word in enumerate(view.order)),
            *((word, subject.outline.many(f"{at}.group", number)) for number, word in enumerate(view.group)),
        ]  # fmt: skip
        for word, place in places:
            field = _field_of(subject, word.removeprefix("-"))
            if not field or (word in view.columns and view.columns[word].value is not None):
                continue
            filled = shared if subject.text.fields[field].scope == "case" else _kept(subject, view.of)
            if field not in filled:
                yield subject.problem("column-never-set", place, name=field, of=view.of)


def _field_of(subject: Subject, word: str) -> str:
    """Return the field that a word of a row stands for; "" when it stands for something else."""
    head, _, rest = word.partition(".")
    if not rest:
        return word if word in subject.text.fields and word not in ROW_WORDS else ""
    return rest if head in ("data", "case") and rest in subject.text.fields else ""


def _kept(subject: Subject, machine: str) -> frozenset[str]:
    return subject.facts.relations.kept.get(machine, frozenset())


def _states(subject: Subject) -> Iterator[Problem]:
    for site in subject.expressions:
        machine = subject.outline.machines.get(site.machine)
        if not site.at.startswith(("views.", "kpis.", "audiences.")) or machine is None:
            continue
        for compared in site.reading.comparisons:
            if (
                compared.name == "state"
                and isinstance(compared.literal, str)
                and compared.literal not in machine.leaves
            ):
                where = place_inside(subject.outline, site, compared.offset)
                known = sorted(machine.leaves)
                values = {"name": compared.literal, "machine": machine.name, "known": known}
                yield Problem(code="view-state-unknown", where=where, values=values)
