"""Pages about what happened: a case's history, and why each entry was allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from lifecycle.clocks.typed import show_time
from lifecycle.core.case import Case
from lifecycle.core.case.accounts import OWN
from lifecycle.core.events import Event, Json, Recorded
from lifecycle.core.schedules import occurrence_of
from lifecycle.core.workflow import Guard, Step, Workflow
from lifecycle.core.workflow.coverage import ENDED
from lifecycle.engine.answers import jsonable
from lifecycle.problems import ExitCode
from lifecycle.terminal.answers import comma, shown, titled
from lifecycle.terminal.casepages import (
    coverage_title,
    notice_text,
    opened,
    put_values,
    reading_text,
    settled_text,
    stage_text,
)
from lifecycle.terminal.door import Door
from lifecycle.terminal.withdrawnpages import TITLES, withdrawal_lines


def show_history(door: Door, case: Case, workflow: Workflow, history: Sequence[Recorded]) -> None:
    """Print every event of a case: when, who, what, from where to where, with which values."""
    if door.as_json:
        door.put_json({"case": case.number, "events": [entry_document(door, recorded) for recorded in history]})
        return
    for recorded in history:
        put_entry(door, workflow, recorded)


def entry_document(door: Door, recorded: Recorded) -> dict[str, Any]:
    return {
        "position": recorded.position,
        "revision": recorded.revision,
        "recorded_at": recorded.recorded_at.isoformat(),
        "digest": recorded.digest.hex(),
        **jsonable(opened(door, recorded.event.to_json())),
    }


def put_entry(door: Door, workflow: Workflow, recorded: Recorded) -> None:
    """Print one event with everything that it changed."""
    event = recorded.event
    when = show_time(event.occurred_at, ZoneInfo(workflow.zone))
    moved = f"{event.machine}  {event.source} → {event.target}" if event.source != event.target else event.machine
    title = event_title(door, workflow, event.type)
    line = f"{recorded.revision:>4}  {when}  {event.type}  {title}  {who_text(event)}  {moved}{cited(event.rules)}"
    door.put(line.rstrip())
    values = {**event.changes.get("form", {}), **event.changes.get("set", {})}
    put_values(door, workflow, opened(door, values), "        ")
    put_overrides(door, event, "        ")
    if "corrects" in event.changes:
        change = event.changes["corrects"]
        heading = door.words.say("history.corrects", revision=change["revision"])
        door.put(f"        {heading}: {shown(opened(door, event.changes['reason']))}")
        put_values(door, workflow, opened(door, change.get("values", {})), "          ")
    if "note" in event.changes:
        door.put(f"        {shown(opened(door, event.changes['note']))}")
    for text in withdrawal_lines(door, workflow, event):
        door.put(f"        {text}")
    for entry in event.changes.get("papers", ()):
        door.put(f"        {paper_text(door, workflow, entry)}")
    for entry in event.changes.get("posts", ()):
        door.put(f"        {post_text(door, workflow, entry)}")
    for entry in event.changes.get("readings", ()):
        name = f"{entry['series']}/{entry['of']}"
        door.put(f"        {reading_text(door, workflow, name, entry)}")
    for entry in event.changes.get("coverage", ()):
        door.put(f"        {covering_text(door, workflow, entry)}")
    for entry in event.changes.get("settled", ()):
        door.put(f"        {settled_text(door, workflow, entry['settlement'], entry)}")
    for entry in event.changes.get("notices", ()):
        door.put(f"        {notice_text(door, workflow, event.case, entry)}")
    for finding in event.changes.get("findings", ()):
        if finding["is"] == "opened":
            text = titled(door, finding.get("text") or {}, finding["name"])
            door.put(f"        {door.words.say('finding.open')}: {text}")


def paper_text(door: Door, workflow: Workflow, entry: Mapping[str, Json]) -> str:
    """Return what an event did to a paper: issued, signed by whom, where it is now."""
    paper = workflow.papers.get(entry["paper"])
    title = titled(door, paper.titles if paper else {}, entry["paper"])
    told = [f"{title} {entry.get('number', '')}".rstrip(), door.words.say(f"paper.{entry['is']}")]
    if "stage" in entry:
        told.append(stage_text(door, paper, entry["stage"]))
    for one in entry.get("signed", ()):
        role = workflow.roles.get(one["role"])
        told.append(door.words.say("paper.signature", role=titled(door, role.titles if role else {}, one["role"])))
    return door.words.say("paper.line", told=comma(door).join(told))


def covering_text(door: Door, workflow: Workflow, entry: Mapping[str, Json]) -> str:
    """Return what an event did to a coverage, or to that of a part: what became of it, and its last day."""
    title = coverage_title(door, workflow, entry["name"], entry.get("part", ""))
    told = [title, door.words.say(f"coverage.{entry['is']}"), str(entry.get("until", ""))]
    return comma(door).join(one for one in told if one)


def post_text(door: Door, workflow: Workflow, entry: Mapping[str, Json]) -> str:
    """Return what an event did to an account: the verb, how much, for whom, and what is there now."""
    ledger = workflow.ledgers.get(entry["ledger"])
    parties = (workflow.roles.get(entry.get(who, "")) for who in ("payer", "payee"))
    told = [titled(door, role.titles, role.name) for role in parties if role is not None]
    whose = "" if ledger is None or ledger.of in OWN else f" {entry['of']}"
    verb = door.words.say("post.reversed" if "reverses" in entry else f"post.{entry['verb']}")
    unit = "" if ledger is None or ledger.is_money else f" {titled(door, ledger.unit_titles, ledger.unit)}"
    line = {"ledger": f"{titled(door, ledger.titles if ledger else {}, entry['ledger'])}{whose}", "verb": verb}
    amounts = {"amount": f"{entry['amount']}{unit}", "balance": f"{entry['balance']}{unit}"}
    return door.words.say("post.line", **line, **amounts, who=f" ({', '.join(told)})" if told else "")


def who_text(event: Event) -> str:
    helpers = "".join(f" + {role}:{person}".rstrip(":") for role, person in event.by.helpers.items())
    return f"{event.by.role}:{event.by.person}".rstrip(":") + helpers


def cited(rules: Sequence[str]) -> str:
    return f"  [{', '.join(rules)}]" if rules else ""


def put_overrides(door: Door, event: Event, indent: str) -> None:
    for override in event.changes.get("overrides", ()):
        heading = door.words.say("history.override", guard=override["guard"])
        door.put(f"{indent}{heading}: {shown(opened(door, override['reason']))}")


def event_title(door: Door, workflow: Workflow, event_type: str) -> str:
    """Return the title of the step or opening that records an event of a type."""
    owner, _, name = event_type.partition(".")
    kind = workflow.kinds.get(owner)
    if kind is not None and name in kind.openings:
        return titled(door, kind.openings[name].titles, name)
    if kind is not None and door.words.knows(f"event.{name}"):
        return door.words.say(f"event.{name}")
    if event_type in TITLES:
        return door.words.say(TITLES[event_type])
    if owner == "coverage":
        return door.words.say("coverage.refused")
    if owner in workflow.coverage:
        return f"{coverage_title(door, workflow, owner, '')} {door.words.say(f'coverage.{ENDED}')}"
    step = step_behind(workflow, event_type)
    return titled(door, step.titles, name) if step else ""


def why_recorded(door: Door, case: Case, history: Sequence[Recorded], revision: int) -> None:
    """Print why an event was allowed: who, which rules, which guards held, what was read and decided."""
    recorded = next((each for each in history if each.revision == revision), None)
    if recorded is None:
        door.say("why.no-revision", revision=revision, newest=len(history))
        door.leave(ExitCode.UNKNOWN)
    event = recorded.event
    version = door.app.workflows.published(door.app.store, door.app.store.meta.id, *event.workflow)
    step = step_behind(version, event.type)
    document = grounds(door, case, recorded, step)
    if door.as_json:
        door.put_json(document)
        return
    door.put(f"{case.number} @{revision}  {event.type}  {event_title(door, version, event.type)}")
    for key in ("rules", "where", "allowed", "cause", "settings", "reads", "lists", "measured", "balances"):
        if document[key]:
            told = cause_text(door, version, document[key]) if key == "cause" else shown(document[key])
            door.put(f"  {door.words.say(f'why.{key}')}: {told}")
    for rule in event.rules:
        door.put(f"    {rule}  {titled(door, version.rules.get(rule, {}), '')}")
    for guard in step.require if step else ():
        door.put(f"  {door.words.say('why.guard')} {guard.name}: {guard_text(guard)}{cited(guard.rules)}")
    put_overrides(door, event, "  ")
    for text in withdrawal_lines(door, version, event):
        door.put(f"  {text}")
    for decision in event.changes.get("decisions", ()):
        heading = door.words.say("why.decision", table=decision["table"], rows=decision["rows"])
        door.put(f"  {heading}: {shown(decision['outputs'])}")


def cause_text(door: Door, workflow: Workflow, cause: str) -> str:
    """Return what caused an event: the occurrence of a schedule in words, anything else by its id."""
    occurrence = occurrence_of(cause)
    if occurrence is None:
        return cause
    name, key = occurrence
    schedule = workflow.schedules.get(name)
    title = titled(door, schedule.titles if schedule else {}, name)
    return door.words.say("why.schedule", schedule=title, occurrence=key)


def grounds(door: Door, case: Case, recorded: Recorded, step: Step | None) -> dict[str, Any]:
    """Return everything that an event says of why it was allowed, with what the workflow's text asks."""
    event = recorded.event
    changes: Mapping[str, Json] = event.changes
    return {
        "case": case.number,
        "revision": recorded.revision,
        "type": event.type,
        "rules": list(event.rules),
        "workflow": {"name": event.workflow[0], "version": event.workflow[1]},
        "where": str(step.where) if step else "",
        "by": {"role": event.by.role, "person": event.by.person, "with": dict(event.by.helpers)},
        "allowed": list(step.who.roles) if step else [],
        "cause": event.causation,
        "guards": [
            {"guard": guard.name, "that": guard_text(guard), "rules": list(guard.rules)}
            for guard in (step.require if step else ())
        ],
        "overrides": jsonable(opened(door, list(changes.get("overrides", ())))),
        "decisions": list(changes.get("decisions", ())),
        "settings": dict(changes.get("settings", {})),
        "reads": dict(changes.get("reads", {})),
        "lists": dict(changes.get("lists", {})),
        "measured": dict(changes.get("measured", {})),
        "balances": dict(changes.get("balances", {})),
        "withdraws": dict(changes.get("withdraws", {})),
        "kept": list(changes.get("kept", ())),
    }


def guard_text(guard: Guard) -> str:
    if guard.that is not None:
        return guard.that.text
    if guard.reconcile is None:
        return f"checklist {guard.checklist}"
    papers = [f"{one.paper} {one.stage}" for one in guard.reconcile.papers]
    return f"reconcile {', '.join((*papers, *guard.reconcile.same, *(one.name for one in guard.reconcile.equal)))}"


def steps_of(workflow: Workflow, machine: str) -> Iterator[Step]:
    """Yield every step that a machine has anywhere."""
    found = workflow.machines.get(machine)
    for state in found.states.values() if found else ():
        yield from state.steps
    yield from found.anywhere if found else ()


def step_behind(workflow: Workflow, event_type: str) -> Step | None:
    """Return the step that records events of a type; None for an opening or another aggregate's event."""
    owner, _, name = event_type.partition(".")
    return next((step for step in steps_of(workflow, owner) if step.name == name), None)
