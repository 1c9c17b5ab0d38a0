"""Small workflows and cases without a store: `given(workflow, acts).when(act).then(events)`.

A minute passes with every act, so that times differ and are the same in every run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from textwrap import dedent
from typing import Any
from uuid import UUID

from lifecycle.clocks.calendar import Calendar
from lifecycle.clocks.hours import parse_interval
from lifecycle.core.beside import Aggregate, Beside, nothing_yet
from lifecycle.core.case import (
    Case,
    Correct,
    Facts,
    Instance,
    Note,
    Offer,
    OpenCase,
    RunDue,
    TakeStep,
    decide,
    folded,
    next_due,
    offers,
)
from lifecycle.core.events import Actor, Event, Json, Personal, Recorded, stamp
from lifecycle.core.staff import DIRECTORY, STAFF
from lifecycle.core.staff import evolve as change_staff
from lifecycle.core.workflow import Workflow
from lifecycle.language.compile import compile_workflow
from lifecycle.language.define import define
from lifecycle.language.musts import with_musts
from lifecycle.language.reader import read
from lifecycle.problems import Reason, Refusal

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CASE = UUID(int=7)

HEAD = """
workflow: small
version: 1
zone: Asia/Shanghai
"""
ROLES = """
roles:
  clerk: {}
  chief: {corrects: true}
  expert: {}
  buyer: {party: true}
"""
CASES = """
cases:
  matter:
    machines: [job]
    opens: {opened: {by: clerk, start: job}}
