"""From what a scenario calls a thing to the thing: titles in either language, or the workflow's own names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from lifecycle.core.workflow import Field, Paper, Step, Workflow
from lifecycle.problems import Text


class UnknownTitle(AssertionError):
    """A scenario speaks of something that the workflow does not have."""


def named(what: str, typed: str, known: Iterable[tuple[str, Text]]) -> list[str]:
    """Return the names that a title stands for, each once, in the order of the file.

    what    for the message: "role", "step" ...
    Raises  UnknownTitle with the nearest titles
    """
    pairs = [(name, titles) for name, titles in known]
    found = [name for name, titles in pairs if typed == name or typed in titles.values()]
    if found:
        return list(dict.fromkeys(found))
    titles = list(dict.fromkeys(title for name, each in pairs for title in (*each.values(), name)))
    near = difflib.get_close_matches(typed, titles, n=3, cutoff=0.3)
    meant = f"did you mean {' / '.join(near)}?" if near else f"known: {' / '.join(titles[:12])}"
    raise UnknownTitle(f"no {what} is called {typed!r}; {meant}")


def role_of(workflow: Workflow, typed: str) -> str:
    return named("role", typed, ((role.name, role.titles) for role in workflow.roles.values()))[0]


def machine_of(workflow: Workflow, typed: str) -> str:
    return named("machine", typed, ((machine.name, machine.titles) for machine in workflow.machines.values()))[0]


def kind_of(workflow: Workflow, typed: str) -> str:
    return named("kind of case", typed, ((kind.name, kind.titles) for kind in workflow.kinds.values()))[0]


def setting_of(workflow: Workflow, typed: str) -> str:
    return named("setting", typed, ((setting.name, setting.titles) for setting in workflow.settings.values()))[0]


def fields_of(workflow: Workflow, typed: str, among: Mapping[str, Field] | None = None) -> list[Field]:
    """Return the fields of a title. among: those that may be meant; None takes the whole dictionary."""
    fields = workflow.fields if among is None else among
    found = named("field", typed, ((field.name, field.titles) for field in fields.values()))
    return [fields[name] for name in found]


def openings_of(workflow: Workflow, typed: str) -> tuple[str, str]:
    """Return kind and opening of an opening's title, or of a kind's: its first opening."""
    openings = [(f"{k.name}.{o.name}", o.titles) for k in workflow.kinds.values() for o in k.openings.values()]
    first = [(f"{k.name}.{next(iter(k.openings))}", k.titles) for k in workflow.kinds.values() if k.openings]
    kind, _, opening = named("opening", typed, [*openings, *first])[0].partition(".")
    return kind, opening


def steps_of(workflow: Workflow, typed: str) -> list[tuple[str, Step]]:
    """Return (machine, step) for every step of a title, those of no person included."""
    every = [
        (machine.name, step) for machine in workflow.machines.values() for step in all_steps(workflow, machine.name)
    ]
    found = named("step", typed, ((step.name, step.titles) for _, step in every))
    return [
        (machine, step) for machine, step in every if step.name in found and typed in (step.name, *step.titles.values())
    ]


def all_steps(workflow: Workflow, machine: str) -> list[Step]:
    whole = workflow.machines[machine]
    return [*(step for state in whole.states.values() for step in state.steps), *whole.anywhere]


def events_of(workflow: Workflow, typed: str) -> set[str]:
    """Return the event types that a title of a step or an opening stands for."""
    openings = [
        (opening.event, opening.titles) for kind in workflow.kinds.values() for opening in kind.openings.values()
    ]
    steps = [(step.event, step.titles) for name in workflow.machines for step in all_steps(workflow, name)]
    return set(named("step", typed, [*steps, *openings]))


def states_of(workflow: Workflow, machine: str, typed: str) -> list[str]:
    """Return the paths of the states of that title."""
    states = workflow.machines[machine].states.values()
    return named(f"state of {machine}", typed, ((state.path, state.titles) for state in states))


def papers_of(workflow: Workflow, typed: str) -> list[str]:
    return named("paper", typed, ((paper.name, paper.titles) for paper in workflow.papers.values()))


def ledgers_of(workflow: Workflow, typed: str) -> list[str]:
    return named("ledger", typed, ((ledger.name, ledger.titles) for ledger in workflow.ledgers.values()))


def settlements_of(workflow: Workflow, typed: str) -> list[str]:
    return named("settlement", typed, ((one.name, one.titles) for one in workflow.settlements.values()))


def lists_of(workflow: Workflow, typed: str) -> list[str]:
    return named("list", typed, ((one.name, one.titles) for one in workflow.lists.values()))


def series_of(workflow: Workflow, typed: str) -> list[str]:
    return named("series", typed, ((one.name, one.titles) for one in workflow.series.values()))


def stages_of(paper: Paper, typed: str) -> list[str]:
    return named(f"stage of {paper.name}", typed, ((stage.name, stage.titles) for stage in paper.order))
