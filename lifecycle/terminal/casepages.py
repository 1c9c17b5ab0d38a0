"""Pages about one case: as it is, what can happen, what happened, why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from lifecycle.audit.ledgers import accounts_of_case
from lifecycle.clocks.typed import show_time
from lifecycle.core.case import Case, Instance, Offer
from lifecycle.core.case.accounts import OWN
from lifecycle.core.case.notifying import said
from lifecycle.core.case.papers import lives, proposes
from lifecycle.core.case.periods import named
from lifecycle.core.events import Json, instant
from lifecycle.core.notices import void
from lifecycle.core.showing import show
from lifecycle.core.workflow import Paper, Step, Workflow
from lifecycle.core.workflow.papers import VOID
from lifecycle.engine.answers import jsonable
from lifecycle.problems import ExitCode
from lifecycle.store.port import Erased
from lifecycle.terminal.answers import comma, finding_text, reason_document, recipient_text, shown, titled
from lifecycle.terminal.door import Door
from lifecycle.terminal.localtime import in_zone, readable


def show_case(door: Door, case: Case, workflow: Workflow) -> None:
    """Print a case: its state, its values, its open findings."""
    data = opened(door, case.data)
    if door.as_json:
        document = case.to_json()
        document["id"] = str(case.id)
        document["closed"] = case.closed
        document["balances"] = [one.to_json() for one in accounts_of_case(door.app.store, workflow, case)]
        door.put_json(opened(door, document))
        return
    zone = ZoneInfo(workflow.zone)
    kind = workflow.kinds.get(case.kind)
    heading = titled(door, kind.titles, case.kind) if kind else case.kind
    state = door.words.say("case.closed" if case.closed else "case.open")
    door.put(f"{case.number}  {heading}  {state}")
    door.put(
        door.words.say(
            "case.line",
            workflow=workflow.name,
            version=workflow.version,
            revision=case.revision,
            opened=show_time(instant(case.opened_at), zone),
            latest=show_time(instant(case.at), zone),
        )
    )
    put_values(door, workflow, data, "  ")
    put_papers(door, workflow, case.papers, "  ")
    for link in case.links:
        door.put(f"  {link}: {case.links[link]['number']}")
    for one in case.instances.values():
        door.put(f"  {one.id}  {instance_line(door, workflow, one)}")
        put_values(door, workflow, opened(door, one.data), "      ")
        put_papers(door, workflow, one.papers, "      ")
        for name, kept in one.settled.items():
            door.put(f"      {settled_text(door, workflow, name, kept)}")
    put_accounts(door, case, workflow)
    for key, period in case.coverage.items():
        door.put(f"  {coverage_text(door, workflow, key, period)}")
    for name, reading in case.readings.items():
        door.put(f"  {reading_text(door, workflow, name, reading)}")
    for notice in case.notices:
        door.put(f"  {notice_text(door, workflow, case.number, notice)}  {show_time(instant(notice['at']), zone)}")
    for finding in case.findings.values():
        owner = finding.get("owner", "")
        rules = f"  [{', '.join(finding['rules'])}]" if finding.get("rules") else ""
        text = finding_text(door, finding, workflow)
        door.put(f"  {door.words.say('finding.open')}: {text}{f' ({owner})' if owner else ''}{rules}")


def instance_line(door: Door, workflow: Workflow, one: Instance) -> str:
    machine = workflow.machines[one.machine]
    state = machine.states.get(one.state)
    return f"{titled(door, machine.titles, one.machine)}: {titled(door, state.titles if state else {}, one.state)}"


def put_values(door: Door, workflow: Workflow, values: Mapping[str, Json], indent: str) -> None:
    zone = ZoneInfo(workflow.zone)
    for name, value in values.items():
        if value is None:
            continue
        field = workflow.fields.get(name)
        if isinstance(value, Erased):
            text = door.words.say("value.erased")
        else:
            text = show(field.type, value, door.lang, zone) if field else shown(value)
        door.put(f"{indent}{titled(door, field.titles if field else {}, name)}: {text}")


def put_papers(door: Door, workflow: Workflow, papers: Mapping[str, Json], indent: str) -> None:
    """Print where each paper is, and who has it."""
    for name, now in papers.items():
        paper = workflow.papers.get(name)
        title = titled(door, paper.titles if paper else {}, name)
        told = [f"{title} {now.get('number', '')}".rstrip(), stage_text(door, paper, now["stage"])]
        holder = workflow.roles.get(now.get("holder", ""))
        if holder is not None and lives(now):
            told.append(door.words.say("paper.held", role=titled(door, holder.titles, holder.name)))
        if proposes(now) and now["force"]:
            told.append(door.words.say("slip.proposal"))
        door.put(f"{indent}{door.words.say('paper.line', told=comma(door).join(one for one in told if one))}")


def settled_text(door: Door, workflow: Workflow, name: str, kept: Mapping[str, Json]) -> str:
    """Return which period of a settlement was drawn up, whether it is frozen, and how much it holds."""
    declared = workflow.settlements.get(name)
    return door.words.say(
        "settlement.line",
        settlement=titled(door, declared.titles if declared else {}, name),
        period=kept["period"],
        is_=door.words.say(f"settlement.{kept['is']}"),
        rows=len(kept["rows"]),
        corrections=len(kept["corrections"]),
    )


def reading_text(door: Door, workflow: Workflow, name: str, reading: Mapping[str, Json]) -> str:
    """Return a reading of "<series>/<holder>": whose, how much, when."""
    series, _, holder = name.partition("/")
    declared = workflow.series.get(series)
    whose = "" if declared is None or declared.of in OWN else f" {holder}"
    unit = titled(door, declared.unit_titles if declared else {}, reading.get("unit", ""))
    value = f"{reading['value']} {unit}".strip()
    title = titled(door, declared.titles if declared else {}, series)
    return f"{title}{whose}: {value}  {readable(reading['at'], workflow.zone)}"


def coverage_text(door: Door, workflow: Workflow, key: str, period: Mapping[str, Json]) -> str:
    """Return from when to when a coverage, or a part's own, runs, by how much it was put off, and how it stands."""
    today = door.app.engine.clock().astimezone(ZoneInfo(workflow.zone)).date().isoformat()
    coming = period["state"] == "running" and today < period["from"]
    return door.words.say(
        "coverage.line",
        title=coverage_title(door, workflow, *named(key)),
        first=period["from"],
        until=period["until"],
        lost=door.words.say("coverage.lost", days=period["lost"]) if period.get("lost") else "",
        standing=door.words.say(f"coverage.{'coming' if coming else period['state']}"),
    )


