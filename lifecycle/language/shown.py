"""Expressions whose value is only shown or counted: whatever type comes out, in its stored form."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from lifecycle.core.events import Json
from lifecycle.core.lengths import length_text
from lifecycle.core.workflow import Failure, Scope
from lifecycle.expressions import ANY, Fault, from_cel
from lifecycle.language.conditions import Expression, read

_MICROSECONDS = re.compile(r"-?\d+us")


class Shown(Expression):
    """An expression that gives a value of any type; an instant and a length come out as they are stored.

    What it reads need not be tested for null: where a value is missing it has no answer, and nothing is shown.
    """

    def check(self) -> tuple[list[Fault], tuple[tuple[str, int], ...]]:
        faults, _ = super().check()
        return faults, ()

    def value(self, scope: Scope) -> Json | Failure:
        if self.expect is not None:
            return super().value(scope)
        if self._bare:
            return read(scope, self._bare)
        outcome = self._evaluate(scope)
        return outcome if isinstance(outcome, Failure) else self._stored(outcome)

    def _stored(self, outcome: Any) -> Json:
        if isinstance(outcome, list):
            return [self._stored(one) for one in outcome]
        if isinstance(outcome, dict):
            return {name: self._stored(one) for name, one in outcome.items()}
        if isinstance(outcome, str) and _MICROSECONDS.fullmatch(outcome):
            outcome = timedelta(microseconds=int(outcome.removesuffix("us")))
        if isinstance(outcome, timedelta):
            seconds = timedelta(seconds=int(abs(outcome).total_seconds()))
            return f"{'-' if outcome < timedelta() else ''}{length_text(seconds)}"
        if isinstance(outcome, datetime | float):
            return from_cel(ANY, outcome, self.customs.zone)
        return outcome
