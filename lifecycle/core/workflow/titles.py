"""What is named by a key alone has the title of what it is about: a pool of its role, a qualification of its choice.

Each function returns titles by language, or the name itself where nothing gives it a title.
"""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.core.values import FieldType
from lifecycle.core.workflow.kinds import Workflow
from lifecycle.core.workflow.machines import Machine
from lifecycle.problems import Text


def pool_title(workflow: Workflow, name: str) -> Text | str:
    """Return the title of whom or what a pool holds, with its name: several pools may hold the same people."""
    pool = workflow.pools.get(name)
    if pool is None:
        return name
    of = workflow.roles[pool.role].titles if pool.role else workflow.kinds[pool.kind].titles
    return {lang: f"{title} ({name})" for lang, title in of.items()} or name


def bearer_title(workflow: Workflow, name: str) -> Text | str:
    """Return the title of a name that people bear: that of the role that is called so."""
    return (workflow.roles[name].titles if name in workflow.roles else {}) or name


def act_title(workflow: Workflow, machine: Machine, name: str) -> Text | str:
    """Return the title of a step of a machine, or of a name that people bear in it."""
    steps = (*machine.anywhere, *(step for state in machine.states.values() for step in state.steps))
    titles = next((step.titles for step in steps if step.name == name and step.titles), {})
    return titles or bearer_title(workflow, name)


def qualification_title(workflow: Workflow, name: str) -> Text | str:
    """Return the title of the choice that a qualification is called after, unless two choices differ on it."""
    found = [titles for field in workflow.fields.values() for titles in _choices(field.type, name)]
    return found[0] if found and all(titles == found[0] for titles in found) else name


def _choices(type: FieldType, value: str) -> Iterator[Text]:
    """Yield the titles that a type has for a value, where it has some."""
    if type.choices.get(value):
        yield type.choices[value]
    for inner in (*type.row.values(), *((type.of,) if type.of else ())):
        yield from _choices(inner, value)
