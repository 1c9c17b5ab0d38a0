"""One turn at the store: commands decided one after the other, each seeing what the ones before it wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from lifecycle.core import figures, publication
from lifecycle.core.case import (
    SHAPE,
    Case,
    Correct,
    Decision,
    Facts,
    Note,
    OpenCase,
    Print,
    RunDue,
    TakeBack,
    TakeStep,
    decide,
    folded,
    next_due,
)
from lifecycle.core.events import SYSTEM, Actor, Event, Json, Personal, Recorded, instant, stamp
from lifecycle.core.figures import SetFigure
from lifecycle.core.parsing import accept
from lifecycle.core.publication import Publish
from lifecycle.core.register import dated
from lifecycle.core.values import Misfit
from lifecycle.core.workflow import Kind, Schedule, Workflow
from lifecycle.engine import schedules
from lifecycle.engine.answers import Command, Done, Outcome, asked, body_of, owner_of, plain, reason_json
from lifecycle.engine.limits import LONGEST_CASE, check_limits
from lifecycle.engine.loading import (
    beside_of,
    calendars_now,
    changed_now,
    figures_now,
    settings_now,
    standing_case,
    things_of,
    with_links,
)
from lifecycle.engine.recent import Standing
from lifecycle.engine.seeing import Sight
from lifecycle.engine.settling import gather
from lifecycle.engine.workflows import Source, Workflows
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
    Outgoing,
    Repeated,
    Send,
    Session,
    StoredCommand,
)
from lifecycle.store.standing import head_case

RACED = frozenset(("wrong-state", "already-taken", "case-closed", "key-exists"))
"""Reasons that may mean that somebody else was faster: the refusal then carries the winner's event."""


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
        self.published: list[tuple[str, int]] = []
        self.standing = standing or Standing()

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
            return self._refused(command, Refusal(reasons=(full,)), case)
        now = max(self._now, instant(case.at))
        drawn: list[str] = []
        facts = self._facts(workflow, case, command, drawn)
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
        facts = self._facts(workflow, case, command, drawn)
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
            published = self._publish(source, command.actor or SYSTEM, command.via)
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
            key = self._key_of(kind, workflow, command)
            holder = self._session.find_key(workflow.name, kind.name, key) if key else None
            if holder is not None:
                reason = Reason(code="key-exists", where=Place(path=kind.key), values={"case": holder.number})
                return self._refused(command, Refusal(reasons=(reason,)), case)
            case = replace(case, number=self._number(kind, workflow, drawn), key=key)
        facts = self._facts(workflow, case, command, drawn, kind)
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
        return self._refused(command, decided, case)

    def _key_taken(self, decision: Decision) -> Reason | None:
        """Return the reason against opening a case under a key that another case is kept under."""
        for stream, events in decision.events.items():
            opened = decision.cases[stream]
            if opened.key and opened.revision == len(events):
                holder = self._session.find_key(opened.workflow, opened.kind, opened.key)
                if holder is not None:
                    return Reason(code="key-exists", values={"case": holder.number})
        return None

    def _facts(
        self, workflow: Workflow, case: Case, command: Command | RunDue, drawn: list[str], kind: Kind | None = None
    ) -> Facts:
        """Return everything the decision may look at. drawn: takes the series of the numbers that it draws."""
        typed: Mapping[str, Json] = {} if isinstance(command, Note | Print | TakeBack | RunDue) else command.form
        version = (workflow.name, workflow.version)
        if version not in self.standing.settings:
            self.standing.settings[version] = settings_now(self._session, self._store_id, workflow)
            self.standing.calendars[version] = calendars_now(self._session, self._store_id, workflow)
            self.standing.changed[version] = changed_now(self._session, self._store_id, workflow)
        facts = Facts(
            settings=self.standing.settings[version],
            calendars=self.standing.calendars[version],
            changed=self.standing.changed[version],
            draw=lambda name: (self._new_id(), self._number(workflow.kinds[name], workflow, drawn)),
            seal=self._session.seal_event,
            things=lambda name: things_of(self._session, workflow, name),
            beside=beside_of(self._session, self._store_id),
        )
        facts = with_links(facts, self._session, workflow, case, typed, kind.name if kind else "")
        if workflow.settlements:
            facts = replace(facts, entries=partial(gather, self._session, workflow, facts))
        if workflow.views or workflow.kpis or workflow.audiences:
            sight = Sight(self._session, self._store_id, self._workflows)
            facts = replace(facts, seen=partial(sight.frozen, workflow))
        if isinstance(command, Correct | TakeBack):
            facts = replace(facts, history=tuple(self._session.read(case.id)))
        elif isinstance(command, TakeStep) and command.occurred_at and stamp(command.occurred_at) < case.at:
            history = tuple(self._session.read(case.id))
            past = folded(case.id, history, command.occurred_at, None)
            facts = replace(facts, past=past, history=history)
        return facts

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

    def _refused(self, command: Command | RunDue, refusal: Refusal, case: Case) -> Refusal:
        """Keep the refusal in the journal and tell who was faster, if somebody was."""
        raced = next((reason for reason in refusal.reasons if reason.code in RACED), None)
        if raced is not None and case.revision:
            refusal = replace(refusal, winner=self._winner(case, str(raced.values.get("instance", ""))))
        if not self._dry:
            entry: dict[str, Json] = {
                "case": case.number if case.revision else "",
                "command": command.id,
                "asked": asked(command),
                "by": owner_of(command.actor),
                "via": command.via,
                "reasons": [reason_json(reason) for reason in refusal.reasons],
            }
            self._session.journal(entry)
        return refusal

    def _winner(self, case: Case, instance: str) -> Mapping[str, Json] | None:
        """Return the event that last moved the instance, or the case's last one."""
        one = case.instances.get(instance)
        revision = max(one.entered.values(), default=case.revision) if one is not None else case.revision
        recorded = next(iter(self._session.read(case.id, after=revision - 1, upto=revision)), None)
        if recorded is None:
            return None
        event = recorded.event
        return {
            "type": event.type,
            "position": recorded.position,
            "revision": recorded.revision,
            "occurred_at": stamp(event.occurred_at),
            "by": {"role": event.by.role, "person": event.by.person},
            "command": event.command,
        }

    def receive(self, send: Send) -> None:
        """Deliver one message from another case and take it off the outbox, in the same commit."""
        command = received(send)
        if self._session.command(send.id) is None:
            try:
                self.carry_out(command)
            except LifecycleError as error:
                if self.fatal(error):
                    raise
                self._undeliverable(command, error)
        self._session.mark_delivered(send.position, send.n)

    def _undeliverable(self, command: TakeStep | TakeBack, error: LifecycleError) -> None:
        """Keep in the receiver's journal that a message could never be taken; it holds up no later one."""
        entry: dict[str, Json] = {
            "case": command.case,
            "command": command.id,
            "asked": asked(command),
            "by": owner_of(command.actor),
            "via": command.via,
            "reasons": [{"code": error.code}],
        }
        self._session.journal(entry)

    def publish(self, name: str, actor: Actor, via: str) -> tuple[Workflow, bool] | Refusal:
        source = self._workflows.source(name)
        if source is None:
            version, _ = self._workflows.wanted(self._session, self._store_id, name)
            return self._workflows.published(self._session, self._store_id, name, version), False
        answer = self._publish(source, actor, via)
        return answer if isinstance(answer, Refusal) else (source.workflow, answer)

    def _publish(self, source: Source, actor: Actor, via: str) -> bool | Refusal:
        """Append the publication of a text; return whether it was not there yet."""
        workflow = source.workflow
        stream = publication.stream_of(self._store_id, workflow.name)
        standing = self._workflows.publication(self._session, self._store_id, workflow.name)
        command = Publish(
            id=str(self._new_id()),
            name=workflow.name,
            version=workflow.version,
            zone=workflow.zone,
            digest=source.digest,
            files=source.files,
            actor=actor,
            via=via,
        )
        events = publication.decide(standing, command, stream, self._now)
        if isinstance(events, Refusal):
            return events
        after = standing
        for event in events:
            after = publication.evolve(after, event)
        self.published.append((workflow.name, workflow.version))
        fresh = self._append_plain(stream, standing.revision, events, after.to_json(), publication.SHAPE)
        if fresh and workflow.version == after.newest:
            self._plan(workflow, standing.newest, command.id)
        return fresh

    def _plan(self, workflow: Workflow, version: int, id: str) -> None:
        """Begin the schedules of a version that was just published. version: the newest before it; 0 for none."""
        before = self._workflows.published(self._session, self._store_id, workflow.name, version) if version else None
        if workflow.schedules or (before is not None and before.schedules):
            schedules.plan(self._session, self._store_id, workflow, before, self._now, id)

    def set_figure(self, command: SetFigure) -> bool | Refusal:
        version, source = self._workflows.wanted(self._session, self._store_id, command.workflow)
        workflow = (
            source.workflow
            if source
            else self._workflows.published(self._session, self._store_id, command.workflow, version)
        )
        stream = figures.stream_of(self._store_id, workflow.name)
        standing = figures_now(self._session, self._store_id, workflow.name)
        events = figures.decide(workflow, standing, command, stream, self._now)
        if isinstance(events, Refusal):
            return events
        after = standing
        for event in events:
            after = figures.evolve(after, event)
        due = self._now if command.name in workflow.settings and workflow.settings[command.name].follows else None
        return self._append_plain(stream, standing.revision, events, after.to_json(), figures.SHAPE, due)

    def _append_plain(
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
        verdict = self._session.append(
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

    def _number(self, kind: Kind, workflow: Workflow, drawn: list[str]) -> str:
        """Draw a case number of a kind's pattern; the serial starts anew with each year, month or day that it names."""
        series = dated(kind.number, self._now, workflow.zone)
        drawn.append(series)
        return series.format(serial=self._session.draw(series))

    def _key_of(self, kind: Kind, workflow: Workflow, command: OpenCase) -> str:
        """Return what the case is kept under: the key field's value, as a keyed digest when it is personal."""
        if not kind.key:
            return ""
        raw = command.form.get(kind.key)
        wanted = workflow.fields[kind.key]
        value = accept(wanted.type, raw.value if isinstance(raw, Personal) else raw, ZoneInfo(workflow.zone))
        if value is None or isinstance(value, Misfit):
            return ""
        return self._session.token(str(value)) if wanted.pii else str(value)


def outgoing(decision: Decision) -> list[Outgoing]:
    """Return what the events of a decision send to other cases."""
    found: list[Outgoing] = []
    for stream, events in decision.events.items():
        for index, event in enumerate(events):
            for send in event.changes.get("sends", ()):
                payload = {"step": send["step"], "form": send["form"], "from": event.case}
                found.append(Outgoing(stream=stream, index=index, target_case=send["case"], payload=payload))
            for back in event.changes.get("takes_back", ()):
                payload = {"takes_back": back["cause"], "message": back.get("message", ""), "from": event.case}
                found.append(Outgoing(stream=stream, index=index, target_case=back["case"], payload=payload))
    return found


def received(send: Send) -> TakeStep | TakeBack:
    """Return the command by which a message of another case takes effect."""
    payload = send.payload
    if "takes_back" in payload:
        return TakeBack(
            id=send.id,
            case=send.target_case,
            cause=payload["takes_back"],
            message=payload["message"],
            via=f"case:{payload['from']}",
            causation=payload["from"],
        )
    return TakeStep(
        id=send.id,
        case=send.target_case,
        step=payload["step"],
        actor=SYSTEM,
        form=payload.get("form", {}),
        via=f"case:{payload['from']}",
        causation=payload["from"],
        received=True,
    )


def sends_anything(event: Event) -> bool:
    """Return whether an event has something to be delivered to other cases."""
    return "sends" in event.changes or "takes_back" in event.changes


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
