"""Taking back here what a withdrawn event of another case has caused: this case, or a step that its message took."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lifecycle.core.case.commands import Facts, TakeBack
from lifecycle.core.case.effects import Changes
from lifecycle.core.case.guards import Weighed
from lifecycle.core.case.hindsight import Known, Spread, by_the_clock, folds_of
from lifecycle.core.case.recording import Draft, event_of
from lifecycle.core.case.replaying import withdrawn
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.state import Case
from lifecycle.core.case.withdrawing import Undoing, undo
from lifecycle.core.events import SYSTEM, Event, Json
from lifecycle.core.workflow import Workflow

TAKEN_BACK = "case.taken_back"


def taken_back(workflow: Workflow, case: Case, command: TakeBack, now: datetime, facts: Facts) -> Event | None:
    """Return the event that takes back what the other case's event caused here; None when it caused nothing.

    A case that it opened and on which people have acted since stays as it is; a finding says that they must decide.
    """
    known = Known(
        workflow=workflow,
        facts=facts,
        history=facts.history,
        folds=folds_of(case, facts.history),
        past=case,
        rehearsed=case,
        entered=(),
        at=now,
        now=now,
    )
    group = caused(known, command)
    if not group:
        return None
    scope = Snapshot(workflow=workflow, case=case, instance=None, actor=SYSTEM, now=now, facts=facts)
    changes = Changes(scope=scope, command=command)
    undoing = Undoing(known=known, wrong=None, group=group, everything=group, changes=changes)
    acted = 1 in group and [one.revision for one in known.history if one.revision not in group and is_act(one.event)]
    undone: dict[str, Json] = {"kept": [{"what": "case", "revision": acted[0]}]} if acted else undo(undoing)
    if undone["kept"]:
        changes.findings.append(
            {
                "id": f"taken_back:{command.cause}",
                "is": "opened",
                "name": "taken_back",
                "instance": "",
                "code": "cause-withdrawn",
                "cause": command.cause,
            }
        )
    extra: dict[str, Json] = {
        "withdraws": {"cause": command.cause, "revisions": [] if acted else sorted(group)},
        **undone,
    }
    draft = Draft(scope=scope, command=command, weighed=Weighed(reasons=()), causation=command.causation or command.id)
    return event_of(draft, TAKEN_BACK, "", "", "", changes, (), extra, [])


def caused(known: Known, command: TakeBack) -> set[int]:
    """Return the revisions of what the other case's event caused, and of all that came of it by itself."""
    roots = set(roots_of(known, command))
    gone = withdrawn(known.history)
    spread = Spread(left_alone=set())
    for one in known.history if roots else ():
        if one.revision not in gone and (one.revision in roots or spread.reaches(one)):
            spread.take(one)
    return spread.revisions


def roots_of(known: Known, command: TakeBack) -> Iterator[int]:
    for one in known.history:
        opened_here = not command.message and "opened" in one.event.changes and one.event.causation == command.cause
        if opened_here or (command.message and one.event.command == command.message):
            yield one.revision


def is_act(event: Event) -> bool:
    """Return whether an event is somebody's act: no clock and no other event brought it about."""
    return event.by != SYSTEM and not by_the_clock(event) and "note" not in event.changes
