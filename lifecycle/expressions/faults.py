"""What can be wrong with an expression, and how the CEL compiler's own messages become it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of an expression's text.

    line, column  from 1, in the expression's own text, in characters
    code          "expression-syntax", "expression-unknown-name", "expression-type" ... (see the catalogue)
    values        fill the placeholders of the code's text
    """

    line: int
    column: int
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an evaluation has no answer. Never true, never false.

    text  of the machine, in English; for the record, not for staff
    """

    text: str

    def __bool__(self) -> bool:
        raise TypeError("a failed evaluation is neither true nor false")


def place(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, from 1, of a character offset."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


_MESSAGE = re.compile(
    r"ERROR: <input>:(-?\d+):(-?\d+): (.*?)(?=\n \| |\nERROR: <input>| \[(?:INVALID_ARGUMENT|CANCELLED)\]|\Z)", re.S
)
_OVERLOAD = re.compile(r"found no matching overload for '(.+?)' applied to '(.*)'", re.S)
_DEEP = re.compile(r"recursion|too (?:deep|complex|many)|exceeds|CANCELLED", re.I)
_TYPES = (
    (re.compile(r"wrapper\((\w+)\)"), r"\1"),
    (re.compile(r"\bint\b"), "integer"),
    (re.compile(r"\bdouble\b"), "number"),
    (re.compile(r"\bbool\b"), "boolean"),
    (re.compile(r"\bstring\b"), "text"),
    (re.compile(r"google\.protobuf\.Timestamp\b|\btimestamp\b"), "datetime"),
    (re.compile(r"google\.protobuf\.Duration\b"), "duration"),
    (re.compile(r"\bnull_type\b"), "null"),
    (re.compile(r"\bdyn\b"), "any"),
)


def in_our_words(types: str) -> str:
    """Return the compiler's list of types with the names of the workflow language."""
    for pattern, word in _TYPES:
        types = pattern.sub(word, types)
    return types[1:-1] if types.startswith("(") and types.endswith(")") else types


def of_message(message: str) -> list[Fault]:
    """Return the faults that a message of the CEL compiler lists; unknown names are left out (found elsewhere)."""
    faults: list[Fault] = []
    for line, column, detail in _MESSAGE.findall(message):
        at = max(int(line), 1), max(int(column), 1)
        overload = _OVERLOAD.search(detail)
        if "undeclared reference" in detail or "*error*" in detail:  # found elsewhere, or only what follows from it
            continue
        if overload:
            operator = overload[1].strip("_").replace("_", " ").strip() if "_" in overload[1] else overload[1]
            values = {"operator": operator or overload[1], "types": in_our_words(overload[2])}
            faults.append(Fault(*at, "expression-type", values))
        elif _DEEP.search(detail):
            faults.append(Fault(*at, "expression-too-complex"))
        elif "Syntax error" in detail or "unsupported syntax" in detail:
            faults.append(Fault(*at, "expression-syntax", {"detail": detail.removeprefix("Syntax error: ")}))
        else:
            faults.append(Fault(*at, "expression-type", {"operator": "", "types": in_our_words(detail)}))
    if not faults and "undeclared reference" not in message and "*error*" not in message:
        code = "expression-too-complex" if _DEEP.search(message) else "expression-syntax"
        values = {} if code == "expression-too-complex" else {"detail": message.splitlines()[0]}
        faults.append(Fault(1, 1, code, values))
    return _without_repeats(faults)


def _without_repeats(faults: list[Fault]) -> list[Fault]:
    seen: dict[tuple[int, int, str], Fault] = {}
    for fault in faults:
        seen.setdefault((fault.line, fault.column, fault.code), fault)
    return list(seen.values())
