"""Freezing: list fields take columns that the view, or the figure, has."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.checks.subject import Subject
from lifecycle.language.freezing import FreezeBody
from lifecycle.language.seeing import STANDARD_COLUMNS
from lifecycle.problems import Problem

OF_FIGURES = ("period", "value", "count", "of", "without")
"""Columns that the lines of every figure have, beside its groups."""


def frozen(subject: Subject) -> Iterator[Problem]:
    """Yield `unknown-view`, `unknown-kpi`, `freeze-field`, `freeze-column` and `freeze-personal`."""
    for effect in subject.outline.effects:
        if isinstance(effect.body, FreezeBody):
            yield from _frozen(subject, effect.name, effect.body, effect.at)


def _frozen(subject: Subject, name: str, body: FreezeBody, at: str) -> Iterator[Problem]:
    text = subject.text
    section, wanted = ("views", body.view or "") if body.view else ("kpis", body.kpi or "")
    declared = text.views if body.view else text.kpis
    if wanted not in declared:
        if not subject.lost(wanted):
            spelled = f"{at}.{section[:-1]}"
            place = spelled if spelled in subject.definition.places.values else at
            yield subject.problem(f"unknown-{section[:-1]}", place, name=wanted, known=sorted(declared))
        return
    field = text.fields.get(name)
    if field is None:
        return
    if field.is_ != "list" or not isinstance(field.of, dict):
        yield subject.problem("freeze-field", at, key=True, name=name)
        return
    if body.view:
        view = text.views[wanted]
        known = tuple(view.columns) or STANDARD_COLUMNS
        personal = {column for column in known if _personal(subject, column)}
    else:
        kpi = text.kpis[wanted]
        group = (kpi.of.group if kpi.of and not kpi.group and kpi.way != "count" else kpi.group) or {}
        known, personal = (*OF_FIGURES, *group), set()
    for column in field.of:
        if column not in known:
            yield subject.problem("freeze-column", at, key=True, name=column, field=name, known=sorted(known))
        elif column in personal:
            yield subject.problem("freeze-personal", at, key=True, name=column, field=name)


def _personal(subject: Subject, column: str) -> bool:
    entry = subject.text.fields.get(column.rpartition(".")[2])
    return column == "customer" or (entry is not None and entry.pii)
