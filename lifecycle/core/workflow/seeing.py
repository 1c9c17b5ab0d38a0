"""What people are shown of many cases: views with their columns, order and groups."""

from __future__ import annotations

from dataclasses import dataclass, field

from lifecycle.core.values import FieldType
from lifecycle.core.workflow.conditions import Condition, Formula
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
        told = ((one.reads,) if one.value is None else one.value.reads for one in columns)
        return (*(self.only.reads if self.only else ()), *(name for names in told for name in names))
