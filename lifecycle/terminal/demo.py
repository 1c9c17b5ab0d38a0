"""A sample week of the shipped companies: played when the store is empty, then shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from lifecycle.core.workflow import Workflow
from lifecycle.problems import ExitCode, Reason, Refusal
from lifecycle.terminal import demopages
from lifecycle.terminal.answers import reason_document, titled
from lifecycle.terminal.door import Door
from lifecycle.terminal.localtime import in_zone
from lifecycle.terminal.root import spoken

if TYPE_CHECKING:
    from lifecycle.trials.week import Played

REASONS_SHOWN = 2


@click.command("demo", help=spoken("demo"))
@click.pass_obj
def demo(door: Door) -> None:
    from lifecycle.audit.verify import verify_case

    played: list[Played] = []
    if next(iter(door.app.store.cases()), None) is None:
        played = play_weeks(door)
    else:
        door.say("demo.there", store=door.settings.store)
    entries = sorted(door.app.store.cases(), key=lambda entry: entry.workflow)
    companies = demopages.companies(door, entries)
    shown = [
        demopages.worklist(door, companies),
        demopages.promises(door, companies),
        demopages.assignments(door, companies),
        demopages.told(door, companies),
        demopages.owed(door, companies),
        demopages.findings(door, companies),
    ]
    verdicts = [verify_case(door.app.engine, entry.number) for entry in entries]
    demopages.verified(door, companies, verdicts)
    damaged = [verdict.case for verdict in verdicts if verdict.findings]
    counts: dict[str, Any] = {
        "acts": len(played),
        "refused": sum(1 for each in played if isinstance(each.outcome, Refusal)),
        "cases": len(entries),
        "closed": sum(1 for company in companies for case in company.cases if case.closed),
        "events": sum(verdict.events for verdict in verdicts),
    }
    if door.as_json:
        refusals = [refusal_document(door, each) for each in played if isinstance(each.outcome, Refusal)]
        unexpected = [refusal_document(door, each) for each in played if not each.as_written]
        lists: dict[str, Any] = {"refusals": refusals, "unexpected": unexpected, "damaged": damaged}
        for document in shown:
            lists.update(document)
        door.put_json({**counts, **lists, "store": door.settings.store})
    door.say("demo.done", **counts, damaged=len(damaged), store=door.settings.store)
    if damaged:
        door.leave(ExitCode.DAMAGED)
    if not all(each.as_written for each in played):
        door.leave(ExitCode.REFUSED)


def play_weeks(door: Door) -> list[Played]:
    """Play the shipped weeks into the empty store, printing what was refused; return every act with its outcome."""
    from lifecycle.app import build
    from lifecycle.trials.week import WeekClock, first_instant, last_whole_week, play, sample_weeks

    weeks = sample_weeks()
    monday = last_whole_week(door.settings.clock(), weeks[0].zone, ordinary)
    door.app.store.close()
    clock = WeekClock(first_instant(weeks, monday))
    app = build(door.settings, clock=clock)
    door.say("demo.week", monday=str(monday))
    played: list[Played] = []
    for each in play(weeks, monday, app.engine, clock, app.engine.new_id, door.via):
        played.append(each)
        workflow = app.engine.figures(each.week.workflow)[0]
        at = each.moment.astimezone(each.week.zone)
        where = {"at": f"{at:%m-%d %H:%M}", "case": each.act.case, "what": asked(door, workflow, each)}
        if isinstance(each.outcome, Refusal):
            door.say("demo.refused" if each.as_written else "demo.refused-unexpectedly", **where)
            put_reasons(door, each.outcome.reasons, each.week.zone.key)
        elif not each.as_written:
            door.say("demo.not-refused", **where)
    app.store.close()
    door.__dict__.pop("app", None)
    return played


def ordinary(day: date) -> bool:
    """Return whether a day is a working day or a day off as its day of the week says: no holiday, no make-up day."""
    from lifecycle.clocks.national import published

    days = published("cn")
    return day not in days.off and day not in days.work


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
    what = {
        "at": f"{played.moment.astimezone(played.week.zone):%m-%d %H:%M}",
        "case": played.number or act.case,
        "asked": act.opens or act.does,
    }
    return {**what, "reasons": [reason_document(door, reason, played.week.zone.key) for reason in reasons]}
