"""Publishing: what a workflow's text says, and what its settings are, written beside the cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from lifecycle.core import figures, publication
from lifecycle.core.events import Actor, Event, Json
from lifecycle.core.figures import SetFigure
from lifecycle.core.publication import Publish
from lifecycle.core.workflow import Workflow
from lifecycle.engine import schedules
from lifecycle.engine.loading import figures_now
from lifecycle.engine.workflows import Source, Workflows
from lifecycle.problems import Refusal, RevisionConflict
from lifecycle.store.port import Commit, Conflict, Session


@dataclass(kw_only=True, slots=True)
class Publishing:
    """Writes publications and settings inside one session.

    published  names and versions published in it: not for good before it is committed
    """

    session: Session
    store_id: UUID
    workflows: Workflows
    now: datetime
    new_id: Callable[[], UUID]
    published: list[tuple[str, int]] = field(default_factory=list)

    def publish(self, name: str, actor: Actor, via: str) -> tuple[Workflow, bool] | Refusal:
        """Publish a workflow's text; return it, and whether it was not there yet. Without a text, what is in use."""
        source = self.workflows.source(name)
        if source is None:
            version, _ = self.workflows.wanted(self.session, self.store_id, name)
            return self.workflows.published(self.session, self.store_id, name, version), False
        answer = self.append_text(source, actor, via)
        return answer if isinstance(answer, Refusal) else (source.workflow, answer)

    def append_text(self, source: Source, actor: Actor, via: str) -> bool | Refusal:
        """Append the publication of a text; return whether it was not there yet."""
        workflow = source.workflow
        stream = publication.stream_of(self.store_id, workflow.name)
        standing = self.workflows.publication(self.session, self.store_id, workflow.name)
        command = Publish(
            id=str(self.new_id()),
            name=workflow.name,
            version=workflow.version,
            zone=workflow.zone,
            digest=source.digest,
            files=source.files,
            actor=actor,
            via=via,
        )
        events = publication.decide(standing, command, stream, self.now)
        if isinstance(events, Refusal):
            return events
        after = standing
        for event in events:
            after = publication.evolve(after, event)
        self.published.append((workflow.name, workflow.version))
        fresh = self._append(stream, standing.revision, events, after.to_json(), publication.SHAPE)
        if fresh and workflow.version == after.newest:
            self._plan(workflow, standing.newest, command.id)
        return fresh

    def _plan(self, workflow: Workflow, version: int, id: str) -> None:
        """Begin the schedules of a version that was just published. version: the newest before it; 0 for none."""
        before = self.workflows.published(self.session, self.store_id, workflow.name, version) if version else None
        if workflow.schedules or (before is not None and before.schedules):
            schedules.plan(self.session, self.store_id, workflow, before, self.now, id)

    def set_figure(self, command: SetFigure) -> bool | Refusal:
        version, source = self.workflows.wanted(self.session, self.store_id, command.workflow)
        workflow = (
            source.workflow
            if source
            else self.workflows.published(self.session, self.store_id, command.workflow, version)
        )
        stream = figures.stream_of(self.store_id, workflow.name)
        standing = figures_now(self.session, self.store_id, workflow.name)
        events = figures.decide(workflow, standing, command, stream, self.now)
        if isinstance(events, Refusal):
            return events
        after = standing
        for event in events:
            after = figures.evolve(after, event)
        due = self.now if command.name in workflow.settings and workflow.settings[command.name].follows else None
        return self._append(stream, standing.revision, events, after.to_json(), figures.SHAPE, due)

    def _append(
        self,
        stream: UUID,
        revision: int,
        events: list[Event],
        state: dict[str, Json],
        shape: int,
        due: datetime | None = None,
    ) -> bool:
        """Append the events of an aggregate that is no case; return whether there were any.

        due   when the clock has to look at all that runs, if clocks follow what was changed
        """
        if not events:
            return False
        verdict = self.session.append(
            Commit(
                events={stream: events},
                expected={stream: revision},
                heads={stream: state},
                shape=shape,
                due={} if due is None else {stream: due},
            )
        )
        if isinstance(verdict, Conflict):
            raise RevisionConflict(stream=str(stream), expected=verdict.expected, actual=verdict.actual)
        return True
