"""Ledgers: what is kept count of, for whom, within which borders; and the effect that posts to one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from lifecycle.core.workflow.conditions import Condition, Formula
from lifecycle.problems import NOWHERE, Place, Text

if TYPE_CHECKING:
    from lifecycle.core.workflow.acts import Effect

Verb = Literal["owe", "pay", "waive", "refund", "add", "take", "recount"]
Period = Literal["day", "week", "month", "quarter", "year"]

MONEY_VERBS: Mapping[str, int] = {"owe": 1, "pay": -1, "waive": -1, "refund": 1}
"""What a verb of money does to what is open."""

CHARGING: Mapping[str, int] = {"owe": 1, "waive": -1}
"""What a verb of money does to what was charged, which a ceiling is compared with."""

COUNT_VERBS: Mapping[str, int] = {"add": 1, "take": -1, "recount": 0}
"""What a verb of any other unit does to the balance; a recount replaces it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Renewal:
    """A balance that begins anew with each period of the workflow's zone."""

    every: Period
    to: Formula


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A mark of a ladder: its effects run when the balance comes to it.

    falling  reached from above: fires when the balance falls below it
    """

    at: int
    falling: bool
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """A ledger of a workflow; each of its holders has an account of its own.

    of        "case", "customer", "company" (one account for all), or a word: the key then names the holder
    key       formula of the holder, where a post or a question names none
    unit      a currency ("CNY": amounts are minor units here) or a word ("piece"); unit_titles: its titles, if declared
    payer, payee  roles, where a post names none
    floor, ceiling  borders that a post may not cross; a ceiling without a value lets nothing through
    valid     how long what was added may be used: ("mo" or "d", count)
    """

    name: str
    titles: Text = field(default_factory=dict)
    of: str = "case"
    key: Formula | None = None
    unit: str = ""
    unit_titles: Text = field(default_factory=dict)
    payer: Formula | None = None
    payee: Formula | None = None
    floor: Formula | None = None
    ceiling: Formula | None = None
    renew: Renewal | None = None
    valid: tuple[str, int] | None = None
    ladder: tuple[Mark, ...] = ()
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE

    @property
    def is_money(self) -> bool:
        return is_currency(self.unit)


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """Effect: an entry in an account of a ledger.

    each  rows, one entry each, read as `it`
    """

    ledger: str
    verb: Verb
    amount: Formula
    key: Formula | None = None
    payer: Formula | None = None
    payee: Formula | None = None
    each: Formula | None = None
    when: Condition | None = None
    where: Place = NOWHERE


def is_currency(unit: str) -> bool:
    """Return whether a unit is a currency: three capital letters."""
    return len(unit) == 3 and unit.isascii() and unit.isalpha() and unit.isupper()
