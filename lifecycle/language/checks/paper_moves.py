"""Where a paper may be after a step has moved it: the stage, who has signed on the way, what is in force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lifecycle.core.workflow.papers import DECLINE, VOID
from lifecycle.language.behaviour import Opening, Step
from lifecycle.language.checks.paper_stages import told
from lifecycle.language.outline import Effect
from lifecycle.language.papers import PaperEntry, PaperMove


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a paper may be.

    stage   None: not issued; "": issued, its first signatures incomplete; "void"
    signed  roles that have signed for the next stage
    kept    while a revision is open: the stage of the one in force; "" when none is open
    sure    whether it surely gets here: no condition that cannot be told was passed on the way
    """

    stage: str | None = None
    signed: frozenset[str] = frozenset()
    kept: str = ""
    sure: bool = True

    @property
    def lives(self) -> bool:
        return self.stage is not None and self.stage != VOID


NOTHING = Standing()


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """One move of the paper by an act. act: whose signatures count; None for `enter`, `exit` and automatic steps."""

    effect: Effect
    body: PaperMove
    act: Step | Opening | None
    if_issued: bool = False
    outer: str = ""


class Line:
    """The stages of one paper, as the checks walk them."""

    def __init__(self, name: str, paper: PaperEntry) -> None:
        self.name = name
        self.paper = paper
        self.stages = list(paper.stages)
        signed = [number for number, stage in enumerate(paper.stages.values()) if stage.signed_by]
        self.binding = signed[-1] if signed else 0

    def place(self, stage: str | None) -> int:
        return self.stages.index(stage) if stage in self.stages else -1

    def finished(self, standing: Standing) -> bool:
        """Return whether nothing is left to do with it."""
        if not standing.lives:
            return True
        left = self.stages[self.place(standing.stage) + 1 :]
        return standing.stage != "" and all(self.paper.stages[stage].optional for stage in left)

    def may_follow(self, before: int, target: int) -> bool:
        return before < target and all(self.paper.stages[s].optional for s in self.stages[before + 1 : target])

    def after(self, moves: Sequence[Move], standing: Standing) -> frozenset[Standing]:
        """Return where the paper may be after the moves of one act; nothing when it refuses the act."""
        found = {standing}
        for move in moves:
            found = {later for one in found for later in self._moved(move, one)}
        return frozenset(found)

    def _moved(self, move: Move, standing: Standing) -> Iterator[Standing]:
        answers = [told(text, self.name, standing.stage) for text in (move.outer, move.body.when or "") if text]
        if False in answers or (move.if_issued and not standing.lives):
            yield standing
            return
        if None in answers:
            standing = replace(standing, sure=False)
            yield standing
        yield from self._carried_out(move, standing)

    def _carried_out(self, move: Move, standing: Standing) -> Iterator[Standing]:
        to = move.body.to
        if to == VOID:
            if standing.lives:
                yield Standing(stage=VOID, sure=standing.sure)
        elif to == DECLINE:
            if standing.lives and self.place(standing.stage) < self.binding:
                yield Standing(stage=standing.kept or VOID, sure=standing.sure)
        elif to in self.stages:
            yield from self._to_stage(move, standing, self.place(to))

    def _to_stage(self, move: Move, standing: Standing, target: int) -> Iterator[Standing]:
        before = self.place(standing.stage)
        if move.body.revise and standing.lives:
            kept = standing.stage if before >= self.binding else standing.kept
            standing = replace(standing, stage="", signed=frozenset(), kept=kept or "")
        else:
            again = standing.lives and self.finished(standing) and target <= before
            if not standing.lives or again:
                standing, before = Standing(stage="", sure=standing.sure), -1
            if not self.may_follow(before, target):
                return
        stage = self.stages[target]
        there = Standing(stage=stage, kept="" if target >= self.binding else standing.kept, sure=standing.sure)
        signers = self.paper.stages[stage].signed_by
        needed = {signer.role for signer in signers if signer.when is None}
        perhaps = {signer.role for signer in signers}
        for present in signing(move, perhaps) if signers else ():
            fresh = (present & perhaps) - standing.signed
            signed = standing.signed | fresh
            if needed <= signed:
                yield there if perhaps <= signed else replace(there, sure=False)
            if fresh and not perhaps <= signed:
                sure = standing.sure and not needed <= signed
                yield replace(standing, signed=signed, sure=sure)
        if not signers:
            yield there


def signing(move: Move, signers: set[str]) -> Iterator[frozenset[str]]:
    """Yield the sets of roles that may sign by an act, whoever takes and records it."""
    if move.act is None:
        yield frozenset()
        return
    for role in move.act.by:
        if role.startswith("="):
            yield from (frozenset((one,)) for one in signers)
        elif not move.body.sign:
            yield frozenset((role,))
        else:
            for recorder in (*move.act.with_, ""):
                yield frozenset(one for one in move.body.sign if one in (role, recorder))