def coverage_title(door: Door, workflow: Workflow, name: str, part: str) -> str:
    declared = workflow.coverage.get(name)
    title = titled(door, declared.titles if declared else {}, name)
    return door.words.say("coverage.part", title=title, part=part) if part else title


def put_accounts(door: Door, case: Case, workflow: Workflow) -> None:
    """Print the accounts that the case has posted to, each with its balance."""
    for one in accounts_of_case(door.app.store, workflow, case):
        ledger = workflow.ledgers[one.ledger]
        whose = "" if ledger.of in OWN else f" {one.holder}"
        door.put(f"  {titled(door, ledger.titles, one.ledger)}{whose}: {one.text(ledger, door.lang)}")


def notice_text(door: Door, workflow: Workflow, case: str, notice: Mapping[str, Json]) -> str:
    """Return whom a notice was meant for, and its words."""
    told = [recipient_text(door, workflow, one) for one in notice["to"]]
    words = said(
        {**notice, "values": readable_values(door, notice)}, case, workflow, door.lang, ZoneInfo(workflow.zone)
    )
    who = comma(door).join(told) or door.words.say("notice.nobody")
    if void(notice):
        words = door.words.say("notice.void", text=words)
    key = "notice.withdrawn" if notice.get("withdrawn") else "notice.line"
    return door.words.say(key, who=who, text=words)


def readable_values(door: Door, notice: Mapping[str, Json]) -> dict[str, Any]:
    """Return a notice's values, opened; what was erased, as the page says it."""
    values = opened(door, notice.get("values", {}))
    return {name: shown(value) if isinstance(value, Erased) else value for name, value in values.items()}


