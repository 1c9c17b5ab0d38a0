"""Is a case's history what was written? Digests, dense positions and revisions, and the head folded again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from lifecycle.core.case import SHAPE, Case, fold
from lifecycle.core.events import Sealed
from lifecycle.problems import DamagedHistory
from lifecycle.store.port import CaseEntry, Finding, Store


class Shell(Protocol):
    """What is asked of the engine."""

    @property
    def store(self) -> Store: ...

    def entry(self, case: str) -> CaseEntry: ...


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
    """Return whether the kept state differs from what the history makes."""
    head = store.head(stream)
    if head is None:
        return [Finding(what="head-missing", stream=stream)]
    if head.shape != SHAPE:
        return []
    try:
        made = fold(stream, (recorded.event for recorded in store.read(stream)))
    except DamagedHistory as damage:
        return [Finding(what="changed", position=int(str(damage.values.get("position", 0))), stream=stream)]
    if state_bytes(made) != state_bytes(Case.from_json(stream, head.state)):
        return [Finding(what="head-differs", revision=head.revision, stream=stream)]
    return []


def state_bytes(case: Case) -> bytes:
    """Return the canonical bytes of a folded case: equal states have equal bytes."""
    return json.dumps(case.to_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=boxed).encode()


def boxed(value: Any) -> Any:
    if isinstance(value, Sealed):
        return {"pii": value.subject, "box": value.box}
    raise TypeError(f"{type(value).__name__} is no JSON value")
