"""How answers are printed: what was recorded, why not, what a verification found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from lifecycle.core.events import Event, Json, Recorded, stamp
from lifecycle.core.notices import AUDIENCE, NOTICES, without_members
from lifecycle.core.workflow import Workflow
from lifecycle.core.workflow.titles import bearer_title, pool_title
from lifecycle.engine.answers import Done, jsonable
from lifecycle.engine.limits import LONGEST_CASE, NEARLY
from lifecycle.problems import Reason, Refusal, Text
from lifecycle.terminal.door import Door
from lifecycle.terminal.localtime import in_zone, readable

if TYPE_CHECKING:
    from lifecycle.audit.verify import Verdict


def put_done(door: Door, done: Done, *, opening: bool) -> None:
    """Print what a command recorded."""
    own = [recorded for recorded in done.events if recorded.event.stream == done.id]
    if door.as_json:
        document: dict[str, Any] = {"case": done.case}
        if opening:
            document["id"] = str(done.id)
            document["position"] = own[-1].position if own else 0
        document["revision"] = done.revision
        document["events"] = [event_json(recorded) for recorded in done.events]
        document["deadlines"] = []
        if done.repeated:
            document["repeated"] = True
        if done.dry:
            document["dry_run"] = True
        door.put_json(document)
        return
    if done.repeated:
        door.say("done.repeated", case=done.case)
    if done.dry:
        door.say("done.dry")
    standing, workflow = (None, None) if done.dry else door.app.engine.case(done.case)
    known = door.app.engine.case(done.case)[1] if done.dry and not opening else workflow
    if opening:
        door.say("done.opened", case=done.case, id=str(done.id))
    for recorded in done.events:
        event = recorded.event
        where = ""
        if event.machine and workflow is not None and event.case == done.case:
            where = moved_text(door, workflow, recorded)
        elif event.machine:
            where = f"{event.machine}: {event.source} → {event.target}"
        door.put(f"  {recorded.position:>6}  {event.case}  {event.type}  {where}".rstrip())
        for to in audiences_of(event):
            door.put(f"          {door.words.say('notice.goes-to', who=recipient_text(door, known, to))}")
    if done.revision >= NEARLY:
        door.say("done.nearly-full", case=done.case, revision=done.revision, limit=LONGEST_CASE)
    if standing is not None and standing.findings:
        for finding in standing.findings.values():
            door.put(f"  {door.words.say('finding.open')}: {finding_text(door, finding, workflow)}")


def audiences_of(event: Event) -> list[Mapping[str, Json]]:
    """Return the audiences that an event tells something, each with the number of its members."""
    notices = event.changes.get(NOTICES, ())
    return [to for entry in notices for to in without_members(entry)["to"] if AUDIENCE in to]


def recipient_text(door: Door, workflow: Workflow | None, to: Mapping[str, Json]) -> str:
    """Return one of those whom a notice is for: an audience with the number of its members, a member with the case."""
    if AUDIENCE in to:
        audience = workflow.audiences.get(to[AUDIENCE]) if workflow is not None else None
        title = titled(door, audience.titles if audience else {}, to[AUDIENCE])
        if "case" in to:
            return door.words.say("notice.member", audience=title, case=to["case"])
        unjudged = comma(door).join(to.get("unjudged", ()))
        key = "notice.audience-unjudged" if unjudged else "notice.audience"
        return door.words.say(key, audience=title, members=to["members"], cases=unjudged)
    [(what, name)] = to.items()
    role = workflow.roles.get(name) if workflow is not None and what != "person" else None
    return titled(door, role.titles if role else {}, name)


def comma(door: Door) -> str:
    return "，" if door.lang == "zh" else ", "


def moved_text(door: Door, workflow: Workflow, recorded: Recorded) -> str:
    event = recorded.event
    machine = workflow.machines.get(event.machine.partition("/")[0])
    if machine is None:
        return event.machine
    names = [
        titled(door, machine.states[p].titles, p) if p in machine.states else p for p in (event.source, event.target)
    ]
    if names[0] == names[1]:
        return f"{event.machine}: {names[1]}"
    return f"{event.machine}: {names[0]} → {names[1]}"


def finding_text(door: Door, finding: Mapping[str, Any], workflow: Workflow | None = None) -> str:
    """Return what a finding says: the designer's own words, or the program's for one that it opens itself.

    workflow  that gives titles to what the finding names by key
    """
    code = finding.get("code", "")
    if code and door.words.knows(f"finding.{code}"):
        values = {name: value for name, value in finding.items() if name not in SAID_APART}
        if workflow is not None and "pool" in values:
            values["pool"] = pool_title(workflow, values["pool"])
            values["assignment"] = bearer_title(workflow, values["assignment"])
        return door.words.say(f"finding.{code}", **values)
    return titled(door, finding.get("text") or {}, f"{finding['name']} ({code})" if code else finding["name"])


SAID_APART = frozenset(("id", "is", "code", "rules", "owner"))


def titled(door: Door, titles: Text, otherwise: str) -> str:
    return titles.get(door.lang) or next(iter(titles.values()), otherwise)


def event_json(recorded: Recorded) -> dict[str, Any]:
    event = recorded.event
    audiences = [dict(to) for to in audiences_of(event)]
    return {
        "type": event.type,
        "position": recorded.position,
        "machine": event.machine,
        "from": event.source,
        "to": event.target,
        "occurred_at": stamp(event.occurred_at),
        **({"audiences": audiences} if audiences else {}),
    }


def put_refusal(door: Door, refusal: Refusal, zone: str = "UTC") -> None:
    """Print every reason of a refusal, with what would cure it.

    zone  of the workflow: in which people read instants; programs get them as they are stored
    """
    if door.as_json:
        documents = [reason_document(door, reason, zone) for reason in refusal.reasons]
        document: dict[str, Any] = {"refused": True, "reasons": documents}
        if refusal.winner:
            document["winner"] = dict(refusal.winner)
        door.put_json(document)
        return
    click.echo(door.words.say("refused.heading", count=len(refusal.reasons)))
    for reason in (in_zone(reason, zone) for reason in refusal.reasons):
        rules = f"  [{', '.join(reason.rules)}]" if reason.rules else ""
        click.echo(f"  - {reason.code}: {door.words.reason(reason)}{rules}")
        if reason.code in ("guard", "guard-overridable", "guard-failed", "invariant") and reason.actual:
            click.echo(f"      {door.words.say('refused.found')}: {shown(reason.actual)}")
            click.echo(f"      {door.words.say('refused.required')}: {shown(reason.required)}")
        if reason.values.get("suggest") is not None:
            click.echo(f"      {door.words.say('refused.suggest')}: {shown(reason.values['suggest'])}")
        hint = door.words.reason_hint(reason)
        if hint:
            click.echo(f"      {door.words.label('hint')}: {hint}")
        if reason.where.file:
            click.echo(f"      {reason.where}")
    if refusal.winner:
        winner = refusal.winner
        by = winner["by"]
        assert isinstance(by, dict)
        who = f"{by['role']}:{by.get('person', '')}".rstrip(":")
        door.say("refused.winner", type=winner["type"], by=who, at=readable(winner["occurred_at"], zone))


def reason_document(door: Door, reason: Reason, zone: str) -> dict[str, Any]:
    """Return a reason for programs: the sentence as people read it, the values as they are stored."""
    where = reason.where
    document = {
        "code": reason.code,
        "text": door.words.reason(in_zone(reason, zone)),
        "rules": list(reason.rules),
        "where": {"file": where.file, "line": where.line, "column": where.column, "path": where.path},
        "actual": jsonable(reason.actual),
        "required": jsonable(reason.required),
    }
    hint = door.words.reason_hint(reason)
    if hint:
        document["hint"] = hint
    return document


def shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} = {shown(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(shown(each) for each in value)
    return "null" if value is None else str(value)


def put_verdict(door: Door, verdict: Verdict) -> None:
    """Print what a verification found, and what it cannot find."""
    if door.as_json:
        door.put_json(
            {
                "case": verdict.case,
                "events": verdict.events,
                "verified": not verdict.findings,
                "findings": [
                    {"what": f.what, "position": f.position, "revision": f.revision} for f in verdict.findings
                ],
                "only_signed_heads_show": True,
            }
        )
        return
    for finding in verdict.findings:
        click.echo(door.words.say(f"verify.{finding.what}", position=finding.position, revision=finding.revision))
    if verdict.findings:
        door.say("verify.damaged", case=verdict.case, count=len(verdict.findings))
    else:
        door.say("verify.whole", case=verdict.case, events=verdict.events)
    door.say("verify.limits")
