"""Settling: the rows of a period drawn up from every entry known at a position, and frozen once.

What enters a period is what happened in it. What comes to light after it was frozen is put right in the period that is
frozen next, under the name of the one that it concerns: all rows and corrections together are all entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from lifecycle.core.case.commands import Entry, Gathered
from lifecycle.core.case.refused import Refused
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.tables import consult
from lifecycle.core.events import Json, instant
from lifecycle.core.ledger import said as said_amount
from lifecycle.core.ledger import units_of
from lifecycle.core.lengths import length_text, parse_length
from lifecycle.core.settlement import (
    SETTLEMENT,
    Periods,
    Span,
    after,
    before,
    following,
    name_of,
    span_at,
    span_read,
)
from lifecycle.core.staff import DIRECTORY, STAFF
from lifecycle.core.values import FieldType
from lifecycle.core.workflow.conditions import Failure
from lifecycle.core.workflow.settlements import Settle, Settlement
from lifecycle.problems import Reason

if TYPE_CHECKING:
    from lifecycle.core.case.effects import Changes

Units = int | Decimal
"""An amount as it is added up: minor units of money, seconds of a length, the number itself else."""


def settle(changes: Changes, effect: Settle) -> None:
    """Draw up the rows of a period, and freeze them unless they are provisional.

    What is to be frozen and was drawn up before in the same instance is frozen as it was drawn up then.
    Raises  Refused for a period that is none, not over, frozen already or not the next; for entries without an answer
    """
    scope = changes.scope
    settlement = scope.workflow.settlements[effect.settlement]
    periods = scope.facts.beside.now(SETTLEMENT, name_of(scope.workflow.name, settlement.name))
    asked = period_asked(settlement, effect, scope)
    held = scope.settled_now(settlement.name)
    if not effect.provisional and held is not None and held["is"] == "drawn_up":
        kept = span_read(settlement.every, held["period"], scope.workflow.zone)
        if kept is not None and (asked is None or asked == kept):
            check_next(settlement, effect, periods, kept, next_of(settlement, periods, scope))
            freeze(changes, settlement, kept, held)
            return
    span, gathered = gathered_for(settlement, effect, periods, asked, scope)
    scope.asked.update(gathered.settings)
    entry = drawn_up(settlement, span, gathered, scope)
    if effect.provisional:
        leave(changes, settlement, {**entry, "is": "drawn_up"})
    else:
        freeze(changes, settlement, span, entry)


def period_asked(settlement: Settlement, effect: Settle, scope: Snapshot) -> Span | None:
    """Return the period that the effect names; None when it names none."""
    if effect.period is None:
        return None
    value = effect.period.value(scope)
    if isinstance(value, Failure):
        values = {"formula": effect.period.text, "failure": value.text}
        raise Refused(Reason(code="effect-failed", where=effect.where, values=values))
    span = span_read(settlement.every, str(value), scope.workflow.zone) if value is not None else None
    if span is None:
        raise refused("period-unreadable", settlement, effect, actual=value, required=settlement.every)
    return span


def next_of(settlement: Settlement, periods: Periods, scope: Snapshot) -> Span | None:
    """Return the period after the last one frozen; None when none was."""
    last = periods.last
    if last is None:
        return None
    frozen = span_read(settlement.every, last["from"], scope.workflow.zone)
    return after(settlement.every, frozen, scope.workflow.zone) if frozen else None


def gathered_for(
    settlement: Settlement, effect: Settle, periods: Periods, asked: Span | None, scope: Snapshot
) -> tuple[Span, Gathered]:
    """Return the period to draw up and what is known of it.

    The first period of all is that of the earliest entry, so that nothing lies before it.
    """
    zone, every = scope.workflow.zone, settlement.every
    expected = next_of(settlement, periods, scope)
    if expected is not None:
        span = asked or expected
        check(settlement, effect, periods, span, expected, scope)
        assert periods.last is not None
        gathered = scope.facts.entries(settlement, periods.last["position"], span.start)
    else:
        gathered = scope.facts.entries(settlement, 0, None)
        earliest = min((entry.at for entry in gathered.now), default="")
        expected = span_at(every, instant(earliest), zone) if earliest else None
        span = asked or expected or before(every, span_at(every, scope.now, zone), zone)
        check(settlement, effect, periods, span, expected if expected and expected.first < span.first else span, scope)
    if gathered.failed:
        case, column, failure = gathered.failed
        values = {"settlement": settlement.titles or settlement.name, "case": case, "column": column}
        raise Refused(Reason(code="settlement-entry-failed", where=settlement.where, values={**values, "of": failure}))
    return span, gathered


def check(
    settlement: Settlement, effect: Settle, periods: Periods, span: Span, expected: Span, scope: Snapshot
) -> None:
    """Refuse a period that is frozen, out of turn, or not over yet."""
    check_next(settlement, effect, periods, span, expected)
    if scope.now < span.end:
        raise refused("period-not-over", settlement, effect, actual=span.name, required=last_day(settlement, span))


def check_next(settlement: Settlement, effect: Settle, periods: Periods, span: Span, expected: Span | None) -> None:
    frozen = next((one for one in periods.frozen if one["from"] == span.first.isoformat()), None)
    if frozen is not None:
        raise refused("period-frozen", settlement, effect, actual=span.name, case=frozen["case"])
    if expected is not None and span != expected:
        raise refused("period-not-next", settlement, effect, actual=span.name, required=expected.name)


def refused(
    code: str, settlement: Settlement, effect: Settle, *, actual: Json = None, required: Json = None, case: str = ""
) -> Refused:
    values = {"settlement": settlement.titles or settlement.name, "case": case}
    return Refused(
        Reason(code=code, where=effect.where, rules=settlement.rules, actual=actual, required=required, values=values)
    )


def drawn_up(settlement: Settlement, span: Span, gathered: Gathered, scope: Snapshot) -> dict[str, Json]:
    """Return a period's rows with their totals, and the corrections of earlier periods, as an event keeps them."""
    sums = summed(settlement, span, gathered, scope.workflow.zone)
    for person in everyone(settlement, scope):
        sums.rows.setdefault(person, {})
    rows = [worked_out(settlement, key, sums.rows[key], scope) for key in sorted(sums.rows)]
    ranked(settlement, rows)
    for row in rows:
        graded(settlement, row, scope)
    return {
        "settlement": settlement.name,
        "period": span.name,
        "from": span.first.isoformat(),
        "position": gathered.position,
        "rows": rows,
        "corrections": [
            {"key": key, "period": period, **told(settlement, by_case), "cases": cases_of(by_case)}
            for (period, key), by_case in sorted(sums.corrections.items())
        ],
        "total": told(settlement, merged(sums.rows.values())),
    }


