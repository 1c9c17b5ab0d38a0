"""What walks are to show of a workflow: every arrow, every two arrows in a row, every guard both ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lifecycle.core.workflow import Guard, Machine, Step, Workflow
from tests.walks.world import Edge


@dataclass(frozen=True, slots=True)
class Weighing:
    """A guard at its place, and how it answered: "holds" or "refuses" (for `failing: mark`: opens a finding)."""

    place: str
    guard: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class Aims:
    """Everything to be shown, as far as the text of the workflow goes; kept in file order."""

    edges: dict[str, tuple[Edge, ...]]
    pairs: dict[tuple[str, Edge, Edge], None]
    weighings: dict[Weighing, None]


def aims_of(workflow: Workflow) -> Aims:
    """Return what a workflow's walks are to show."""
    used = [name for name in workflow.machines if any(name in kind.machines for kind in workflow.kinds.values())]
    edges = {name: edges_of(workflow.machines[name]) for name in used}
    pairs = {
        (name, first, second): None
        for name, each in edges.items()
        for first in each
        for second in each
        if first.target == second.source
    }
    weighings = {
        Weighing(place, guard.name, answer): None
        for place, guards in guarded(workflow)
        for guard in guards
        for answer in ("holds", "refuses")
    }
    return Aims(edges=edges, pairs=pairs, weighings=weighings)


def edges_of(machine: Machine) -> tuple[Edge, ...]:
    """Return every arrow of a machine, those that stay among them."""
    found: dict[Edge, None] = {}
    for leaf in leaves(machine):
        seen: set[tuple[str, str]] = set()
        for step in machine.steps_of(leaf):
            if (step.name, step.trigger) in seen:
                continue
            seen.add((step.name, step.trigger))
            for target in targets(machine, leaf, step):
                found[Edge(leaf, step.name, target)] = None
        path = leaf
        while path:
            if machine.states[path].complete:
                target = machine.arrows.fire(leaf, f"$complete:{path}")
                found[Edge(leaf, f"{path.rpartition('.')[2]}_completed", target or "")] = None
            path = path.rpartition(".")[0]
    return tuple(found)


def leaves(machine: Machine) -> list[str]:
    return [path for path, state in machine.states.items() if not state.initial]


def targets(machine: Machine, leaf: str, step: Step) -> Iterator[str]:
    for number, branch in enumerate(step.to):
        if not branch.state:
            yield leaf
        elif branch.state == "$history":
            back = (machine.arrows.fire(leaf, f"{step.name}@{source}") for source in leaves(machine))
            yield from (target for target in back if target is not None)
        else:
            target = machine.arrows.fire(leaf, f"{step.name}#{number}")
            assert target is not None, f"{machine.name}.{step.name} leads nowhere from {leaf}"
            yield target


def guarded(workflow: Workflow) -> Iterator[tuple[str, tuple[Guard, ...]]]:
    """Yield each place that has guards, by the name that `place_of` gives it."""
    for kind in workflow.kinds.values():
        for opening in kind.openings.values():
            yield opening.event, opening.require
    for machine in workflow.machines.values():
        for state in machine.states.values():
            for step in state.steps:
                yield place_of(machine, step), step.require
        for step in machine.anywhere:
            yield place_of(machine, step), step.require


def place_of(machine: Machine, step: Step) -> str:
    """Return the name of a step with its owner: two states of a machine may have a step of the same name."""
    return f"{machine.name}[{step.owner}].{step.name}"
