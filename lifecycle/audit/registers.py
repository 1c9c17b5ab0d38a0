"""Registers: every number of a paper in order, with what became of it, from the cases and the register's stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from lifecycle.core.beside import stream_of
from lifecycle.core.case import Case
from lifecycle.core.case.papers import Issued
from lifecycle.core.events import Json
from lifecycle.core.register import REGISTER
from lifecycle.core.workflow import Paper, Workflow
from lifecycle.core.workflow.papers import VOID
from lifecycle.store.port import Store
from lifecycle.store.standing import head_case

Standing = Literal["open", "finished", "void", "missing", "stray"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of a register.

    is_       "open": stages are left; "missing": the number was drawn, but no case has the paper; "stray": a case
              has the paper, but the register never drew its number. These two come about by tampering alone
    instance  the one that has it; "" for the case
    issued, since  stored instants: of the issue, and of the stage that it is at
    signed    roles that have signed its latest revision
    """

    number: str
    case: str
    instance: str = ""
    is_: Standing
    stage: str = ""
    holder: str = ""
    revision: int = 1
    issued: str = ""
    since: str = ""
    signed: tuple[str, ...] = ()
    printed: int = 0

    def to_json(self) -> dict[str, Json]:
        document = {name: getattr(self, name) for name in self.__slots__ if name != "is_"}
        return {**document, "signed": list(self.signed), "is": self.is_}


def register_of(store: Store, workflow: Workflow, paper: Paper) -> list[Entry]:
    """Return the register of a paper: numbered ones by series and serial, others in the order of their cases."""
    found: list[Entry] = []
    series: dict[str, None] = {}
    for entry in store.cases(workflow.name):
        case = head_case(store, entry.id)
        for instance, kept in held(case, paper):
            series.setdefault(kept.get("series", ""))
            found.append(entry_of(paper, case.number, instance, kept))
    if not paper.number:
        return found
    drawn = {number: case for name in series if name for number, case in numbers(store, name)}
    known = {entry.number: entry for entry in found}
    rows = [known.get(number) or Entry(number=number, case=case, is_="missing") for number, case in drawn.items()]
    strays = (entry for entry in found if entry.number not in drawn)
    return [*rows, *(Entry(**{**slots(entry), "is_": "stray"}) for entry in strays)]


def slots(entry: Entry) -> dict[str, Json]:
    return {name: getattr(entry, name) for name in entry.__slots__}


def held(case: Case, paper: Paper) -> Iterator[tuple[str, Issued]]:
    """Yield (instance, as kept) of every paper of a name that the case ever had, earlier ones first."""
    for instance, papers in (("", case.papers), *((one.id, one.papers) for one in case.instances.values())):
        kept = papers.get(paper.name)
        if kept is not None:
            yield from ((instance, earlier) for earlier in kept.get("before", ()))
            yield instance, kept


def entry_of(paper: Paper, case: str, instance: str, kept: Mapping[str, Json]) -> Entry:
    stage, at = kept["stage"], kept.get("at", {})
    done: Standing = "void" if stage == VOID else "finished" if paper.finished(stage) else "open"
    return Entry(
        number=kept.get("number", ""),
        case=case,
        instance=instance,
        is_=done,
        stage=stage,
        holder=kept.get("holder", ""),
        revision=kept["revision"],
        issued=min(at.values(), default=""),
        since=at.get(stage, ""),
        signed=tuple(one["role"] for one in kept.get("signed", ())),
        printed=kept.get("printed", 0),
    )


def numbers(store: Store, series: str) -> Iterator[tuple[str, str]]:
    """Yield (number, case) of every number that a series has drawn, in order."""
    for recorded in store.read(stream_of(store.meta.id, REGISTER, series)):
        if recorded.event.type == "register.numbered":
            yield recorded.event.changes["register"]["number"], recorded.event.case
