"""What an auditor asks across cases: registers of papers, accounts of ledgers."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import click

from lifecycle.audit.registers import Entry
from lifecycle.core.ledger import said
from lifecycle.core.workflow import Paper, Workflow
from lifecycle.core.workflow.papers import VOID
from lifecycle.problems import ExitCode, Reason, Refusal
from lifecycle.terminal import answers
from lifecycle.terminal.door import Door
from lifecycle.terminal.localtime import readable
from lifecycle.terminal.root import Speaking, spoken

COLUMNS = ("number", "case", "instance", "stage", "holder", "revision", "issued", "since", "signed", "printed", "is")


@click.group(cls=Speaking, help=spoken("audit"))
def audit() -> None: ...


@audit.command("register", help=spoken("audit.register"))
@click.argument("paper", metavar="WORKFLOW.PAPER")
@click.option("--open", "only_open", is_flag=True, help=spoken("option.only-open"))
@click.option("--format", "form", type=click.Choice(["text", "csv"]), default="text", help=spoken("option.format"))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="PATH", help=spoken("option.output"))
@click.pass_obj
def register(door: Door, paper: str, only_open: bool, form: str, output: Path | None) -> None:
    from lifecycle.audit.registers import register_of

    name, _, short = paper.partition(".")
    workflow, _ = door.app.engine.figures(name)
    if short not in workflow.papers:
        reason = Reason(code="unknown-paper", values={"name": short, "known": tuple(workflow.papers)})
        answers.put_refusal(door, Refusal(reasons=(reason,)), workflow.zone)
        door.leave(ExitCode.REFUSED)
    entries = register_of(door.app.store, workflow, workflow.papers[short])
    shown = [entry for entry in entries if not only_open or entry.is_ not in ("finished", "void")]
    if door.as_json:
        door.put_json({"workflow": name, "paper": short, "entries": [entry.to_json() for entry in shown]})
    elif form == "csv":
        put_csv(door, workflow, workflow.papers[short], shown, output)
    else:
        put_text(door, workflow, workflow.papers[short], shown)
    if any(entry.is_ in ("missing", "stray") for entry in entries):
        door.say("register.damaged")
        door.leave(ExitCode.DAMAGED)


@audit.command("ledger", help=spoken("audit.ledger"))
@click.argument("ledger", metavar="WORKFLOW.LEDGER")
@click.option("--open", "only_open", is_flag=True, help=spoken("option.only-unsettled"))
@click.pass_obj
def ledger_(door: Door, ledger: str, only_open: bool) -> None:
    from lifecycle.audit.ledgers import accounts_of

    name, _, short = ledger.partition(".")
    workflow, _ = door.app.engine.figures(name)
    if short not in workflow.ledgers:
        reason = Reason(code="unknown-ledger", values={"name": short, "known": tuple(workflow.ledgers)})
        answers.put_refusal(door, Refusal(reasons=(reason,)), workflow.zone)
        door.leave(ExitCode.REFUSED)
    declared = workflow.ledgers[short]
    accounts = [one for one in accounts_of(door.app.store, workflow, declared) if one.account.balance or not only_open]
    total = said(sum(one.account.balance for one in accounts), declared.unit)
    if door.as_json:
        listed = [one.to_json() for one in accounts]
        door.put_json({"workflow": name, "ledger": short, "unit": declared.unit, "accounts": listed, "total": total})
        return
    for one in accounts:
        door.put(f"{one.holder}  {one.text(declared, door.lang)}")
    title = answers.titled(door, declared.titles, short)
    unit = "" if declared.is_money else f" {answers.titled(door, declared.unit_titles, declared.unit)}"
    door.say("ledger.count", ledger=title, count=len(accounts), total=f"{total}{unit}")


def put_text(door: Door, workflow: Workflow, paper: Paper, entries: Sequence[Entry]) -> None:
    """Print a line for each number, and how many are still out."""
    for entry in entries:
        cells = cells_of(door, workflow, paper, entry)
        told = (cells[name] for name in ("number", "case", "instance", "stage", "holder", "since", "is"))
        door.put("  ".join(cell for cell in told if cell))
    still_open = sum(entry.is_ == "open" for entry in entries)
    title = answers.titled(door, paper.titles, paper.name)
    door.say("register.count", paper=title, count=len(entries), open=still_open)


def put_csv(door: Door, workflow: Workflow, paper: Paper, entries: Sequence[Entry], output: Path | None) -> None:
    """Write the register as CSV; a file begins with a mark by which spreadsheets know that it is UTF-8."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow([door.words.say(f"register.{name}") for name in COLUMNS])
    for entry in entries:
        cells = cells_of(door, workflow, paper, entry)
        writer.writerow([cells[name] for name in COLUMNS])
    if output is None:
        click.echo(made.getvalue(), nl=False)
        return
    try:
        output.write_bytes(made.getvalue().encode("utf-8-sig"))
    except OSError as error:
        cause = error.strerror or type(error).__name__
        door.fail_usage("output-not-writable", "--output", file=str(output), cause=cause)


def cells_of(door: Door, workflow: Workflow, paper: Paper, entry: Entry) -> dict[str, str]:
    """Return an entry as people read it."""
    stage = paper.stages.get(entry.stage)
    role = workflow.roles.get(entry.holder)
    void = door.words.say("slip.void") if entry.stage == VOID else entry.stage
    signed = (workflow.roles[name].titles if name in workflow.roles else {} for name in entry.signed)
    return {
        "number": entry.number,
        "case": entry.case,
        "instance": entry.instance,
        "stage": answers.titled(door, stage.titles, stage.name) if stage else void,
        "holder": answers.titled(door, role.titles, role.name) if role else entry.holder,
        "revision": str(entry.revision),
        "issued": readable(entry.issued, workflow.zone) if entry.issued else "",
        "since": readable(entry.since, workflow.zone) if entry.since else "",
        "signed": " ".join(answers.titled(door, titles, "") for titles in signed),
        "printed": str(entry.printed),
        "is": door.words.say(f"register.{entry.is_}"),
    }
