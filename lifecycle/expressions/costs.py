"""How much work an expression may be, found before it runs.

The CEL package stops after 10,000 iterations, but an iteration has no bound of its own: `xs.map(x, x + 1)`
copies its list each time round (9.7 s for 9,999 items), text doubles through chained maps, comparing lists of
lists is a product. So the work is counted from above, for lists and texts of given sizes; the largest sizes
that stay in the budget become a border that every evaluation checks.

One unit is about 40 ns on the machine it was measured on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lifecycle.expressions.patterns import states
from lifecycle.expressions.syntax import Call, Const, Entries, Ident, Items, Loop, Node, Select, dotted, walk
from lifecycle.expressions.values import CelValue, ValueType

BUDGET = 400_000
"""Units that one evaluation may take: 16 ms, a third of what is promised, for slower machines."""
ITERATIONS = 10_000
"""After these the CEL package itself stops."""
CALLS = 1_000
"""Calls of our own functions that one evaluation may make; they are counted as they happen."""
HANDED_OVER = 4_000_000
"""What an evaluation's lists may weigh when they are handed to CEL: characters, and a hundred for each value."""


@dataclass(frozen=True, slots=True)
class Border:
    """Sizes of the values read up to which an evaluation stays in the budget: rows of a list, characters of a text."""

    rows: int
    characters: int


BORDERS = (Border(3_000, 20_000), Border(1_000, 8_000), Border(300, 4_000), Border(100, 4_000), Border(40, 2_000))
UNBOUNDED = Border(1 << 30, 1 << 30)
NESTED = frozenset((list, dict))


@dataclass(frozen=True, slots=True)
class _Size:
    """How large a value may be: characters of a text, items of a list (its largest item within), or of a map."""

    characters: float = 0.0
    items: float = 0.0
    item: _Size | None = None

    @property
    def total(self) -> float:
        return 1 + self.characters / 200 + (self.items * self.item.total if self.item else 0)


_SCALAR = _Size()
_OPERATORS = frozenset(("@not_strictly_false", "_&&_", "_||_", "!_", "_?_:_", "-_", "_-_", "_*_", "_/_", "_%_"))
_ZONED = 60
_CALL = 250
_REFUSED_CALL = 60
_LONG = frozenset(("contains", "startsWith", "endsWith", "matches", "@in", "_+_"))
_PLAIN_TEXT = frozenset(("contains", "startsWith", "endsWith"))


def border(tree: Node, names: Mapping[str, ValueType]) -> Border | None:
    """Return the largest sizes at which the expression stays in the budget; None when it cannot even for small ones."""
    if not any(isinstance(node, Loop) or (isinstance(node, Call) and node.function in _LONG) for node in walk(tree)):
        return UNBOUNDED  # a text of 2,000 characters has no room for more
    smallest = work(tree, names, BORDERS[-1])
    if smallest > BUDGET:
        return None
    if work(tree, names, Border(1 << 20, 1 << 20)) <= BUDGET:
        return UNBOUNDED
    return next((sizes for sizes in BORDERS if work(tree, names, sizes) <= BUDGET), None)


def work(tree: Node, names: Mapping[str, ValueType], sizes: Border) -> float:
    """Return units of work, from above, when lists and texts that are read have these sizes."""
    counter = _Counter(names, sizes)
    counter.size(tree, 1.0, {})
    return counter.units


def fits(values: Mapping[str, CelValue], sizes: Border) -> bool:
    """Return whether no list or text is larger than the border, and all together are not too large to hand over."""
    if sizes is UNBOUNDED and NESTED.isdisjoint(map(type, values.values())):
        return True
    pending = list(values.values())
    left = HANDED_OVER
    while pending and left > 0:
        value = pending.pop()
        left -= 100
        if isinstance(value, str):
            left -= len(value)
            if len(value) > sizes.characters:
                return False
        elif isinstance(value, list | dict):
            left -= 100 * len(value)
            if len(value) > sizes.rows or left <= 0:
                return False
            pending.extend(value.values() if isinstance(value, dict) else value)
    return left > 0


