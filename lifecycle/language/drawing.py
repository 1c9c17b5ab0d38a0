"""Machines as pictures, in text: states with their titles, an arrow for each way that a step can lead."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.core.workflow import Machine, State, Step, Workflow
from lifecycle.machines.diagrams import Diagram, DrawnArrow, DrawnState, dot, mermaid
from lifecycle.problems import UnknownWorkflow


def graph_of(workflow: Workflow, form: str, machine: str, lang: str) -> str:
    """Return the machines of a workflow, or one of them, as "mermaid" or "dot".

    Raises  UnknownWorkflow when it has no machine of that name
    """
    if machine and machine not in workflow.machines:
        raise UnknownWorkflow(workflow=f"{workflow.name}.{machine}", known=tuple(workflow.machines))
    chosen = [workflow.machines[machine]] if machine else list(workflow.machines.values())
    write = mermaid if form == "mermaid" else dot
    return "\n".join(write(diagram_of(one, lang)) for one in chosen)


def diagram_of(machine: Machine, lang: str) -> Diagram:
    """Return what is drawn of a machine."""
    tops = [state for state in machine.states.values() if "." not in state.path]
    return Diagram(
        name=machine.name,
        title=title(machine.titles, machine.name, lang),
        start=machine.start,
        states=tuple(drawn(state, machine, lang) for state in tops),
        arrows=tuple(arrows_of(machine, lang)),
    )


def drawn(state: State, machine: Machine, lang: str) -> DrawnState:
    inner = [s for s in machine.states.values() if s.path.rpartition(".")[0] == state.path]
    return DrawnState(
        name=state.path,
        title=title(state.titles, state.path, lang),
        final=state.final,
        inner=tuple(drawn(each, machine, lang) for each in inner),
        begins=state.initial,
    )


def arrows_of(machine: Machine, lang: str) -> Iterator[DrawnArrow]:
    """Yield an arrow per step and way; a step that stays has none."""
    for state in machine.states.values():
        for step in state.steps:
            yield from arrows_from(state.path, step, lang)
        if state.complete:
            yield DrawnArrow(source=state.path, target=state.complete, title="✓")
    for step in machine.anywhere:
        for state in machine.states.values():
            if "." not in state.path and not state.final:
                yield from arrows_from(state.path, step, lang)


def arrows_from(source: str, step: Step, lang: str) -> Iterator[DrawnArrow]:
    label = title(step.titles, step.name, lang)
    for branch in step.to:
        if branch.state == "$history":
            yield DrawnArrow(source=source, target=source, title=f"{label} ⟲")
        elif branch.state:
            yield DrawnArrow(source=source, target=branch.state, title=label)


def title(titles: object, otherwise: str, lang: str) -> str:
    return (titles.get(lang) if isinstance(titles, dict) else None) or otherwise
