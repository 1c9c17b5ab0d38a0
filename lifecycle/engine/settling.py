"""What counts in a settlement, gathered from the log: entries of ledgers, and events read in their cases.

Only what was recorded since the period began, or since the last freeze, is looked at: nothing older can lie in the
period, and nothing else can have changed about the ones before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from lifecycle.core.case import Case, Facts, evolve, fold
from lifecycle.core.case.commands import Entry, Gathered
from lifecycle.core.case.replaying import with_corrections, without_withdrawn
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.settling import units_in
from lifecycle.core.events import Json, Recorded, in_order, stamp
from lifecycle.core.ledger import units_of
from lifecycle.core.workflow import Condition, Counted, Failure, Formula, Posted, RowColumn, Settlement, Workflow
from lifecycle.core.workflow.ledgers import COUNT_VERBS, MONEY_VERBS
from lifecycle.store.port import Reads

SIGNS = {**MONEY_VERBS, **COUNT_VERBS}
POSTED = ("ledger.posted", "ledger.reversed")
MICROSECOND = timedelta(microseconds=1)


class NoAnswer(Exception):
    """An entry whose condition, amount or key cannot be worked out."""

    def __init__(self, case: str, column: str, failure: str) -> None:
        super().__init__(f"{column} of {case}: {failure}")
        self.told = (case, column, failure)


@dataclass(frozen=True)
class Gathering:
    """One settlement of a workflow, read in a store. facts: the settings and calendars that entries are read with."""

    store: Reads
    workflow: Workflow
    settlement: Settlement
    facts: Facts
    asked: set[str]

    def gather(self, after: int, since: datetime | None) -> Gathered:
        """Return the entries known now.

        after  position of the last freeze; 0 when there was none
        since  start of the period; None: from the beginning
        """
        position = self.store.last_position()
        begin = 0 if since is None else min(after, self.store.position_at(since - MICROSECOND))
        now: list[Entry] = []
        before: list[Entry] = []
        try:
            touched: dict[str, None] = {}
            for at, document in self.documents(begin, position):
                if document["type"] in POSTED:
                    entries = list(self.posted(document))
                    now.extend(entries)
                    before.extend(entries if at <= after else ())
                else:
                    touched[document["case"]] = None
            for number in touched if self.counts else ():
                known, earlier = self.of_case(number, position, after)
                now.extend(known)
                before.extend(earlier)
        except NoAnswer as failed:
            return Gathered(position=position, failed=failed.told)
        return Gathered(position=position, now=now, before=before, settings=frozenset(self.asked))

    def documents(self, begin: int, position: int) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Yield position and stored form of the workflow's own events, of accounts and of cases."""
        owners = {*self.workflow.kinds, *self.workflow.machines, "deadline", "timer"}
        for at, topic, document in self.store.documents(begin):
            if at > position:
                return
            ours = document.get("workflow", {}).get("name") == self.workflow.name
            if ours and document.get("case") and (topic in POSTED or topic.partition(".")[0] in owners):
                yield at, document

    @property
    def counts(self) -> bool:
        return any(column.counted for column in self.settlement.columns)

    def posted(self, document: Mapping[str, Any]) -> Iterator[Entry]:
        """Yield what an entry in an account is in each column of its ledger."""
        entry = document["ledger"]
        for column in self.settlement.columns:
            if column.posted is None or column.posted.ledger != entry["ledger"]:
                continue
            units = amount_of(column.posted, entry)
            if units:
                key = (
                    entry["of"] if column.posted.key is None else self.key_of_post(column, column.posted.key, document)
                )
                yield Entry(column=column.name, key=key, at=document["occurred_at"], units=units, case=document["case"])

    def key_of_post(self, column: RowColumn, key: Formula, document: Mapping[str, Any]) -> str:
        """Return whose row an entry is, by the case that posted it, as it was after that."""
        number, _, revision = document["causation"].partition("@")
        entry = self.store.find(number)
        assert entry is not None
        history = list(self.store.read(entry.id, upto=int(revision)))
        case = fold(entry.id, (recorded.event for recorded in history))
        return text_of(self.asks(column, key, self.scope(case, history[-1])))

    def of_case(self, number: str, position: int, after: int) -> tuple[Sequence[Entry], Sequence[Entry]]:
        """Return the entries of a case as they are known at two positions."""
        entry = self.store.find(number)
        assert entry is not None
        history = [recorded for recorded in self.store.read(entry.id) if recorded.position <= position]
        types = {name for column in self.settlement.columns for name in column.counted}
        if not any(recorded.event.type in types for recorded in history):
            return (), ()
        known = list(self.counted(Case(id=entry.id), history))
        earlier = [recorded for recorded in history if recorded.position <= after]
        return known, known if len(earlier) == len(history) else list(self.counted(Case(id=entry.id), earlier))

    def counted(self, case: Case, history: Sequence[Recorded]) -> Iterator[Entry]:
        """Yield the entries of a history, what is corrected as it is known at its end."""
        for recorded in in_order(with_corrections(without_withdrawn(history))):
            case = case.copy()
            case.revision = recorded.revision - 1
            case = evolve(case, recorded.event)
            if "withdrawn" in recorded.event.changes:
                continue
            for column in self.settlement.columns:
                how = column.counted.get(recorded.event.type)
                if how is not None:
                    yield from self.entry(column, how, case, recorded)

    def entry(self, column: RowColumn, how: Counted, case: Case, recorded: Recorded) -> Iterator[Entry]:
        scope = self.scope(case, recorded)
        if how.where is not None and not self.holds(column, how.where, scope):
            return
        units = 1 if how.amount is None else units_in(column.type, self.asks(column, how.amount, scope))
        if units:
            key = text_of(self.asks(column, how.key, scope)) if how.key else ""
            at = stamp(recorded.event.occurred_at)
            yield Entry(column=column.name, key=key, at=at, units=units, case=case.number)

    def scope(self, case: Case, recorded: Recorded) -> Snapshot:
        """Return what expressions see of an event: its case after it, and its form."""
        event = recorded.event
        return Snapshot(
            workflow=self.workflow,
            case=case,
            instance=case.instances.get(event.machine),
            actor=event.by,
            now=event.occurred_at,
            facts=self.facts,
            form=event.changes.get("form", {}),
            asked=self.asked,
        )

    def asks(self, column: RowColumn, formula: Formula, scope: Snapshot) -> Json:
        value = formula.value(scope)
        if isinstance(value, Failure):
            raise NoAnswer(scope.case.number, column.name, value.text)
        return value

    def holds(self, column: RowColumn, condition: Condition, scope: Snapshot) -> bool:
        answer = condition.holds(scope)
        if isinstance(answer, Failure):
            raise NoAnswer(scope.case.number, column.name, answer.text)
        return answer


def gather(
    store: Reads, workflow: Workflow, facts: Facts, settlement: Settlement, after: int, since: datetime | None
) -> Gathered:
    """Return what counts in a settlement, as it is known now."""
    bare = Facts(settings=facts.settings, calendars=facts.calendars)
    return Gathering(store, workflow, settlement, bare, set()).gather(after, since)


def amount_of(posted: Posted, entry: Mapping[str, Json]) -> int | Decimal:
    """Return what an entry adds to a column: the amounts of its verbs, or what it did to the balance."""
    sign = -1 if "reverses" in entry else 1
    units = units_of(entry["amount"])
    if posted.verbs:
        return sign * units if entry["verb"] in posted.verbs else 0
    return sign * (int(entry["change"]) if "change" in entry else SIGNS[entry["verb"]] * units)


def text_of(key: Json) -> str:
    return "" if key is None else str(key)
