"""An expression that can be evaluated, and its answers: a value or a failure, never an exception."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from cel_expr_python import cel  # type: ignore[import-untyped]  # ships stubs without the py.typed mark

from lifecycle.expressions.costs import Border, fits
from lifecycle.expressions.environment import Environment
from lifecycle.expressions.faults import Failure
from lifecycle.expressions.functions import RUNNING, EvaluationContext
from lifecycle.expressions.reading import Argument, Comparison, Reading
from lifecycle.expressions.values import CelValue, ValueType, cel_name, in_row, out_of_row

Outcome = CelValue | Failure

_TIMES = {"TIMESTAMP": ValueType("datetime"), "DURATION": ValueType("duration")}
TIMES = (datetime, timedelta)
_NEVER = frozenset(("ERROR", "UNKNOWN", "TYPE", "BYTES", "UINT"))


class Compiled:
    """An expression that was checked.

    text         as written
    reads        names whose values it needs, without repeats, in the order of the text
    functions    functions that it calls, likewise
    arguments    literal texts given to functions, with offsets
    comparisons  literals that names are compared with, with offsets
    unguarded    names that may be null and are used without a test, with columns from 1
    answers      the CEL type of its value, "DYN" when only known at run time
    """

    __slots__ = (
        "_bare",
        "_border",
        "_environment",
        "_expect",
        "_program",
        "_running_text",
        "answers",
        "arguments",
        "comparisons",
        "functions",
        "reads",
        "text",
        "unguarded",
    )

    def __init__(
        self,
        *,
        text: str,
        running_text: str,
        reading: Reading,
        environment: Environment,
        expect: ValueType | None,
        answers: str,
        border: Border,
        program: cel.Expression | None,
    ) -> None:
        self.text = text
        self.reads: tuple[str, ...] = tuple(dict.fromkeys(read.name for read in reading.reads))
        self.functions: tuple[str, ...] = tuple(dict.fromkeys(name for name, _, _ in reading.functions))
        self.arguments: tuple[Argument, ...] = tuple(reading.arguments)
        self.comparisons: tuple[Comparison, ...] = tuple(reading.comparisons)
        self.unguarded: tuple[tuple[str, int], ...] = tuple((name, at + 1) for name, at in reading.unguarded)
        self.answers = answers
        self._bare = len(self.reads) == 1 and text.strip() == self.reads[0]
        self._running_text = running_text
        self._environment = environment
        self._expect = expect
        self._border = border
        self._program = program

    def __repr__(self) -> str:
        return f"Compiled({self.text!r})"

    def evaluate(self, values: Mapping[str, CelValue], context: EvaluationContext) -> Outcome:
        """Return the value (as CEL holds it: see `from_cel`), None for null, or why there is none.

        values   of at least the names in `reads`, each as `to_cel` gives it; a name left out is a failure
        context  what the functions ask
        """
        wanted: dict[str, CelValue] = {}
        for name in self.reads:
            if name not in values:
                return Failure(f"no value was given for {name}")
            value = values[name]
            wanted[name] = in_row(value) if isinstance(value, TIMES) else value
        if not fits(wanted, self._border):
            return Failure("the lists or texts read are too large for this expression")
        if self._bare:
            return self._answer(wanted[self.reads[0]])
        return self._run(wanted, context)

    def holds(self, values: Mapping[str, CelValue], context: EvaluationContext) -> bool | Failure:
        """Return True only when CEL answers the boolean true, False only when it answers false, else a failure."""
        outcome = self.evaluate(values, context)
        if outcome is True or outcome is False or isinstance(outcome, Failure):
            return outcome
        return Failure(f"no boolean but {'null' if outcome is None else type(outcome).__name__}")

    def _run(self, wanted: dict[str, CelValue], context: EvaluationContext) -> Outcome:
        if self._program is None:
            self._program = self._environment.running.compile(self._running_text)
        outer = RUNNING.context, RUNNING.calls
        RUNNING.context, RUNNING.calls = context, 0
        try:
            value = self._program.eval(data=wanted)
            kind = value.type().name()
            plain = value.value() if kind in ("ERROR", "UNKNOWN") else plain_of(value)
        except RuntimeError as error:  # the package's own class: a spent budget, a value that is none of CEL's
            return Failure(str(error))
        finally:
            RUNNING.context, RUNNING.calls = outer
        if kind in _NEVER:
            return Failure(str(plain))
        return self._answer(plain)

    def _answer(self, value: CelValue) -> Outcome:
        if self._expect is None:
            return out_of_row(_TIMES[self.answers], value) if self.answers in _TIMES else value
        return fitting(out_of_row(self._expect, value), self._expect)


def plain_of(value: cel.Value) -> CelValue:
    """Return a result of CEL as Python holds it.

    The package's own conversion gives back each null without owning it (0.1.3): after some thousand answers
    `None` itself is freed and the process dies. So no null is converted, nor a list or map that may hold one.
    """
    kind = value.type().name()
    if kind == "NULL":
        return None
    if kind.startswith("LIST"):
        return [plain_of(item) for item in value.value()]
    if kind.startswith("MAP"):
        return {name: plain_of(item) for name, item in value.value().items()}
    return value.plain_value()


_FITTING: Mapping[str, tuple[type, ...]] = {
    "STRING": (str,),
    "DOUBLE": (float, int),
    "INT": (int,),
    "BOOL": (bool,),
    "TIMESTAMP": (datetime,),
    "DURATION": (timedelta,),
    "LIST": (list,),
    "MAP": (dict,),
}


def fitting(value: CelValue, expect: ValueType) -> Outcome:
    """Return a value when it is null or of the type expected; a boolean is no number."""
    name = cel_name(expect)
    if value is None or name == "DYN":
        return value
    if not isinstance(value, _FITTING[name]) or (isinstance(value, bool) and name != "BOOL"):
        return Failure(f"no {expect.kind} but {type(value).__name__}")
    return value
