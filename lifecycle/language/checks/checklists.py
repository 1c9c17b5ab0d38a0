"""A checklist is shown somewhere, and somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.checks.subject import Subject
from lifecycle.problems import Problem


def idle_checklists(subject: Subject) -> Iterator[Problem]:
    """Yield `checklist-unshown` (asked for, but no state shows it) and the warning `checklist-unasked`."""
    shown = {
        (site.name, state.state.checklist)
        for site in subject.outline.machines.values()
        for state in site.states.values()
        if state.state.checklist
    }
    asked = {guard.checklist for _, _, guard, _ in subject.outline.guards()}
    asked |= {literal for _, literal in subject.arguments("missing")}
    asked |= {
        literal.removesuffix("_ticked") for _, literal in subject.arguments("done", "ever") if "_ticked" in literal
    }
    lists = {name for _, name in shown}
    for name in subject.text.checklists:
        at = f"checklists.{name}"
        if name in asked or subject.may_be_lost(name):
            continue
        if name in lists and not subject.from_part(at):
            yield subject.problem("checklist-unasked", at, key=True, level="warning", checklist=name)
    for _, at, guard, act in subject.outline.guards():
        if guard.checklist is None or guard.checklist not in subject.text.checklists or act is None:
            continue
        if (act.machine, guard.checklist) not in shown and not subject.definition.broken:
            where = f"{at}.checklist"
            machine = act.machine or act.kind
            yield subject.problem("checklist-unshown", where, checklist=guard.checklist, machine=machine)
