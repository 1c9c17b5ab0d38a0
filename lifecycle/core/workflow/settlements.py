"""Settlements: rows for each person, outlet or part over a period, and the effect that draws up and freezes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from lifecycle.core.values import FieldType
from lifecycle.core.workflow.conditions import Condition, Formula
from lifecycle.problems import NOWHERE, Place, Text

if TYPE_CHECKING:
    from lifecycle.core.workflow.acts import Call

Every = Literal["week", "month", "quarter", "year"]
Ties = Literal["share", "skip"]

INTEGER = FieldType(name="integer")


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """How events of one type enter a column: read in their case as it was after them.

    amount  what is summed; None counts the event itself
    key     whose row
    """

    amount: Formula | None = None
    where: Condition | None = None
    key: Formula | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Posted:
    """How entries in accounts of a ledger enter a column.

    verbs   whose amounts are added up; (): what every entry does to the balance
    key     whose row, read in the case that posted, as it was after that; None: the account's holder
    """

    ledger: str
    verbs: tuple[str, ...] = ()
    key: Formula | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RowColumn:
    """A column of a settlement: entries of a ledger, events, or a value worked out from the row so far.

    type     of its values in their stored form; counts are integers
    counted  event type -> how it enters
    """

    name: str
    titles: Text = field(default_factory=dict)
    type: FieldType = INTEGER
    posted: Posted | None = None
    counted: Mapping[str, Counted] = field(default_factory=dict)
    value: Formula | None = None
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE

    @property
    def sums(self) -> bool:
        """Whether it adds up entries: what comes late is then put right in the open period."""
        return self.value is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranking:
    """The order of the rows by a column. ties: equals share a rank; "skip" leaves out the ranks that they take up."""

    by: str
    ties: Ties = "skip"
    lowest: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Settlement:
    """A settlement of a workflow.

    per       whose rows, as a word: "staff"; "company" for a single row
    columns   in file order; each sees the ones before it
    everyone  roles whose staff all have a row, with or without an entry
    decide    tables asked for each row, after its rank; their outputs are columns, too
    """

    name: str
    titles: Text = field(default_factory=dict)
    every: Every = "month"
    per: str = ""
    columns: tuple[RowColumn, ...] = ()
    everyone: tuple[str, ...] = ()
    rank: Ranking | None = None
    decide: tuple[Call, ...] = ()
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Settle:
    """Effect: the rows of a period are drawn up at the present position and, unless provisional, frozen.

    period  names it; None: the one that is to be frozen next
    """

    settlement: str
    period: Formula | None = None
    provisional: bool = False
    when: Condition | None = None
    where: Place = NOWHERE
