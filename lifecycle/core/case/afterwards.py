"""Recorded afterwards: the entry meets a case that went on without it, and takes back what the clock did wrongly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from lifecycle.core.case.begun_late import begun_late
from lifecycle.core.case.commands import Facts, TakeStep
from lifecycle.core.case.follow import Commit
from lifecycle.core.case.hindsight import (
    Known,
    Wrong,
    acted_since,
    by_the_clock,
    consequences,
    due_of,
    ended_earlier,
    folds_of,
    late_anyway,
    wrongs,
)
from lifecycle.core.case.replaying import folded
from lifecycle.core.case.state import Case
from lifecycle.core.case.withdrawing import withdrawal
from lifecycle.core.events import Event, Json, Recorded
from lifecycle.core.workflow import Workflow


@dataclass(frozen=True, kw_only=True, slots=True)
class Hindsight:
    """What came of looking back.

    case      as the entry finds it: without what was wrong
    findings  what was wrong and had to stay, since people have acted on it
    deadlines how the entry ends what has ended otherwise since, and what it begins has gone on
    """

    case: Case
    findings: Sequence[Json] = field(default_factory=list)
    deadlines: Sequence[Json] = field(default_factory=list)


def with_commit(facts: Facts, commit: Commit, case: Case, at: datetime) -> Facts:
    """Return facts whose past knows also what this commit has done so far."""
    fresh = commit.events.get(case.id, ())
    if not fresh:
        return facts
    top = len(facts.history)
    added = (
        Recorded(position=0, revision=top + n, recorded_at=commit.now, digest=b"", event=event)
        for n, event in enumerate(fresh, start=1)
    )
    history = (*facts.history, *added)
    return replace(facts, history=history, past=folded(case.id, history, at, None))


def rehearsing(facts: Facts) -> Facts:
    """Return facts with which something is only tried: nothing is sealed, numbered or taken."""
    return replace(facts, past=None, seal=None, draw=lambda kind: (UUID(int=0), kind), beside=facts.beside.anew())


def look_back(
    workflow: Workflow, commit: Commit, case: Case, command: TakeStep, rehearsed: Commit, facts: Facts
) -> Hindsight:
    """Take back what the clock did wrongly since the entry happened, latest first, each in an event of its own.

    rehearsed  the entry and what follows from it, on the case as it was then
    """
    assert facts.past is not None
    assert command.occurred_at is not None
    known = Known(
        workflow=workflow,
        facts=facts,
        history=facts.history,
        folds=folds_of(case, facts.history),
        past=facts.past,
        rehearsed=rehearsed.cases[case.id],
        entered=rehearsed.events[case.id],
        at=command.occurred_at,
        now=commit.now,
    )
    found = [(wrong, consequences(known, wrong)) for wrong in wrongs(known)]
    standing = [(wrong, group) for wrong, group in found if wrong.step is None or not acted_on(known, group)]
    standing = [
        (wrong, group)
        for wrong, group in standing
        if not late_anyway(known, wrong, {r for other, its in standing if other is not wrong for r in its})
    ]
    everything = {revision for _, group in standing for revision in group}
    done: set[int] = set()
    for wrong, group in standing:
        event = withdrawal(known, wrong, group - done, everything, case, command)
        done |= group
        commit.add(case.id, case, event)
        case = commit.cases[case.id]
    left = [wrong for wrong, group in found if wrong.step is not None and acted_on(known, group)]
    deadlines = [*ended_earlier(known, case), *begun_late(known, case)]
    return Hindsight(case=case, findings=[*overtaken(left)], deadlines=deadlines)


def acted_on(known: Known, group: set[int]) -> bool:
    """Return whether anybody has acted on what a step of the clock moved or started."""
    events = [known.history[revision - 1].event for revision in group]
    moved = {event.machine for event in events if event.machine and not by_the_clock(event)}
    born = {entry["id"] for event in events for entry in event.changes.get("started", ())}
    others = (one for one in known.history if one.event.machine in born and one.revision not in group)
    return any(acted_since(known, group, of) for of in moved) or any(True for _ in others)


def overtaken(wrong: Sequence[Wrong]) -> Iterator[Json]:
    """Yield the findings that a step of the clock stands although it is shown to be wrong."""
    for one in wrong:
        assert one.step is not None
        yield {
            "id": f"{one.instance}:overtaken:{one.step.name}",
            "is": "opened",
            "name": one.step.name,
            "instance": one.instance,
            "code": "clock-overtaken",
            "at": due_of(one),
            "rules": list(one.step.rules),
        }


def noting(event: Event, hindsight: Hindsight) -> Event:
    """Return the entry's event with what looking back has found."""
    changes = {
        "findings": [*event.changes.get("findings", ()), *hindsight.findings],
        "deadlines": [*hindsight.deadlines],
    }
    return event.with_changes({**event.changes, **{name: change for name, change in changes.items() if change}})