ByCase = dict[str, dict[str, Units]]
"""Case -> column -> sum: so that every figure leads to the cases that it comes from."""


@dataclass(kw_only=True)
class Sums:
    """Sums of entries. rows: of the period, by key; corrections: by (earlier period, key)."""

    rows: dict[str, ByCase] = field(default_factory=dict)
    corrections: dict[tuple[str, str], ByCase] = field(default_factory=dict)


def summed(settlement: Settlement, span: Span, gathered: Gathered, zone: str) -> Sums:
    """Return the sums of a period, and what has changed since about the ones before it."""
    sums = Sums()
    for sign, entries in ((1, gathered.now), (-1, gathered.before)):
        for entry in entries:
            at = instant(entry.at)
            if at < span.start:
                period = span_at(settlement.every, at, zone).name
                add(sums.corrections.setdefault((period, entry.key), {}), entry, sign)
            elif at < span.end and sign == 1:
                add(sums.rows.setdefault(entry.key, {}), entry, sign)
    left = {place: without_nothing(by_case) for place, by_case in sums.corrections.items()}
    sums.corrections = {place: by_case for place, by_case in left.items() if by_case}
    return sums


def add(by_case: ByCase, entry: Entry, sign: int) -> None:
    columns = by_case.setdefault(entry.case, {})
    columns[entry.column] = columns.get(entry.column, 0) + sign * entry.units


def without_nothing(by_case: ByCase) -> ByCase:
    return {case: columns for case, columns in by_case.items() if any(columns.values())}


def merged(rows: Iterable[ByCase]) -> ByCase:
    """Return the sums of several rows as if they were one."""
    together: ByCase = {}
    for by_case in rows:
        for case, columns in by_case.items():
            ours = together.setdefault(case, {})
            for column, units in columns.items():
                ours[column] = ours.get(column, 0) + units
    return together


