"""Which instances an event concerns."""

from __future__ import annotations

from lifecycle.core.case.state import Case, Instance
from lifecycle.core.events import Event
from lifecycle.core.workflow import Workflow


def related(workflow: Workflow, case: Case, one: Instance, event: Event) -> bool:
    """Return whether an event concerns an instance: its own, its child's, its parent's, or of an unrelated machine."""
    if not event.machine or event.machine == one.id:
        return True
    other = case.instances[event.machine]
    if other.machine in workflow.brood[one.machine]:
        return other.parent == one.id
    if one.machine in workflow.brood[other.machine]:
        return one.parent == other.id
    return one.machine != other.machine
