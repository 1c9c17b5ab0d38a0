"""Printing a paper: which one is meant, what stands on it, and the event that makes the next print a reprint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lifecycle.core.case.commands import Facts, Print
from lifecycle.core.case.papering import frozen, wanted_signers
from lifecycle.core.case.papers import Issued, proposes
from lifecycle.core.case.remarks import remark
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.state import Case
from lifecycle.core.events import SYSTEM, Event, Json
from lifecycle.core.workflow import Paper, Workflow
from lifecycle.core.workflow.papers import VOID
from lifecycle.problems import Place, Reason, Refusal

MOST_ROWS = 200
"""Rows of all lists of a paper that are printed; a longer one is refused."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Printable:
    """What is printed of a paper: its latest revision.

    instance  the one that has it; "" for the case
    now       the paper as it is kept
    values    what stands on it, personal values sealed: as it was signed, or as it is proposed
    signers   signed stage -> the roles that had to sign it, or have to as things are
    """

    paper: Paper
    instance: str
    now: Issued
    values: Mapping[str, Json]
    signers: Mapping[str, Sequence[str]]

    @property
    def address(self) -> str:
        return f"{self.instance}.{self.paper.name}" if self.instance else self.paper.name

    @property
    def void(self) -> bool:
        return bool(self.now["stage"] == VOID)

    @property
    def proposal(self) -> bool:
        """Whether it binds nobody yet."""
        return proposes(self.now)


def printable(workflow: Workflow, case: Case, named: str, now: datetime, facts: Facts) -> Printable | Refusal:
    """Return what is to be printed.

    named  a paper, "slip"; of one instance, "repair/1.slip"; or a paper's number
    """
    found = list(meant(workflow, case, named))
    if not found:
        return Refusal(reasons=(missing(workflow, case, named),))
    if len(found) > 1:
        known = tuple(f"{instance}.{paper.name}" for paper, instance, _ in found)
        return Refusal(reasons=(Reason(code="paper-ambiguous", values={"paper": named, "known": known}),))
    [(paper, instance, kept)] = found
    one = case.instances.get(instance)
    scope = Snapshot(workflow=workflow, case=case, instance=one, actor=SYSTEM, now=now, facts=facts)
    values = frozen(paper.fields, scope) if proposes(kept) or "values" not in kept else kept["values"]
    rows = sum(len(values.get(field.name, ())) for field in paper.fields if field.type.name == "list" and not field.pii)
    signers = {
        stage.name: kept["signers"].get(stage.name) or wanted_signers(stage, scope)
        for stage in paper.order
        if stage.signers
    }
    made = Printable(paper=paper, instance=instance, now=kept, values=values, signers=signers)
    return too_long(made, rows) if rows > MOST_ROWS else made


def too_long(found: Printable, rows: int) -> Refusal:
    """Return the refusal of a paper with more rows than are printed. Sealed lists tell their length when opened."""
    paper = found.paper
    values = {"paper": paper.titles or paper.name, "rows": rows, "limit": MOST_ROWS}
    return Refusal(reasons=(Reason(code="paper-too-long", where=paper.where, values=values),))


def meant(workflow: Workflow, case: Case, named: str) -> Iterator[tuple[Paper, str, Issued]]:
    """Yield (paper, instance, as kept) of every paper that a name or number may mean."""
    address, _, short = named.rpartition(".")
    held = [("", case.papers), *((one.id, one.papers) for one in case.instances.values())]
    for instance, papers in held:
        for name, kept in papers.items():
            by_name = name == short and address in ("", instance, instance.partition("/")[0])
            if name in workflow.papers and (by_name or kept.get("number") == named):
                yield workflow.papers[name], instance, kept


def missing(workflow: Workflow, case: Case, named: str) -> Reason:
    short = named.rpartition(".")[2]
    if short in workflow.papers:
        paper = workflow.papers[short]
        return Reason(code="paper-none", where=paper.where, values={"paper": paper.titles or short})
    known = [*workflow.papers, *(kept["number"] for _, _, kept in meant_all(case) if "number" in kept)]
    return Reason(code="unknown-paper", where=Place(path="PAPER"), values={"name": named, "known": tuple(known)})


def meant_all(case: Case) -> Iterator[tuple[str, str, Issued]]:
    """Yield (name, instance, as kept) of every paper of a case: the latest of each name."""
    for holder, papers in (("", case.papers), *((one.id, one.papers) for one in case.instances.values())):
        yield from ((name, holder, kept) for name, kept in papers.items())


def record_print(workflow: Workflow, case: Case, command: Print, now: datetime, facts: Facts) -> Event | Refusal:
    """Return the event `<kind>.printed`; it says which paper, and nothing that stands on it."""
    if command.actor != SYSTEM and command.actor.role not in workflow.roles:
        values = {"role": command.actor.role, "known": tuple(workflow.roles)}
        return Refusal(reasons=(Reason(code="unknown-role", values=values),))
    found = printable(workflow, case, command.paper, now, facts)
    if isinstance(found, Refusal):
        return found
    entry: dict[str, Json] = {"paper": found.paper.name, "is": "printed", "revision": found.now["revision"]}
    if found.instance:
        entry["of"] = found.instance
    if "number" in found.now:
        entry["number"] = found.now["number"]
    return remark(workflow, case, command, now, "printed", {"papers": [entry]})
