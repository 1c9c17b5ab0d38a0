"""A sample day of the shipped companies: played when the store is empty, then shown."""

from __future__ import annotations

import click

from lifecycle.core.case import Case
from lifecycle.core.workflow import Workflow
from lifecycle.problems import ExitCode, Refusal
from lifecycle.store.port import CaseEntry
from lifecycle.terminal.answers import titled
from lifecycle.terminal.casepages import instance_line
from lifecycle.terminal.door import Door
from lifecycle.terminal.root import spoken

STEPS_SHOWN = 4


@click.command("demo", help=spoken("demo"))
@click.pass_obj
def demo(door: Door) -> None:
    from lifecycle.audit.verify import verify_case

    played_well = True
    if next(iter(door.app.store.cases()), None) is None:
        played_well = play_days(door)
    else:
        door.say("demo.there", store=door.settings.store)
    entries = list(door.app.store.cases())
    door.say("demo.worklist")
    cases = [(entry, *door.app.engine.case(entry.number)) for entry in entries]
    for entry, case, workflow in cases:
        if not case.closed:
            put_line(door, entry, case, workflow)
    findings = [(case, finding) for _, case, _ in cases for finding in case.findings.values()]
    door.say("demo.findings", count=len(findings))
    for case, finding in findings:
        door.put(f"  {case.number}  {titled(door, finding.get('text') or {}, finding['name'])}")
    verdicts = [verify_case(door.app.engine, entry.number) for entry in entries]
    damaged = [verdict for verdict in verdicts if verdict.findings]
    for verdict in verdicts:
        mark = "✗" if verdict.findings else "✓"
        door.put(f"  {mark} {verdict.case}  {door.words.say('demo.events', events=verdict.events)}")
    closed = sum(1 for _, case, _ in cases if case.closed)
    events = sum(verdict.events for verdict in verdicts)
    if door.as_json:
        door.put_json(
            {
                "cases": len(entries),
                "closed": closed,
                "events": events,
                "findings": len(findings),
                "damaged": [verdict.case for verdict in damaged],
            }
        )
    door.say(
        "demo.done", cases=len(entries), closed=closed, events=events, damaged=len(damaged), store=door.settings.store
    )
    if damaged:
        door.leave(ExitCode.DAMAGED)
    if not played_well:
        door.leave(ExitCode.REFUSED)


def play_days(door: Door) -> bool:
    """Play the shipped days into the empty store; return whether every act went as it is written."""
    from lifecycle.app import build
    from lifecycle.trials.day import DayClock, first_instant, last_full_day, play, sample_days

    days = sample_days()
    now = door.settings.clock()
    clock = DayClock(now)
    on = last_full_day(days, now)
    clock.now = first_instant(days, on)
    door.app.store.close()
    app = build(door.settings, clock=clock)
    well = True
    door.say("demo.day", day=str(on))
    for played in play(days, on, app.engine, clock, app.engine.new_id, door.via):
        well = well and played.as_written
        if isinstance(played.outcome, Refusal):
            words = "; ".join(door.words.reason(reason) for reason in played.outcome.reasons)
            rules = sorted({rule for reason in played.outcome.reasons for rule in reason.rules})
            cited = f"  [{', '.join(rules)}]" if rules else ""
            key = "demo.refused" if played.as_written else "demo.refused-unexpectedly"
            what = played.act.does or played.act.opens
            door.say(
                key, at=f"{played.act.at:%H:%M}", case=played.number or played.act.case, what=what, words=words + cited
            )
        elif not played.as_written:
            door.say("demo.not-refused", at=f"{played.act.at:%H:%M}", case=played.number, what=played.act.does)
    app.store.close()
    door.__dict__.pop("app", None)
    return well


def put_line(door: Door, entry: CaseEntry, case: Case, workflow: Workflow) -> None:
    """Print one case of the worklist: where it stands and what can be done next."""
    kind = workflow.kinds[case.kind]
    door.put(f"  {entry.number}  {titled(door, kind.titles, case.kind)}")
    offers = door.app.engine.offers(entry.number)
    for one in case.live():
        next_steps = [
            f"{titled(door, offer.step.titles, offer.step.name)}"
            for offer in offers
            if offer.instance == one.id and offer.allowed
        ]
        more = " …" if len(next_steps) > STEPS_SHOWN else ""
        door.put(
            f"      {one.id}  {instance_line(door, workflow, one)}  → {' / '.join(next_steps[:STEPS_SHOWN])}{more}"
        )