class _Counter:
    def __init__(self, names: Mapping[str, ValueType], sizes: Border) -> None:
        self.names = names
        self.text = _Size(characters=sizes.characters)
        self.row = _Size(characters=0, items=12, item=self.text)
        self.rows = _Size(items=sizes.rows, item=self.row)
        self.sizes = sizes
        self.units = 0.0

    def spend(self, units: float, times: float) -> None:
        self.units += units * times

    def size(self, node: Node, times: float, local: Mapping[str, _Size]) -> _Size:
        """Return the size of the node's value, spending the work of reaching it `times` times."""
        self.spend(1, times)
        match node:
            case Const():
                return _Size(characters=len(node.value)) if isinstance(node.value, str | bytes) else _SCALAR
            case Ident() if node.name in local:
                return local[node.name]
            case Ident() | Select() if (chain := dotted(node)) and chain[0] not in local:
                return self.declared(chain)
            case Select():
                return self.size(node.operand, times, local).item or self.text
            case Items():
                inner = [self.size(element, times, local) for element in node.elements]
                return _Size(items=len(inner), item=_largest(inner))
            case Entries():
                inner = [self.size(value, times, local) for value in node.values]
                return _Size(items=len(inner), item=_largest(inner))
            case Call():
                return self.call(node, times, local)
            case Loop():
                return self.loop(node, times, local)
        return _SCALAR

    def declared(self, chain: tuple[str, ...]) -> _Size:
        of = self.names.get(".".join(chain))
        if of is None or of.kind in ("any", "map"):
            return _Size(characters=self.sizes.characters, items=self.sizes.rows, item=self.rows)
        if of.kind == "list":
            return self.rows if of.of is None else replace(self.rows, item=self.one(of.of))
        return self.one(of)

    def one(self, of: ValueType) -> _Size:
        return self.text if of.kind in ("text", "choice") else _SCALAR

    def call(self, node: Call, times: float, local: Mapping[str, _Size]) -> _Size:
        parts = [] if node.target is None else [self.size(node.target, times, local)]
        parts += [self.size(argument, times, local) for argument in node.args]
        match node.function:
            case "_?_:_":
                return _largest(parts[1:]) or _SCALAR
            case "_+_":
                joined = _Size(
                    characters=sum(part.characters for part in parts),
                    items=sum(part.items for part in parts),
                    item=_largest([part.item for part in parts if part.item]),
                )
                self.spend(joined.characters / 200 + 5 * joined.items, times)
                return joined
            case "_[_]":
                return parts[0].item or self.text
            case "_==_" | "_!=_":
                self.spend(3 * min(part.total for part in parts), times)
            case "_<_" | "_<=_" | "_>_" | "_>=_":
                self.spend(min(part.total for part in parts), times)
            case "@in":
                self.spend(3 * parts[1].total, times)
            case "matches":
                self.spend(self.pattern(node) * (20 + parts[0].characters), times)
            case name if name in _PLAIN_TEXT:
                both = [part.characters for part in parts]
                self.spend(sum(both) / 50 + both[0] * both[-1] / 2_500, times)
            case name if name.startswith("get"):
                self.spend(_ZONED, times)
            case "size" | "int" | "double" | "bool" | "timestamp" | "duration" | "string":
                self.spend(10 + sum(part.characters for part in parts) / 16, times)
                return _Size(characters=max(40.0, *(part.characters for part in parts))) if parts else _SCALAR
            case name if name not in _OPERATORS:
                self.spend(_REFUSED_CALL + sum(part.total for part in parts), times)
                self.spend(_CALL, min(times, CALLS))
                return self.rows if name == "missing" else self.text
        return _SCALAR

    @staticmethod
    def pattern(node: Call) -> float:
        last = node.args[-1] if node.args else None
        return states(str(last.value)) if isinstance(last, Const) else 1_000.0

    def loop(self, node: Loop, times: float, local: Mapping[str, _Size]) -> _Size:
        over = self.size(node.over, times, local)
        inner_times = min(times * over.items, ITERATIONS)
        start = self.size(node.start, times, local)
        collects = isinstance(node.start, Items)
        # The step of a map is `@result + [item]`: the copy is counted once for the whole loop, below.
        inner = {**local, node.variable: over.item or self.text, node.accumulator: _SCALAR if collects else start}
        self.spend(5, inner_times)
        self.size(node.condition, inner_times, inner)
        step = self.size(node.step, inner_times, inner)
        if not collects:
            return _SCALAR
        each = min(over.items, ITERATIONS)
        self.spend(2.5 * each * each, min(times, max(1.0, ITERATIONS / max(each, 1.0))))
        return _Size(items=each, item=step.item)


def _largest(sizes: list[_Size]) -> _Size | None:
    if not sizes:
        return None
    return _Size(
        characters=max(size.characters for size in sizes),
        items=max(size.items for size in sizes),
        item=_largest([size.item for size in sizes if size.item]),
    )