def told(settlement: Settlement, by_case: ByCase) -> dict[str, Json]:
    """Return sums by column in their stored form."""
    return {
        column.name: stored(column.type, sum((columns.get(column.name, 0) for columns in by_case.values()), 0))
        for column in settlement.columns
        if column.sums
    }


def cases_of(by_case: ByCase) -> list[str]:
    return sorted(case for case in by_case if case)


def units_in(type: FieldType, value: Json) -> Units:
    """Return a stored value as it is added up; nothing for null."""
    if value is None:
        return 0
    match type.name:
        case "number":
            return Decimal(str(value))
        case "duration":
            length = parse_length(str(value).removeprefix("-"))
            seconds = int(length.total_seconds()) if length else 0
            return -seconds if str(value).startswith("-") else seconds
        case _:
            return units_of(value)


def stored(type: FieldType, units: Units) -> Json:
    """Return a sum in the stored form of a type: "12.50 CNY", "90m", "4.5", 3."""
    match type.name:
        case "money":
            return said_amount(int(units), type.currency)
        case "duration":
            return length_text(timedelta(seconds=int(units))) if units >= 0 else f"-{stored(type, -units)}"
        case "number":
            text = f"{Decimal(units):f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case _:
            return int(units)


def everyone(settlement: Settlement, scope: Snapshot) -> list[str]:
    """Return the staff of the roles that all have a row."""
    if not settlement.everyone:
        return []
    directory = scope.facts.beside.now(STAFF, DIRECTORY)
    return [person.id for role in settlement.everyone for person in directory.in_role(scope.workflow.name, role)]


def worked_out(settlement: Settlement, key: str, by_case: ByCase, scope: Snapshot) -> dict[str, Json]:
    """Return a row: its sums, and the values that follow from them; one without an answer is null."""
    row: dict[str, Json] = {"key": key, **told(settlement, by_case)}
    for column in settlement.columns:
        if column.value is not None:
            value = column.value.value(scope.with_item(row))
            row[column.name] = None if isinstance(value, Failure) else value
    row["cases"] = cases_of(by_case)
    return row


def ranked(settlement: Settlement, rows: Sequence[dict[str, Json]]) -> None:
    """Give each row its rank, 1 for the best; a row without a value has none."""
    rank = settlement.rank
    if rank is None:
        return
    column = next(one for one in settlement.columns if one.name == rank.by)
    figures = {row["key"]: units_in(column.type, row[rank.by]) for row in rows if row[rank.by] is not None}
    taken = sorted(figures.values(), reverse=not rank.lowest)
    places = sorted(set(taken), reverse=not rank.lowest) if rank.ties == "share" else taken
    for row in rows:
        row["rank"] = places.index(figures[row["key"]]) + 1 if row["key"] in figures else None


def graded(settlement: Settlement, row: dict[str, Json], scope: Snapshot) -> None:
    """Add the answers of the tables to a row, with the numbers of the rows that gave them.

    Raises  Refused when a table has no answer
    """
    told_by: dict[str, Json] = {}
    for call in settlement.decide:
        answer = consult(scope.workflow.tables[call.table], call, scope.with_item(row))
        if isinstance(answer, Reason):
            raise Refused(answer)
        row.update(answer["outputs"])
        told_by[call.table] = answer["rows"]
    if told_by:
        row["tables"] = told_by


def freeze(changes: Changes, settlement: Settlement, span: Span, entry: Mapping[str, Json]) -> None:
    """Record that a period is frozen with these rows, in its own stream and in the event that does it."""
    told_in = {"settlement": settlement.name, **{name: value for name, value in entry.items() if name != "is"}}
    name = name_of(changes.scope.workflow.name, settlement.name)
    changes.record_beside(SETTLEMENT, name, "frozen", {"settlement": {**told_in, "to": last_day(settlement, span)}})
    leave(changes, settlement, {**told_in, "is": "frozen"})


def last_day(settlement: Settlement, span: Span) -> str:
    return (following(settlement.every, span.first) - timedelta(days=1)).isoformat()


def leave(changes: Changes, settlement: Settlement, entry: dict[str, Json]) -> None:
    """Leave the rows in the event, and let the effects after this one see them."""
    instance = changes.scope.instance
    assert instance is not None
    changes.leave("settled", {"of": instance.id, **entry})
    changes.scope = changes.scope.with_settled(settlement.name, entry)
