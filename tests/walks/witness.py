"""What walks have shown: arrows, arrows in a row, guards both ways with their words; and whatever was wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lifecycle.audit.verify import state_bytes
from lifecycle.core.case import Case, Note, evolve, offers
from lifecycle.core.events import SYSTEM, Event, stamp
from lifecycle.core.workflow import Guard, Opening, Step, Workflow
from lifecycle.problems import Reason, Refusal
from lifecycle.store.sealing import from_bytes, to_bytes
from tests.walks.aims import Weighing
from tests.walks.world import Answer, Edge, World

STUMBLES = frozenset("guard-failed effect-failed no-branch no-arrow no-row no-history loop-limit link-missing".split())
"""What no attempt may ever be told: the workflow itself is wrong, or the engine is."""


@dataclass(kw_only=True)
class Witness:
    """Counts what attempts show. faults: what no attempt may show, each once, in the order found."""

    workflow: Workflow
    edges: dict[tuple[str, Edge], int] = field(default_factory=dict)
    pairs: dict[tuple[str, Edge, Edge], int] = field(default_factory=dict)
    weighings: dict[Weighing, int] = field(default_factory=dict)
    faults: dict[str, None] = field(default_factory=dict)

    def refused(self, refusal: Refusal, step: Step | Opening, place: str) -> None:
        """Take down which guards refused, with which words and rules."""
        for reason in refusal.reasons:
            if reason.code in STUMBLES:
                self.faults[f"{place}: {reason.code} {dict(reason.values)}"] = None
            guard = next((each for each in step.require if speaks(each, reason)), None)
            if guard is None:
                continue
            add(self.weighings, Weighing(place, guard.name, "refuses"))
            if not (guard.checklist or guard.reconcile) and reason.text != (guard.otherwise or None):
                self.faults[f"{place}: {guard.name} refuses with other words than its own"] = None
            if not set(guard.rules) <= set(reason.rules):
                self.faults[f"{place}: {guard.name} refuses without its rules"] = None

    def allowed(
        self, before: World, answer: Answer, step: Step | Opening, place: str, asked: Mapping[str, bool]
    ) -> None:
        """Take down the arrows, the guards that held or were passed over, and look whether the case is sound.

        asked  guard -> whether it was asked at all (its `when`)
        """
        own = next(iter(answer.decision.events.values()))[0]
        findings = own.changes.get("findings", ())
        marked = {entry["name"]: entry for entry in findings if entry["is"] == "opened" and not entry.get("expected")}
        overridden = {entry["guard"] for entry in own.changes.get("overrides", ())}
        for guard in step.require:
            if guard.name in marked or guard.name in overridden:
                add(self.weighings, Weighing(place, guard.name, "refuses"))
                self.same_words(guard, marked.get(guard.name), place)
            elif asked[guard.name]:
                add(self.weighings, Weighing(place, guard.name, "holds"))
        self.came(before, answer)

    def came(self, before: World, answer: Answer) -> None:
        """Take down the arrows that were taken, and look whether the cases are sound."""
        for machine, first, edge in answer.trail:
            add(self.edges, (machine, edge))
            if first is not None:
                add(self.pairs, (machine, first, edge))
        self.sound(before, answer)

    def same_words(self, guard: Guard, mark: Mapping[str, object] | None, place: str) -> None:
        if mark is not None and (mark["text"], mark["rules"]) != (dict(guard.otherwise), list(guard.rules)):
            self.faults[f"{place}: {guard.name} opens a finding with other words or rules"] = None

    def sound(self, before: World, answer: Answer) -> None:
        """Look whether what was decided is what its events fold to, survives as JSON, and can be asked what next."""
        for stream, events in answer.decision.events.items():
            decided = answer.after.cases[stream]
            said = f"{decided.kind} after {events[-1].type}"
            folded = before.cases.get(stream, Case(id=stream))
            for event in events:
                folded = evolve(folded, reread(event))
            kept = state_bytes(decided)
            if state_bytes(folded) != kept:
                self.faults[f"{said}: its stored events fold to another case"] = None
            if state_bytes(Case.from_json(stream, from_bytes(to_bytes(decided.to_json())))) != kept:
                self.faults[f"{said}: its JSON reads back as another case"] = None
            facts = answer.after.facts(decided, Note(id="", case="", actor=SYSTEM, text=""), "", [])
            offers(self.workflow, decided, facts, None, stamp(answer.after.now))


def reread(event: Event) -> Event:
    """Return an event as it comes back from where it is kept."""
    return Event.from_json(event.stream, from_bytes(to_bytes(event.to_json())))


def speaks(guard: Guard, reason: Reason) -> bool:
    """Return whether a reason is a guard's: by its name, or for a checklist by its place."""
    if guard.reconcile is not None and reason.code.startswith("reconcile-"):
        return reason.values.get("guard") == guard.name
    if guard.checklist:
        return reason.code == "checklist-open" and reason.where == guard.where
    return reason.code in ("guard", "guard-overridable") and reason.values.get("guard") == guard.name


def add(counts: dict[Any, int], what: Any) -> None:
    counts[what] = counts.get(what, 0) + 1
