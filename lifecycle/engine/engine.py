"""The engine: one command or a hundred at once, decided and appended in one turn at the store."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from lifecycle.clocks.calendar import Calendar
from lifecycle.clocks.national import Plan
from lifecycle.core import figures
from lifecycle.core.calendars import ChangeCalendar, SetPlan, name_of_plans
from lifecycle.core.case import Case, Offer, Printable, as_of, folded, offers, printable
from lifecycle.core.events import Actor, Event, Recorded, instant, stamp
from lifecycle.core.figures import SetFigure
from lifecycle.core.lists import ChangeRow, Rows
from lifecycle.core.staff import ANY_WORKFLOW, ChangeStaff, Directory
from lifecycle.core.workflow import Workflow
from lifecycle.engine import calendars, lists, staff
from lifecycle.engine.answers import Command, Done, Outcome
from lifecycle.engine.clockwork import Ran, run_due
from lifecycle.engine.loading import (
    calendars_now,
    changes_of,
    facts_now,
    figures_now,
    find_case,
    fold_any,
)
from lifecycle.engine.messages import sends_anything
from lifecycle.engine.recent import Recent
from lifecycle.engine.seeing import Sight
from lifecycle.engine.turn import Turn
from lifecycle.engine.workflows import Workflows
from lifecycle.problems import LifecycleError, Reason, Refusal
from lifecycle.store.port import CaseEntry, Session, Store
from lifecycle.store.standing import head_case

LARGEST_GROUP = 500
"""Commands decided in one turn; more wait for the next one."""

MOST_ROUNDS = 32
"""How often what was delivered may itself send something on in one delivery."""


@dataclass(frozen=True, slots=True)
class Job:
    """One submitted command, waiting for its turn."""

    command: Command
    if_revision: int | None
    future: Future[Outcome]


class Engine:
    """Carries out commands on a store; safe for threads, and for many processes on one store.

    clock   -> now, aware
    new_id  -> a fresh id, ordered by time (UUIDv7)
    """

    def __init__(
        self, store: Store, workflows: Workflows, *, clock: Callable[[], datetime], new_id: Callable[[], UUID]
    ) -> None:
        self.store = store
        self.workflows = workflows
        self.clock = clock
        self.new_id = new_id
        self._waiting: deque[Job] = deque()
        self._bell = threading.Condition()
        self._collector: threading.Thread | None = None
        self._closing = False
        self._recent = Recent()

    def execute(self, command: Command, *, if_revision: int | None = None, dry: bool = False) -> Outcome:
        """Carry out one command and return what it recorded, or why not.

        if_revision  the case's revision that the caller has seen; another one is a conflict, not a new decision
        dry          decide and write nothing, not even to the journal
        Raises       RevisionConflict, CommandIdReused, UnknownCase, UnknownWorkflow, InvalidWorkflow,
                     StoreUnreachable, OutcomeUnknown, StoreStopped
        """
        [answer] = self._group([(command, if_revision)], dry=dry)
        if isinstance(answer, LifecycleError):
            raise answer
        if not dry and isinstance(answer, Done) and not answer.repeated:
            self._deliver_after(answer)
        return answer

    def execute_all(self, commands: Sequence[Command]) -> list[Outcome | LifecycleError]:
        """Carry out many commands in one turn, each for itself; an answer per command, in order."""
        answers = self._group([(command, None) for command in commands], dry=False)
        for answer in answers:
            if isinstance(answer, Done) and not answer.repeated:
                self._deliver_after(answer)
        return answers

    def submit(self, command: Command, *, if_revision: int | None = None) -> Future[Outcome]:
        """Hand in a command; whatever is handed in while another turn runs is decided together.

        Returns  a future: the outcome, or one of the exceptions of `execute`
        """
        job = Job(command, if_revision, Future())
        with self._bell:
            if self._closing:
                raise RuntimeError("the engine is closed")
            if self._collector is None:
                self._collector = threading.Thread(target=self._collect, name="lifecycle-collector", daemon=True)
                self._collector.start()
            self._waiting.append(job)
            self._bell.notify()
        return job.future

    def close(self) -> None:
        """Finish what was submitted, then let go of the store."""
        with self._bell:
            self._closing = True
            self._bell.notify()
        if self._collector is not None:
            self._collector.join()
        self.store.close()

    def _collect(self) -> None:
        while True:
            with self._bell:
                while not self._waiting and not self._closing:
                    self._bell.wait()
                jobs = [self._waiting.popleft() for _ in range(min(len(self._waiting), LARGEST_GROUP))]
            if not jobs:
                return
            self._serve(jobs)

    def _serve(self, jobs: Sequence[Job]) -> None:
        """Answer a group: whatever goes wrong reaches the callers, each in its own future."""
        try:
            answers = self._group([(job.command, job.if_revision) for job in jobs], dry=False)
        except BaseException as error:  # noqa: BLE001 - the collector must live; every caller is told
            for job in jobs:
                job.future.set_exception(error)
            return
        for job, answer in zip(jobs, answers, strict=True):
            if isinstance(answer, LifecycleError):
                job.future.set_exception(answer)
            else:
                job.future.set_result(answer)
        for answer in answers:
            if isinstance(answer, Done) and not answer.repeated:
                self._deliver_after(answer)

    def _group(self, commands: Iterable[tuple[Command, int | None]], *, dry: bool) -> list[Outcome | LifecycleError]:
        """Decide commands one after the other in one turn at the store.

        A command that breaks a promise (a conflict, an unknown case) gets its exception as its answer and leaves the
        others alone; a failure of the store fails them all, and nothing is written.
        """
        answers: list[Outcome | LifecycleError] = []
        published: list[tuple[str, int]] = []
        try:
            with self.store.writing() as session:
                turn = Turn(
                    session,
                    self.store.meta.id,
                    self.workflows,
                    now=self.clock(),
                    new_id=self.new_id,
                    dry=dry,
                    standing=self._recent.take(session.position),
                )
                published = turn.published
                for command, if_revision in commands:
                    try:
                        answers.append(turn.carry_out(command, if_revision))
                    except LifecycleError as error:
                        if turn.fatal(error):
                            raise
                        answers.append(error)
                if dry:
                    raise DryRun
        except DryRun:
            self.workflows.undo(self.store.meta.id, published)
            return [replace(answer, dry=True) if isinstance(answer, Done) else answer for answer in answers]
        except BaseException:
            self.workflows.undo(self.store.meta.id, published)
            raise
        self._recent.give(session.position, turn.standing)
        return answers

    def _deliver_after(self, answer: Done) -> None:
        """Deliver what a command has sent; it is committed, so a failure now is not its own: the outbox keeps it."""
        if any(sends_anything(recorded.event) for recorded in answer.events):
            with suppress(LifecycleError):
                self.deliver()

    def deliver(self) -> int:
        """Deliver what cases have sent to each other; return how many were taken off the outbox.

        Each takes effect once: its command id is derived from the position that sent it. One that the receiver
        refuses is kept in the receiver's journal with its reasons. What receivers send on is delivered too, up to
        a number of rounds: cases that answer each other for ever do not hold up the caller.
        """
        delivered = 0
        for _ in range(MOST_ROUNDS):
            pending = self.store.pending_sends()
            for send in pending:
                with self.store.writing() as session:
                    self._turn(session).receive(send)
                delivered += 1
            if not pending:
                break
        return delivered

    def run_due(self, until: datetime | None = None) -> Ran:
        """Run what the clock has to do by an instant (by now), in due order, and deliver what that sends.

        What was due earlier happens when it was due, however late it is run. A process that is killed on the way
        leaves the rest due; several at once share the work; each thing is done once.
        """
        ran = run_due(self.store, self._turn, until or self.clock())
        if ran.sent:
            self.deliver()
        return ran

    def _turn(self, session: Session) -> Turn:
        return Turn(session, self.store.meta.id, self.workflows, now=self.clock(), new_id=self.new_id, dry=False)

    def publish(self, name: str, actor: Actor, via: str = "") -> tuple[Workflow, bool] | Refusal:
        """Publish the text that the folders have under a name; return it and whether it is new.

        Raises  UnknownWorkflow, InvalidWorkflow
        """
        self.workflows.forget()
        with self.store.writing() as session:
            return self._turn(session).publish(name, actor, via)

    def set_figure(self, command: SetFigure) -> bool | Refusal:
        """Change a setting of a workflow; return whether anything changed."""
        with self.store.writing() as session:
            return self._turn(session).set_figure(command)

    def change_calendar(self, command: ChangeCalendar) -> list[Event] | Refusal:
        """Change days of a workflow's calendar; return the events, none when nothing changed.

        Raises  UnknownWorkflow, InvalidWorkflow
        """
        workflow, _ = self.figures(command.workflow)
        with self.store.writing() as session:
            return calendars.change(session, self.store.meta.id, workflow, command, self.clock())

    def set_plan(self, command: SetPlan) -> list[Event] | Refusal:
        """Put a national plan in force for every workflow; return the events, none when it is already."""
        with self.store.writing() as session:
            return calendars.set_plan(session, self.store.meta.id, command, self.clock())

    def change_row(self, command: ChangeRow) -> list[Event] | Refusal:
        """Change a row of a workflow's list; return the events, none when it is so already.

        Raises  UnknownWorkflow, InvalidWorkflow, RevisionConflict
        """
        workflow, _ = self.figures(command.workflow)
        with self.store.writing() as session:
            return lists.change(session, self.store.meta.id, workflow, command, self.clock())

    def rows(self, workflow: Workflow, name: str) -> Rows:
        """Return what was changed about a list of a workflow."""
        return lists.rows_now(self.store, self.store.meta.id, workflow, name)

    def change_staff(self, command: ChangeStaff, zone: str = "UTC") -> Event | Refusal:
        """Change what the staff directory says of a person; return the event.

        Raises  UnknownWorkflow, InvalidWorkflow for a role of a workflow that is not there; RevisionConflict
        """
        for name, roles in command.change.get("roles", {}).items():
            known = self.figures(name)[0].roles if name != ANY_WORKFLOW else dict.fromkeys(roles)
            unknown = next((role for role in roles if role not in known), None)
            if unknown is not None:
                reason = Reason(code="unknown-role", values={"role": unknown, "known": tuple(known)})
                return Refusal(reasons=(reason,))
        with self.store.writing() as session:
            return staff.change(session, self.store.meta.id, command, zone, self.clock())

    def staff(self) -> Directory:
        """Return the staff directory as it is."""
        return staff.directory_now(self.store, self.store.meta.id)

    def calendars(self, workflow: Workflow) -> dict[str, Calendar]:
        """Return the calendars of a workflow as they are in force now."""
        return {**workflow.calendars, **calendars_now(self.store, self.store.meta.id, workflow)}

    def plans(self, country: str) -> list[Plan]:
        """Return the national plans of the organisation's own: they stand above those of the program."""
        changes = changes_of(self.store, self.store.meta.id, name_of_plans(country))
        return [Plan.from_json(document) for document in changes.plans.values()]

    def figures(self, workflow: str) -> tuple[Workflow, figures.Figures]:
        """Return the version of a workflow that a new case would be opened under, and the figures set for it.

        Raises  UnknownWorkflow, InvalidWorkflow
        """
        version, source = self.workflows.wanted(self.store, self.store.meta.id, workflow)
        standing = figures_now(self.store, self.store.meta.id, workflow)
        if source is not None:
            return source.workflow, standing
        return self.workflows.published(self.store, self.store.meta.id, workflow, version), standing

    def sight(self, at: int | None = None) -> Sight:
        """Return what can be seen of many cases: as they are, or as they were at a position."""
        reads = self.store if at is None else self.store.past(at)
        return Sight(reads, self.store.meta.id, self.workflows)

    def entry(self, case: str) -> CaseEntry:
        """Return the index entry of a case number or id.

        Raises  UnknownCase
        """
        return find_case(self.store, case)

    def case(self, case: str) -> tuple[Case, Workflow]:
        """Return a case as it is now, and the workflow version that it is under."""
        entry = self.entry(case)
        standing = head_case(self.store, entry.id)
        return standing, self.workflow_of(standing)

    def calendar(self, workflow: Workflow, name: str) -> Calendar:
        """Return a calendar of a workflow as the organisation has it now."""
        return self.calendars(workflow)[name]

    def workflow_of(self, case: Case) -> Workflow:
        return self.workflows.published(self.store, self.store.meta.id, case.workflow, case.version)

    def history(self, case: str) -> list[Recorded]:
        """Return a case's events, in order of revision."""
        return list(self.store.read(self.entry(case).id))

    def offers(self, case: str, actor: Actor | None = None) -> list[Offer]:
        """Return every step of every live instance of a case, with what stands against it."""
        standing, workflow = self.case(case)
        facts = facts_now(self.store, self.store.meta.id, workflow, standing, {})
        now = max(self.clock(), instant(standing.at))
        return offers(workflow, as_of(workflow, standing, now, facts), facts, actor, stamp(now))

    def printable(self, case: str, paper: str) -> tuple[Case, Workflow, Printable | Refusal]:
        """Return a case, its workflow, and what is to be printed of one of its papers.

        paper   its name, "<instance>.<name>", or its number
        Raises  UnknownCase
        """
        standing, workflow = self.case(case)
        facts = facts_now(self.store, self.store.meta.id, workflow, standing, {})
        return standing, workflow, printable(workflow, standing, paper, self.clock(), facts)

    def replay(self, case: str, *, at: datetime | None = None, known_at: int | datetime | None = None) -> Case:
        """Return a case as it was at an instant, as far as was known at a position or time.

        at        events that happened later are left out; None takes all
        known_at  a position, or a time: the last position recorded by then; None knows all
        """
        position = known_at if isinstance(known_at, int) else None
        if isinstance(known_at, datetime):
            position = self.store.position_at(known_at)
        return folded(self.entry(case).id, self.history(case), at, position)

    def rebuild_heads(self) -> int:
        """Fold every stream again and replace its head; return how many."""
        return self.store.rebuild_heads(fold_any)


class DryRun(Exception):
    """Leaves a turn without writing."""
