"""Figures over events: counted case by case, put together by period and group, held against their targets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

from lifecycle.core.events import PRIVATE, Json, changed_values
from lifecycle.core.seeing.amounts import middle, number_of, text_of
from lifecycle.core.seeing.firsts import First
from lifecycle.core.seeing.happening import Moment, meets
from lifecycle.core.seeing.periods import a_year_before, label, moved, start_of
from lifecycle.core.seeing.rows import Looker, RowScope, cell
from lifecycle.core.seeing.stopwatch import Watch
from lifecycle.core.workflow import Failure, Formula, Scope
from lifecycle.core.workflow.seeing import Kpi, Per, Tallied

Key = tuple[date | None, tuple[str, ...]]
"""First day of the period (None for all time), and the group's values as text."""


@dataclass(kw_only=True, slots=True)
class Cell:
    """What was counted in one period and group.

    count    of `counted`; of: of `of`; values: numbers that were measured, summed or averaged
    without  of those counted that had no value
    """

    count: int = 0
    of: int = 0
    values: list[Fraction] = field(default_factory=list)
    without: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A figure of one period and group.

    period   "2026-03"; "" for all time. first: its first day
    value    as kept: "66.7%", "90m", "12.50 CNY", "7"; None when there is nothing to work it out of
    exact    the same as a number, which targets are held against
    count    of what is counted; of: of what it is a share of
    without  of those counted that had no value
    met      whether the target was met; None without one, or without a value
    before   the value that it is compared with
    apart    counts that stand beside it, by name
    """

    period: str
    first: date | None
    group: tuple[Json, ...] = ()
    value: str | None = None
    exact: Fraction | None = None
    count: int = 0
    of: int = 0
    without: int = 0
    met: bool | None = None
    before: str | None = None
    apart: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """A kpi's lines, by period and then by group, and what could not be judged: (case, why)."""

    lines: tuple[Line, ...]
    per: Per | Literal[""]
    unjudged: tuple[tuple[str, str], ...] = ()


