"""The files of the golden histories: where they are, and what they hold."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import orjson

from lifecycle.audit.verify import state_bytes
from lifecycle.core.case import Case, fold
from lifecycle.core.events import Event, Json
from lifecycle.store.sealing import from_bytes, to_bytes
from tests.walks.world import SHIPPED

FOLDER = Path(__file__).parent
RECORDED = (
    *SHIPPED,
    "software-support",
    "switchgear",
    "mining-machinery",
    "lubricants-agency",
    "appliance-service",
    "aircon-network",
)
"""Whose histories are kept: what is walked to its last arrow, and what is only recorded so far."""


@dataclass(frozen=True, kw_only=True)
class Golden:
    """One case. events: the stored bytes of each; state: the canonical bytes of what they fold to."""

    stream: UUID
    kind: str
    events: Sequence[bytes]
    state: bytes


def files() -> list[Path]:
    return [file for name in RECORDED for file in sorted((FOLDER / name).glob("*.json"))]


def read(file: Path) -> Golden:
    """Return the case of a file."""
    document: Mapping[str, Json] = orjson.loads(file.read_bytes())
    return Golden(
        stream=UUID(document["stream"]),
        kind=document["kind"],
        events=[orjson.dumps(event) for event in document["events"]],
        state=orjson.dumps(document["state"], option=orjson.OPT_SORT_KEYS),
    )


def write(file: Path, case: Case, events: Sequence[Event]) -> None:
    """Write a case, an event a line, so that a change of one event is a change of one line."""
    lines = ",\n".join(to_bytes(event.to_json()).decode() for event in events)
    heading = f'{{"kind": "{case.kind}", "stream": "{case.id}", "events": ['
    file.write_text(f'{heading}\n{lines}\n], "state":\n{state_bytes(case).decode()}\n}}\n', encoding="utf-8")


def folded(golden: Golden) -> Case:
    """Return the case that the stored events make."""
    return fold(golden.stream, (Event.from_json(golden.stream, from_bytes(event)) for event in golden.events))


def written_again(golden: Golden) -> list[bytes]:
    """Return the events as this program would store them."""
    return [to_bytes(Event.from_json(golden.stream, from_bytes(event)).to_json()) for event in golden.events]


def fingerprint() -> str:
    """Return one digest of the states of all golden histories, as this process folds them."""
    digest = hashlib.sha256()
    for file in files():
        digest.update(state_bytes(folded(read(file))))
    return digest.hexdigest()
