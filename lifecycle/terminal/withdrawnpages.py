"""What a withdrawal took back, and what it had to keep and why, as an auditor reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from lifecycle.clocks.typed import show_time
from lifecycle.core.case import Case
from lifecycle.core.case.recalling import TAKEN_BACK
from lifecycle.core.events import Event, Json, Recorded, instant
from lifecycle.core.workflow import Workflow
from lifecycle.core.workflow.titles import act_title, bearer_title
from lifecycle.problems import Text
from lifecycle.terminal.answers import comma, titled
from lifecycle.terminal.door import Door

TITLES: Mapping[str, str] = {
    "deadline.breach_withdrawn": "withdrawn.breach-title",
    "timer.superseded": "withdrawn.timer-title",
    TAKEN_BACK: "history.taken-back",
}
"""Event types of withdrawals, with the texts that are their titles."""


def has_withdrawals(case: Case) -> bool:
    """Return whether anything was ever withdrawn in a case: its history need not be read to know."""
    return not case.happened.keys().isdisjoint(TITLES)


def put_withdrawals(door: Door, workflow: Workflow, history: Sequence[Recorded]) -> None:
    """Print every withdrawal of a case, with what it took back and what it kept."""
    for recorded in history:
        event = recorded.event
        if event.type in TITLES:
            when = show_time(event.occurred_at, ZoneInfo(workflow.zone))
            door.put(f"  @{recorded.revision}  {when}  {door.words.say(TITLES[event.type])}")
            for line in withdrawal_lines(door, workflow, event):
                door.put(f"      {line}")


def withdrawal_lines(door: Door, workflow: Workflow, event: Event) -> Iterator[str]:
    """Yield a line for each thing that an event took back or kept; none for an event that withdraws nothing."""
    told = event.changes.get("withdraws")
    if told is None or event.type not in TITLES:
        return
    key, values = subject(workflow, event, told)
    yield door.words.say(key, **values)
    for part in event.changes.get("restored", ()):
        names = [field_title(door, workflow, name) for name in part.get("values", {})]
        if names:
            yield door.words.say("withdrawn.values", of=part["of"] or event.case, names=comma(door).join(names))
        if "state" in part:
            yield door.words.say("withdrawn.state", of=part["of"], state=part["state"])
    for entry in event.changes.get("ended", ()):
        yield door.words.say("withdrawn.ended", of=entry["of"])
    yield from given_back(door, workflow, event)
    for entry in event.changes.get("takes_back", ()):
        yield door.words.say("withdrawn.elsewhere", case=entry["case"], cause=entry["cause"])
    for entry in event.changes.get("kept", ()):
        yield kept_text(door, workflow, event, entry)


def given_back(door: Door, workflow: Workflow, event: Event) -> Iterator[str]:
    """Yield a line for each paper, name and person of the directory that is as before."""
    for entry in event.changes.get("papers", ()):
        values = {"title": paper_title(workflow, entry["paper"]), "number": entry.get("number", "")}
        yield door.words.say(f"withdrawn.paper-{entry['is']}", of=entry.get("of") or event.case, **values)
    for entry in event.changes.get("assigned", ()):
        if not entry.get("ended") and not entry.get("replaced"):
            values = {"title": bearer_title(workflow, entry["name"]), "people": comma(door).join(entry["people"])}
            yield door.words.say(f"withdrawn.name-{entry['is']}", of=entry["of"], **values)
    for person in dict.fromkeys(entry["person"] for entry in event.changes.get("staff", ())):
        yield door.words.say("withdrawn.staff", person=person)


def subject(workflow: Workflow, event: Event, told: Mapping[str, Json]) -> tuple[str, dict[str, object]]:
    """Return the text that says what is withdrawn, and its values."""
    values: dict[str, object] = {"revisions": [f"@{revision}" for revision in told["revisions"]]}
    if "cause" in told:
        key = "withdrawn.of-cause" if told["revisions"] else "withdrawn.nothing"
        return key, {**values, "cause": told["cause"]}
    zone = ZoneInfo(workflow.zone)
    values.update({"due": show_time(instant(told["due"]), zone), "at": show_time(instant(told["shown_at"]), zone)})
    if "deadline" in told:
        return "withdrawn.of-breach", {**values, "title": deadline_title(workflow, event.machine, told["deadline"])}
    machine = workflow.machines.get(event.machine.partition("/")[0])
    title = act_title(workflow, machine, told["step"]) if machine else told["step"]
    return "withdrawn.of-step", {**values, "title": title}


def kept_text(door: Door, workflow: Workflow, event: Event, entry: Mapping[str, Json]) -> str:
    """Return what stayed as it was, and why."""
    of, name = entry.get("of") or event.case, entry.get("name", "")
    values: dict[str, object] = {"of": of, "revision": f"@{entry.get('revision', '')}"}
    match entry["what"]:
        case "value":
            values["title"] = field_title(door, workflow, name)
        case "deadline":
            values["title"] = deadline_title(workflow, of, name)
        case "assigned":
            values["title"] = bearer_title(workflow, name)
        case "papers":
            values["title"] = paper_title(workflow, name)
        case "staff":
            values["person"] = entry["person"]
    whole = "-whole" if entry["what"] in ("assigned", "papers") and "revision" not in entry else ""
    return door.words.say(f"withdrawn.kept-{entry['what']}{whole}", **values)


def field_title(door: Door, workflow: Workflow, name: str) -> str:
    field = workflow.fields.get(name)
    return titled(door, field.titles if field else {}, name)


def paper_title(workflow: Workflow, name: str) -> Text | str:
    paper = workflow.papers.get(name)
    return (paper.titles if paper else {}) or name


def deadline_title(workflow: Workflow, instance: str, name: str) -> Text | str:
    machine = workflow.machines.get(instance.partition("/")[0])
    found = next((one for one in machine.deadlines if one.name == name), None) if machine else None
    return (found.titles if found else {}) or name
