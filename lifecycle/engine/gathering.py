"""Gathering: the facts that a decision about a case may look at, the numbers and keys that it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from lifecycle.core.case import Case, Correct, Facts, Note, OpenCase, Print, RunDue, TakeBack, TakeStep, folded
from lifecycle.core.events import Json, Personal, stamp
from lifecycle.core.parsing import accept
from lifecycle.core.register import dated
from lifecycle.core.values import Misfit
from lifecycle.core.workflow import Kind, Workflow
from lifecycle.engine.answers import Command
from lifecycle.engine.loading import beside_of, calendars_now, changed_now, settings_now, things_of, with_links
from lifecycle.engine.recent import Standing
from lifecycle.engine.seeing import Sight
from lifecycle.engine.settling import gather
from lifecycle.engine.workflows import Workflows
from lifecycle.store.port import Session


@dataclass(frozen=True, kw_only=True, slots=True)
class Gathering:
    """Gathers inside one session. standing: what is known without asking it."""

    session: Session
    store_id: UUID
    workflows: Workflows
    now: datetime
    new_id: Callable[[], UUID]
    standing: Standing

    def facts(
        self, workflow: Workflow, case: Case, command: Command | RunDue, drawn: list[str], kind: Kind | None = None
    ) -> Facts:
        """Return everything the decision may look at. drawn: takes the series of the numbers that it draws."""
        typed: Mapping[str, Json] = {} if isinstance(command, Note | Print | TakeBack | RunDue) else command.form
        version = (workflow.name, workflow.version)
        if version not in self.standing.settings:
            self.standing.settings[version] = settings_now(self.session, self.store_id, workflow)
            self.standing.calendars[version] = calendars_now(self.session, self.store_id, workflow)
            self.standing.changed[version] = changed_now(self.session, self.store_id, workflow)
        facts = Facts(
            settings=self.standing.settings[version],
            calendars=self.standing.calendars[version],
            changed=self.standing.changed[version],
            draw=lambda name: (self.new_id(), self.number(workflow.kinds[name], workflow, drawn)),
            seal=self.session.seal_event,
            things=lambda name: things_of(self.session, workflow, name),
            beside=beside_of(self.session, self.store_id),
        )
        facts = with_links(facts, self.session, workflow, case, typed, kind.name if kind else "")
        if workflow.settlements:
            facts = replace(facts, entries=partial(gather, self.session, workflow, facts))
        if workflow.views or workflow.kpis or workflow.audiences:
            sight = Sight(self.session, self.store_id, self.workflows)
            facts = replace(facts, seen=partial(sight.frozen, workflow))
        if isinstance(command, Correct | TakeBack):
            facts = replace(facts, history=tuple(self.session.read(case.id)))
        elif isinstance(command, TakeStep) and command.occurred_at and stamp(command.occurred_at) < case.at:
            history = tuple(self.session.read(case.id))
            past = folded(case.id, history, command.occurred_at, None)
            facts = replace(facts, past=past, history=history)
        return facts

    def number(self, kind: Kind, workflow: Workflow, drawn: list[str]) -> str:
        """Draw a case number of a kind's pattern; the serial starts anew with each year, month or day that it names."""
        series = dated(kind.number, self.now, workflow.zone)
        drawn.append(series)
        return series.format(serial=self.session.draw(series))

    def key_of(self, kind: Kind, workflow: Workflow, command: OpenCase) -> str:
        """Return what the case is kept under: the key field's value, as a keyed digest when it is personal."""
        if not kind.key:
            return ""
        raw = command.form.get(kind.key)
        wanted = workflow.fields[kind.key]
        value = accept(wanted.type, raw.value if isinstance(raw, Personal) else raw, ZoneInfo(workflow.zone))
        if value is None or isinstance(value, Misfit):
            return ""
        return self.session.token(str(value)) if wanted.pii else str(value)
