"""Prints a paper of a case: made, written, then kept as an event, so that the next one is known to be a reprint."""

from __future__ import annotations

import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from lifecycle.core.case import Case, Print, Printable
from lifecycle.core.case.printing import MOST_ROWS, too_long
from lifecycle.core.events import Actor
from lifecycle.core.workflow import Workflow
from lifecycle.papers import printer
from lifecycle.papers.slip import Slip, Told, slip_of
from lifecycle.problems import ExitCode, Refusal, RevisionConflict
from lifecycle.store.port import Erased
from lifecycle.terminal import answers
from lifecycle.terminal.door import Door

MOST_TRIES = 20
"""How often the slip is made anew because the case has moved on while it was being made."""


def print_paper(door: Door, case: str, named: str, form: str, output: Path | None, actor: Actor) -> None:
    """Write the slip to a file, or to the standard output; a case that moves on meanwhile is printed as it is then."""
    if output is None and door.as_json:
        door.fail_usage("output-needed", "--output")
    identity = str(door.app.engine.new_id())
    for tries_left in reversed(range(MOST_TRIES)):
        standing, workflow, found = door.app.engine.printable(case, named)
        if isinstance(found, Refusal):
            refuse(door, found, workflow)
        command = Print(id=identity, case=case, actor=actor, paper=named, via=door.via)
        against = door.app.engine.execute(command, dry=True)
        if isinstance(against, Refusal):
            refuse(door, against, workflow)
        slip = slip_in(door, standing, workflow, found)
        if slip.rows > MOST_ROWS:
            refuse(door, too_long(found, slip.rows), workflow)
        made = rendered(door, slip, form)
        path = output or (file_of(found, form) if form == "pdf" and sys.stdout.isatty() else None)
        if path is not None:
            write(door, path, made)
        try:
            outcome = door.app.engine.execute(command, if_revision=standing.revision)
        except RevisionConflict:
            if not tries_left:
                raise
            continue
        if isinstance(outcome, Refusal):
            refuse(door, outcome, workflow)
        if path is None:
            sys.stdout.buffer.write(made)
        else:
            tell(door, standing, found, form, path)
        return


def refuse(door: Door, refusal: Refusal, workflow: Workflow) -> NoReturn:
    answers.put_refusal(door, refusal, workflow.zone)
    door.leave(ExitCode.REFUSED)


def slip_in(door: Door, case: Case, workflow: Workflow, found: Printable) -> Slip:
    """Return the slip, its personal values readable where their key still exists."""
    at: datetime = door.app.engine.clock()
    opened = {name: readable(door, value) for name, value in found.values.items()}
    return slip_of(workflow, case, found, opened, lang=door.lang, at=at, words=door.words.say)


def readable(door: Door, value: Any) -> Any:
    found = door.app.store.open(value)
    return Told(door.words.say("value.erased")) if isinstance(found, Erased) else found


def rendered(door: Door, slip: Slip, form: str) -> bytes:
    if form == "html":
        return printer.html(slip).encode()
    try:
        return printer.pdf(slip)
    except OSError as error:
        door.fail_usage("pdf-not-possible", "--format", cause=str(error).splitlines()[0])


def file_of(found: Printable, form: str) -> Path:
    """Return the name of a file beside, for a terminal that PDF would only confuse."""
    name = found.now.get("number") or found.address
    return Path(re.sub(r"[^\w.-]+", "-", str(name)) + f".{form}")


def write(door: Door, path: Path, made: bytes) -> None:
    try:
        path.write_bytes(made)
    except OSError as error:
        door.fail_usage("output-not-writable", "--output", file=str(path), cause=error.strerror or type(error).__name__)


def tell(door: Door, case: Case, found: Printable, form: str, path: Path) -> None:
    number, reprint = str(found.now.get("number", "")), int(found.now["printed"])
    if door.as_json:
        told = {"case": case.number, "paper": found.paper.name, "number": number, "revision": found.now["revision"]}
        door.put_json({**told, "reprint": reprint, "format": form, "output": str(path)})
    title = answers.titled(door, found.paper.titles, found.paper.name)
    key = "print.again" if reprint else "print.done"
    door.say(key, paper=title, number=number, output=str(path), count=reprint)
