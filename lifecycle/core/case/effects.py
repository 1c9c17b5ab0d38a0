"""Effects: the values, children, messages and new cases that one event causes, run in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lifecycle.core.beside import Aggregate
from lifecycle.core.case import assigning, freezing, measuring, notifying, papering, posting, settling, staffing
from lifecycle.core.case.commands import Command
from lifecycle.core.case.evolve import ancestry
from lifecycle.core.case.refused import Refused
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.state import Instance
from lifecycle.core.case.tables import consult
from lifecycle.core.events import Event, Json, Personal, Sealed
from lifecycle.core.workflow import (
    Assign,
    Away,
    Call,
    Effect,
    Failure,
    Formula,
    Freeze,
    Machine,
    MovePaper,
    Notify,
    Open,
    Post,
    Qualify,
    Record,
    Release,
    Send,
    Set,
    Settle,
    Start,
)
from lifecycle.problems import Place, Reason


@dataclass(kw_only=True, slots=True)
class Changes:
    """The changes of one event while its effects run, in order.

    findings  opened and closed by what the effects did
    more      further kinds of change, by name: what papers, ledgers, rosters ... leave in the event
    climbing  ledgers whose ladder is being climbed
    """

    scope: Snapshot
    command: Command
    values: dict[str, Json] = field(default_factory=dict)
    shared: list[str] = field(default_factory=list)
    decisions: list[Json] = field(default_factory=list)
    started: list[Json] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    sends: list[Json] = field(default_factory=list)
    opens: list[Json] = field(default_factory=list)
    findings: list[Json] = field(default_factory=list)
    more: dict[str, list[Json]] = field(default_factory=dict)
    climbing: list[str] = field(default_factory=list)

    def leave(self, kind: str, entry: Json) -> None:
        """Leave a change of a further kind in the event."""
        self.more.setdefault(kind, []).append(entry)

    def record_beside(self, aggregate: Aggregate[Any], name: str, happening: str, changes: Mapping[str, Json]) -> None:
        """Record an event of an aggregate beside the case, in the same commit, caused by the event being made.

        happening  its past participle: "posted" of `ledger.posted`
        """
        scope, command, beside = self.scope, self.command, self.scope.facts.beside
        event = Event(
            type=f"{aggregate.name}.{happening}",
            stream=beside.stream(aggregate, name),
            case=scope.case.number,
            occurred_at=scope.now,
            zone=scope.workflow.zone,
            by=scope.actor,
            via=command.via,
            command=command.id,
            correlation=command.correlation or command.id,
            causation=f"{scope.case.number}@{scope.case.revision + 1}",
            workflow=(scope.workflow.name, scope.workflow.version),
            changes=changes,
        )
        beside.record(aggregate, name, event)

    def consult(self, calls: Iterable[Call]) -> None:
        """Ask the tables, in order; each sees the answers before it."""
        for call in calls:
            answer = consult(self.scope.workflow.tables[call.table], call, self.scope)
            if isinstance(answer, Reason):
                raise Refused(answer)
            self.decisions.append(answer)
            known = {**self.scope.decisions, call.table: answer["outputs"]}
            self.scope = self.scope.but(decisions=known)

    def run(self, effects: Iterable[Effect], newborn: dict[str, Json] | None = None) -> None:
        """Carry out effects. newborn: the entry of the instance being started whose `enter` effects these are."""
        for effect in effects:
            if effect.when is not None and effect.when.holds(self.scope) is not True:
                continue
            match effect:
                case Set():
                    self.set(effect, newborn)
                case Start():
                    self.start(effect)
                case Send():
                    self.send(effect)
                case Open():
                    form = {name: answered(formula, self.scope, effect.where) for name, formula in effect.form.items()}
                    self.open(effect, personal(form, self.scope))
                case _:
                    CARRIED_OUT[type(effect)](self, effect)

    def send(self, effect: Send) -> None:
        if effect.link not in self.scope.facts.links:
            raise Refused(Reason(code="link-missing", where=effect.where, values={"link": effect.link}))
        form = {name: answered(formula, self.scope, effect.where) for name, formula in effect.form.items()}
        other = self.scope.facts.links[effect.link]
        entry = {"link": effect.link, "case": other.number, "step": effect.step}
        self.sends.append({**entry, "form": personal(form, self.scope)})

    def set(self, effect: Set, newborn: dict[str, Json] | None) -> None:
        for name, (target, formula) in effect.values.items():
            value = answered(formula, self.scope, target.where)
            kept = (
                Personal(value)
                if target.pii and value is not None and not isinstance(value, Personal | Sealed)
                else value
            )
            if kept is None and (self.scope.shared(name) if target.shared else self.scope.data(name)) is None:
                continue
            if newborn is not None and not target.shared:
                newborn["data"][name] = kept
            else:
                self.values[name] = kept
                if target.shared:
                    self.shared.append(name)
            self.scope = self.scope.with_derived({name: kept})

    def open(self, effect: Open, form: dict[str, Json]) -> None:
        draw = self.scope.facts.draw
        if draw is None:
            raise Refused(Reason(code="no-case-number", where=effect.where, values={"kind": effect.kind}))
        stream, number = draw(effect.kind)
        entry = {"kind": effect.kind, "opening": effect.opening, "id": str(stream), "number": number}
        self.opens.append({**entry, "form": form, "link": effect.link})

    def start(self, effect: Start) -> None:
        """Start instances: one, or one per row whose key is not there yet; rows that are gone are struck out."""
        workflow, case = self.scope.workflow, self.scope.case
        machine = workflow.machines[effect.machine]
        parent = self.scope.instance.id if self.scope.instance else ""
        if effect.each is None:
            data = {name: answered(formula, self.scope, effect.where) for name, (_, formula) in effect.data.items()}
            self.begin(machine, parent, "", personal(data, self.scope))
            return
        rows = answered(effect.each, self.scope, effect.where) or []
        living = [one for one in case.children_of(parent, machine.name) if not one.removed]
        there = {one.key for one in living} | {e["key"] for e in self.started if e["machine"] == machine.name}
        keys = []
        for number, row in enumerate(rows, start=1):
            named = row.get(effect.key) if effect.key and isinstance(row, dict) else number
            if named is None:
                place = replace(effect.where, path=f"{effect.each.text.removeprefix('=')}.{number}")
                raise Refused(Reason(code="row-field-missing", where=place, values={"field": effect.key}))
            key = str(named)
            keys.append(key)
            if key in there and not effect.again:
                continue
            scope = self.scope.with_item(row)
            data = (
                {name: value for name, value in row.items() if name in workflow.fields} if isinstance(row, dict) else {}
            )
            data.update({name: answered(formula, scope, effect.where) for name, (_, formula) in effect.data.items()})
            self.begin(machine, parent, key, personal(data, scope))
        if not effect.again:
            self.removed.extend(one.id for one in living if one.key not in keys and not one.final)

    def begin(self, machine: Machine, parent: str, key: str, data: dict[str, Json]) -> None:
        """Add one instance and run what entering its first state does."""
        serial = self.scope.case.serials.get(machine.name, 0) + 1
        serial += sum(1 for entry in self.started if entry["machine"] == machine.name)
        taken = {one.id for one in self.scope.case.instances.values()} | {entry["id"] for entry in self.started}
        address = f"{machine.name}/{key or serial}"
        if address in taken:
            address = f"{address}.{serial}"
        entry: dict[str, Json] = {
            "id": address,
            "machine": machine.name,
            "key": key or str(serial),
            "state": machine.start,
        }
        if parent:
            entry["parent"] = parent
        entry["data"] = data
        self.started.append(entry)
        form = {} if self.scope.instance else self.scope.form
        outer, self.scope = self.scope, self.scope.but(instance=newborn(entry), form=form, derived=data)
        for path in reversed(ancestry(machine.start)):
            self.run(machine.states[path].enter, newborn=entry)
        self.scope = outer.but(papers=self.scope.papers, assigned=self.scope.assigned, settled=self.scope.settled)
        if machine.states[machine.start].outcome:
            entry["outcome"] = machine.states[machine.start].outcome


def newborn(entry: Mapping[str, Json]) -> Instance:
    return Instance(
        id=entry["id"],
        machine=entry["machine"],
        key=entry["key"],
        parent=entry.get("parent", ""),
        state=entry["state"],
        at="",
    )


def answered(formula: Formula, scope: Snapshot, where: Place) -> Json:
    """Return a formula's value; one that copies a field as it is hands personal values on unread."""
    plain = formula.text.removeprefix("=").strip()
    if len(formula.reads) == 1 and plain == formula.reads[0]:
        head, _, name = plain.partition(".")
        readers = {"data": scope.data, "case": scope.shared, "form": scope.typed, "parent": scope.parent}
        if head in readers:
            return readers[head](name)
    value = formula.value(scope)
    if isinstance(value, Failure):
        raise Refused(
            Reason(code="effect-failed", where=where, values={"formula": formula.text, "failure": value.text})
        )
    return value


def personal(values: Mapping[str, Json], scope: Snapshot) -> dict[str, Json]:
    """Return values for fields, those of personal fields marked as such, unset ones left out."""
    fields = scope.workflow.fields
    return {
        name: Personal(value)
        if name in fields and fields[name].pii and not isinstance(value, Personal | Sealed)
        else value
        for name, value in values.items()
        if value is not None
    }


CARRIED_OUT: Mapping[type[Effect], Callable[[Changes, Any], None]] = {
    Freeze: freezing.freeze,
    Assign: assigning.assign,
    Release: assigning.release,
    Record: measuring.record,
    Settle: settling.settle,
    MovePaper: papering.move,
    Post: posting.post,
    Notify: notifying.notify,
    Away: staffing.send_away,
    Qualify: staffing.qualify,
}
"""What carries out each kind of effect that is no matter of `Changes` alone."""
