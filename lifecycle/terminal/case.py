"""Cases: open, do, and everything that can be asked of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lifecycle.core.case import Correct, Note, OpenCase, TakeStep
from lifecycle.core.events import SYSTEM, Actor
from lifecycle.engine.answers import Command
from lifecycle.problems import ExitCode, Refusal
from lifecycle.terminal import answers, casepages, historypages
from lifecycle.terminal.arguments import actor_of, pairs_of, step_of
from lifecycle.terminal.completion import complete_case, complete_paper, complete_step, complete_workflow
from lifecycle.terminal.door import Door
from lifecycle.terminal.root import Speaking, spoken
from lifecycle.terminal.withdrawnpages import has_withdrawals, put_withdrawals

CASE = click.argument("case", metavar="CASE", shell_complete=complete_case)
ACTOR = click.option("--as", "actor", metavar="ROLE[:PERSON]", help=spoken("option.as"))
SET = click.option("--set", "values", metavar="FIELD=VALUE", multiple=True, help=spoken("option.set"))
REASON = click.option("--reason", "reasons", metavar="GUARD=TEXT", multiple=True, help=spoken("option.reason"))
HELPER = click.option("--with", "helpers", metavar="ROLE:PERSON", multiple=True, help=spoken("option.with"))
COMMAND_ID = click.option("--command-id", metavar="ID", help=spoken("option.command-id"))
OCCURRED = click.option("--occurred-at", metavar="TIME", help=spoken("option.occurred-at"))
DRY = click.option("--dry-run", is_flag=True, help=spoken("option.dry-run"))


@click.group(cls=Speaking, help=spoken("case"))
def case() -> None: ...


@case.command("open", help=spoken("case.open"))
@click.argument("workflow", metavar="WORKFLOW[.KIND]", shell_complete=complete_workflow)
@click.argument("step", required=False, metavar="[STEP]")
@click.option("--customer", metavar="ID", default="", help=spoken("option.customer"))
@ACTOR
@HELPER
@SET
@REASON
@COMMAND_ID
@OCCURRED
@DRY
@click.pass_obj
def open_(
    door: Door,
    workflow: str,
    step: str | None,
    customer: str,
    actor: str | None,
    helpers: tuple[str, ...],
    values: tuple[str, ...],
    reasons: tuple[str, ...],
    command_id: str | None,
    occurred_at: str | None,
    dry_run: bool,
) -> None:
    name, _, kind = workflow.partition(".")
    command = OpenCase(
        id=command_id or str(door.app.engine.new_id()),
        workflow=name,
        kind=kind,
        opening=step or "",
        actor=actor_of(door, actor, helpers),
        customer=customer,
        form=pairs_of(door, "--set", values),
        reasons=pairs_of(door, "--reason", reasons),
        occurred_at=door.instant(occurred_at, "--occurred-at") if occurred_at else None,
        via=door.via,
    )
    carry_out(door, command, None, dry_run, opening=True)


@case.command("do", help=spoken("case.do"))
@CASE
@click.argument("step", metavar="[MACHINE[/KEY].]STEP", shell_complete=complete_step)
@click.option("--as", "actor", metavar="ROLE[:PERSON]", required=True, help=spoken("option.as"))
@HELPER
@SET
@REASON
@COMMAND_ID
@click.option("--if-revision", type=int, metavar="N", help=spoken("option.if-revision"))
@OCCURRED
@DRY
@click.pass_obj
def do(
    door: Door,
    case: str,
    step: str,
    actor: str,
    helpers: tuple[str, ...],
    values: tuple[str, ...],
    reasons: tuple[str, ...],
    command_id: str | None,
    if_revision: int | None,
    occurred_at: str | None,
    dry_run: bool,
) -> None:
    machine, name = step_of(step)
    command = TakeStep(
        id=command_id or str(door.app.engine.new_id()),
        case=case,
        machine=machine,
        step=name,
        actor=acting(door, actor, helpers),
        form=pairs_of(door, "--set", values),
        reasons=pairs_of(door, "--reason", reasons),
        occurred_at=door.instant(occurred_at, "--occurred-at", zone_of(door, case)) if occurred_at else None,
        via=door.via,
    )
    carry_out(door, command, if_revision, dry_run)


@case.command("note", help=spoken("case.note"))
@CASE
@click.argument("text")
@click.option("--as", "actor", metavar="ROLE[:PERSON]", required=True, help=spoken("option.as"))
@COMMAND_ID
@DRY
@click.pass_obj
def note(door: Door, case: str, text: str, actor: str, command_id: str | None, dry_run: bool) -> None:
    identity = command_id or str(door.app.engine.new_id())
    carry_out(door, Note(id=identity, case=case, actor=acting(door, actor, ()), text=text, via=door.via), None, dry_run)


@case.command("correct", help=spoken("case.correct"))
@CASE
@click.argument("revision", type=int)
@click.option("--as", "actor", metavar="ROLE[:PERSON]", required=True, help=spoken("option.as"))
@SET
@click.option("--reason", metavar="TEXT", required=True, help=spoken("option.correction-reason"))
@click.option("--withdraw", is_flag=True, help=spoken("option.withdraw"))
@COMMAND_ID
@DRY
@click.pass_obj
def correct(
    door: Door,
    case: str,
    revision: int,
    actor: str,
    values: tuple[str, ...],
    reason: str,
    withdraw: bool,
    command_id: str | None,
    dry_run: bool,
) -> None:
    command = Correct(
        id=command_id or str(door.app.engine.new_id()),
        case=case,
        revision=revision,
        actor=acting(door, actor, ()),
        reason=reason,
        form=pairs_of(door, "--set", values),
        withdraw=withdraw,
        via=door.via,
    )
    carry_out(door, command, None, dry_run)


@case.command("show", help=spoken("case.show"))
@CASE
@click.pass_obj
def show(door: Door, case: str) -> None:
    standing, workflow = door.app.engine.case(case)
    casepages.show_case(door, standing, workflow)
    if not door.as_json and has_withdrawals(standing):
        put_withdrawals(door, workflow, door.app.engine.history(case))


@case.command("can", help=spoken("case.can"))
@CASE
@ACTOR
@HELPER
@click.option("--all", "every", is_flag=True, help=spoken("option.all-steps"))
@click.pass_obj
def can(door: Door, case: str, actor: str | None, helpers: tuple[str, ...], every: bool) -> None:
    standing, workflow = door.app.engine.case(case)
    casepages.show_offers(door, standing, workflow, door.app.engine.offers(case, actor_of(door, actor, helpers)), every)


@case.command("history", help=spoken("case.history"))
@CASE
@click.pass_obj
def history(door: Door, case: str) -> None:
    standing, workflow = door.app.engine.case(case)
    historypages.show_history(door, standing, workflow, door.app.engine.history(case))


@case.command("deadlines", help=spoken("case.deadlines"))
@CASE
@click.option("--explain", is_flag=True, help=spoken("option.explain-deadlines"))
@click.pass_obj
def deadlines(door: Door, case: str, explain: bool) -> None:
    from lifecycle.audit.clocks import armings
    from lifecycle.terminal.deadlinepages import show_deadlines

    engine = door.app.engine
    standing, workflow = engine.case(case)
    now = door.settings.clock()
    found = armings(engine.history(case), now, lambda name: engine.calendar(workflow, name))
    show_deadlines(door, standing, workflow, found, now, explain)


@case.command("why", help=spoken("case.why"))
@CASE
@click.argument("what", metavar="[REVISION|STEP|INSTANCE]", required=False)
@ACTOR
@click.pass_obj
def why(door: Door, case: str, what: str | None, actor: str | None) -> None:
    standing, workflow = door.app.engine.case(case)
    if what is None or any(what in (one.id, one.machine) for one in standing.instances.values()):
        from lifecycle.terminal.assignpages import why_assigned

        why_assigned(door, standing, workflow, door.app.engine.history(case), what or "")
    elif what.isdigit():
        historypages.why_recorded(door, standing, door.app.engine.history(case), int(what))
    else:
        offers = door.app.engine.offers(case, actor_of(door, actor))
        casepages.why_not(door, standing, workflow, offers, what)


@case.command("replay", help=spoken("case.replay"))
@CASE
@click.option("--at", metavar="TIME", help=spoken("option.at"))
@click.option("--known-at", metavar="TIME|POSITION", help=spoken("option.known-at"))
@click.pass_obj
def replay(door: Door, case: str, at: str | None, known_at: str | None) -> None:
    zone = zone_of(door, case)
    moment = door.instant(at, "--at", zone) if at else None
    known: Any = None
    if known_at:
        known = int(known_at) if known_at.isdigit() else door.instant(known_at, "--known-at", zone)
    standing = door.app.engine.replay(case, at=moment, known_at=known)
    if standing.revision == 0:
        door.say("replay.not-yet", case=case)
        if door.as_json:
            door.put_json({"case": case, "revision": 0})
        return
    casepages.show_case(door, standing, door.app.engine.workflow_of(standing))


@case.command("print", help=spoken("case.print"))
@CASE
@click.argument("paper", metavar="[INSTANCE.]PAPER|NUMBER", shell_complete=complete_paper)
@click.option("--format", "form", type=click.Choice(["html", "pdf"]), default="pdf", help=spoken("option.print-format"))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="PATH", help=spoken("option.output"))
@ACTOR
@click.pass_obj
def print_(door: Door, case: str, paper: str, form: str, output: Path | None, actor: str | None) -> None:
    from lifecycle.terminal.printing import print_paper

    print_paper(door, case, paper, form, output, actor_of(door, actor) or SYSTEM)


@case.command("verify", help=spoken("case.verify"))
@CASE
@click.pass_obj
def verify(door: Door, case: str) -> None:
    from lifecycle.audit.verify import verify_case

    verdict = verify_case(door.app.engine, case)
    answers.put_verdict(door, verdict)
    if verdict.findings:
        door.leave(ExitCode.DAMAGED)


def acting(door: Door, typed: str, helpers: tuple[str, ...]) -> Actor:
    actor = actor_of(door, typed, helpers)
    assert actor is not None
    return actor


def zone_of(door: Door, case: str) -> str:
    """Return the zone of the case's workflow, in which times without a zone are read."""
    _, workflow = door.app.engine.case(case)
    return workflow.zone


def zone_of_command(door: Door, command: Command) -> str:
    """Return the zone of the workflow that a command was judged by."""
    if isinstance(command, OpenCase):
        return door.app.engine.figures(command.workflow)[0].zone
    return zone_of(door, command.case)


def carry_out(door: Door, command: Command, if_revision: int | None, dry_run: bool, *, opening: bool = False) -> None:
    """Carry out a command, print the answer, and leave with 1 when it was refused."""
    outcome = door.app.engine.execute(command, if_revision=if_revision, dry=dry_run)
    if isinstance(outcome, Refusal):
        answers.put_refusal(door, outcome, zone_of_command(door, command))
        door.leave(ExitCode.REFUSED)
    answers.put_done(door, outcome, opening=opening)
