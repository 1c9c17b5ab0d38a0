"""One scenario's organisation: an empty store, a clock that is told the time, and what the last act came to."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from lifecycle.app import folders, library
from lifecycle.core.case import Case, Correct, OpenCase, TakeStep
from lifecycle.core.case.assigning import overridable
from lifecycle.core.case.state import Instance
from lifecycle.core.events import Actor, Json, Recorded
from lifecycle.core.figures import SetFigure
from lifecycle.core.parsing import accept
from lifecycle.core.values import FieldType, Misfit
from lifecycle.core.workflow import Field, FormField, Step, Workflow
from lifecycle.engine import Done, Engine, Outcome, Workflows
from lifecycle.problems import Reason, Refusal
from lifecycle.settings import Settings
from lifecycle.store import open_store
from lifecycle.texts import Lang
from lifecycle.texts.wording import Wording
from tests.scenarios.titles import fields_of, machine_of, role_of, setting_of, steps_of

MORNING = "2026-03-02 09:00"
"""When a scenario begins that does not say otherwise."""

Table = list[list[str]]


@dataclass(kw_only=True)
class Stage:
    """What the steps of a scenario share.

    said_with  the kind of the present step: "given", "when" or "then"
    unspoken   a refusal of a `when` that no `then` has spoken of
    looking    who looks at views; nobody in particular when None
    spoken_of  instances that a `then` named since the last act: (case id, address)
    """

    folder: Path
    workflows: Workflows
    lang: Lang = "zh"
    said_with: str = "given"
    now: datetime = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    case_number: str = ""
    names: dict[str, str] = field(default_factory=dict)
    rows: dict[str, Json] = field(default_factory=dict)
    outcome: Outcome | None = None
    before: Mapping[UUID, Case] = field(default_factory=dict)
    own: tuple[UUID, str] | None = None
    spoken_of: set[tuple[UUID, str]] = field(default_factory=set)
    unspoken: bool = False
    looking: Actor | None = None

    def __post_init__(self) -> None:
        self.ids = random.Random(7)
        store = open_store(
            f"sqlite:{self.folder / 'store.db'}", clock=lambda: self.now, randomness=random.Random(11).randbytes
        )
        self.engine = Engine(store, self.workflows, clock=lambda: self.now, new_id=self.new_id)
        self.workflow = Workflow(name="", version=0, zone="UTC")

    def new_id(self) -> UUID:
        return UUID(int=self.ids.getrandbits(128))

    def use(self, name: str) -> None:
        source = self.workflows.source(name)
        assert source is not None, f"no workflow is called {name!r}; known: {', '.join(self.workflows.names())}"
        self.workflow = source.workflow
        self.tell_time(MORNING)
        if self.workflow.schedules:  # they begin when the workflow is published, before any case is opened
            answer = self.engine.publish(name, Actor(role="system"))
            assert not isinstance(answer, Refusal), self.said(answer)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.workflow.zone)

    def tell_time(self, typed: str) -> None:
        told = self.instant(typed)
        assert told >= self.now or not self.case_number, f"time does not go back, from {self.now} to {told}"
        self.let_pass(told - self.now)

    def let_pass(self, length: timedelta) -> None:
        """Let time pass; the clock does what has become due meanwhile."""
        self.now += length
        ran = self.engine.run_due()
        assert not ran.stuck, "timed steps set each other off for ever"

    def instant(self, typed: str) -> datetime:
        return datetime.fromisoformat(typed).replace(tzinfo=self.zone).astimezone(UTC)

    # acts

    def act(self, command: OpenCase | TakeStep | Correct, own: str = "") -> None:
        """Carry out a command. One said as `given` has to succeed; `then` says nothing that acts."""
        assert self.said_with != "then", "an act is said with 当 or 假如 (When or Given), not with 那么 (Then)"
        self.settle()
        self.before = self.standing()
        self.spoken_of = set()
        self.outcome = self.engine.execute(command)
        if isinstance(self.outcome, Refusal):
            assert self.said_with == "when", f"refused: {self.said(self.outcome)}"
            self.unspoken = True
            return
        for recorded in self.outcome.events:
            for name in recorded.event.changes.get("form", ()):
                self.rows.pop(name, None)
        self.own = (self.outcome.id, own or next((r.event.machine for r in self.outcome.events), ""))

    def settle(self) -> None:
        """Fail if a refusal was passed over in silence."""
        assert not self.unspoken, f"refused, and no step says so: {self.said(self.refusal)}"

    def open(self, kind: str, opening: str, role: str, person: str, table: Table | None, customer: str = "") -> None:
        wanted = self.workflow.kinds[kind].openings[opening]
        command = OpenCase(
            id=str(self.new_id()),
            workflow=self.workflow.name,
            kind=kind,
            opening=opening,
            actor=Actor(role=role_of(self.workflow, role), person=person),
            form=self.form(wanted.form, table),
            customer=customer,
        )
        self.act(command)
        if isinstance(self.outcome, Done):
            self.case_number = self.outcome.case

    def take(
        self,
        title: str,
        actor: Actor,
        table: Table | None = None,
        instance: str = "",
        reason: str = "",
        at: str = "",
    ) -> None:
        address, step = self.step_meant(title, instance)
        overridden = [*(guard.name for guard in step.require if guard.override), *overridable(step.effects)]
        reasons = dict.fromkeys(overridden, reason) if reason else {}
        command = TakeStep(
            id=str(self.new_id()),
            case=self.case_number,
            step=step.name,
            machine=address,
            actor=actor,
            form=self.form(step.form, table),
            reasons=reasons,
            occurred_at=self.instant(at) if at else None,
        )
        self.act(command, address)

    def correct(self, title: str, actor: Actor, reason: str, table: Table) -> None:
        """Replace values of the latest entry of a step of the case."""
        known = {step.event: step.form for _, step in steps_of(self.workflow, title)}
        entry = next((one for one in reversed(self.history) if one.event.type in known), None)
        assert entry is not None, f"{title} was never recorded"
        command = Correct(
            id=str(self.new_id()),
            case=self.case_number,
            revision=entry.revision,
            actor=actor,
            reason=reason,
            form=self.form(known[entry.event.type], table),
        )
        self.act(command, entry.event.machine)

    def step_meant(self, title: str, instance: str) -> tuple[str, Step]:
        """Return address and step of a title: of the instance named, else of the one whose state offers it."""
        case = self.case
        known = steps_of(self.workflow, title)
        if instance:
            one = self.instance(instance)
            steps = self.workflow.machines[one.machine].steps_of(one.state)
            here = [step for step in steps if any(step is each for _, each in known)]
            there = [step for machine, step in known if machine == one.machine]
            assert here or there, f"{instance} has no step {title!r}"
            return one.id, (here or there)[0]
        offering = [
            (one.id, step)
            for one in case.live()
            for step in self.workflow.machines[one.machine].steps_of(one.state)
            if step.trigger == "by" and any(step is each for _, each in known)
        ]
        assert len(offering) < 2, f"{title!r} may be taken on {[one for one, _ in offering]}: name the instance"
        if offering:
            return offering[0]
        machine, step = next(((m, s) for m, s in known if s.trigger == "by"), known[0])
        here_now = [one.id for one in case.instances.values() if one.machine == machine]
        return (here_now[0] if len(here_now) == 1 else ""), step

    def form(self, asked: tuple[FormField, ...], table: Table | None) -> dict[str, Json]:
        """Return a typed form: the rows of a table by title, and the rows prepared for a list that is asked for."""
        known = {one.field.name: one.field for one in asked}
        form: dict[str, Json] = {name: rows for name, rows in self.rows.items() if name in known}
        for title, value in (table or [])[1:]:
            found = self.among(title, known)
            if value:
                form[found.name] = self.typed(found.type, value)
        return form

    def among(self, title: str, known: Mapping[str, Field]) -> Field:
        """Return the field of a title: of the form if it has one, else of the dictionary (the engine then refuses)."""
        asked = [each for each in known.values() if title in (each.name, *each.titles.values())]
        return asked[0] if asked else fields_of(self.workflow, title)[0]

    def typed(self, type: FieldType, value: str) -> Json:
        """Return what a cell of a table means: roles by title, plain lists split; the rest is read by the engine."""
        if type.name == "role":
            return role_of(self.workflow, value)
        if type.name == "list" and not type.row:
            if type.of is not None and any(value in titles.values() for titles in type.of.choices.values()):
                return [value]  # a title that itself holds a separator
            return [part.strip() for part in value.replace("、", ";").split(";") if part.strip()]
        return value

    def prepare(self, title: str, table: Table) -> None:
        """Keep rows for the next step that asks for them."""
        [wanted] = [found for found in fields_of(self.workflow, title) if found.type.row]
        columns = {name: self.workflow.fields[name] for name in wanted.type.row if name in self.workflow.fields}
        names = [fields_of(self.workflow, heading, columns)[0].name for heading in table[0]]
        self.rows[wanted.name] = [
            {name: value for name, value in zip(names, row, strict=True) if value} for row in table[1:]
        ]

    def set_figure(self, title: str, value: str) -> None:
        command = SetFigure(
            id=str(self.new_id()),
            workflow=self.workflow.name,
            name=setting_of(self.workflow, title),
            value=value,
            actor=Actor(role="system"),
        )
        answer = self.engine.set_figure(command)
        assert not isinstance(answer, Refusal), self.said(answer)

    # what came of it

    @property
    def refusal(self) -> Refusal:
        assert isinstance(self.outcome, Refusal), "it was not refused"
        self.unspoken = False
        return self.outcome

    @property
    def done(self) -> Done:
        assert self.outcome is not None, "nothing was done yet"
        if isinstance(self.outcome, Refusal):
            self.unspoken = False
            raise AssertionError(f"refused: {self.said(self.outcome)}")
        return self.outcome

    def said(self, refusal: Refusal) -> str:
        return "；".join(self.reason(reason) for reason in refusal.reasons)

    def reason(self, reason: Reason) -> str:
        rules = f" [{', '.join(reason.rules)}]" if reason.rules else ""
        return Wording(lang=self.lang).reason(reason) + rules

    @property
    def case(self) -> Case:
        assert self.case_number, "no case was opened yet"
        return self.engine.case(self.case_number)[0]

    @property
    def history(self) -> list[Recorded]:
        return self.engine.history(self.case_number)

    def standing(self) -> dict[UUID, Case]:
        """Return every case of the store as it is now."""
        return {entry.id: self.engine.case(entry.number)[0] for entry in self.engine.store.cases()}

    def instance(self, typed: str) -> Instance:
        """Return an instance by its machine's title, with its number or key where there are several."""
        case = self.case
        words = typed.rsplit(" ", 1)
        titles = [machine.titles.values() for machine in self.workflow.machines.values()]
        whole = any(typed in each for each in titles) or len(words) == 1
        name, key = (typed, "") if whole else (words[0], words[1])
        machine = machine_of(self.workflow, name)
        ours = [one for one in case.instances.values() if one.machine == machine]
        if key:
            ours = [one for one in ours if key in (one.key, one.id.rpartition("/")[2])]
        live = [one for one in ours if not one.final]
        found = ours if len(ours) == 1 else live
        assert len(found) == 1, f"{typed!r} stands for {[one.id for one in ours]}: say which, by number or key"
        self.spoken_of.add((case.id, found[0].id))
        return found[0]

    def same(self, wanted: Field, stored: Json, typed: str) -> bool:
        """Return whether a stored value is what a scenario calls it."""
        opened = self.engine.store.open(stored)
        meant = accept(wanted.type, self.typed(wanted.type, typed), self.zone)
        assert not isinstance(meant, Misfit), f"{typed!r} is no value of {wanted.name}: {meant.code}"
        return bool(opened == meant)

    def actor(self, role: str, person: str) -> Actor:
        return Actor(role=role_of(self.workflow, role), person=person)

    def party(self, party: str, role: str, person: str) -> Actor:
        return Actor(role=role_of(self.workflow, party), helpers={role_of(self.workflow, role): person})


@contextmanager
def staged(folder: Path, text: str) -> Iterator[Stage]:
    """Give a stage on which one small workflow is in use, for the tests of the steps themselves."""
    name = text.partition("workflow:")[2].split(maxsplit=1)[0]
    files = folder / "files"
    files.mkdir()
    (files / f"{name}.yaml").write_text(text, encoding="utf-8")
    stage = Stage(folder=folder, workflows=library(folders(Settings(workflows=files))))
    stage.use(name)
    yield stage
    stage.engine.close()
