"""Expressions of a workflow as the core's conditions and formulas, compiled when first asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING

from lifecycle.clocks.calendar import Calendar
from lifecycle.core.events import Json, instant, stamp
from lifecycle.core.parsing import accept
from lifecycle.core.values import FieldType, Misfit
from lifecycle.core.workflow import Condition, Failure, Scope
from lifecycle.expressions import (
    ANY,
    TEXT,
    Compiled,
    Environment,
    Fault,
    ValueType,
    compile,
    from_cel,
    to_cel,
    unguarded,
)
from lifecycle.expressions import Failure as NoAnswer
from lifecycle.language.fieldtypes import value_type

if TYPE_CHECKING:
    from lifecycle.expressions.values import CelValue


@dataclass(frozen=True, kw_only=True, slots=True)
class Customs:
    """What evaluating needs besides the scope: the workflow's zone, what `money("12.50")` means, its lists, series."""

    zone: tzinfo
    currency: str
    lists: Mapping[str, ValueType] = field(default_factory=dict)
    series: Mapping[str, ValueType] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A scope as the functions of expressions ask it (implements `EvaluationContext`)."""

    scope: Scope
    customs: Customs

    @property
    def zone(self) -> tzinfo:
        return self.customs.zone

    @property
    def currency(self) -> str:
        return self.customs.currency

    def done(self, step: str) -> bool:
        return self.scope.done(step)

    def ever(self, step: str) -> bool:
        return self.scope.ever(step)

    def count(self, step: str) -> int:
        return self.scope.count(step)

    def time_of(self, step: str) -> datetime | None:
        stored = self.scope.time_of(step)
        return instant(stored) if stored else None

    def actor_of(self, step: str) -> str | None:
        return self.scope.actor_of(step)

    def missing(self, checklist: str) -> Sequence[str]:
        return self.scope.missing(checklist)

    def all_final(self, plural: str) -> bool:
        return self.scope.all_final(plural)

    def calendar(self, name: str) -> Calendar:
        return self.scope.calendar(name)

    def balance(self, ledger: str, key: str | None) -> int:
        return self.scope.balance(ledger, key)

    def reading(self, name: str, at: datetime) -> CelValue:
        return to_cel(self.customs.series[name], self.scope.reading(name, stamp(at)), self.customs.zone)

    def row(self, name: str, key: str) -> CelValue:
        found = self.scope.row(name, key)
        return None if found is None else to_cel(self.customs.lists[name], [found], self.customs.zone)[0]

    def label(self, name: str) -> CelValue:
        return self.scope.value(f"derived.{name}")

    def covered(self, name: str, part: str) -> bool:
        return self.scope.covered(name, part)


class Surroundings:
    """What may be read where an expression stands, and what surely has a value there.

    known   names that have a value whatever happened before
    given   conditions that hold whenever the expression is read
    """

    def __init__(
        self,
        environment: Callable[[], Environment],
        known: Callable[[], frozenset[str]],
        given: tuple[str, ...] = (),
    ) -> None:
        self._environment = environment
        self._known = known
        self._given = given

    @cached_property
    def environment(self) -> Environment:
        return self._environment()

    @cached_property
    def known(self) -> frozenset[str]:
        return self._known()

    def untested(self, text: str, names: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
        """Return those of the names that a text uses untested which neither are known nor tested by what is given."""
        doubtful = tuple(one for one in names if one[0] not in self.known)
        if not doubtful or not self._given:
            return doubtful
        tested = " && ".join(f"({condition})" for condition in self._given)
        still = {name for name, _ in unguarded(f"({tested}) ? ({text}) : null", self.environment)}
        return tuple(one for one in doubtful if one[0] in still)


class Expression:
    """An expression as condition or formula (implements the core's `Condition` and `Formula`).

    text      as written, with the "=" of a value
    expect    the type of its value; None for any. A condition expects a boolean
    is_value  whether it may be null, as a condition may not
    personal  whether its value is kept personal: it may then be a personal field, handed on unread
    """

    def __init__(
        self,
        text: str,
        *,
        expect: FieldType | None,
        around: Surroundings,
        customs: Customs,
        is_value: bool = True,
        personal: bool = False,
    ) -> None:
        self.text = text
        self.is_value = is_value
        self.personal = personal
        self.expect = expect
        self.customs = customs
        self._around = around
        self._wanted = value_type(expect) if expect is not None else None

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    @property
    def source(self) -> str:
        """The expression without the "=" of a value."""
        return self.text.removeprefix("=")

    @property
    def _environment(self) -> Environment:
        return self._around.environment

    @cached_property
    def _compiled(self) -> Compiled | list[Fault]:
        return compile(self.source, self._environment, self._wanted)

    @property
    def is_compiled(self) -> bool:
        """Whether anybody asked it yet."""
        return "_compiled" in vars(self)

    def check(self) -> tuple[list[Fault], tuple[tuple[str, int], ...]]:
        """Return the faults, and the names that may be null and are used untested, with columns from 1."""
        if self._bare and self.personal:
            return [], ()
        found = self._compiled
        if isinstance(found, list):
            unknown = any(fault.code.startswith("expression-unknown-") for fault in found)
            # what the type check says of an unknown name only repeats that it is unknown
            return [fault for fault in found if not (unknown and "*error*" in str(fault.values.get("types")))], ()
        if self.is_value:
            found = compile(self.source, self._environment)  # a value may be null, also a boolean one
            assert isinstance(found, Compiled)  # it was, with a type expected
        return [], self._around.untested(self.source, found.unguarded)

    @property
    def reads(self) -> tuple[str, ...]:
        if self._bare:
            return (self._bare,)
        return self._compiled.reads if isinstance(self._compiled, Compiled) else ()

    @cached_property
    def _read(self) -> tuple[tuple[str, ValueType], ...]:
        return tuple((name, self._environment.names[name]) for name in self.reads)

    @cached_property
    def _bare(self) -> str:
        """The one name that the whole expression is: its stored value needs no way through CEL and back."""
        name = self.source.strip()
        return name if name in self._environment.names else ""

    def rows(self) -> ValueType:
        """Return the type of the list that it yields, as far as it shows: of the first list that it reads."""
        known = self._environment.names
        if self.source.lstrip().startswith("missing("):
            return ValueType("list", of=TEXT)
        return next((known[name] for name in self.reads if known[name].kind == "list"), ValueType("list", of=ANY))

    def holds(self, scope: Scope) -> bool | Failure:
        outcome = self._evaluate(scope)
        if outcome is True or outcome is False or isinstance(outcome, Failure):
            return outcome
        return Failure(f"no boolean but {'null' if outcome is None else type(outcome).__name__}")

    def value(self, scope: Scope) -> Json | Failure:
        """Return the value in the stored form of the type expected, or why there is none."""
        if self._bare and self.expect is None:
            return read(scope, self._bare)
        outcome = read(scope, self._bare) if self._bare and self._same_type() else self._converted(scope)
        if isinstance(outcome, Failure) or self.expect is None:
            return outcome
        fitted = accept(self.expect, outcome, self.customs.zone)
        return Failure(f"the value does not fit: {fitted.code}") if isinstance(fitted, Misfit) else fitted

    def _same_type(self) -> bool:
        return self._wanted == self._environment.names[self._bare]

    def _converted(self, scope: Scope) -> Json | Failure:
        outcome = self._evaluate(scope)
        if isinstance(outcome, Failure):
            return outcome
        wanted = self._wanted
        if wanted is None:
            wanted = self.rows() if isinstance(outcome, list) else ANY
        try:
            return from_cel(wanted, outcome, self.customs.zone)
        except ValueError as error:
            return Failure(str(error))

    def _evaluate(self, scope: Scope) -> CelValue | Failure:
        compiled = self._compiled
        if isinstance(compiled, list):
            return Failure(f"{compiled[0].code} in {self.source!r}")
        values: dict[str, CelValue] = {}
        zone = self.customs.zone
        for name, kind in self._read:
            try:
                values[name] = to_cel(kind, read(scope, name), zone)
            except (ValueError, TypeError, AttributeError) as error:
                return Failure(f"{name}: {type(error).__name__}")
        outcome = compiled.evaluate(values, Asked(scope, self.customs))
        return Failure(outcome.text) if isinstance(outcome, NoAnswer) else outcome


def read(scope: Scope, name: str) -> Json:
    """Return the stored value of a name; None for a column that the present row leaves out."""
    if name.startswith("it."):
        row = scope.value("it")
        return row.get(name[3:]) if isinstance(row, Mapping) else None
    return scope.value(name)


def condition(text: str, around: Surroundings, customs: Customs) -> Expression:
    """Return a condition."""
    return Expression(text, expect=FieldType(name="boolean"), around=around, customs=customs, is_value=False)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as written, in its stored form (implements the core's `Formula`)."""

    text: str
    stored: Json

    @property
    def reads(self) -> tuple[str, ...]:
        return ()

    def value(self, scope: Scope) -> Json | Failure:
        return self.stored


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the row that an `each` looks at (implements the core's `Formula`)."""

    name: str

    @property
    def text(self) -> str:
        return f"=it.{self.name}"

    @property
    def reads(self) -> tuple[str, ...]:
        return (f"it.{self.name}",)

    def value(self, scope: Scope) -> Json | Failure:
        return read(scope, f"it.{self.name}")


@dataclass(frozen=True, slots=True)
class Both:
    """Two conditions that must hold, the second read only if the first does (implements the core's `Condition`)."""

    first: Condition
    second: Condition

    @property
    def text(self) -> str:
        return f"({self.first.text}) && ({self.second.text})"

    @property
    def reads(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.first.reads, *self.second.reads)))

    def holds(self, scope: Scope) -> bool | Failure:
        outcome = self.first.holds(scope)
        return self.second.holds(scope) if outcome is True else outcome
