"""A sample day of the shipped companies: played when the store is empty, then shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from lifecycle.core.case import Case, Instance
from lifecycle.core.workflow import Workflow
from lifecycle.problems import ExitCode, Reason, Refusal
from lifecycle.terminal.answers import finding_text, reason_document, titled
from lifecycle.terminal.casepages import instance_line
from lifecycle.terminal.door import Door
from lifecycle.terminal.localtime import in_zone
from lifecycle.terminal.root import spoken

if TYPE_CHECKING:
    from lifecycle.audit.verify import Verdict
    from lifecycle.trials.day import Played

STEPS_SHOWN = 4
REASONS_SHOWN = 3

Standing = tuple[Case, Workflow]


@click.command("demo", help=spoken("demo"))
@click.pass_obj
def demo(door: Door) -> None:
    from lifecycle.audit.verify import verify_case

    played: list[Played] = []
    if next(iter(door.app.store.cases()), None) is None:
        played = play_days(door)
    else:
        door.say("demo.there", store=door.settings.store)
    entries = sorted(door.app.store.cases(), key=lambda entry: entry.workflow)
    standing = [door.app.engine.case(entry.number) for entry in entries]
    put_worklist(door, standing)
    put_findings(door, standing)
    door.say("demo.verified")
    verdicts = [verify_case(door.app.engine, entry.number) for entry in entries]
    for verdict in verdicts:
        put_verdict(door, verdict)
    damaged = [verdict.case for verdict in verdicts if verdict.findings]
    counts: dict[str, Any] = {
        "acts": len(played),
        "refused": sum(1 for each in played if isinstance(each.outcome, Refusal)),
        "cases": len(standing),
        "closed": sum(1 for case, _ in standing if case.closed),
        "events": sum(verdict.events for verdict in verdicts),
    }
    if door.as_json:
        findings = [{"case": case.number, **finding} for case, finding in findings_of(standing)]
        refusals = [refusal_document(door, each) for each in played if isinstance(each.outcome, Refusal)]
        unexpected = [refusal_document(door, each) for each in played if not each.as_written]
        store = {"store": door.settings.store}
        lists = {"refusals": refusals, "unexpected": unexpected, "findings": findings, "damaged": damaged}
        door.put_json({**counts, **lists, **store})
    door.say("demo.done", **counts, damaged=len(damaged), store=door.settings.store)
    if damaged:
        door.leave(ExitCode.DAMAGED)
    if not all(each.as_written for each in played):
        door.leave(ExitCode.REFUSED)


def play_days(door: Door) -> list[Played]:
    """Play the shipped days into the empty store, printing what was refused; return every act with its outcome."""
    from lifecycle.app import build
    from lifecycle.trials.day import DayClock, first_instant, last_full_day, play, sample_days

    days = sample_days()
    now = door.settings.clock()
    on = last_full_day(days, now)
    door.app.store.close()
    clock = DayClock(first_instant(days, on))
    app = build(door.settings, clock=clock)
    door.say("demo.day", day=str(on))
    played: list[Played] = []
    for each in play(days, on, app.engine, clock, app.engine.new_id, door.via):
        played.append(each)
        workflow = app.engine.figures(each.day.workflow)[0]
        if isinstance(each.outcome, Refusal):
            heading = "demo.refused" if each.as_written else "demo.refused-unexpectedly"
            door.say(heading, at=f"{each.act.at:%H:%M}", case=each.act.case, what=asked(door, workflow, each))
            put_reasons(door, each.outcome.reasons, each.day.zone.key)
        elif not each.as_written:
            what = asked(door, workflow, each)
            door.say("demo.not-refused", at=f"{each.act.at:%H:%M}", case=each.act.case, what=what)
    app.store.close()
    door.__dict__.pop("app", None)
    return played


def asked(door: Door, workflow: Workflow, played: Played) -> str:
    """Return the title of what was attempted, as far as the workflow has one."""
    owner, _, name = (played.act.opens or played.act.does).rpartition(".")
    titles: Mapping[str, Mapping[str, str]] = {}
    if played.act.opens and owner in workflow.kinds:
        titles = {each.name: each.titles for each in workflow.kinds[owner].openings.values()}
    elif (machine := workflow.machines.get(owner.partition("/")[0])) is not None:
        steps = [step for state in machine.states.values() for step in state.steps]
        titles = {step.name: step.titles for step in (*steps, *machine.anywhere)}
    return titled(door, titles.get(name, {}), name)


def put_reasons(door: Door, reasons: Sequence[Reason], zone: str) -> None:
    """Print the first reasons of a refusal, and how many more there are."""
    for reason in reasons[:REASONS_SHOWN]:
        rules = f"  [{', '.join(reason.rules)}]" if reason.rules else ""
        door.put(f"         {door.words.reason(in_zone(reason, zone))}{rules}")
    if len(reasons) > REASONS_SHOWN:
        door.say("demo.more-reasons", count=len(reasons) - REASONS_SHOWN)


def refusal_document(door: Door, played: Played) -> dict[str, Any]:
    act = played.act
    reasons = played.outcome.reasons if isinstance(played.outcome, Refusal) else ()
    what = {"at": f"{act.at:%H:%M}", "case": played.number or act.case, "asked": act.opens or act.does}
    return {**what, "reasons": [reason_document(door, reason, played.day.zone.key) for reason in reasons]}


def put_worklist(door: Door, standing: Sequence[Standing]) -> None:
    """Print a line per instance that somebody can go on with: where it stands, and the next steps."""
    shown = ""
    for case, workflow in standing:
        if workflow.name != shown:
            shown = workflow.name
            door.say("demo.worklist", workflow=workflow.titles or workflow.name)
        offers = door.app.engine.offers(case.number) if door_open(case) else []
        for one in case.live():
            next_steps = [
                titled(door, offer.step.titles, offer.step.name)
                for offer in offers
                if offer.instance == one.id and offer.allowed
            ]
            if next_steps:
                more = " …" if len(next_steps) > STEPS_SHOWN else ""
                where = instance_line(door, workflow, one) + key_of(one) + matter_of(door, workflow, one)
                door.put(f"  {case.number}  {where}  → {' / '.join(next_steps[:STEPS_SHOWN])}{more}")


def door_open(case: Case) -> bool:
    """Return whether anything is left to do: the file of a keyed thing stands open for ever and is no work."""
    return not case.closed and not case.keyed


def key_of(one: Instance) -> str:
    """Return what tells an instance from its siblings; nothing for the first and only one."""
    return "" if one.id.endswith("/1") else f" ({one.key})"


def matter_of(door: Door, workflow: Workflow, one: Instance) -> str:
    """Return what tells a task from other tasks: the title of the last choice that its values hold."""
    chosen = ""
    for name, value in one.data.items():
        titles = workflow.fields[name].type.choices if name in workflow.fields else {}
        if isinstance(value, str) and value in titles:
            chosen = f" ({titled(door, titles[value], value)})"
    return chosen


def put_findings(door: Door, standing: Sequence[Standing]) -> None:
    found = list(findings_of(standing))
    workflows = {case.number: workflow for case, workflow in standing}
    door.say("demo.findings", count=len(found))
    for case, finding in found:
        roles = workflows[case.number].roles
        owner = finding.get("owner", "")
        who = f"  ({titled(door, roles[owner].titles, owner)})" if owner in roles else ""
        rules = f"  [{', '.join(finding['rules'])}]" if finding.get("rules") else ""
        door.put(f"  {case.number}  {finding_text(door, finding)}{who}{rules}")


def findings_of(standing: Sequence[Standing]) -> Iterator[tuple[Case, Mapping[str, Any]]]:
    for case, _ in standing:
        for finding in case.findings.values():
            yield case, finding


def put_verdict(door: Door, verdict: Verdict) -> None:
    if verdict.findings:
        what = ", ".join(dict.fromkeys(finding.what for finding in verdict.findings))
        door.say("demo.damaged", case=verdict.case, events=verdict.events, what=what)
    else:
        door.say("demo.sound", case=verdict.case, events=verdict.events)