def stage_text(door: Door, paper: Paper | None, stage: str) -> str:
    if stage == VOID:
        return door.words.say("slip.void")
    declared = paper.stages.get(stage) if paper else None
    return titled(door, declared.titles, stage) if declared else stage


def opened(door: Door, value: Any) -> Any:
    """Return a value with its personal parts readable, where their key still exists."""
    return door.app.store.open(value)


def show_offers(door: Door, case: Case, workflow: Workflow, offers: Sequence[Offer], every: bool) -> None:
    """Print the steps that can be taken now, then those that cannot, with every reason."""
    if door.as_json:
        door.put_json({"case": case.number, "steps": [offer_document(door, offer, workflow) for offer in offers]})
        return
    allowed = [offer for offer in offers if offer.allowed]
    if not allowed:
        door.say("can.nothing", case=case.number)
    for offer in allowed:
        step = offer.step
        title = titled(door, step.titles, step.name)
        door.put(f"  {offer.instance}.{step.name}  {title}  ({who_text(workflow, step, door)})")
        asked = [
            f"{titled(door, one.field.titles, one.field.name)} ({one.field.name}{'!' if one.required is True else ''})"
            for one in step.form
        ]
        if asked:
            door.put(f"      {door.words.say('can.form')}: {', '.join(asked)}")
    others = [offer for offer in offers if not offer.allowed and (offer.applies or every)]
    if others:
        door.put(door.words.say("can.not"))
    for offer in others:
        step = offer.step
        door.put(f"  {offer.instance}.{step.name}  {titled(door, step.titles, step.name)}")
        if not offer.applies:
            door.put(f"      {door.words.say('can.not-in-this-case')}")
        for reason in (in_zone(reason, workflow.zone) for reason in offer.reasons):
            rules = f"  [{', '.join(reason.rules)}]" if reason.rules else ""
            door.put(f"      - {reason.code}: {door.words.reason(reason)}{rules}")


def offer_document(door: Door, offer: Offer, workflow: Workflow) -> dict[str, Any]:
    step = offer.step
    return {
        "instance": offer.instance,
        "step": step.name,
        "titles": dict(step.titles),
        "allowed": offer.allowed,
        "applies": offer.applies,
        "by": list(step.who.roles),
        "with": list(step.who.recorders),
        "form": [
            {"name": one.field.name, "type": one.field.type.name, "required": one.required is True} for one in step.form
        ],
        "reasons": [reason_document(door, reason, workflow.zone) for reason in offer.reasons],
    }


def who_text(workflow: Workflow, step: Step, door: Door) -> str:
    names = [titled(door, workflow.roles[role].titles, role) for role in step.who.roles if role in workflow.roles]
    recorders = [
        titled(door, workflow.roles[role].titles, role) for role in step.who.recorders if role in workflow.roles
    ]
    text = " / ".join(names) or (step.who.role.text if step.who.role else "")
    return f"{text} + {' / '.join(recorders)}" if recorders else text


def why_not(door: Door, case: Case, workflow: Workflow, offers: Sequence[Offer], step: str) -> None:
    """Print what stands against a step now, and the attempts at it that were refused."""
    address, _, name = step.rpartition(".")
    found = [o for o in offers if o.step.name == name and address in ("", o.instance, o.instance.partition("/")[0])]
    attempts = [e for e in door.app.store.refusals(case.number) if str(e.get("asked", "")).rpartition(".")[2] == name]
    if door.as_json:
        door.put_json(
            {
                "case": case.number,
                "steps": [offer_document(door, o, workflow) for o in found],
                "refused_attempts": jsonable(attempts),
            }
        )
    elif found:
        show_offers(door, case, workflow, found, every=True)
    else:
        door.say("why.not-offered", step=step, case=case.number)
    if not door.as_json:
        for attempt in attempts:
            codes = ", ".join(reason["code"] for reason in attempt["reasons"])
            heading = door.words.say("why.attempt", at=readable(attempt["at"], workflow.zone), by=attempt["by"])
            door.put(f"  {heading}: {codes}")
    if not found and not attempts:
        door.leave(ExitCode.UNKNOWN)
