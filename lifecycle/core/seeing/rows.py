"""The rows of a view: which instances or cases they are of, what stands in their columns, in what order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from lifecycle.core.case.clocking import LIVE
from lifecycle.core.case.commands import Facts
from lifecycle.core.case.scope import HIDDEN, READERS, Snapshot
from lifecycle.core.case.state import Case, Instance
from lifecycle.core.events import PRIVATE, Actor, Json, instant, stamp
from lifecycle.core.lengths import length_text, parse_length
from lifecycle.core.workflow import Failure, Workflow
from lifecycle.core.workflow.seeing import Audience, Column, View

LARGEST = 100_000
"""Rows of one view that are worked out; what lies beyond is counted and left out."""


@dataclass(kw_only=True)
class RowScope(Snapshot):
    """What the expressions of a view see of one row: everything that conditions see, and the row's own words.

    entered_at  (case, revision) -> stored instant of that event: when a state was entered
    """

    entered_at: Callable[[Case, int], str | None] = field(default=lambda case, revision: None)

    def value(self, name: str) -> Json:
        found = self.raw(name)
        return HIDDEN if isinstance(found, PRIVATE) else found

    def raw(self, name: str) -> Json:
        """Return the stored value of a name; a personal one sealed, for those who may open it."""
        head, _, rest = name.partition(".")
        if not rest and head in WORDS:
            return WORDS[head](self)
        if head == "deadline":
            return self.deadline(rest)
        reader = READERS.get(head)
        return reader(self, rest) if reader else self.children(head)

    def clocks(self) -> Iterator[Mapping[str, Json]]:
        """Yield how the deadlines of the instance stand; those of all instances, for a case."""
        instances = (self.instance,) if self.instance else self.case.instances.values()
        return (clock for one in instances if one is not None for clock in one.clocks.values())

    def deadline(self, name: str) -> Json:
        named, _, word = name.partition(".")
        clock = self.instance.clocks.get(named) if self.instance else None
        if clock is None:
            return False if word == "late" else None
        if word == "due":
            return clock.get("due") if clock["state"] in LIVE else None
        return clock.get("is") if word == "is" else "breached" in clock

    def entered(self) -> Json:
        """Return when the present state was entered."""
        one = self.instance
        if one is None:
            return self.case.opened_at
        revision = one.entered.get(one.state) or one.entered.get("")
        return (self.entered_at(self.case, revision) if revision else None) or self.case.opened_at


def _latest(scope: RowScope) -> str:
    return scope.instance.at if scope.instance else scope.case.at


def _since(scope: RowScope, at: str) -> str:
    """Return how much time has passed since a stored instant, in whole seconds."""
    return length_text(max(scope.now - instant(at), timedelta()))


def _due(scope: RowScope) -> str | None:
    running = (clock.get("due") for clock in scope.clocks() if clock["state"] in LIVE and "breached" not in clock)
    return min((due for due in running if due), default=None)


def _late(scope: RowScope) -> bool:
    return any("breached" in clock for clock in scope.clocks() if clock["state"] in LIVE)


def _findings(scope: RowScope) -> list[str]:
    one = scope.instance
    return [found["name"] for found in scope.case.findings.values() if one is None or found.get("instance") == one.id]


WORDS: Mapping[str, Callable[[RowScope], Json]] = {
    "number": lambda scope: scope.case.number,
    "kind": lambda scope: scope.case.kind,
    "instance": lambda scope: scope.instance.id if scope.instance else "",
    "state": lambda scope: scope.instance.state if scope.instance else "",
    "outcome": lambda scope: (scope.instance.outcome if scope.instance else "") or None,
    "closed": lambda scope: scope.instance.final if scope.instance else scope.case.closed,
    "customer": lambda scope: scope.case.customer,
    "key": lambda scope: (scope.instance.key if scope.instance else scope.case.key) or None,
    "opened_at": lambda scope: scope.case.opened_at,
    "since": RowScope.entered,
    "latest_at": _latest,
    "age": lambda scope: _since(scope, scope.case.opened_at),
    "silent": lambda scope: _since(scope, _latest(scope)),
    "due": _due,
    "late": _late,
    "findings": _findings,
    "now": lambda scope: stamp(scope.now),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row. values: column -> stored value, personal ones sealed; group: values of the group's columns."""

    case: Case
    instance: Instance | None
    values: Mapping[str, Json]
    group: tuple[Json, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Unjudged:
    """A row of which an expression gave no answer: it is neither shown nor left out in silence."""

    case: str
    instance: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """What a view shows.

    total     rows that there are; more than `rows` holds when the view is limited
    unjudged  rows of which `where` gave no answer
    """

    rows: tuple[Row, ...]
    total: int
    unjudged: tuple[Unjudged, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Looker:
    """Who looks, when, and at what beside the cases.

    facts       case -> what may be looked at beside it
    workflow    case -> the version of the workflow that it is under
    entered_at  (case, revision) -> stored instant of that event
    """

    actor: Actor
    now: datetime
    facts: Callable[[Case], Facts]
    workflow: Callable[[Case], Workflow]
    entered_at: Callable[[Case, int], str | None] = field(default=lambda case, revision: None)

    def scope(self, case: Case, instance: Instance | None) -> RowScope:
        return RowScope(
            workflow=self.workflow(case),
            case=case,
            instance=instance,
            actor=self.actor,
            now=self.now,
            facts=self.facts(case),
            entered_at=self.entered_at,
        )


def rows_of(view: View, cases: Iterable[Case], looker: Looker) -> Rows:
    """Return the rows of a view over cases, ordered, grouped and limited as it says."""
    found: list[tuple[RowScope, Row]] = []
    unjudged: list[Unjudged] = []
    total = 0
    for case in cases:
        for scope in scopes_of(view, case, looker):
            holds = view.only is None or view.only.holds(scope)
            if isinstance(holds, Failure):
                address = scope.instance.id if scope.instance else ""
                unjudged.append(Unjudged(case=case.number, instance=address, text=holds.text))
            elif holds:
                total += 1
                if total <= LARGEST:
                    found.append((scope, row_of(view, scope)))
    for sorting in reversed(view.order):
        column = sorting.column
        decorated = [(sort_key(column, cell(column, scope)), scope, row) for scope, row in found]
        some = [one for one in decorated if one[0] is not None]
        none = [(scope, row) for key, scope, row in decorated if key is None]
        some.sort(key=lambda one: one[0] or (0, Decimal(), ""), reverse=sorting.falling)
        found = [*((scope, row) for _, scope, row in some), *none]
    rows = [row for _, row in found]
    if view.group:
        groups: dict[str, list[Row]] = {}
        for row in rows:
            groups.setdefault(repr(row.group), []).append(row)
        rows = [row for members in groups.values() for row in members]
    return Rows(rows=tuple(rows[: view.limit] if view.limit else rows), total=total, unjudged=tuple(unjudged))


def scopes_of(view: View | Audience, case: Case, looker: Looker) -> Iterator[RowScope]:
    """Yield what the expressions of a view or an audience see of each of a case's rows."""
    if view.kind:
        if case.kind == view.kind:
            yield looker.scope(case, None)
        return
    ours = [one for one in case.instances.values() if one.machine == view.machine]
    whole = looker.scope(case, None) if ours else None
    for one in ours:
        assert whole is not None
        twin = RowScope.__new__(RowScope)
        twin.__dict__.update(whole.__dict__, instance=one)
        yield twin


def row_of(view: View, scope: RowScope) -> Row:
    return Row(
        case=scope.case,
        instance=scope.instance,
        values={column.name: cell(column, scope) for column in view.columns},
        group=tuple(cell(column, scope) for column in view.group),
    )


def cell(column: Column, scope: RowScope) -> Json:
    """Return what stands in a column; nothing where its expression has no answer."""
    if column.value is None:
        try:
            return scope.raw(column.reads)
        except ValueError:  # a derived label that cannot be worked out
            return None
    found = column.value.value(scope)
    return None if isinstance(found, Failure) else found


def sort_key(column: Column, value: Json) -> tuple[int, Decimal, str] | None:
    """Return by what a value is ordered among those of its column; None when it has none."""
    if value is None or isinstance(value, PRIVATE):
        return None
    kind = column.type.name if column.type else ""
    if isinstance(value, bool):
        return (0, Decimal(value), "")
    if kind == "duration" or (not kind and isinstance(value, str) and parse_length(value) is not None):
        length = parse_length(str(value))
        return (0, Decimal((length or timedelta()) // timedelta(seconds=1)), "")
    if kind in ("number", "integer", "money") or isinstance(value, int):
        try:
            return (0, Decimal(str(value).partition(" ")[0]), "")
        except InvalidOperation:
            return (1, Decimal(), str(value))
    return (1, Decimal(), str(value))
