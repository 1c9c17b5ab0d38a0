"""Recording a reading in a series, refused when it falls where it never may, unless somebody writes why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from lifecycle.core.case.accounts import holder_of
from lifecycle.core.case.commands import OpenCase, TakeStep
from lifecycle.core.case.papering import foreseen, reads_any
from lifecycle.core.case.refused import Refused
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.events import Json, Personal, stamp
from lifecycle.core.series import SERIES, Readings, falls, name_of
from lifecycle.core.showing import unit_behind
from lifecycle.core.workflow import Call, Effect, Failure, Formula
from lifecycle.core.workflow.series import Record, Series
from lifecycle.problems import Reason

if TYPE_CHECKING:
    from lifecycle.core.case.effects import Changes


def record_reasons(
    calls: Iterable[Call],
    effects: tuple[Effect, ...],
    scope: Snapshot,
    written: Mapping[str, str],
    silent: frozenset[str] = frozenset(),
) -> Iterator[Reason]:
    """Yield what stands against the readings that a step records.

    written  reasons given, by the name of the series
    silent   fields that nobody was asked for yet: what depends on them says nothing
    """
    recording = [effect for effect in effects if isinstance(effect, Record)]
    if not recording:
        return
    scope = foreseen(calls, effects, scope)
    for effect in recording:
        formulas = (effect.value, *(one for one in (effect.key, effect.at) if one is not None))
        if any(reads_any(formula.reads, silent) for formula in formulas):
            continue
        if effect.when is None or effect.when.holds(scope) is True:
            yield from against(effect, scope, written.get(effect.series, ""))


def against(effect: Record, scope: Snapshot, written: str) -> Iterator[Reason]:
    """Yield what stands against one reading, unless a written reason lets the actor go on."""
    series = scope.workflow.series[effect.series]
    value = answer(effect.value, effect, scope)
    if value is None:
        return
    holder = holder_now(series, effect, scope)
    if not holder:
        yield reason("reading-no-holder", series, effect)
        return
    at = instant_of(effect, scope)
    if at > stamp(scope.now):
        yield reason("reading-in-future", series, effect, actual=at)
        return
    other = falls(readings_of(series, holder, scope), at, value) if series.never_falls else None
    allowed = {"self", scope.actor.role, *scope.actor.helpers} & set(effect.override)
    if other is None or (allowed and written.strip()):
        return
    yield reason("reading-falls", series, effect, actual=value, required=other["value"], at=other["at"])
    if allowed:
        yield Reason(code="reading-overridable", where=effect.where, values={"guard": effect.series})


def record(changes: Changes, effect: Record) -> None:
    """Carry out the effect.

    Raises  Refused for a reading without a holder, of the future, or that falls without a written reason
    """
    scope, command = changes.scope, changes.command
    given = command.reasons if isinstance(command, OpenCase | TakeStep) else {}
    written = given.get(effect.series, "").strip()
    found = next(against(effect, scope, written), None)
    if found is not None:
        raise Refused(found)
    value = answer(effect.value, effect, scope)
    if value is None:
        return
    series = scope.workflow.series[effect.series]
    holder, at = holder_now(series, effect, scope), instant_of(effect, scope)
    overridden = series.never_falls and falls(readings_of(series, holder, scope), at, value) is not None
    number = len(changes.more.get("readings", ())) + 1
    reading: dict[str, Json] = {
        "id": f"{scope.case.number}@{scope.case.revision + 1}/{number}",
        "series": series.name,
        "of": holder,
        "at": at,
        "value": value,
        "unit": series.unit,
        "source": answer(effect.source, effect, scope) if effect.source else None,
        "overridden": overridden,
    }
    reading = {name: part for name, part in reading.items() if part not in (None, "", False)}
    name = name_of(scope.workflow.name, series.name, holder)
    changes.record_beside(SERIES, name, "recorded", {"reading": reading})
    changes.leave("readings", {**reading, "reason": Personal(written)} if overridden else reading)


def answer(formula: Formula, effect: Record, scope: Snapshot) -> Json:
    value = formula.value(scope)
    if isinstance(value, Failure):
        values = {"formula": formula.text, "failure": value.text}
        raise Refused(Reason(code="effect-failed", where=effect.where, values=values))
    return value


def holder_now(series: Series, effect: Record, scope: Snapshot) -> str:
    return holder_of(series, None if effect.key is None else answer(effect.key, effect, scope), scope)


def instant_of(effect: Record, scope: Snapshot) -> str:
    at = None if effect.at is None else answer(effect.at, effect, scope)
    return stamp(scope.now) if at is None else str(at)


def readings_of(series: Series, holder: str, scope: Snapshot) -> Readings:
    return scope.facts.beside.now(SERIES, name_of(scope.workflow.name, series.name, holder))


def reason(
    code: str, series: Series, effect: Record, *, actual: Json = None, required: Json = None, at: Json = None
) -> Reason:
    unit = unit_behind(series.unit, series.unit_titles)
    values = {"series": series.titles or series.name, "unit": unit, "at": at}
    return Reason(code=code, where=effect.where, rules=series.rules, actual=actual, required=required, values=values)
