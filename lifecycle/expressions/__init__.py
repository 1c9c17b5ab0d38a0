"""Compiles and evaluates the conditions and values of workflows (CEL). The only importer of the CEL package.

environment = Environment({"data.estimate": MONEY, "state": TEXT}, always_set={"state"})
guard = compile("data.estimate != null && data.estimate < money('200')", environment, BOOLEAN)
if isinstance(guard, Compiled):
    guard.holds({"data.estimate": to_cel(MONEY, "150.00 CNY", zone)}, context)   # True, False or a Failure
"""

from lifecycle.expressions.compiled import Compiled, Outcome
from lifecycle.expressions.compiling import compile, unguarded
from lifecycle.expressions.environment import Environment
from lifecycle.expressions.faults import Failure, Fault, place
from lifecycle.expressions.functions import STANDARD, EvaluationContext, Quiet, Signature
from lifecycle.expressions.reading import Argument, Comparison
from lifecycle.expressions.values import (
    ANY,
    BOOLEAN,
    CHOICE,
    DATE,
    DATETIME,
    DURATION,
    INTEGER,
    LIST,
    MAP,
    MONEY,
    NUMBER,
    TEXT,
    TIME,
    CelValue,
    ValueType,
    choice,
    from_cel,
    rows,
    to_cel,
)

__all__ = [
    "ANY",
    "BOOLEAN",
    "CHOICE",
    "DATE",
    "DATETIME",
    "DURATION",
    "INTEGER",
    "LIST",
    "MAP",
    "MONEY",
    "NUMBER",
    "STANDARD",
    "TEXT",
    "TIME",
    "Argument",
    "CelValue",
    "Comparison",
    "Compiled",
    "Environment",
    "EvaluationContext",
    "Failure",
    "Fault",
    "Outcome",
    "Quiet",
    "Signature",
    "ValueType",
    "choice",
    "compile",
    "from_cel",
    "place",
    "rows",
    "to_cel",
    "unguarded",
]
