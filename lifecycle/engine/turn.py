"""One turn at the store: commands decided one after the other, each seeing what the ones before it wrote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from lifecycle.core.case import SHAPE, Case, Decision, OpenCase, RunDue, decide, next_due
from lifecycle.core.events import SYSTEM, Actor, Event, Json, Personal, Recorded, instant, stamp
from lifecycle.core.figures import SetFigure
from lifecycle.core.workflow import Schedule, Workflow
from lifecycle.engine import schedules
from lifecycle.engine.answers import Command, Done, Outcome, body_of, owner_of, plain
from lifecycle.engine.gathering import Gathering
from lifecycle.engine.limits import LONGEST_CASE, check_limits
from lifecycle.engine.loading import standing_case
from lifecycle.engine.messages import outgoing, received
from lifecycle.engine.publishing import Publishing
from lifecycle.engine.recent import Standing
from lifecycle.engine.refusals import keep_refusal, keep_undeliverable
from lifecycle.engine.workflows import Workflows
from lifecycle.problems import (
    CommandIdReused,
    DamagedHistory,
    LifecycleError,
    Place,
    Reason,
    Refusal,
    RevisionConflict,
    StoreUnreachable,
)
from lifecycle.store.port import (
    Appended,
    CaseEntry,
    CommandRecord,
    Commit,
    Conflict,
    Repeated,
    Send,
    Session,
    StoredCommand,
)
from lifecycle.store.standing import head_case


class Turn:
    """Carries out commands inside one session.

    now        of the turn; a case never sees a time before its own latest event
    published  names and versions published in this turn: not for good before it is committed
    standing   what is known without asking the session; at the end, for the next turn if this one is committed
    """

    def __init__(
        self,
        session: Session,
        store_id: UUID,
        workflows: Workflows,
        *,
        now: datetime,
        new_id: Callable[[], UUID],
        dry: bool,
        standing: Standing | None = None,
    ) -> None:
        self._session = session
        self._store_id = store_id
        self._workflows = workflows
        self._now = now
        self._new_id = new_id
        self._dry = dry
        self.standing = standing or Standing()
        self._publishing = Publishing(session=session, store_id=store_id, workflows=workflows, now=now, new_id=new_id)
        self._gathering = Gathering(
            session=session, store_id=store_id, workflows=workflows, now=now, new_id=new_id, standing=self.standing
        )

    @property
    def published(self) -> list[tuple[str, int]]:
        return self._publishing.published

    def fatal(self, error: LifecycleError) -> bool:
        """Return whether an error is the store's own, so that the whole turn must end."""
        return isinstance(error, StoreUnreachable | DamagedHistory)

    def carry_out(self, command: Command, if_revision: int | None = None) -> Outcome:
        """Decide a command and append what it decides.

        Raises  RevisionConflict, CommandIdReused, UnknownCase, UnknownWorkflow, InvalidWorkflow
        """
        check_limits(command)
        before = self._session.command(command.id)
        if before is not None:
            return self._repeated(command, before)
        if isinstance(command, OpenCase):
            return self._open(command)
        case = self.standing.cases.get(command.case) or standing_case(self._session, command.case)
        if if_revision is not None and case.revision != if_revision:
            raise RevisionConflict(stream=case.number, expected=if_revision, actual=case.revision)
        workflow = self._workflows.published(self._session, self._store_id, case.workflow, case.version)
        if case.revision >= LONGEST_CASE:
            full = Reason(code="case-full", values={"case": case.number, "limit": LONGEST_CASE})
            return keep_refusal(self._session, command, Refusal(reasons=(full,)), case, dry=self._dry)
        now = max(self._now, instant(case.at))
        drawn: list[str] = []
        facts = self._gathering.facts(workflow, case, command, drawn)
        decided = decide(workflow, case, command, now, facts)
        return self._concluded(workflow, command, case, decided, drawn)

    def run_due(self, stream: UUID, at: datetime) -> Outcome:
        """Run what the clock has to do on a case by an instant; its events happen when they were due.

        What is done records its derived id; nothing else keeps it from being done again than that it is not due
        any more, which this turn sees before anybody else writes.
        """
        case = head_case(self._session, stream)
        workflow = self._workflows.published(self._session, self._store_id, case.workflow, case.version)
        command = RunDue(id=f"due/{case.number}/{stamp(at)}", case=case.number)
        drawn: list[str] = []
        facts = self._gathering.facts(workflow, case, command, drawn)
        decided = decide(workflow, case, command, max(at, instant(case.opened_at)), facts)
        return self._concluded(workflow, command, case, decided, drawn)

    def is_schedule(self, stream: UUID) -> bool:
        """Return whether a stream is a schedule's."""
        head = self._session.head(stream)
        return head is not None and "schedule" in head.state

    def run_schedule(self, stream: UUID, at: datetime) -> Done:
        """Run what a schedule does by an instant, by the newest version; its events happen when they were due."""
        workflow, schedule = self._schedule_of(stream)
        then = Turn(
            self._session,
            self._store_id,
            self._workflows,
            now=at,
            new_id=self._new_id,
            dry=self._dry,
            standing=self.standing,
        )
        run = schedules.Run(
            session=self._session,
            store_id=self._store_id,
            workflow=workflow,
            schedule=schedule,
            stream=stream,
            at=at,
            now=max(self._now, at),
            carry_out=then.carry_out,
            fatal=self.fatal,
        )
        done = run.done()
        self.published.extend(then.published)
        return done

    def move_schedule(self, stream: UUID, at: datetime) -> Done:
        """Move what comes next of a schedule to where a calendar that was changed at an instant puts it."""
        workflow, schedule = self._schedule_of(stream)
        moved = schedules.move(self._session, self._store_id, workflow, schedule, stream, at)
        return Done(case="", id=stream, revision=moved[-1].revision if moved else 0, events=moved)

    def _schedule_of(self, stream: UUID) -> tuple[Workflow, Schedule]:
        head = self._session.head(stream)
        assert head is not None
        name = head.state["workflow"]
        newest = self._workflows.publication(self._session, self._store_id, name).newest
        workflow = self._workflows.published(self._session, self._store_id, name, newest)
        return workflow, workflow.schedules[head.state["schedule"]]

    def _open(self, command: OpenCase) -> Outcome:
        version, source = self._workflows.wanted(self._session, self._store_id, command.workflow)
        if source is not None:
            published = self._publishing.append_text(source, command.actor or SYSTEM, command.via)
            if isinstance(published, Refusal):
                return published
        workflow = self._workflows.published(self._session, self._store_id, command.workflow, version)
        kind = workflow.kinds.get(command.kind) if command.kind else next(iter(workflow.kinds.values()), None)
        stream = self._new_id()
        subject = command.customer or f"case:{stream}"
        case = Case(
            id=stream,
            subject=self._session.subject_of(subject),
            customer=Personal(command.customer) if command.customer else None,
        )
        drawn: list[str] = []
        if kind is not None:
            key = self._gathering.key_of(kind, workflow, command)
            holder = self._session.find_key(workflow.name, kind.name, key) if key else None
            if holder is not None:
                reason = Reason(code="key-exists", where=Place(path=kind.key), values={"case": holder.number})
                return keep_refusal(self._session, command, Refusal(reasons=(reason,)), case, dry=self._dry)
            case = replace(case, number=self._gathering.number(kind, workflow, drawn), key=key)
        facts = self._gathering.facts(workflow, case, command, drawn, kind)
        decided = decide(workflow, case, command, self._now, facts)
        return self._concluded(workflow, command, case, decided, drawn)

    def _concluded(
        self,
        workflow: Workflow,
        command: Command | RunDue,
        case: Case,
        decided: Decision | Refusal,
        drawn: list[str],
    ) -> Outcome:
        """Append a decision, or keep its refusal and give back the case numbers that were drawn for it."""
        if isinstance(decided, Decision) and not decided.events:
            return Done(case=case.number, id=case.id, revision=case.revision, events=())
        if isinstance(decided, Decision):
            taken = self._key_taken(decided)
            if taken is None:
                return self._append(workflow, command, case, decided)
            decided = Refusal(reasons=(taken,))
        for series in reversed(drawn):
            self._session.undraw(series)
        return keep_refusal(self._session, command, decided, case, dry=self._dry)

    def _key_taken(self, decision: Decision) -> Reason | None:
        """Return the reason against opening a case under a key that another case is kept under."""
        for stream, events in decision.events.items():
            opened = decision.cases[stream]
            if opened.key and opened.revision == len(events):
                holder = self._session.find_key(opened.workflow, opened.kind, opened.key)
                if holder is not None:
                    return Reason(code="key-exists", values={"case": holder.number})
        return None

    def _append(self, workflow: Workflow, command: Command | RunDue, case: Case, decision: Decision) -> Outcome:
        """Append a decision; the answer holds its events as stored."""
        session = self._session
        heads: dict[UUID, dict[str, Json]] = {}
        entries: list[CaseEntry] = []
        expected: dict[UUID, int] = {}
        for stream, events in decision.events.items():
            after = decision.cases[stream]
            expected[stream] = after.revision - len(events)
            heads[stream] = after.to_json()
            if expected[stream] == 0:
                entries.append(entry_of(after))
        written: dict[UUID, Sequence[Event]] = dict(decision.events)
        shapes: dict[UUID, int] = {}
        for stream, changed in decision.beside.items():
            written[stream] = changed.events
            expected[stream] = changed.standing.revision - len(changed.events)
            heads[stream] = changed.standing.to_json()
            shapes[stream] = changed.aggregate.shape
        record = None
        if not isinstance(command, RunDue):
            body = session.digest(body_of(command), plain)
            record = CommandRecord(id=command.id, actor=owner_of(command.actor), body=body, stream=case.id)
        due = {stream: next_due(after) for stream, after in decision.cases.items()} if workflow.clocked else {}
        verdict = session.append(
            Commit(
                events=written,
                expected=expected,
                heads=heads,
                shape=SHAPE,
                shapes=shapes,
                due=due,
                command=record,
                cases=entries,
                sends=outgoing(decision),
            )
        )
        match verdict:
            case Conflict():
                raise RevisionConflict(stream=case.number, expected=verdict.expected, actual=verdict.actual)
            case Repeated():
                assert not isinstance(command, RunDue)  # it has no record of its own
                return self._repeated(command, verdict.command)
            case Appended():
                for after in decision.cases.values():
                    self.standing.keep(after)
                number, revision = decision.cases[case.id].number, decision.cases[case.id].revision
                return Done(case=number, id=case.id, revision=revision, events=verdict.positions)

    def _repeated(self, command: Command, before: StoredCommand) -> Done:
        """Return the answer that the command got the first time, rebuilt from its events."""
        body = self._session.digest(body_of(command), plain)
        if before.body != body or before.actor != owner_of(command.actor):
            raise CommandIdReused(id=command.id)
        events: list[Recorded] = []
        if before.count:
            events = list(self._session.feed(before.first_position - 1, limit=before.count))
        own = [recorded for recorded in events if recorded.event.stream == before.stream]
        return Done(
            case=own[-1].event.case if own else "",
            id=before.stream or UUID(int=0),
            revision=own[-1].revision if own else 0,
            events=events,
            repeated=True,
        )

    def receive(self, send: Send) -> None:
        """Deliver one message from another case and take it off the outbox, in the same commit."""
        command = received(send)
        if self._session.command(send.id) is None:
            try:
                self.carry_out(command)
            except LifecycleError as error:
                if self.fatal(error):
                    raise
                keep_undeliverable(self._session, command, error)
        self._session.mark_delivered(send.position, send.n)

    def publish(self, name: str, actor: Actor, via: str) -> tuple[Workflow, bool] | Refusal:
        return self._publishing.publish(name, actor, via)

    def set_figure(self, command: SetFigure) -> bool | Refusal:
        return self._publishing.set_figure(command)


def entry_of(case: Case) -> CaseEntry:
    """Return the index row of a case that was just opened."""
    return CaseEntry(
        id=case.id,
        number=case.number,
        workflow=case.workflow,
        version=case.version,
        kind=case.kind,
        key=case.key,
        subject=case.subject,
        opened_at=instant(case.opened_at),
    )
