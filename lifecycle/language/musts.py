"""`must` in a form: a field whose value is laid down becomes a guard of that name, with its words and rules.

`{consent: {must: true, else: {zh: .., en: ..}}}` stays in the form as a field that needs a value; the guard
`consent` beside it says `data.consent == true`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from lifecycle.language.tree import KeyScalar, ListNode, MapNode, Node, Scalar, ScalarNode, child_path, moved
from lifecycle.problems import Place, Problem

OF_THE_GUARD = ("else", "when", "suggest", "override", "failing", "until", "rules")
"""Keys beside `must` that belong to the guard."""

_ACTING = ("machines", "cases")
_NUMBERS = frozenset({"integer", "number", "money"})
_TEXTS = frozenset({"text", "role"})


def with_musts(tree: MapNode) -> tuple[MapNode, tuple[Problem, ...]]:
    """Return a resolved tree in which every `must` of a form has its guard, and what is wrong with the values."""
    work = _Musts(_section(tree, "fields"), _section(tree, "types"))
    entries = tuple(
        (key, work.filled(node, key.value)) if key.value in _ACTING else (key, node) for key, node in tree.entries
    )
    return replace(tree, entries=entries), tuple(work.problems)


def _section(tree: MapNode, name: str) -> Mapping[str, Node]:
    node = tree.get(name)
    return dict(node) if isinstance(node, MapNode) else {}


@dataclass(slots=True)
class _Musts:
    fields: Mapping[str, Node]
    types: Mapping[str, Node]
    problems: list[Problem] = field(default_factory=list)

    def filled(self, node: Node, path: str) -> Node:
        if not isinstance(node, MapNode):
            return node
        form = node.get("form")
        if isinstance(form, ListNode) and any(_must(item) is not None for item in form.items):
            node = self.act(node, form, path)
        entries = tuple((key, self.filled(child, child_path(path, key.value))) for key, child in node.entries)
        return replace(node, entries=entries)

    def act(self, act: MapNode, form: ListNode, path: str) -> MapNode:
        """Return a step or opening with the guards of its form in front of its own."""
        items: list[Node] = []
        guards: list[tuple[KeyScalar, Node]] = []
        for item in form.items:
            made = self.guard(item, path)
            if made is not None:
                item = _without_guard(item)  # noqa: PLW2901  # what stays in the form is the field alone
                guards.append(made)
            items.append(item)
        if not guards:
            return act
        require = act.get("require")
        own = require.entries if isinstance(require, MapNode) else ()
        for key, _ in own:
            if any(key.value == made.value for made, _ in guards):
                values = {"name": key.value}
                self.problems.append(Problem(code="must-guard-twice", where=key.place, values=values))
        names = {key.value for key, _ in own}
        fresh = tuple(made for made in guards if made[0].value not in names)
        place = replace(form.place, path=child_path(path, "require"))
        guarded = MapNode(entries=(*fresh, *own), place=require.place if require else place, via=form.via)
        entries = [(key, replace(form, items=tuple(items)) if child is form else child) for key, child in act.entries]
        if require is None:
            entries.append((KeyScalar(value="require", place=place), guarded))
        elif isinstance(require, MapNode):
            entries = [(key, guarded if child is require else child) for key, child in entries]
        return replace(act, entries=tuple(entries))

    def guard(self, item: Node, path: str) -> tuple[KeyScalar, Node] | None:
        must = _must(item)
        if must is None or not isinstance(item, MapNode):
            return None
        key, body = item.entries[0]
        assert isinstance(body, MapNode)
        name = key.value.removesuffix("!")
        if body.get("else") is None:
            self.problems.append(Problem(code="key-missing", where=key.place, values={"key": "else"}))
        entry = self.fields.get(name)
        literal = self.literal(must, name, entry)
        if literal is None:
            return None
        at = child_path(child_path(path, "require"), name)
        shared = isinstance(entry, MapNode) and _text(entry.get("scope")) == "case"
        place = replace(must.place, path=child_path(at, "that"))
        that = ScalarNode(value=f"{'case' if shared else 'data'}.{name} == {literal}", place=place, via=must.via)
        rest = tuple(
            (replace(own, place=replace(own.place, path=child_path(at, own.value))), _moved(child, at, own.value))
            for own, child in body.entries
            if own.value in OF_THE_GUARD
        )
        entries = ((KeyScalar(value="that", place=place), that), *rest)
        made = MapNode(entries=entries, place=replace(body.place, path=at), via=body.via)
        return KeyScalar(value=name, place=replace(key.place, path=at)), made

    def literal(self, must: ScalarNode, name: str, entry: Node | None) -> str | None:
        """Return a value as the expression language writes it; None, and a problem, when no such value can be."""
        kind = _text(entry.get("is")) if isinstance(entry, MapNode) else ""
        choices = self.types.get(kind)
        value: Scalar = must.value
        if isinstance(choices, MapNode):
            known = [choice for choice, _ in choices]
            if value in known:
                return f"'{value}'"
            self.report("must-not-a-choice", must.place, name=str(value), field=name, known=known)
            return None
        wanted = kind or "boolean"
        if isinstance(value, bool):
            fits, written = wanted == "boolean" or not kind, str(value).lower()
        elif isinstance(value, int | Decimal):
            fits, written = wanted in _NUMBERS or not kind, str(value)
        else:
            fits, written = (wanted in _TEXTS or not kind) and not value.startswith("="), _quoted(value)
        if fits:
            return written
        self.report("must-wrong-type", must.place, field=name, value=value, kind=kind)
        return None

    def report(self, code: str, where: Place, **values: object) -> None:
        self.problems.append(Problem(code=code, where=where, values=values))


def _must(item: Node) -> ScalarNode | None:
    """Return the value that a field of a form must have; None for every other field."""
    if not isinstance(item, MapNode) or len(item.entries) != 1:
        return None
    body = item.entries[0][1]
    must = body.get("must") if isinstance(body, MapNode) else None
    return must if isinstance(must, ScalarNode) else None


def _without_guard(item: Node) -> Node:
    """Return a form's field alone; it keeps `must` only where no other value, and none at all, gets through."""
    assert isinstance(item, MapNode)
    key, body = item.entries[0]
    assert isinstance(body, MapNode)
    lets_through = body.get("when") or body.get("override") or _text(body.get("failing")) == "mark"
    guards = (*OF_THE_GUARD, "must") if lets_through else OF_THE_GUARD
    kept = tuple(entry for entry in body.entries if entry[0].value not in guards)
    return replace(item, entries=((key, replace(body, entries=kept)),))


def _moved(node: Node, at: str, name: str) -> Node:
    return moved(node, child_path(at, name))


def _text(node: Node | None) -> str:
    return str(node.value) if isinstance(node, ScalarNode) else ""


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
