"""Derived labels: worked out whenever they are asked for, fixed by the event that freezes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.core.case.refused import Refused
from lifecycle.core.events import Json
from lifecycle.core.workflow.conditions import Failure
from lifecycle.core.workflow.seeing import Derived
from lifecycle.problems import Reason

if TYPE_CHECKING:
    from lifecycle.core.case.effects import Changes
    from lifecycle.core.case.scope import Snapshot


def label_of(scope: Snapshot, name: str) -> Json:
    """Return the value of a label in a scope: as it was fixed, else worked out; None where it does not belong.

    Raises  ValueError when it cannot be worked out
    """
    derived = scope.workflow.derived.get(name)
    own = scope if derived is None else own_scope(scope, derived)
    if derived is None or own is None:
        return None
    holder = own.instance or own.case
    if name in holder.labels:
        return holder.labels[name]
    value = derived.value.value(own)
    if isinstance(value, Failure):
        raise ValueError(f"the label {name} has no value: {value.text}")
    return value


def own_scope(scope: Snapshot, derived: Derived) -> Snapshot | None:
    """Return the scope in which a label is worked out: of its instance, or of the case; None where it has none."""
    if derived.kind:
        return scope.but(instance=None) if scope.case.kind in ("", derived.kind) else None
    one = scope.instance
    return scope if one is not None and one.machine == derived.machine else None


def fix_labels(changes: Changes, happening: str) -> None:
    """Leave in the event the values of the labels that it freezes.

    Raises  Refused when one cannot be worked out
    """
    scope = changes.scope
    for derived in scope.workflow.derived.values():
        if derived.frozen != happening:
            continue
        own = own_scope(scope, derived)
        if own is None:
            continue
        value = derived.value.value(own)
        if isinstance(value, Failure):
            values = {"formula": derived.value.text, "failure": value.text}
            raise Refused(Reason(code="effect-failed", where=derived.where, values=values, rules=derived.rules))
        address = {"of": own.instance.id} if own.instance else {}
        changes.leave("labels", {**address, "name": derived.name, "value": value})
