"""Looking over many cases: each as it stands, with what may be looked at beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from lifecycle.core.case import Case, Facts
from lifecycle.core.case.commands import Seen
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.events import SYSTEM, Actor, Json, stamp
from lifecycle.core.seeing import Line, Looker, Members, Rows, Tally, members_of, moments, rows_of
from lifecycle.core.seeing.periods import label, moved, start_of
from lifecycle.core.workflow import Audience, Freeze, Kpi, View, Workflow
from lifecycle.engine.loading import beside_of, calendars_now, settings_now, things_of, with_links
from lifecycle.engine.workflows import Workflows
from lifecycle.store.port import Reads
from lifecycle.store.standing import head_case


class Sight:
    """What can be seen of a store's cases.

    reads  the store as it is, as a session has it, or as it was (`lifecycle.store.past`)
    """

    def __init__(self, reads: Reads, store_id: UUID, workflows: Workflows) -> None:
        self.reads = reads
        self.store_id = store_id
        self.workflows = workflows
        self._facts: dict[tuple[str, int], Facts] = {}

    def cases(self, workflow: str, kinds: Collection[str]) -> Iterator[Case]:
        """Yield the cases of some kinds, in the order in which they were opened."""
        for entry in self.reads.cases(workflow):
            if entry.kind in kinds:
                yield head_case(self.reads, entry.id)

    def workflow_of(self, case: Case) -> Workflow:
        return self.workflows.published(self.reads, self.store_id, case.workflow, case.version)

    def facts(self, case: Case) -> Facts:
        """Return what may be looked at beside a case, without its links."""
        found = self._facts.get((case.workflow, case.version))
        if found is None:
            workflow = self.workflow_of(case)
            found = Facts(
                settings=settings_now(self.reads, self.store_id, workflow),
                calendars=calendars_now(self.reads, self.store_id, workflow),
                things=lambda name: things_of(self.reads, workflow, name),
                beside=beside_of(self.reads, self.store_id),
            )
            self._facts[case.workflow, case.version] = found
        return replace(found, beside=beside_of(self.reads, self.store_id))

    def linked_facts(self, case: Case) -> Facts:
        return with_links(self.facts(case), self.reads, self.workflow_of(case), case, {})

    def entered_at(self, case: Case, revision: int) -> str | None:
        """Return when the event of a revision happened."""
        recorded = next(iter(self.reads.read(case.id, after=revision - 1, upto=revision)), None)
        return stamp(recorded.event.occurred_at) if recorded else None

    def looker(self, actor: Actor, now: datetime, *, links: bool) -> Looker:
        return Looker(
            actor=actor,
            now=now,
            facts=self.linked_facts if links else self.facts,
            workflow=self.workflow_of,
            entered_at=self.entered_at,
        )

    def view(self, workflow: Workflow, view: View, actor: Actor, now: datetime) -> Rows:
        """Return the rows of a view of a workflow, over the cases of all its versions."""
        return rows_of(view, self.cases(workflow.name, kinds_of(workflow, view)), self.looker_at(view, actor, now))

    def members(self, workflow: Workflow, audience: Audience, actor: Actor, now: datetime) -> Members:
        """Return the members of an audience of a workflow, over the cases of all its versions."""
        cases = self.cases(workflow.name, kinds_of(workflow, audience))
        return members_of(audience, cases, self.looker_at(audience, actor, now))

    def looker_at(self, what: View | Audience, actor: Actor, now: datetime) -> Looker:
        return self.looker(actor, now, links=any(name.startswith("link.") for name in what.reads))

    def count(self, workflow: Workflow, tallies: Sequence[Tally], now: datetime) -> None:
        """Count what happened in the cases of a workflow, of all its versions, in one pass over their histories."""
        reads = {name for tally in tallies for name in tally.kpi.reads}
        looker = self.looker(SYSTEM, now, links=any(name.startswith("link.") for name in reads))
        for entry in self.reads.cases(workflow.name):
            case = head_case(self.reads, entry.id)
            wanted = [tally for tally in tallies if may_count(tally.kpi, case)]
            if wanted:
                happened = list(moments(entry.id, list(self.reads.read(entry.id))))
                for tally in wanted:
                    tally.take(happened, looker)

    def frozen(self, workflow: Workflow, effect: Freeze | Audience, actor: Actor, now: datetime) -> Seen:
        """Return what an effect freezes: a view's rows, a figure's lines of one period, an audience's members."""
        position = self.reads.last_position()
        if isinstance(effect, Audience):
            members = self.members(workflow, effect, actor, now)
            told = [{"case": case, "subject": subject} for subject, case in members.cases.items()]
            return Seen(rows=told, position=position, unjudged=members.unjudged)
        if effect.view:
            found = self.view(workflow, workflow.views[effect.view], actor, now)
            rows = [row.values for row in found.rows]
            return Seen(rows=rows, position=position, unjudged=tuple(dict.fromkeys(one.case for one in found.unjudged)))
        kpi = workflow.kpis[effect.kpi]
        tally = Tally(kpi, workflow.zone, kpi.per)
        self.count(workflow, [tally], now)
        first = start_of(kpi.per, now, ZoneInfo(workflow.zone)) if kpi.per else None
        if first is not None and kpi.per and effect.period == "previous":
            first = moved(kpi.per, first, -1)
        figures = tally.figures(self.settings_scope(workflow, now), first, first)
        return Seen(
            rows=[as_row(kpi, line) for line in figures.lines],
            position=position,
            period=label(kpi.per, first) if kpi.per and first else "",
            unjudged=tuple(dict.fromkeys(case for case, _ in figures.unjudged)),
        )

    def settings_scope(self, workflow: Workflow, now: datetime) -> Snapshot:
        """Return a scope in which settings can be read, and nothing of any case."""
        facts = Facts(settings=settings_now(self.reads, self.store_id, workflow))
        nobody = Case(id=UUID(int=0), workflow=workflow.name, version=workflow.version)
        return Snapshot(workflow=workflow, case=nobody, instance=None, actor=SYSTEM, now=now, facts=facts)


def kinds_of(workflow: Workflow, what: View | Audience) -> set[str]:
    """Return the kinds whose cases have rows of a view or an audience."""
    return {what.kind} if what.kind else {k.name for k in workflow.kinds.values() if what.machine in k.machines}


def as_row(kpi: Kpi, line: Line) -> dict[str, Json]:
    """Return a line of a figure as a row: its period, value and counts, and a column for each of its groups."""
    value = line.value.removesuffix("%") if line.value and kpi.unit == "percent" else line.value
    grouped = {column.name: told for column, told in zip(kpi.group, line.group, strict=False)}
    return {
        "period": line.period,
        "value": value,
        "count": line.count,
        "of": line.of,
        "without": line.without,
        **grouped,
    }


def may_count(kpi: Kpi, case: Case) -> bool:
    """Return whether anything that a kpi counts can have happened in a case, by what its head says of it."""
    for one in kpi.everything:
        happening = one.happening
        if happening.what == "step":
            if happening.name in case.happened:
                return True
        elif happening.what == "closed":
            if case.kind == happening.name:
                return True
        else:
            return True
    return False
