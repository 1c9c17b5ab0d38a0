"""What people see has a title in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.checks.subject import Subject
from lifecycle.language.seeing import column_path
from lifecycle.language.vocabulary import Titled
from lifecycle.problems import Problem

LANGUAGES = ("zh", "en")


def missing_titles(subject: Subject) -> Iterator[Problem]:
    """Yield the warning `title-missing` for each element that lacks a language."""
    for at, element in _titled(subject):
        missing = [language for language in LANGUAGES if not getattr(element, language)]
        if missing and not any(subject.definition.is_broken(f"{at}.{language}") for language in missing):
            name = at.rpartition(".")[2]
            yield subject.problem("title-missing", at, key=True, level="warning", name=name, languages=missing)


def _titled(subject: Subject) -> Iterator[tuple[str, Titled]]:
    text = subject.text
    yield "workflow", text
    for section, bodies in (("rules", text.rules), ("settings", text.settings), ("fields", text.fields)):
        yield from ((f"{section}.{name}", body) for name, body in bodies.items())
    for name, choices in text.types.items():
        yield from ((f"types.{name}.{value}", choice) for value, choice in choices.items())
    yield from ((f"lists.{name}", listed) for name, listed in text.lists.items())
    yield from ((f"series.{name}", series) for name, series in text.series.items())
    yield from ((f"units.{name}", unit) for name, unit in text.units.items())
    yield from ((f"roles.{name}", role) for name, role in text.roles.items())
    for name, guard in text.guards.items():
        if guard.else_ is not None:
            yield f"guards.{name}.else", guard.else_
    for name, checklist in text.checklists.items():
        yield f"checklists.{name}", checklist
        yield from ((f"checklists.{name}.items.{item}", line) for item, line in checklist.items.items())
    for name, paper in text.papers.items():
        yield f"papers.{name}", paper
        yield from ((f"papers.{name}.stages.{stage}", body) for stage, body in paper.stages.items())
    for name, entry in text.settlements.items():
        yield f"settlements.{name}", entry
        yield from ((f"settlements.{name}.columns.{one}", column) for one, column in entry.columns.items())
    yield from _of_behaviour(subject)
    for name, view in text.views.items():
        yield f"views.{name}", view
        for column, shown in view.columns.items():
            if shown.value is not None and column not in text.words and column not in text.fields:
                path = column_path(view.columns, f"views.{name}.columns", column, subject.outline.nodes)
                yield path.removesuffix(".value"), shown
    yield from ((f"derived.{name}", label) for name, label in text.derived.items())
    for name, kpi in text.kpis.items():
        yield f"kpis.{name}", kpi
        yield from ((f"kpis.{name}.apart.{one}", body) for one, body in kpi.apart.items())
    yield from ((f"audiences.{name}", audience) for name, audience in text.audiences.items())
    yield from ((f"schedules.{name}", entry) for name, entry in text.schedules.items())
    yield from ((f"coverage.{name}", entry) for name, entry in text.coverage.items())
    for section, standing in (("invariants", text.invariants), ("expect", text.expect)):
        yield from ((f"{section}.{name}.else", body.else_) for name, body in standing.items())
    for section, entries in (("texts", text.texts), ("words", text.words)):
        yield from ((f"{section}.{name}", entry) for name, entry in entries.items())


def _of_behaviour(subject: Subject) -> Iterator[tuple[str, Titled]]:
    for name, kind in subject.text.cases.items():
        yield f"cases.{name}", kind
        yield from ((f"cases.{name}.expect.{own}.else", body.else_) for own, body in kind.expect.items())
    for site in subject.outline.machines.values():
        yield site.at, site.machine
        yield from ((f"{site.at}.expect.{own}.else", body.else_) for own, body in site.machine.expect.items())
        for state in site.states.values():
            yield state.at, state.state
            yield from ((f"{state.at}.expect.{own}.else", body.else_) for own, body in state.state.expect.items())
    for at, guidance in subject.outline.guidance():
        if guidance.text is None:
            yield at, guidance
    for act in subject.outline.acts:
        yield act.at, act.step
    for _, at, guard, step in subject.outline.guards():
        if guard.else_ is not None and step is not None:
            yield f"{at}.else", guard.else_