"""


@lru_cache(maxsize=200)
def small(body: str, version: int = 1) -> Workflow:
    """Return the workflow of a text that says only what a test is about: `machines`, `fields` ..."""
    body = dedent(body)
    cases = "" if "\ncases:" in f"\n{body}" else CASES
    roles = "" if "\nroles:" in f"\n{body}" else ROLES
    text = HEAD.replace("version: 1", f"version: {version}") + roles + cases + body
    reading = read(text, "small.yaml")
    assert reading.tree is not None, reading.problems
    assert not reading.problems, reading.problems
    tree, misfits = with_musts(reading.tree)
    definition, problems = define(tree)
    assert not (*misfits, *problems), (*misfits, *problems)
    compilation = compile_workflow(definition, "00")
    assert compilation.problems == (), compilation.problems
    assert compilation.workflow is not None
    return compilation.workflow


def actor(typed: str) -> Actor:
    """Return the actor of "clerk:li", or of "buyer+clerk:li": the buyer, recorded by the clerk li."""
    role, _, helper = typed.partition("+")
    name, _, person = helper.partition(":")
    if helper:
        return Actor(role=role, helpers={name: person})
    role, _, person = typed.partition(":")
    return Actor(role=role, person=person)


@dataclass(frozen=True)
class Act:
    """Something that somebody does. minute: when it is typed, ago: minutes that it lies back."""

    name: str
    by: str
    form: Mapping[str, Json]
    opening: bool = False
    kind: str = ""
    machine: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
    ago: int | None = None
    revision: int = 0
    withdraw: bool = False
    received: bool = False


def opened(opening: str = "", by: str = "clerk:li", *, kind: str = "", ago: int | None = None, **form: Json) -> Act:
    return Act(opening, by, form, opening=True, kind=kind, ago=ago)


def taken(
    step: str,
    by: str = "clerk:li",
    *,
    reasons: Mapping[str, str] | None = None,
    ago: int | None = None,
    received: bool = False,
    **form: Json,
) -> Act:
    """Return the taking of a step, "job/1.begun" or "begun"."""
    machine, _, name = step.rpartition(".")
    return Act(name, by, form, machine=machine, reasons=reasons or {}, ago=ago, received=received)


def corrected(revision: int, by: str = "chief:wu", *, withdraw: bool = False, **form: Json) -> Act:
    return Act("", by, form, revision=revision, withdraw=withdraw)


@dataclass(frozen=True)
class Told:
    """A case so far, with its history.

    links, settings, things  what decisions may look at beside it
    beside           the aggregates that they have changed, by stream
    """

    workflow: Workflow
    case: Case = field(default_factory=lambda: Case(id=CASE))
    history: tuple[Recorded, ...] = ()
    minute: int = 0
    links: Mapping[str, Case] = field(default_factory=dict)
    settings: Mapping[str, Json] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    changed: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[UUID, Any] = field(default_factory=dict)
    things: tuple[Case, ...] = ()

    @property
    def now(self) -> datetime:
        return MORNING + timedelta(minutes=self.minute)

    @property
    def facts(self) -> Facts:
        defaults = {name: setting.default for name, setting in self.workflow.settings.items()}
        return Facts(
            settings={**defaults, **self.settings},
            calendars=self.calendars,
            changed=self.changed,
            links=self.links,
            history=self.history,
            draw=lambda kind: (UUID(int=100 + self.minute), f"{kind}-{self.minute}"),
            things=lambda kind: [thing for thing in self.things if thing.kind == kind],
            beside=Beside(self._standing),
        )

    def _standing(self, aggregate: Aggregate[Any], name: str) -> tuple[UUID, Any]:
        stream, blank = nothing_yet(aggregate, name)
        return stream, self.beside.get(stream, blank)

    def when(self, act: Act) -> Came:
        """Try an act and return what came of it."""
        facts = self.facts
        at = None if act.ago is None else self.now - timedelta(minutes=act.ago)
        case = self.case if self.case.revision else replace(self.case, number="M-1", subject="subject")
        command: OpenCase | TakeStep | Correct | Note
        if act.opening:
            by = actor(act.by) if act.by else None
            command = OpenCase(
                id=self.id, workflow="small", kind=act.kind, opening=act.name, actor=by, form=act.form, occurred_at=at
            )
        elif act.revision:
            command = Correct(
                id=self.id,
                case="M-1",
                revision=act.revision,
                actor=actor(act.by),
                reason="a slip",
                form=act.form,
                withdraw=act.withdraw,
            )
        else:
            command = TakeStep(
                id=self.id,
                case="M-1",
                step=act.name,
                machine=act.machine,
                actor=actor(act.by),
                form=act.form,
                reasons=act.reasons,
                occurred_at=at,
                received=act.received,
            )
            if at is not None and stamp(at) < case.at:
                facts = replace(facts, past=folded(CASE, self.history, at, None))
        answer = decide(self.workflow, case, command, self.now, facts)
        later = replace(self, minute=self.minute + 1)
        if isinstance(answer, Refusal):
            return Came(act, later, (), answer.reasons)
        events = tuple(answer.events[case.id])
        others = {stream: tuple(each) for stream, each in answer.events.items() if stream != case.id}
        after = replace(self.with_events(events, answer.cases[case.id]), minute=self.minute + 1)
        beside = {**self.beside, **{stream: changed.standing for stream, changed in answer.beside.items()}}
        aside = tuple(event for changed in answer.beside.values() for event in changed.events)
        return Came(act, replace(after, beside=beside), events, (), others, answer.cases, aside)

    @property
    def id(self) -> str:
        return f"command-{self.minute}"

    def pass_by(self, minutes: int) -> Told:
        return replace(self, minute=self.minute + minutes)

    def tick(self) -> Came:
        """Let the clock do what is due by now, one thing after the other."""
        told, events, aside = self, [], []
        while True:
            at = next_due(told.case)
            if at is None or at > self.now:
                break
            answer = decide(told.workflow, told.case, RunDue(id="due", case="M-1"), at, told.facts)
            assert not isinstance(answer, Refusal), answer.reasons
            mine = tuple(answer.events[CASE])
            assert mine, "what is due did not happen"
            beside = {stream: changed.standing for stream, changed in answer.beside.items()}
            told = replace(told.with_events(mine, answer.cases[CASE]), beside={**told.beside, **beside})
            events.extend(mine)
            aside.extend(event for changed in answer.beside.values() for event in changed.events)
        return Came(Act("tick", "system", {}), told, tuple(events), (), aside=tuple(aside))

    def tick_all(self) -> Came:
        """Let the clock look now, whatever it knew to be due: after something was changed that clocks follow."""
        answer = decide(self.workflow, self.case, RunDue(id="due", case="M-1"), self.now, self.facts)
        assert not isinstance(answer, Refusal), answer.reasons
        mine = tuple(answer.events.get(CASE, ()))
        told = self.with_events(mine, answer.cases[CASE]) if mine else self
        return Came(Act("tick", "system", {}), told, mine, ())

    def with_events(self, events: tuple[Event, ...], after: Case) -> Told:
        base = len(self.history)
        recorded = tuple(
            Recorded(position=base + n, revision=base + n, recorded_at=self.now, digest=b"", event=event)
            for n, event in enumerate(events, start=1)
        )
        assert folded(CASE, (*self.history, *recorded), None, None) == after, "replay is not live"
        return replace(self, case=after, history=(*self.history, *recorded))

    def clock(self, name: str, address: str = "job/1") -> Mapping[str, Json]:
        """Return how a deadline stands."""
        return self.one(address).clocks[name]

    def with_link(self, name: str, other: Told) -> Told:
        return replace(self, links={**self.links, name: other.case})

    def with_setting(self, name: str, value: Json) -> Told:
        changed = {**self.changed, f"settings.{name}": stamp(self.now)} if self.workflow.settings[name].follows else {}
        return replace(self, settings={**self.settings, name: value}, changed={**self.changed, **changed})

    def with_calendar(self, name: str, **dates: str) -> Told:
        """Return the same case with days of a calendar changed now: d20260302="10:00-12:00", "" is closed."""
        hours = {
            date.fromisoformat(f"{day[1:5]}-{day[5:7]}-{day[7:]}"): tuple(filter(None, map(parse_interval, [text])))
            for day, text in dates.items()
        }
        calendar = (self.calendars.get(name) or self.workflow.calendars[name]).changed(hours)
        changed = {**self.changed, name: stamp(self.now)}
        return replace(self, calendars={**self.calendars, name: calendar}, changed=changed)

    def with_staff(self, *events: tuple[str, Mapping[str, Json]]) -> Told:
        """Return the same case in an organisation where these staff events happened: ("added", {"person": ...})."""
        stream, directory = self._standing(STAFF, DIRECTORY)
        for happening, change in events:
            event = Event(type=f"staff.{happening}", stream=stream, occurred_at=self.now, changes={"staff": change})
            directory = change_staff(directory, event)
        return replace(self, beside={**self.beside, stream: directory})

    def beside_now(self, aggregate: Aggregate[Any], name: str) -> Any:
        """Return an aggregate beside the case as it is now."""
        return self._standing(aggregate, name)[1]

    def offers(self, by: str = "") -> dict[str, Offer]:
        """Return what the case offers, by "<instance>.<step>"."""
        asking = actor(by) if by else None
        found = offers(self.workflow, self.case, self.facts, asking, stamp(self.now))
        return {f"{offer.instance}.{offer.step.name}": offer for offer in found}

    def one(self, address: str) -> Instance:
        return self.case.instances[address]

    def state(self, address: str = "job/1") -> str:
        return self.one(address).state

    def data(self, address: str = "job/1") -> dict[str, Json]:
        return {
            name: value.value if isinstance(value, Personal) else value
            for name, value in self.one(address).data.items()
        }

    @property
    def findings(self) -> list[str]:
        return sorted(finding["name"] for finding in self.case.findings.values())


@dataclass(frozen=True)
class Came:
    """What came of an act: its events, or the reasons why not. aside: events of aggregates beside cases."""

    act: Act
    told: Told
    events: tuple[Event, ...]
    reasons: tuple[Reason, ...]
    others: Mapping[UUID, tuple[Event, ...]] = field(default_factory=dict)
    cases: Mapping[UUID, Case] = field(default_factory=dict)
    aside: tuple[Event, ...] = ()

    def then(self, *types: str) -> Told:
        """Assert which events were recorded on the case, in order; return the case after them."""
        assert self.reasons == (), f"refused: {self.codes}"
        assert [event.type for event in self.events] == list(types)
        return self.told

    def then_refused(self, *codes: str, rules: list[str] | None = None) -> tuple[Reason, ...]:
        """Assert the codes of all reasons, in order; rules: of the first one."""
        assert self.codes == list(codes)
        if rules is not None:
            assert list(self.reasons[0].rules) == rules
        return self.reasons

    @property
    def codes(self) -> list[str]:
        return [reason.code for reason in self.reasons]

    @property
    def changes(self) -> Mapping[str, Json]:
        return self.events[0].changes


def given(workflow: Workflow, *acts: Act) -> Told:
    """Return a case after some acts that all have to succeed."""
    told = Told(workflow)
    for act in acts:
        came = told.when(act)
        assert came.reasons == (), f"{act.name} is refused: {came.reasons}"
        told = came.told
    return told
