"""Papers: who can move and sign them; stages that nothing reaches, fields that nothing fills, what can never agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lifecycle.core.workflow.papers import VOID
from lifecycle.language.behaviour import Step
from lifecycle.language.checks.never_set import filled_of_case
from lifecycle.language.checks.subject import Subject
from lifecycle.language.outline import Effect, StepSite
from lifecycle.language.papers import NO_STAGES, PaperEntry, PaperMove
from lifecycle.problems import Problem


def paper_moves(subject: Subject) -> Iterator[Problem]:
    """Yield `paper-of-no-instance`, `signer-not-acting` and `stage-needs-person`: moves that could never be made."""
    for effect in subject.outline.effects:
        paper = subject.text.papers.get(effect.name) if effect.what == "paper" else None
        if paper is None or not isinstance(effect.body, PaperMove):
            continue
        if effect.kind and paper.of == "instance":
            yield subject.problem("paper-of-no-instance", effect.at, key=True, paper=effect.name)
        elif effect.body.to not in NO_STAGES and effect.body.to in paper.stages:
            yield from _signing(subject, effect, effect.body, paper)


def _signing(subject: Subject, effect: Effect, body: PaperMove, paper: PaperEntry) -> Iterator[Problem]:
    """Yield what is wrong with who signs: nobody who acts in the step is a signer of the stage."""
    signers = [signer.role for signer in paper.stages[body.to].signed_by]
    act = effect.step.step if effect.step is not None else None
    values: dict[str, Any] = {"paper": effect.name, "stage": body.to, "signers": signers}
    if act is None or (isinstance(act, Step) and not act.by):
        if any(signer.when is None for signer in paper.stages[body.to].signed_by):
            yield subject.problem("stage-needs-person", effect.at, key=True, **values)
        return
    acting = {*act.by, *(act.with_ if body.sign else ())}
    for number, role in enumerate(body.sign):
        if role in subject.text.roles and role not in acting:
            at = subject.outline.many(f"{effect.at}.sign", number)
            yield subject.problem("signer-not-acting", at, role=role, acting=sorted(acting), **values)
    wanted = set(signers)
    signing = set(body.sign) or acting
    if wanted and not wanted & signing and not any(role.startswith("=") for role in acting):
        yield subject.problem("nobody-signs", effect.at, key=True, acting=sorted(acting), **values)


def paper_lines(subject: Subject) -> Iterator[Problem]:
    """Yield `stage-unreached`, `signer-never-signs` and `paper-field-never-set`: what no step ever does to a paper."""
    if subject.definition.broken:
        return
    for name, paper in subject.text.papers.items():
        moves = [(e, e.body) for e in subject.outline.effects if e.name == name and isinstance(e.body, PaperMove)]
        known = {*paper.stages, *NO_STAGES}
        for stage, body in paper.stages.items() if moves else ():
            at = f"papers.{name}.stages.{stage}"
            there = [(effect, move) for effect, move in moves if move.to == stage]
            if not there and not body.optional and all(move.to in known for _, move in moves):
                yield subject.problem("stage-unreached", at, key=True, paper=name, stage=stage)
            signing = {role for effect, move in there for role in _signing_roles(effect, move)}
            for number, signer in enumerate(body.signed_by if there else ()):
                declared = signer.role in subject.text.roles
                if declared and signer.role not in signing and not any(role.startswith("=") for role in signing):
                    where = subject.outline.many(f"{at}.signed_by", number)
                    yield subject.problem("signer-never-signs", where, paper=name, stage=stage, role=signer.role)
        if moves:
            yield from _never_set(subject, name, paper, {effect.machine for effect, _ in moves})


def _signing_roles(effect: Effect, move: PaperMove) -> tuple[str, ...]:
    act = effect.step.step if effect.step is not None else None
    if act is None:
        return ()
    return move.sign or act.by


def _never_set(subject: Subject, name: str, paper: PaperEntry, machines: set[str]) -> Iterator[Problem]:
    """Yield the fields of a paper that nothing can have filled when it is moved."""
    kept = subject.facts.relations.kept
    filled = filled_of_case(subject)
    for number, field in enumerate(paper.fields):
        entry = subject.text.fields.get(field)
        if entry is None:
            continue
        known = filled if entry.scope == "case" or "" in machines else frozenset().union(*(kept[m] for m in machines))
        if field not in known:
            at = f"papers.{name}.fields.{number}"
            yield subject.problem("paper-field-never-set", at, level="warning", paper=name, field=field)


def reconciled(subject: Subject) -> Iterator[Problem]:
    """Yield `reconcile-never` and `reconcile-alone`: papers that cannot meet, fields that nothing is compared with."""
    if subject.definition.broken:
        return
    papers = subject.text.papers
    for _, at, guard, act in subject.outline.guards():
        body = guard.reconcile
        if body is None:
            continue
        known = {
            written: papers[written.removesuffix("?")] for written in body.papers if written.removesuffix("?") in papers
        }
        for written, paper in known.items():
            if not _can_be_there(subject, written.removesuffix("?"), paper, body.papers[written], act):
                where = f"{at}.reconcile.papers.{written}"
                name, stage = written.removesuffix("?"), body.papers[written]
                yield subject.problem("reconcile-never", where, key=True, paper=name, stage=stage)
        for number, field in enumerate(body.same):
            entry = subject.text.fields.get(field)
            if sum(field in paper.fields for paper in known.values()) < 2:
                yield subject.problem("reconcile-alone", f"{at}.reconcile.same.{number}", field=field)
            elif entry is not None and entry.pii:
                yield subject.problem("personal-read", f"{at}.reconcile.same.{number}", name=field)
        for number, field in enumerate(body.equal):
            entry = subject.text.fields.get(field)
            if len(body.equal) < 2:
                yield subject.problem("reconcile-alone", f"{at}.reconcile.equal.{number}", field=field)
            elif entry is not None and entry.pii:
                yield subject.problem("personal-read", f"{at}.reconcile.equal.{number}", name=field)


def _can_be_there(subject: Subject, name: str, paper: PaperEntry, stage: str, act: StepSite | None) -> bool:
    """Return whether some step can have brought a paper to a stage where a guard asks for it."""
    moves = [(e, e.body) for e in subject.outline.effects if e.name == name and isinstance(e.body, PaperMove)]
    if act is not None and paper.of == "instance":
        moves = [(effect, move) for effect, move in moves if effect.machine == act.machine]
    if stage == VOID:
        return any(move.to == VOID for _, move in moves)
    stages = list(paper.stages)
    return stage not in stages or any(m.to in stages and stages.index(m.to) >= stages.index(stage) for _, m in moves)
