"""One event, as an instance of its case sees it: what its clocks listen to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lifecycle.core.case.evolve import ancestry
from lifecycle.core.case.kin import related
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.state import Case, Instance
from lifecycle.core.events import Event
from lifecycle.core.workflow import Cue, Workflow


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """One event, as an instance of its case sees it.

    entered  states of the instance that the event entered, outermost first; fresh: whether it began with the event
    """

    workflow: Workflow
    before: Case
    after: Case
    event: Event
    one: Instance
    scope: Snapshot
    entered: tuple[str, ...]
    fresh: bool

    @property
    def at(self) -> datetime:
        return self.event.occurred_at

    def hears(self, cues: Iterable[Cue]) -> bool:
        """Return whether the event is one that is listened to."""
        return any(self._hears(cue) for cue in cues)

    def _hears(self, cue: Cue) -> bool:
        if cue.kind == "start":
            return self.fresh
        if cue.kind == "entered":
            return cue.name in self.entered
        if self.event.type != cue.name:
            return False
        return (
            self.event.machine == self.one.id if cue.own else related(self.workflow, self.after, self.one, self.event)
        )


def seen(workflow: Workflow, before: Case, after: Case, event: Event, one: Instance, scope: Snapshot) -> Moment:
    fresh = one.id not in before.instances
    entered: tuple[str, ...] = ()
    if fresh:
        entered = tuple(reversed(ancestry(one.state)))
    elif event.machine == one.id and "resumed" not in event.changes:
        entered = tuple(event.changes.get("entered", ()))
    return Moment(
        workflow=workflow,
        before=before,
        after=after,
        event=event,
        one=one,
        scope=scope,
        entered=entered,
        fresh=fresh,
    )