class Tally:
    """Counts one kpi over the events of many cases, case after case.

    per     the period, instead of the kpi's own; "" for all time
    since, until  a kpi without period counts what happened between them
    """

    def __init__(
        self,
        kpi: Kpi,
        zone: str,
        per: Per | Literal[""] = "",
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> None:
        self.kpi = kpi
        self.zone = ZoneInfo(zone)
        self.per = per
        self.since = since
        self.until = until
        self.cells: dict[Key, Cell] = {}
        self.groups: dict[tuple[str, ...], tuple[Json, ...]] = {}
        self.apart: dict[tuple[date | None, str], int] = {}
        self.unjudged: list[tuple[str, str]] = []

    def take(self, happened: Sequence[Moment], looker: Looker) -> None:
        """Count what happened in one case."""
        watch, first = Watch(self.kpi), First(self.kpi)
        for moment in happened:
            watch.stand(moment)
            outside = self.outside(moment.event.occurred_at)
            if not outside or self.kpi.once:
                self.take_one(moment, looker, watch, first, outside)
            watch.begin(moment)

    def take_one(self, moment: Moment, looker: Looker, watch: Watch, first: First, outside: bool) -> None:
        """Count what happened with one event.

        outside  it is only remembered: what happens once and did so before is not counted when it happens again
        """
        for counted in self.kpi.of:
            for scope in self.met(counted, moment, looker):
                if first.of(counted, scope, moment) and not outside:
                    self.cell(counted, scope, moment).of += 1
        for counted in self.kpi.counted:
            for scope in self.met(counted, moment, looker):
                if watch.runs(scope) and first.counted(counted, scope, moment) and not outside:
                    self.count(counted, scope, moment, watch)
        for apart in self.kpi.apart:
            for counted in apart.counted:
                for scope in self.met(counted, moment, looker):
                    if first.apart(apart.name, scope) and not outside:
                        key = (self.period(moment), apart.name)
                        self.apart[key] = self.apart.get(key, 0) + 1

    def outside(self, at: datetime) -> bool:
        """Return whether an instant lies outside what a kpi without period counts."""
        early = self.since is not None and at < self.since
        late = self.until is not None and at > self.until
        return not self.per and (early or late)

    def met(self, counted: Tallied, moment: Moment, looker: Looker) -> Iterator[RowScope]:
        """Yield what the expressions see of each time that something happened with an event and counts."""
        for address in meets(counted.happening, moment):
            scope = scope_at(moment, address, looker)
            holds = counted.only is None or counted.only.holds(scope)
            if isinstance(holds, Failure):
                self.unjudged.append((moment.after.number, holds.text))
            elif holds:
                yield scope

    def count(self, counted: Tallied, scope: RowScope, moment: Moment, watch: Watch) -> None:
        kpi = self.kpi
        if kpi.way == "measure":
            length = watch.stop(scope)
            if length is not None:
                cell = self.cell(counted, scope, moment)
                cell.count += 1
                cell.values.append(Fraction(length // timedelta(microseconds=1), 1_000_000))
            return
        cell = self.cell(counted, scope, moment)
        cell.count += 1
        if counted.value is not None:
            value = counted.value.value(scope)
            number = None if isinstance(value, Failure) else number_of(kpi.unit, value)
            if number is None:
                cell.without += 1
            else:
                cell.values.append(number)

    def cell(self, counted: Tallied, scope: RowScope, moment: Moment) -> Cell:
        values = tuple(plain_cell(cell(column, scope)) for column in counted.group)
        key = tuple(str(value) if value is not None else "" for value in values)
        self.groups.setdefault(key, values)
        return self.cells.setdefault((self.period(moment), key), Cell())

    def period(self, moment: Moment) -> date | None:
        return start_of(self.per, moment.event.occurred_at, self.zone) if self.per else None

    def figures(self, scope: Scope, first: date | None, last: date | None) -> Figures:
        """Return the lines of the periods from one first day to another; those without events among them.

        scope  in which targets that are settings are read
        """
        keys = sorted({key for _, key in self.cells}) or ([()] if not self.kpi.group else [])
        at_least, at_most = (self.bound(formula, scope) for formula in (self.kpi.at_least, self.kpi.at_most))
        lines = [self.line(period, key, at_least, at_most) for period in self.periods(first, last) for key in keys]
        return Figures(lines=tuple(lines), per=self.per, unjudged=tuple(self.unjudged))

    def periods(self, first: date | None, last: date | None) -> Iterator[date | None]:
        if not self.per or first is None or last is None:
            yield None
            return
        while first <= last:
            yield first
            first = moved(self.per, first, 1)

    def bound(self, formula: Formula | None, scope: Scope) -> Fraction | None:
        if formula is None:
            return None
        value = formula.value(scope)
        return None if isinstance(value, Failure) else number_of(self.kpi.unit, value)

    def line(
        self, period: date | None, key: tuple[str, ...], at_least: Fraction | None, at_most: Fraction | None
    ) -> Line:
        cell = self.cells.get((period, key), Cell())
        exact = self.value(cell)
        met = None
        if exact is not None and (at_least is not None or at_most is not None):
            met = (at_least is None or exact >= at_least) and (at_most is None or exact <= at_most)
        return Line(
            period=label(self.per, period) if self.per and period else "",
            first=period,
            group=self.groups.get(key, ()),
            value=self.text(exact),
            exact=exact,
            count=cell.count,
            of=cell.of,
            without=cell.without,
            met=met,
            before=self.text(self.before(period, key)),
            apart={apart.name: self.apart.get((period, apart.name), 0) for apart in self.kpi.apart},
        )

    def before(self, period: date | None, key: tuple[str, ...]) -> Fraction | None:
        """Return the value that a period is compared with."""
        if period is None or not self.kpi.compare or not self.per:
            return None
        earlier = moved(self.per, period, -1) if self.kpi.compare == "previous" else a_year_before(self.per, period)
        return self.value(self.cells.get((earlier, key), Cell()))

    def value(self, cell: Cell) -> Fraction | None:
        """Return the figure of what was counted; None where there is nothing to work it out of."""
        match self.kpi.way:
            case "count":
                return Fraction(cell.count)
            case "ratio":
                return Fraction(cell.count, cell.of) if cell.of else None
            case "sum":
                return sum(cell.values, Fraction())
            case _:
                return shown(self.kpi.show, cell.values) if cell.values else None

    def text(self, exact: Fraction | None) -> str | None:
        return None if exact is None else text_of(self.kpi.unit, exact, self.kpi.currency, self.kpi.digits)


def shown(show: str, values: list[Fraction]) -> Fraction:
    """Return what is shown of measured values. show: average, median, sum, longest, shortest, or "p90"."""
    match show:
        case "average":
            return sum(values, Fraction()) / len(values)
        case "sum":
            return sum(values, Fraction())
        case "longest":
            return max(values)
        case "shortest":
            return min(values)
        case "median":
            return middle(values, 50)
        case _:
            return middle(values, int(show.removeprefix("p")))


def plain_cell(value: Json) -> Json:
    """Return what figures are grouped by; a personal value, which is sealed anew each time, groups nothing."""
    return None if isinstance(value, PRIVATE) else value


def scope_at(moment: Moment, address: str, looker: Looker) -> RowScope:
    """Return what expressions see of something that happened: the case and instance right after the event."""
    scope = looker.scope(moment.after, moment.after.instances.get(address))
    event = moment.event
    scope.actor = event.by
    scope.now = event.occurred_at
    given = changed_values(event)
    scope.form = given if not address else {}
    scope.fired = given
    return scope
