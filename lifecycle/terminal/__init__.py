"""The command line: one module per command group, loaded when it is called."""

from __future__ import annotations

import sys

from lifecycle.problems import ExitCode

GROUPS = {
    "workflow": "lifecycle.terminal.workflow:workflow",
    "case": "lifecycle.terminal.case:case",
    "staff": "lifecycle.terminal.staff:staff",
    "series": "lifecycle.terminal.series:series",
    "list": "lifecycle.terminal.list:list_",
    "settlement": "lifecycle.terminal.settlement:settlement",
    "calendar": "lifecycle.terminal.calendar:calendar",
    "schedule": "lifecycle.terminal.schedule:schedule",
    "view": "lifecycle.terminal.view:view",
    "kpi": "lifecycle.terminal.kpi:kpi",
    "audit": "lifecycle.terminal.audit:audit",
    "stream": "lifecycle.terminal.stream:stream",
    "notices": "lifecycle.terminal.notices:notices",
    "tick": "lifecycle.terminal.tick:tick",
    "worker": "lifecycle.terminal.tick:worker",
    "demo": "lifecycle.terminal.demo:demo",
    "doctor": "lifecycle.terminal.doctor:doctor",
    "explain": "lifecycle.terminal.explain:explain",
}


VALUED = frozenset(("--store", "--workflows", "--now", "--lang"))
FLAGS = frozenset(("--json", "--quiet", "--color", "--no-color"))
"""Options of the whole program; people may write them anywhere on the line."""


def general_first(arguments: list[str]) -> list[str]:
    """Return the arguments with the general options before everything else; what follows "--" stays."""
    first: list[str] = []
    others: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            others.extend((argument, *rest))
        elif argument in VALUED:
            first.extend((argument, *(value for value in (next(rest, None),) if value is not None)))
        elif argument in FLAGS or argument.partition("=")[0] in VALUED:
            first.append(argument)
        else:
            others.append(argument)
    return [*first, *others]


def run() -> None:
    """Run the command of the process's arguments and leave with its exit code."""
    sys.exit(answer(sys.argv[1:]))


def answer(arguments: list[str]) -> int:
    """Carry out one command line and return its exit code (design, section 9)."""
    import click

    from lifecycle.terminal.clickwords import speak
    from lifecycle.terminal.door import Door, languages_of
    from lifecycle.terminal.root import root

    door = Door(lang=languages_of(arguments), as_json="--json" in arguments)
    speak(door.lang)
    try:
        code = root.main(general_first(arguments), prog_name="lifecycle", standalone_mode=False, obj=door)
    except click.exceptions.Exit as leaving:
        code = leaving.exit_code
    except click.Abort:
        code = ExitCode.INTERRUPTED
    except click.ClickException as misuse:
        door.misused(misuse)
        code = misuse.exit_code
    return int(code) if isinstance(code, int) else 0
