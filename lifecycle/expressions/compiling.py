"""From text to a checked expression, or to every fault of it."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.clocks.hours import parse_time
from lifecycle.expressions import costs, patterns
from lifecycle.expressions.compiled import Compiled
from lifecycle.expressions.environment import Environment
from lifecycle.expressions.faults import Fault, of_message, place
from lifecycle.expressions.functions import BUILT_IN, UNITS, Signature
from lifecycle.expressions.reading import Reading, Wrap, read
from lifecycle.expressions.syntax import Call, Const, Node, parse, shape, walk
from lifecycle.expressions.values import ValueType, cel_name, minor_units

LONGEST = 2_000
"""Characters that an expression may have."""
MOST_COMMAS = 300
"""Commas that it may have: a longer list belongs in a table."""
DEEPEST = 3
"""Loops (`all`, `exists`, `map`, `filter`) that may stand inside one another."""
LITERAL = frozenset(("calendar", "ledger", "list", "series", "coverage"))
"""What is named on the spot, so that the checker knows that it is there."""

WRAPPERS = frozenset(("timestamp", "duration"))


def compile(text: str, environment: Environment, expect: ValueType | None = None) -> Compiled | list[Fault]:
    """Return the expression, checked and ready, or its faults in the order of the text.

    expect  the type that its value must have; None for any. With BOOLEAN a bare name must be tested for null first
    """
    if len(text) > LONGEST:
        return [Fault(1, 1, "expression-too-long", {"limit": LONGEST})]
    if text.count(",") > MOST_COMMAS:
        return [Fault(1, 1, "expression-too-complex")]
    try:
        tree = parse(text)
    except RuntimeError as error:  # the package's own class for what does not parse
        return of_message(str(error)) or [Fault(1, 1, "expression-syntax", {"detail": str(error).splitlines()[0]})]
    null_may_pass = expect is None or expect.kind != "boolean"
    reading = read(text, tree, environment.names, always_set=environment.always_set, null_may_pass=null_may_pass)
    faults = list(_faults(text, tree, reading, environment))
    answers = "DYN"
    try:
        answers = environment.checking.compile(text).return_type().name()
    except RuntimeError as error:
        faults.extend(of_message(str(error)))
        if not faults:
            faults.append(Fault(1, 1, "expression-type", {"operator": "", "types": str(error).splitlines()[0]}))
    if not faults and expect is not None and not _answers(answers, expect):
        values = {"expected": expect.kind, "actual": _IN_WORDS.get(answers, answers.lower())}
        faults.append(Fault(1, 1, "expression-result-type", values))
    border = None if faults else costs.border(tree, environment.names)
    if not faults and border is None:
        faults.append(Fault(1, 1, "expression-too-much-work"))
    if faults or border is None:
        return sorted(faults, key=lambda fault: (fault.line, fault.column))
    running_text, program = text, None
    if reading.wraps:
        running_text = _wrapped(text, reading.wraps)
        try:
            program = environment.running.compile(running_text)
            same = shape(parse(running_text), without=WRAPPERS) == shape(tree, without=WRAPPERS)
        except RuntimeError:  # names too deep to wrap, or a name written in an unusual way
            same = False
        if not same:
            line, column = place(text, reading.wraps[0].start)
            return [Fault(line, column, "expression-time-out-of-reach")]
    return Compiled(
        text=text,
        running_text=running_text,
        reading=reading,
        environment=environment,
        expect=expect,
        answers=answers,
        border=border,
        program=program,
    )


def unguarded(text: str, environment: Environment | None = None) -> list[tuple[str, int]]:
    """Return the names that a condition uses without having tested them for null, with their columns from 1.

    Without an environment every dotted chain counts as a name that may be unset. A text that does not parse has none.
    """
    try:
        tree = parse(text)
    except RuntimeError:
        return []
    if environment is None:
        found = read(text, tree)
    else:
        found = read(text, tree, environment.names, always_set=environment.always_set)
    return [(name, place(text, at)[1]) for name, at in found.unguarded]


def _wrapped(text: str, wraps: list[Wrap]) -> str:
    """Return the text with each time that is carried as text read back by `timestamp(...)` or `duration(...)`."""
    for wrap in sorted(set(wraps), key=lambda wrap: wrap.start, reverse=True):
        text = f"{text[: wrap.start]}{wrap.function}({text[wrap.start : wrap.end]}){text[wrap.end :]}"
    return text


_IN_WORDS = {
    "INT": "integer",
    "DOUBLE": "number",
    "STRING": "text",
    "BOOL": "boolean",
    "TIMESTAMP": "datetime",
    "DURATION": "duration",
    "NULL": "null",
}


def _answers(answers: str, expect: ValueType) -> bool:
    wanted = cel_name(expect)
    if wanted == "DYN" or answers in ("DYN", wanted):
        return True
    if answers == "NULL":
        return wanted != "BOOL"
    return answers.partition("<")[0] == wanted or (wanted == "DOUBLE" and answers == "INT")


def _faults(text: str, tree: Node, reading: Reading, environment: Environment) -> Iterator[Fault]:
    for name, offset in reading.unknown:
        values = {"name": name, "known": tuple(environment.names)}
        yield Fault(*place(text, offset), "expression-unknown-name", values)
    for label, column, offset, known in reading.columns:
        yield Fault(*place(text, offset), "expression-unknown-column", {"name": column, "row": label, "known": known})
    yield from _function_faults(text, reading, environment)
    for what, offset in reading.refused:
        kind, _, name = what.partition(":")
        if kind == "personal":
            yield Fault(*place(text, offset), "personal-read", {"name": name})
        elif kind == "variable":
            yield Fault(*place(text, offset), "expression-variable-taken", {"name": name})
        elif kind == "time_of":
            yield Fault(*place(text, offset), "expression-literal-wanted", {"function": kind})
        else:
            yield Fault(*place(text, offset), "expression-not-offered", {"what": what})
    for one in reading.reads:
        if not one.only_tested and environment.names[one.name].personal:
            yield Fault(*place(text, one.offset), "personal-read", {"name": one.name})
    for comparison in reading.comparisons:
        of = environment.names.get(comparison.name)
        if (
            of is not None
            and of.choices
            and isinstance(comparison.literal, str)
            and comparison.literal not in of.choices
        ):
            values = {"name": comparison.literal, "compared": comparison.name, "known": tuple(sorted(of.choices))}
            yield Fault(*place(text, comparison.offset), "expression-unknown-choice", values)
    if reading.deepest > DEEPEST:
        yield Fault(1, 1, "expression-loops-too-deep", {"limit": DEEPEST})
    for node in walk(tree):
        if isinstance(node, Call):
            yield from _call_faults(text, node, environment)


def _function_faults(text: str, reading: Reading, environment: Environment) -> Iterator[Fault]:
    for name, offset, _ in reading.functions:
        signature = environment.functions.get(name)
        at = place(text, offset)
        if signature is None and name not in BUILT_IN:
            known = tuple(sorted({*environment.functions, *BUILT_IN}))
            yield Fault(*at, "expression-unknown-function", {"name": name, "known": known})
    for argument in reading.arguments:
        signature = environment.functions.get(argument.function)
        at = place(text, argument.offset)
        if (
            signature is not None
            and signature.names == "unit"
            and argument.index == 0
            and argument.literal not in UNITS
        ):
            yield Fault(*at, "expression-unknown-unit", {"name": argument.literal, "known": UNITS})
        if argument.function == "money":
            try:
                minor_units(argument.literal, argument.literal[-3:] if argument.literal[-1:].isalpha() else "CNY")
            except ValueError:
                yield Fault(*at, "expression-no-amount", {"value": argument.literal})


def _call_faults(text: str, node: Call, environment: Environment) -> Iterator[Fault]:
    if node.function == "matches":
        yield from _pattern_faults(text, node)
    if node.function in environment.functions:
        yield from _literal_faults(text, node, environment.functions[node.function])


def _literal_faults(text: str, node: Call, signature: Signature) -> Iterator[Fault]:
    """Yield the fault of a calendar or ledger that is not named on the spot, and of a time of day that is none."""
    first, last = (node.args[0], node.args[-1]) if node.args else (None, None)
    if signature.names in LITERAL and not (isinstance(first, Const) and first.kind == "string"):
        at = first.offset if first is not None else node.offset
        yield Fault(*place(text, at), "expression-literal-wanted", {"function": node.function})
    told = last.value if node.function == "cut_off" and isinstance(last, Const) else None
    if isinstance(told, str) and isinstance(last, Const) and parse_time(told) is None:
        yield Fault(*place(text, last.offset), "expression-no-time", {"value": told})


def _pattern_faults(text: str, node: Call) -> Iterator[Fault]:
    pattern = node.args[-1] if node.args else None
    at = place(text, node.offset)
    if not isinstance(pattern, Const) or not isinstance(pattern.value, str):
        yield Fault(*at, "expression-literal-wanted", {"function": "matches"})
    elif len(pattern.value) > patterns.LONGEST or patterns.states(pattern.value) > patterns.LARGEST:
        yield Fault(*at, "expression-pattern-too-large", {"limit": patterns.LONGEST})
