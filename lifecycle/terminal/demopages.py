"""What the demo shows of each company after its week: work, promises, people, money, findings, verification.

Every page prints at most a few lines a company, says how much it left out, and returns all of it for programs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from lifecycle.clocks.typed import show_time
from lifecycle.core.case import Case, Instance
from lifecycle.core.events import Recorded, instant, stamp
from lifecycle.core.notices import without_members
from lifecycle.core.showing import show_length
from lifecycle.core.workflow import Workflow
from lifecycle.store.port import CaseEntry
from lifecycle.terminal.answers import finding_text, titled
from lifecycle.terminal.assignpages import assignments as assigned_in
from lifecycle.terminal.assignpages import lines as assigned_lines
from lifecycle.terminal.casepages import instance_line, notice_text
from lifecycle.terminal.deadlinepages import deadline_of
from lifecycle.terminal.door import Door

if TYPE_CHECKING:
    from lifecycle.audit.clocks import Arming
    from lifecycle.audit.verify import Verdict

STEPS_SHOWN = 3
LINES_SHOWN = 3
"""Lines a company and page; a programme of eight companies stays within a few screens."""

Page = dict[str, list[dict[str, Any]]]
"""A page for programs: its name -> its rows."""


@dataclass(frozen=True, kw_only=True)
class Company:
    """A workflow with its cases, in the order in which they were opened, and their histories."""

    workflow: Workflow
    cases: Sequence[Case]
    histories: Sequence[Sequence[Recorded]]


def companies(door: Door, entries: Sequence[CaseEntry]) -> list[Company]:
    """Return what the cases, sorted by workflow, are now."""
    engine = door.app.engine
    found: list[Company] = []
    for _, group in groupby(entries, key=lambda entry: entry.workflow):
        standing = [engine.case(entry.number) for entry in group]
        histories = [engine.history(case.number) for case, _ in standing]
        found.append(Company(workflow=standing[-1][1], cases=[case for case, _ in standing], histories=histories))
    return found


def put_some(door: Door, heading: str, lines: Sequence[str]) -> None:
    """Print a heading and the first lines under it, and how many more there are."""
    door.put(f"  {heading}")
    for line in lines[:LINES_SHOWN]:
        door.put(f"    {line}")
    if len(lines) > LINES_SHOWN:
        door.say("demo.more", count=len(lines) - LINES_SHOWN)


def say_none(door: Door, rows: Sequence[Any]) -> None:
    """Say that a page is empty, rather than leave its heading alone."""
    if not rows:
        door.say("demo.none")


def title_of(door: Door, company: Company) -> str:
    return titled(door, company.workflow.titles, company.workflow.name)


def worklist(door: Door, shown: Sequence[Company]) -> Page:
    """Print a line per instance that somebody can go on with: where it stands, and the next steps."""
    door.say("demo.worklist")
    rows: list[dict[str, Any]] = []
    for company in shown:
        found = list(work_of(door, company))
        if found:
            put_some(door, title_of(door, company), [line for line, _ in found])
        rows.extend(row for _, row in found)
    say_none(door, rows)
    return {"worklist": rows}


def work_of(door: Door, company: Company) -> Iterator[tuple[str, dict[str, Any]]]:
    for case in company.cases:
        if case.closed or case.keyed:  # the file of a keyed thing stands open for ever and is no work
            continue
        offers = door.app.engine.offers(case.number)
        for one in case.live():
            allowed = [offer.step for offer in offers if offer.instance == one.id and offer.allowed]
            if allowed:
                titles = [titled(door, step.titles, step.name) for step in allowed]
                more = " …" if len(titles) > STEPS_SHOWN else ""
                where = (
                    instance_line(door, company.workflow, one) + key_of(one) + matter_of(door, company.workflow, one)
                )
                line = f"{case.number}  {where}  → {' / '.join(titles[:STEPS_SHOWN])}{more}"
                yield line, {"case": case.number, "instance": one.id, "steps": [step.name for step in allowed]}


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


def promises(door: Door, shown: Sequence[Company]) -> Page:
    """Print how many deadlines each company met and missed, and those that it missed, the open ones first."""
    from lifecycle.audit.clocks import armings

    door.say("demo.promises")
    rows: list[dict[str, Any]] = []
    for company in shown:
        calendar = partial(door.app.engine.calendar, company.workflow)
        found = [
            (case, one)
            for case, history in zip(company.cases, company.histories, strict=True)
            for one in armings(history, instant(case.at), calendar)
        ]
        counts = Counter(standing_of(one) for _, one in found)
        if found:
            heading = door.words.say(
                "demo.promises-of", company=title_of(door, company), **{name: counts[name] for name in STANDINGS}
            )
            missed = sorted(
                (each for each in found if standing_of(each[1]) in ("late", "overdue")),
                key=lambda each: (each[1].stopped, each[1].start),
            )
            put_some(door, heading, [missed_line(door, company.workflow, case, one) for case, one in missed])
        rows.extend(
            {"case": case.number, "instance": one.instance, "id": one.name, "is": standing_of(one)}
            | {"due": stamp(one.due) if one.due else None}
            for case, one in found
        )
    say_none(door, rows)
    return {"deadlines": rows}


STANDINGS = ("met", "late", "overdue", "running", "cancelled")


def standing_of(one: Arming) -> str:
    """Return one of STANDINGS for a deadline."""
    if one.outcome in ("met", "withdrawn"):
        return "met"
    if one.outcome == "cancelled":
        return "cancelled"
    if one.breached is not None:
        return "late" if one.stopped else "overdue"
    return "running"


def missed_line(door: Door, workflow: Workflow, case: Case, one: Arming) -> str:
    zone = ZoneInfo(workflow.zone)
    deadline = deadline_of(workflow, one)
    title = titled(door, deadline.titles, one.name) if deadline else one.name
    assert one.breached is not None
    due = show_time(one.breached, zone)
    if one.stopped:
        late = show_length(one.end - one.breached, door.lang, measured=True)
        return door.words.say("demo.late", case=case.number, title=title, due=due, late=late)
    return door.words.say("demo.overdue", case=case.number, title=title, due=due)


def assignments(door: Door, shown: Sequence[Company]) -> Page:
    """Print who was assigned, the ones with somebody passed over first, and why it was they."""
    door.say("demo.assigned")
    rows: list[dict[str, Any]] = []
    for company in shown:
        found = [
            {"case": case.number, **one}
            for case, history in zip(company.cases, company.histories, strict=True)
            for one in assigned_in(door, history, "")
            if one["is"] == "assigned"
        ]
        if found:
            telling = sorted(found, key=lambda one: -len(one.get("passed", ())))
            put_some(door, title_of(door, company), [assigned_line(door, company.workflow, one) for one in telling])
        rows.extend(found)
    say_none(door, rows)
    return {"assignments": rows}


def assigned_line(door: Door, workflow: Workflow, one: dict[str, Any]) -> str:
    pool = workflow.pools.get(one.get("pool", ""))
    duty = (pool.role or pool.kind) if pool else one["name"]
    titles = next((known[duty].titles for known in (workflow.roles, workflow.kinds) if duty in known), {})
    people = ", ".join(one["people"]) or door.words.say("assigned.nobody")
    why = ("；" if door.lang == "zh" else "; ").join(assigned_lines(door, workflow, one))
    told = f"（{why}）" if door.lang == "zh" else f" ({why})"
    return f"{one['case']}  {titled(door, titles, one['name'])}: {people}{told}"


def told(door: Door, shown: Sequence[Company]) -> Page:
    """Print whom the workflows told what, the latest first. The week's notices wait in the store's outbox."""
    door.say("demo.told")
    rows: list[dict[str, Any]] = []
    for company in shown:
        found = [
            (case, recorded, notice)
            for case, history in zip(company.cases, company.histories, strict=True)
            for recorded in history
            for notice in recorded.event.changes.get("notices", ())
        ]
        found.sort(key=lambda each: each[1].position, reverse=True)
        if found:
            lines = [(case.number, notice_text(door, company.workflow, case.number, each)) for case, _, each in found]
            put_some(door, title_of(door, company), [f"{number}  {text}" for number, text in lines])
        rows.extend(
            {
                "case": case.number,
                "position": recorded.position,
                "to": without_members(notice)["to"],
                "text": notice.get("text", ""),
            }
            for case, recorded, notice in found
        )
    say_none(door, rows)
    return {"notices": rows}


def owed(door: Door, shown: Sequence[Company]) -> Page:
    """Print every account of money that is not settled."""
    from lifecycle.audit.ledgers import accounts_of

    door.say("demo.owed")
    rows: list[dict[str, Any]] = []
    for company in shown:
        lines: list[str] = []
        for ledger in company.workflow.ledgers.values():
            if not ledger.is_money:
                continue
            for one in accounts_of(door.app.store, company.workflow, ledger):
                if one.account.balance:
                    title = titled(door, ledger.titles, ledger.name)
                    lines.append(f"{', '.join(one.cases)}  {title}: {one.text(ledger, door.lang)}")
                    rows.append({"workflow": company.workflow.name, **one.to_json()})
        if lines:
            put_some(door, title_of(door, company), lines)
    say_none(door, rows)
    return {"owed": rows}


def findings(door: Door, shown: Sequence[Company]) -> Page:
    rows = [
        {"case": case.number, **finding}
        for company in shown
        for case in company.cases
        for finding in case.findings.values()
    ]
    door.say("demo.findings", count=len(rows))
    for company in shown:
        lines: list[str] = []
        for case in company.cases:
            for finding in case.findings.values():
                owner = finding.get("owner", "")
                roles = company.workflow.roles
                who = f"  ({titled(door, roles[owner].titles, owner)})" if owner in roles else ""
                rules = f"  [{', '.join(finding['rules'])}]" if finding.get("rules") else ""
                lines.append(f"{case.number}  {finding_text(door, finding, company.workflow)}{who}{rules}")
        if lines:
            put_some(door, title_of(door, company), lines)
    return {"findings": rows}


def verified(door: Door, shown: Sequence[Company], verdicts: Sequence[Verdict]) -> None:
    """Print a line per company whose histories are as they were written, and one per damaged case."""
    door.say("demo.verified")
    by_case = {verdict.case: verdict for verdict in verdicts}
    for company in shown:
        own = [by_case[case.number] for case in company.cases]
        damaged = [verdict for verdict in own if verdict.findings]
        for verdict in damaged:
            what = ", ".join(dict.fromkeys(finding.what for finding in verdict.findings))
            door.say("demo.damaged", case=verdict.case, events=verdict.events, what=what)
        sound = [verdict for verdict in own if not verdict.findings]
        if sound:
            events = sum(verdict.events for verdict in sound)
            door.say("demo.sound", company=title_of(door, company), cases=len(sound), events=events)
