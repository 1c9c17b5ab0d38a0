"""What people are shown of many cases: views with their columns, order and groups; figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from lifecycle.core.values import FieldType
from lifecycle.core.workflow.conditions import Condition, Formula
from lifecycle.core.workflow.dictionary import Field
from lifecycle.core.workflow.time import ELAPSED
from lifecycle.problems import NOWHERE, Place, Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column of a view: a name that its rows have, or what an expression makes of a row.

    reads   dotted name of a row: "number", "state", "data.outlet", "deadline.contact.due"; "" for an expression
    value   the expression; None for a name
    type    by which values are shown and sorted; None when the value itself says what it is
    """

    name: str
    titles: Text = field(default_factory=dict)
    reads: str = ""
    value: Formula | None = None
    type: FieldType | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sorting:
    """What rows are ordered by. falling: the greatest first."""

    column: Column
    falling: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """Rows of a machine's instances, or of a kind's cases, as somebody needs them.

    machine, kind  which of the two; the other is ""
    only           which rows; None shows all
    owner          the role whose list it is; "" for everybody
    limit          how many rows are shown; 0 for all
    """

    name: str
    titles: Text = field(default_factory=dict)
    machine: str = ""
    kind: str = ""
    only: Condition | None = None
    columns: tuple[Column, ...] = ()
    order: tuple[Sorting, ...] = ()
    group: tuple[Column, ...] = ()
    owner: str = ""
    limit: int = 0
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE

    @property
    def reads(self) -> tuple[str, ...]:
        """The names that its conditions and columns read."""
        columns = (*self.columns, *self.group, *(one.column for one in self.order))
        told = (name for column in columns for name in reads_of(column))
        return (*(self.only.reads if self.only else ()), *told)


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """The customers of a kind's cases, or of a machine's instances, who are told something together.

    machine, kind  whose rows; the other is ""
    only           of which rows the customers are members; None takes all
    party          the party whose entry in the address book says how members are reached; "" for none
    """

    name: str
    titles: Text = field(default_factory=dict)
    machine: str = ""
    kind: str = ""
    only: Condition | None = None
    party: str = ""
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE

    @property
    def reads(self) -> tuple[str, ...]:
        """The names that its condition reads."""
        return self.only.reads if self.only else ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Derived:
    """A label of an instance or a case: what its value is worked out of, whenever somebody asks.

    machine, kind  whose it is; the other is ""
    frozen         event at which the value is fixed; "" for never
    """

    name: str
    type: FieldType
    value: Formula
    titles: Text = field(default_factory=dict)
    machine: str = ""
    kind: str = ""
    frozen: str = ""
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Freeze:
    """Effect: the rows of a view, or the lines of a figure, go into a list field.

    view, kpi  which; the other is ""
    period     of a figure: the present one, or the one before
    """

    field: Field
    view: str = ""
    kpi: str = ""
    period: Literal["current", "previous"] = "previous"
    when: Condition | None = None
    where: Place = NOWHERE


Per = Literal["day", "week", "month", "quarter", "year"]
Measure = Literal["count", "percent", "duration", "money", "number"]
"""What a figure is given in; it says how targets are written and values are shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """Something that is counted: an event, or what an event did beside its step.

    what    "step" (an opening, too), "closed" (a case of a kind), "deadline" or "finding"
    name    event type of a step; the kind; the deadline; the finding
    machine of the step or deadline; "" for the case's own
    word    of a deadline: "met", "late" or "breached"
    """

    what: Literal["step", "closed", "deadline", "finding"]
    name: str
    machine: str = ""
    word: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tallied:
    """What is counted, as far as a condition holds, with what it is grouped by and the value that it gives."""

    happening: Happening
    only: Condition | None = None
    group: tuple[Column, ...] = ()
    value: Formula | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Apart:
    """A count that stands beside a figure: what the figure leaves out."""

    name: str
    titles: Text = field(default_factory=dict)
    counted: tuple[Tallied, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Kpi:
    """A figure over events, for each period and group.

    way       how it is worked out: "count"; "ratio" of `counted` to `of`; "measure" between `since` and `counted`;
              "sum" or "average" of the values of `counted`
    show      of a measure: average, median, sum, longest, shortest, or a percentile "p90"
    clock     of a measure: `elapsed` or a calendar; pause: ("machine", state path) whose time does not count
    digits    of the currency's minor unit
    per       the period; "" for all time
    at_least, at_most  the target; None for none
    compare   with the period before, or the same one a year before; "" with none
    once      counts a case, or an instance, at the first time alone; "" each time
    """

    name: str
    titles: Text = field(default_factory=dict)
    way: Literal["count", "ratio", "measure", "sum", "average"] = "count"
    counted: tuple[Tallied, ...] = ()
    of: tuple[Tallied, ...] = ()
    since: tuple[Happening, ...] = ()
    show: str = "average"
    clock: str = ELAPSED
    pause: tuple[tuple[str, str], ...] = ()
    unit: Measure = "count"
    currency: str = ""
    digits: int = 2
    per: Per | Literal[""] = ""
    apart: tuple[Apart, ...] = ()
    at_least: Formula | None = None
    at_most: Formula | None = None
    compare: Literal["", "previous", "year"] = ""
    once: Literal["", "case", "instance"] = ""
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE

    @property
    def group(self) -> tuple[Column, ...]:
        """What it is grouped by: names and titles; each of `counted` has its own way to read them."""
        return self.counted[0].group if self.counted else ()

    @property
    def everything(self) -> tuple[Tallied, ...]:
        return (*self.counted, *self.of, *(one for apart in self.apart for one in apart.counted))

    @property
    def reads(self) -> tuple[str, ...]:
        """The names that its conditions, groups and values read."""
        found: list[str] = []
        for one in self.everything:
            found.extend(one.only.reads if one.only else ())
            found.extend(one.value.reads if one.value else ())
            found.extend(name for column in one.group for name in reads_of(column))
        return tuple(found)


def reads_of(column: Column) -> tuple[str, ...]:
    """Return the names that a column reads."""
    return (column.reads,) if column.value is None else column.value.reads
