"""What stands against ticking the items of a checklist: an item that is not there, of somebody else, without proof."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.core.case.scope import Snapshot, names_of
from lifecycle.core.events import Json
from lifecycle.core.workflow import Item, Step
from lifecycle.problems import Place, Reason


def tick_reasons(step: Step, scope: Snapshot) -> Iterator[Reason]:
    """Yield the reasons against each item typed into a checklist's own step; nothing for any other step."""
    if not step.ticks:
        return
    listed = scope.workflow.checklists[step.ticks]
    there = {name: item for item in listed.items.values() for name in names_of(item, scope)}
    for name in typed_items(scope):
        if name not in there:
            values = {"field": "items", "allowed": list(there), "suggestion": ""}
            yield Reason(code="choice-unknown", where=Place(path="items"), values=values, required=list(there))
        else:
            yield from item_reasons(there[name], step, scope)


def typed_items(scope: Snapshot) -> list[str]:
    typed: Json = scope.form.get("items")
    return list(typed or ())


def item_reasons(item: Item, step: Step, scope: Snapshot) -> Iterator[Reason]:
    roles = scope.workflow.roles
    actor = scope.actor
    told = actor.role not in step.who.roles  # this role ticks nothing here
    if item.by and not told and not {actor.role, *actor.helpers} & {*item.by}:
        yield Reason(
            code="wrong-role",
            where=item.where,
            values={
                "role": roles[actor.role].titles if actor.role in roles else actor.role,
                "allowed": [roles[name].titles for name in item.by if name in roles],
            },
            rules=item.rules,
            actual=actor.role,
            required=list(item.by),
        )
    if item.proof is not None:
        given = scope.shared(item.proof.name) if item.proof.shared else scope.data(item.proof.name)
        if given is None:
            values = {"field": item.proof.name, "title": item.proof.titles}
            yield Reason(
                code="field-missing",
                where=Place(path=item.proof.name),
                values=values,
                rules=item.rules,
                required=item.proof.type.name,
            )
