"""The tree of an expression, read from what the CEL parser itself serialises.

The CEL package gives no access to its tree, but writes it as a `ParsedExpr` protobuf message
(cel-spec, proto/cel/expr/syntax.proto). Reading those bytes means that every analysis sees exactly
what the evaluator sees, after macros; a second parser of our own could differ. (docs/decisions/0007)
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import lru_cache

from cel_expr_python import cel  # type: ignore[import-untyped]  # ships stubs without the py.typed mark

PARSER = cel.NewEnv()
"""Parses without declarations; a CEL environment is immutable and may be shared by threads."""


@dataclass(frozen=True, slots=True)
class Const:
    """A literal; `kind` is "null", "bool", "int", "uint", "double", "string" or "bytes"."""

    offset: int
    kind: str
    value: object


@dataclass(frozen=True, slots=True)
class Ident:
    """A bare identifier."""

    offset: int
    name: str


@dataclass(frozen=True, slots=True)
class Select:
    """`operand.field`; offset is that of the dot; `test` when it came from `has(...)`."""

    offset: int
    operand: Node
    field: str
    test: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A function, operator ("_&&_", "_==_" ...) or, with a target, a method; offset is that of "(" or the operator."""

    offset: int
    function: str
    target: Node | None
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list literal."""

    offset: int
    elements: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """A map literal, or the construction of a message when `message` is not empty."""

    offset: int
    message: str
    values: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """What `all`, `exists`, `exists_one`, `map` and `filter` expand to."""

    offset: int
    variable: str
    over: Node
    accumulator: str
    start: Node
    condition: Node
    step: Node
    result: Node


Node = Const | Ident | Select | Call | Items | Entries | Loop


@lru_cache(maxsize=2_048)
def parse(text: str) -> Node:
    """Return the tree of a text.

    Raises  RuntimeError (the package's) with the parser's messages when the text is no expression
    """
    return _decode(PARSER.compile(text, disable_check=True).serialize())


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below."""
    if isinstance(node, Select):
        yield node.operand
    elif isinstance(node, Call):
        if node.target is not None:
            yield node.target
        yield from node.args
    elif isinstance(node, Items):
        yield from node.elements
    elif isinstance(node, Entries):
        yield from node.values
    elif isinstance(node, Loop):
        yield from (node.over, node.start, node.condition, node.step, node.result)


def walk(node: Node) -> Iterator[Node]:
    """Yield the node and everything below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def dotted(node: Node) -> tuple[str, ...]:
    """Return the parts of `a.b.c`, or nothing when the node is no such chain."""
    parts: list[str] = []
    while isinstance(node, Select) and not node.test:
        parts.append(node.field)
        node = node.operand
    if not isinstance(node, Ident):
        return ()
    return (node.name.removeprefix("."), *reversed(parts))


def root(node: Node) -> Node:
    """Return the leftmost node of a chain of selections, indexes and methods."""
    while True:
        if isinstance(node, Select):
            node = node.operand
        elif isinstance(node, Call) and node.target is not None:
            node = node.target
        elif isinstance(node, Call) and node.function == "_[_]":
            node = node.args[0]
        elif isinstance(node, Loop):
            node = node.over
        else:
            return node


def shape(node: Node, *, without: frozenset[str] = frozenset()) -> object:
    """Return the tree without offsets, and without calls of one argument to the functions named, for comparison."""
    if isinstance(node, Call) and node.function in without and node.target is None and len(node.args) == 1:
        return shape(node.args[0], without=without)
    parts: list[object] = [type(node).__name__]
    for part in fields(node):
        value = getattr(node, part.name)
        if part.name == "offset":
            continue
        if isinstance(value, tuple):
            parts.append(tuple(shape(item, without=without) for item in value))
        elif isinstance(value, Const | Ident | Select | Call | Items | Entries | Loop):
            parts.append(shape(value, without=without))
        else:
            parts.append(repr(value))
    return tuple(parts)


# --- the bytes ------------------------------------------------------------------------------------

_Message = dict[int, list[int | bytes]]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _message(data: bytes) -> _Message:
    """Return the fields of a protobuf message: number -> values (varints and fixed as int, the rest as bytes)."""
    found: _Message = {}
    at = 0
    while at < len(data):
        tag = data[at]
        at += 1
        if tag >= 0x80:
            tag, at = _varint(data, at - 1)
        wire = tag & 7
        value: int | bytes
        if wire == 0:
            value, at = _varint(data, at)
        elif wire == 2:
            length = data[at]
            at += 1
            if length >= 0x80:
                length, at = _varint(data, at - 1)
            value, at = data[at : at + length], at + length
        elif wire == 1:
            value, at = data[at : at + 8], at + 8
        else:
            value, at = data[at : at + 4], at + 4
        found.setdefault(tag >> 3, []).append(value)
    return found


def _bytes(message: _Message, number: int) -> bytes:
    value = message[number][-1] if number in message else b""
    assert isinstance(value, bytes)
    return value


def _text(message: _Message, number: int) -> str:
    return _bytes(message, number).decode()


def _number(message: _Message, number: int) -> int:
    value = message[number][-1] if number in message else 0
    assert isinstance(value, int)
    return value


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value


def _decode(serialized: bytes) -> Node:
    wrapper = _message(serialized)  # google.protobuf.Any: 1 type_url, 2 value
    parsed = _message(_bytes(wrapper, 2))  # ParsedExpr: 2 expr, 3 source_info
    positions: dict[int, int] = {}
    for entry in _message(_bytes(parsed, 3)).get(4, ()):
        assert isinstance(entry, bytes)
        if len(entry) == 4:  # both numbers below 128: by far the most
            positions[entry[1]] = entry[3]
        else:
            pair = _message(entry)
            positions[_number(pair, 1)] = _number(pair, 2)
    return _expr(_bytes(parsed, 2), positions)


def _expr(data: bytes, positions: dict[int, int]) -> Node:
    message = _message(data)
    offset = positions.get(_number(message, 2), 0)
    if 3 in message:
        return _const(_message(_bytes(message, 3)), offset)
    if 4 in message:
        return Ident(offset, _text(_message(_bytes(message, 4)), 1))
    if 5 in message:
        select = _message(_bytes(message, 5))
        return Select(offset, _expr(_bytes(select, 1), positions), _text(select, 2), bool(_number(select, 3)))
    if 6 in message:
        call = _message(_bytes(message, 6))
        target = _expr(_bytes(call, 1), positions) if 1 in call else None
        return Call(offset, _text(call, 2), target, _many(call, 3, positions))
    if 7 in message:
        return Items(offset, _many(_message(_bytes(message, 7)), 1, positions))
    if 8 in message:
        construct = _message(_bytes(message, 8))
        values: list[Node] = []
        for entry in construct.get(2, ()):
            assert isinstance(entry, bytes)
            pair = _message(entry)
            values.extend(_expr(_bytes(pair, number), positions) for number in (3, 4) if number in pair)
        return Entries(offset, _text(construct, 1), tuple(values))
    loop = _message(_bytes(message, 9))
    over, start, condition, step, result = (_expr(_bytes(loop, number), positions) for number in (2, 4, 5, 6, 7))
    return Loop(offset, _text(loop, 1), over, _text(loop, 3), start, condition, step, result)


def _many(message: _Message, number: int, positions: dict[int, int]) -> tuple[Node, ...]:
    return tuple(_expr(item, positions) for item in message.get(number, ()) if isinstance(item, bytes))


def _const(message: _Message, offset: int) -> Const:
    if 2 in message:
        return Const(offset, "bool", bool(_number(message, 2)))
    if 3 in message:
        return Const(offset, "int", _signed(_number(message, 3)))
    if 4 in message:
        return Const(offset, "uint", _number(message, 4))
    if 5 in message:
        return Const(offset, "double", struct.unpack("<d", _bytes(message, 5))[0])
    if 6 in message:
        return Const(offset, "string", _text(message, 6))
    if 7 in message:
        return Const(offset, "bytes", _bytes(message, 7))
    return Const(offset, "null", None)
