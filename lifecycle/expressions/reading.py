"""What an expression reads: names, functions, literals, and which names it uses without having tested them.

Null law (language, section 1): a name that may be unset is null and must be tested before use. `x != null`
is a test; so are `x == literal` and `x in [...]`, which are false for null. Tests count from left to right.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from lifecycle.expressions.syntax import Call, Const, Entries, Ident, Items, Loop, Node, Select, dotted, root
from lifecycle.expressions.values import ValueType

Known = frozenset[str]
Use = Literal["value", "pass", "item", "test"]
"""How a node is used: its value is needed; null may pass through; stands in a list; is only tested."""

HISTORY = ("time_of", "actor_of")
"""Functions of a step name whose answer is null when the step was not taken."""
TAKEN = ("done", "ever")
"""Functions of a step name that, when true, show that the step was taken."""
NOTHING: Known = frozenset()


@dataclass(frozen=True, slots=True)
class Read:
    """One place where a name is read. `only_tested` when it is compared with null there and nothing else."""

    name: str
    offset: int
    only_tested: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """`name == 'literal'`, `!=` or `in [...]`: one literal that a name is compared with."""

    name: str
    literal: object
    offset: int


@dataclass(frozen=True, slots=True)
class Argument:
    """A literal text given to a function: `done('dispatched')`."""

    function: str
    index: int
    literal: str
    offset: int


@dataclass(frozen=True, slots=True)
class Wrap:
    """A stretch of the text whose value is carried as text and must be read back as an instant or a duration."""

    start: int
    end: int
    function: str


@dataclass(slots=True)
class Reading:
    """Everything found, in the order of the text (see the classes above)."""

    reads: list[Read] = field(default_factory=list)
    functions: list[tuple[str, int, int]] = field(default_factory=list)
    arguments: list[Argument] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    unguarded: list[tuple[str, int]] = field(default_factory=list)
    wraps: list[Wrap] = field(default_factory=list)
    unknown: list[tuple[str, int]] = field(default_factory=list)
    columns: list[tuple[str, str, int, tuple[str, ...]]] = field(default_factory=list)
    refused: list[tuple[str, int]] = field(default_factory=list)
    deepest: int = 0


def read(
    text: str,
    tree: Node,
    names: Mapping[str, ValueType] | None = None,
    *,
    always_set: Collection[str] = (),
    null_may_pass: bool = False,
) -> Reading:
    """Return what the tree of a text reads.

    names          declared names with their types; None takes every dotted chain as a name
    always_set     names that are never null
    null_may_pass  whether the whole may answer null (a value; not a condition)
    """
    reader = _Reader(text, names, Reading())
    reader.visit(tree, frozenset(always_set), "pass" if null_may_pass else "value", {})
    found = reader.found
    found.unguarded = list(dict.fromkeys(found.unguarded))
    return found


Locals = Mapping[str, "ValueType | None"]
Facts = tuple[Known, Known]
"""Names known to be set when the node is true, and when it is false."""


@dataclass(slots=True)
class _Reader:
    text: str
    names: Mapping[str, ValueType] | None
    found: Reading
    depth: int = 0

    def visit(self, node: Node, known: Known, use: Use, local: Locals) -> Facts:
        chain = dotted(node)
        if chain and chain[0] not in local:
            name = self.resolve(chain)
            if name is None:
                self.found.unknown.append((".".join(chain), self.start(node)))
                return NOTHING, NOTHING
            if len(name.split(".")) == len(chain):
                return self.name(node, name, known, use)
        match node:
            case Select():
                self.select(node, known, use, local)
            case Call():
                return self.call(node, known, use, local)
            case Items():
                for element in node.elements:
                    self.visit(element, known, "item", local)
            case Entries():
                if node.message:
                    self.found.refused.append((node.message, node.offset))
                for value in node.values:
                    self.visit(value, known, "item", local)
            case Loop():
                self.loop(node, known, local)
            case Const() if node.kind in ("bytes", "uint"):
                self.found.refused.append((node.kind, node.offset))
        return NOTHING, NOTHING

    def resolve(self, chain: tuple[str, ...]) -> str | None:
        if self.names is None:
            return ".".join(chain)
        for length in range(len(chain), 0, -1):
            name = ".".join(chain[:length])
            if name in self.names:
                return name
        return None

    def name(self, node: Node, name: str, known: Known, use: Use) -> Facts:
        start = self.start(node)
        self.found.reads.append(Read(name, start, use == "test"))
        of = self.names.get(name) if self.names else None
        self.needs(name, of is not None and of.is_time, node, start, known, use)
        if (of is not None and of.kind == "boolean") or self.names is None:
            return frozenset((name,)), frozenset((name,))  # true or false: not null
        return NOTHING, NOTHING

    def needs(self, name: str, is_time: bool, node: Node, start: int, known: Known, use: Use) -> None:
        strict = use == "value" or (use == "item" and is_time)
        if strict and name not in known:
            self.found.unguarded.append((name, start))
        if strict and is_time:
            of = self.names[name] if self.names and name in self.names else None
            self.wrap(node, start, of)

    def wrap(self, node: Node, start: int, of: ValueType | None) -> None:
        function = "duration" if of is not None and of.kind in ("time", "duration") else "timestamp"
        self.found.wraps.append(Wrap(start, self.end(node), function))

    def select(self, node: Select, known: Known, use: Use, local: Locals) -> None:
        row = self.row(node.operand, local)
        if node.test and self.names is not None and row is None and isinstance(root(node), Ident):
            self.found.refused.append(("has()", node.offset))
            return
        if row is not None and row.columns:
            column = row.column(node.field)
            if column is None:
                known_columns = tuple(name for name, _ in row.columns)
                label = ".".join(dotted(node)) or node.field
                self.found.columns.append((label, node.field, self.after_dot(node), known_columns))
            elif column.personal and use != "test":
                self.found.refused.append((f"personal:{node.field}", self.after_dot(node)))
            elif column.is_time and use in ("value", "item") and not node.test:
                self.wrap(node, self.start(node), column)
        self.visit(node.operand, known, "value", local)

    def call(self, node: Call, known: Known, use: Use, local: Locals) -> Facts:
        match node.function, node.args:
            case "_&&_", (left, right):
                left_true, left_false = self.visit(left, known, "value", local)
                right_true, right_false = self.visit(right, known | left_true, "value", local)
                return left_true | right_true, left_false & right_false
            case "_||_", (left, right):
                left_true, left_false = self.visit(left, known, "value", local)
                right_true, right_false = self.visit(right, known | left_false, "value", local)
                return left_true & right_true, left_false | right_false
            case "!_", (operand,):
                when_true, when_false = self.visit(operand, known, "value", local)
                return when_false, when_true
            case "_?_:_", (condition, yes, no):
                when_true, when_false = self.visit(condition, known, "value", local)
                yes_true, yes_false = self.visit(yes, known | when_true, use, local)
                no_true, no_false = self.visit(no, known | when_false, use, local)
                return (
                    (when_true | yes_true) & (when_false | no_true),
                    (when_true | yes_false) & (when_false | no_false),
                )
            case (("_==_" | "_!=_"), (left, right)):
                return self.equality(node, left, right, known, local)
            case "@in", (left, right):
                return self.membership(left, right, known, local)
        return self.function(node, known, use, local)

    def function(self, node: Call, known: Known, use: Use, local: Locals) -> Facts:
        if not node.function.startswith(("_", "@", "!", "-")):
            self.found.functions.append((node.function, self.function_start(node), len(node.args)))
        for index, argument in enumerate(node.args):
            if isinstance(argument, Const) and argument.kind == "string":
                found = Argument(node.function, index, str(argument.value), argument.offset)
                self.found.arguments.append(found)
        if node.target is not None:
            self.visit(node.target, known, "value", local)
        for argument in node.args:
            self.visit(argument, known, "value", local)
        step = self.step(node)
        if step and node.function in TAKEN:
            return frozenset(f"{function}('{step}')" for function in HISTORY), NOTHING
        if step and node.function in HISTORY:
            name = f"{node.function}('{step}')"
            self.needs(name, node.function == "time_of", node, self.start(node), known, use)
        elif node.function == "time_of" and use != "test":
            self.found.refused.append(("time_of", self.function_start(node)))
        return NOTHING, NOTHING

    @staticmethod
    def step(node: Call) -> str:
        match node.target, node.args:
            case None, (Const(kind="string", value=str(step)),):
                return step
        return ""

    def equality(self, node: Call, left: Node, right: Node, known: Known, local: Locals) -> Facts:
        for one, other in ((left, right), (right, left)):
            if isinstance(other, Const):
                name = self.nullable(one, local)
                if name and other.kind != "null" and not name.endswith(")"):
                    self.found.comparisons.append(Comparison(name, other.value, other.offset))
                tested = other.kind == "null"
                self.visit(one, known, "test" if tested else "pass", local)
                facts = frozenset((name,)) if name else NOTHING
                is_set_when_equal = not tested
                same = (node.function == "_==_") == is_set_when_equal
                return (facts, NOTHING) if same else (NOTHING, facts)
        names = [self.nullable(side, local) for side in (left, right)]
        uses: list[Use] = ["value", "value"] if all(names) else ["pass" if name else "value" for name in names]
        for side, name, use in zip((left, right), names, uses, strict=True):
            of = self.names.get(name) if self.names and name else None
            carried_as_text = name.startswith("time_of(") or (of is not None and of.is_time)
            self.visit(side, known, "value" if carried_as_text else use, local)
        if all(names) or node.function == "_!=_":
            return NOTHING, NOTHING
        return frozenset(name for name in names if name), NOTHING

    def membership(self, left: Node, right: Node, known: Known, local: Locals) -> Facts:
        name = self.nullable(left, local)
        of = self.names.get(name) if self.names and name else None
        carried_as_text = name.startswith("time_of(") or (of is not None and of.is_time)
        self.visit(left, known, "value" if carried_as_text else "pass", local)
        self.visit(right, known, "value", local)
        if not isinstance(right, Items) or not all(isinstance(item, Const) for item in right.elements):
            return NOTHING, NOTHING
        for item in right.elements:
            if name and isinstance(item, Const) and not name.endswith(")"):
                self.found.comparisons.append(Comparison(name, item.value, item.offset))
        has_null = any(isinstance(item, Const) and item.kind == "null" for item in right.elements)
        return (frozenset((name,)) if name and not has_null else NOTHING), NOTHING

    def nullable(self, node: Node, local: Locals) -> str:
        """Return the name by which the node's nullness is known: a declared name, or `time_of('x')`; else ""."""
        chain = dotted(node)
        if chain and chain[0] not in local:
            name = self.resolve(chain)
            return name if name and len(name.split(".")) == len(chain) else ""
        if isinstance(node, Call) and node.function in HISTORY and self.step(node):
            return f"{node.function}('{self.step(node)}')"
        return ""

    def loop(self, node: Loop, known: Known, local: Locals) -> None:
        self.visit(node.over, known, "value", local)
        if self.names is not None and any(name.split(".")[0] == node.variable for name in self.names):
            self.found.refused.append((f"variable:{node.variable}", node.offset))
        inner = {**local, node.variable: self.list_of(node.over, local), node.accumulator: None}
        self.depth += 1
        self.found.deepest = max(self.found.deepest, self.depth)
        for part in (node.start, node.condition, node.step, node.result):
            self.visit(part, known, "value", inner)
        self.depth -= 1

    def row(self, node: Node, local: Locals) -> ValueType | None:
        """Return the list type whose row the node is."""
        if isinstance(node, Ident) and node.name in local:
            return local[node.name]
        if isinstance(node, Call) and node.function == "_[_]":
            return self.list_of(node.args[0], local)
        return None

    def list_of(self, node: Node, local: Locals) -> ValueType | None:
        """Return the type of a list with described rows: a declared name, or a filter of one."""
        chain = dotted(node)
        if chain and chain[0] not in local and self.names is not None:
            of = self.names.get(".".join(chain))
            return of if of is not None and of.kind == "list" else None
        if isinstance(node, Loop) and isinstance(node.step, Call) and node.step.function == "_?_:_":
            match node.step.args[1]:
                case Call(function="_+_", args=(_, Items(elements=(Ident(name=kept),)))) if kept == node.variable:
                    return self.list_of(node.over, local)
        return None

    # --- where things stand in the text ---------------------------------------------------------

    def start(self, node: Node) -> int:
        """Return the offset at which a name, a selection or a call of a plain function begins."""
        first = root(node)
        return self.function_start(first) if isinstance(first, Call) else first.offset

    def function_start(self, node: Call) -> int:
        """Return the offset of a function's name: the node itself points at its parenthesis."""
        before = self.text[: node.offset].rstrip()
        return len(before) - len(node.function) if before.endswith(node.function) else node.offset

    def after_dot(self, node: Select) -> int:
        return node.offset + 1

    def end(self, node: Node) -> int:
        """Return the offset after a selection, an identifier, or a call with one literal."""
        if isinstance(node, Select):
            found = re.compile(r"\.\s*" + re.escape(node.field)).match(self.text, node.offset)
            return found.end() if found else node.offset
        if isinstance(node, Ident):
            return node.offset + len(node.name)
        if isinstance(node, Call):
            literal = re.compile(r"\(\s*(?:'[^'\\]*'|\"[^\"\\]*\")\s*\)").match(self.text, node.offset)
            return literal.end() if literal else node.offset
        return node.offset
