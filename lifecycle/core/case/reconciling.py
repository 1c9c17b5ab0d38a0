"""Reconciling: papers that must have come to their stages, and what must say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lifecycle.core.case.papers import Issued, lives, proposes, said
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.events import PRIVATE, Json
from lifecycle.core.workflow import Field, Paper, Wanted
from lifecycle.core.workflow.papers import VOID, VOID_TITLES, Reconciliation
from lifecycle.problems import Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Mismatch:
    """One thing that does not agree: the code of its sentence, its values, what is and what should be."""

    code: str
    values: dict[str, object]
    actual: Json = None
    required: Json = None
    rules: tuple[str, ...] = ()


def mismatches(wanted: Reconciliation, scope: Snapshot, lacking: frozenset[str] = frozenset()) -> Iterator[Mismatch]:
    """Yield everything that does not agree, in the order of the file. lacking: fields that are still asked for."""
    for each in wanted.papers:
        paper = scope.workflow.papers[each.paper]
        now = scope.paper_now(paper)
        if not reached(paper, now, each):
            yield not_there(paper, now, each)
    for name in wanted.same:
        told = list(on_papers(name, wanted, scope))
        if any(value != told[0][1] for _, value in told):
            yield differing(scope.workflow.fields[name], told)
    if any(field.name in lacking for field in wanted.equal):
        return
    values = [(field, scope.current(field)) for field in wanted.equal]
    if any(value is None or value != values[0][1] for _, value in values):
        yield Mismatch(
            code="reconcile-unequal",
            values={
                "fields": [field.titles or field.name for field, _ in values],
                "found": [shown(v) for _, v in values],
            },
            actual={field.name: shown(value) for field, value in values},
        )


def reached(paper: Paper, now: Issued | None, wanted: Wanted) -> bool:
    """Return whether a paper is where it must be, or past it; VOID is reached by voiding alone."""
    if now is None:
        return wanted.if_issued
    if wanted.stage == VOID:
        return bool(now["stage"] == VOID)
    return lives(now) and paper.place_of(now["stage"]) >= paper.place_of(wanted.stage)


def not_there(paper: Paper, now: Issued | None, wanted: Wanted) -> Mismatch:
    return Mismatch(
        code="reconcile-paper" if now else "reconcile-no-paper",
        values={
            "paper": paper.titles or paper.name,
            "number": f" {now['number']}" if now and "number" in now else "",
            "stage": stage_title(paper, now["stage"]) if now else "",
            "to": stage_title(paper, wanted.stage),
        },
        actual=now["stage"] if now else None,
        required=wanted.stage,
        rules=paper.rules,
    )


def on_papers(name: str, wanted: Reconciliation, scope: Snapshot) -> Iterator[tuple[Paper, Json]]:
    """Yield what each paper that was issued says of a field: as signed, or as it would be."""
    for each in wanted.papers:
        paper = scope.workflow.papers[each.paper]
        now = scope.paper_now(paper)
        field = next((one for one in paper.fields if one.name == name), None)
        if field is not None and lives(now):
            yield paper, scope.current(field) if proposes(now) else said(now, name)


def differing(field: Field, told: list[tuple[Paper, Json]]) -> Mismatch:
    return Mismatch(
        code="reconcile-differs",
        values={
            "field": field.name,
            "title": field.titles,
            "papers": [paper.titles or paper.name for paper, _ in told],
            "found": [shown(value) for _, value in told],
        },
        actual={paper.name: shown(value) for paper, value in told},
    )


def shown(value: Json) -> Json:
    return "***" if isinstance(value, PRIVATE) else value


def stage_title(paper: Paper, name: str) -> Text | str:
    """Return what people call a stage of a paper."""
    stage = paper.stages.get(name)
    return VOID_TITLES if name == VOID else (stage.titles or name) if stage else name
