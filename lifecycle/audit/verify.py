"""Is a case's history what was written? Digests, dense positions and revisions, and the head folded again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from lifecycle.core.case import SHAPE, Case, evolve
from lifecycle.core.events import Sealed
from lifecycle.problems import DamagedHistory
from lifecycle.store.port import CaseEntry, Finding, Store


class Shell(Protocol):
    """What is asked of the engine."""

    @property
    def store(self) -> Store: ...

    def entry(self, case: str) -> CaseEntry: ...


UNFOLDABLE = (LookupError, TypeError, AttributeError, ValueError, StopIteration)
"""What folding an event raises that this program would not have written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a verification of one case found; nothing found is no proof against a rewritten tail."""

    case: str
    events: int
    findings: Sequence[Finding]


def verify_case(shell: Shell, case: str) -> Verdict:
    """Return everything that can be seen to be altered in a case's history or head.

    Raises  UnknownCase
    """
    entry = shell.entry(case)
    checked = shell.store.verify(entry.id)
    findings = list(checked.findings)
    if not findings:
        findings.extend(head_findings(shell.store, entry.id))
    return Verdict(case=entry.number, events=checked.events, findings=findings)


def head_findings(store: Store, stream: UUID) -> list[Finding]:
    """Return whether the history can still be read, and whether the kept state differs from what it makes.

    The digests agree here already: what is found now was written by somebody who made them anew.
    """
    made = Case(id=stream)
    events = store.read(stream)
    while True:
        try:
            recorded = next(events, None)
        except DamagedHistory as damage:
            position = int(str(damage.values.get("position", 0)))
            return [Finding(what="changed", position=position, revision=made.revision + 1, stream=stream)]
        if recorded is None:
            break
        try:
            made = evolve(made, recorded.event)
        except UNFOLDABLE:  # written by hand: of another form, or of an instance that the history does not have
            return [Finding(what="changed", position=recorded.position, revision=recorded.revision, stream=stream)]
    try:
        head = store.head(stream)
        if head is None:
            return [Finding(what="head-missing", stream=stream)]
        kept = made if head.shape != SHAPE else Case.from_json(stream, head.state)
        differs = state_bytes(made) != state_bytes(kept)
    except DamagedHistory:
        differs = True
    return [Finding(what="head-differs", revision=made.revision, stream=stream)] if differs else []


def state_bytes(case: Case) -> bytes:
    """Return the canonical bytes of a folded case: equal states have equal bytes."""
    return json.dumps(case.to_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=boxed).encode()


def boxed(value: Any) -> Any:
    if isinstance(value, Sealed):
        return {"pii": value.subject, "box": value.box}
    raise TypeError(f"{type(value).__name__} is no JSON value")
