"""Steps that say what must be so of papers."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.core.case.papers import Issued
from lifecycle.core.events import Json
from lifecycle.core.workflow import Paper
from lifecycle.core.workflow.papers import VOID
from tests.scenarios.phrases import phrase
from tests.scenarios.stage import Stage
from tests.scenarios.titles import fields_of, papers_of, role_of, stages_of

VOIDED = ("作废", "void")


@phrase('单据"<单据>"为"<阶段>"', 'the paper "<paper>" is "<stage name>"')
def paper_is(stage: Stage, paper: str, stage_name: str) -> None:
    found = issued(stage, paper)
    wanted = {
        name: [VOID] if stage_name in VOIDED else stages_of(one, stage_name) for name, one in declared(stage, paper)
    }
    assert any(now["stage"] in wanted[name] for name, now in found), f"{paper} is {[now['stage'] for _, now in found]}"


@phrase('没有开具单据"<单据>"', 'no paper "<paper>" was issued')
def paper_not_issued(stage: Stage, paper: str) -> None:
    found = issued(stage, paper)
    assert not found, f"{paper} is {[now['stage'] for _, now in found]}"


@phrase('单据"<单据>"的编号为"<编号>"', 'the paper "<paper>" has the number "<paper number>"')
def paper_has_number(stage: Stage, paper: str, paper_number: str) -> None:
    numbers = [now.get("number") for _, now in issued(stage, paper)]
    assert paper_number in numbers, f"{paper} has the number {numbers}"


@phrase('单据"<单据>"由<角色>持有', 'the paper "<paper>" is held by <role>')
def paper_is_held(stage: Stage, paper: str, role: str) -> None:
    holders = [now.get("holder") for _, now in issued(stage, paper)]
    assert role_of(stage.workflow, role) in holders, f"{paper} is held by {holders}"


@phrase('单据"<单据>"由<角色>签字', 'the paper "<paper>" is signed by <role>')
def paper_is_signed(stage: Stage, paper: str, role: str) -> None:
    signed = [one["role"] for _, now in issued(stage, paper) for one in now["signed"]]
    assert role_of(stage.workflow, role) in signed, f"{paper} is signed by {signed}"


@phrase('单据"<单据>"没有<角色>的签字', 'the paper "<paper>" is not signed by <role>')
def paper_is_not_signed(stage: Stage, paper: str, role: str) -> None:
    signed = [one["role"] for _, now in issued(stage, paper) for one in now["signed"]]
    assert role_of(stage.workflow, role) not in signed, f"{paper} is signed by {signed}"


@phrase('单据"<单据>"上的"<字段>"为"<值>"', '"<field>" on the paper "<paper>" is "<value>"')
def on_paper(stage: Stage, paper: str, field: str, value: str) -> None:
    held: list[Json] = []
    for wanted in fields_of(stage.workflow, field):
        for _, now in issued(stage, paper):
            stored = now.get("values", {}).get(wanted.name)
            if stored is not None and stage.same(wanted, stored, value):
                return
            held.append(stored)
    raise AssertionError(f"{field} on {paper} is {[stage.engine.store.open(stored) for stored in held]}")


@phrase('单据"<单据>"有待签的修订', 'the paper "<paper>" has a revision to be signed')
def paper_proposes(stage: Stage, paper: str) -> None:
    revisions = [(now["force"], now["revision"]) for _, now in issued(stage, paper)]
    assert any(force and force != revision for force, revision in revisions), f"in force, latest: {revisions}"


def declared(stage: Stage, title: str) -> list[tuple[str, Paper]]:
    return [(name, stage.workflow.papers[name]) for name in papers_of(stage.workflow, title)]


def issued(stage: Stage, title: str) -> list[tuple[str, Issued]]:
    """Return (name, paper) of the latest papers of a title: the case's, and each instance's."""

    def found() -> Iterator[tuple[str, Issued]]:
        for name, _ in declared(stage, title):
            for holder in (stage.case, *stage.case.instances.values()):
                if name in holder.papers:
                    yield name, holder.papers[name]

    return list(found())
