"""Papers: who can move and sign them, where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lifecycle.language.behaviour import Step
from lifecycle.language.checks.subject import Subject
from lifecycle.language.outline import Effect
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
