"""The account: what one holder has in one ledger; money in minor units, everything else in whole units.

One stream for each workflow, ledger and holder. Its events carry their results, money as "12.50 CNY"; they hold no
personal text. Every entry has an id made of what caused it, "<case>@<revision>/<n>".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from lifecycle.clocks.days import add_months
from lifecycle.core.beside import Aggregate
from lifecycle.core.events import Event, Json, stamp
from lifecycle.core.parsing import MINOR_DIGITS
from lifecycle.core.workflow.ledgers import CHARGING, Ledger, is_currency


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """What is open, and what posting must know.

    charged  money: what was owed less what was waived, paid or not
    lots     what was added and may still be used, first expiring first: {"id", "left", "until"}
    period   first day of the period that the balance was last renewed for; "" when never
    """

    balance: int = 0
    charged: int = 0
    lots: tuple[Mapping[str, Json], ...] = ()
    period: str = ""
    revision: int = 0

    def to_json(self) -> dict[str, Json]:
        return {**{name: getattr(self, name) for name in self.__slots__}, "lots": list(self.lots)}

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> Account:
        return cls(**{**document, "lots": tuple(document["lots"])})


def evolve(account: Account, event: Event) -> Account:
    """Return the account after `ledger.posted`, `.reversed`, `.expired` or `.renewed`."""
    change = event.changes["ledger"]
    return Account(
        balance=units_of(change["balance"]),
        charged=units_of(change["charged"]) if "charged" in change else account.charged,
        lots=tuple(change["lots"]) if "lots" in change else account.lots,
        period=change.get("period", account.period),
        revision=account.revision + 1,
    )


LEDGER = Aggregate(name="ledger", shape=1, blank=Account, read=Account.from_json, evolve=evolve)


def name_of(workflow: str, ledger: str, holder: str) -> str:
    """Return the name of an account among all of the store."""
    return f"{workflow}/{ledger}/{holder}"


def said(units: int, unit: str) -> Json:
    """Return an amount as events keep it: "12.50 CNY" of a currency, else the number itself."""
    if not is_currency(unit):
        return units
    digits = MINOR_DIGITS.get(unit, 2)
    return f"{Decimal(units).scaleb(-digits):.{digits}f} {unit}"


def units_of(amount: Json) -> int:
    """Return an amount as accounts count it: minor units of "12.50 CNY", the number itself else."""
    if not isinstance(amount, str):
        return int(amount)
    number, _, unit = amount.partition(" ")
    return int(Decimal(number).scaleb(MINOR_DIGITS.get(unit, 2)))


def expired(account: Account, now: datetime) -> Account:
    """Return the account without the lots that may not be used any more: those whose end has come."""
    left = tuple(lot for lot in account.lots if lot["until"] > stamp(now))
    if len(left) == len(account.lots):
        return account
    gone = sum(lot["left"] for lot in account.lots) - sum(lot["left"] for lot in left)
    return replace(account, balance=account.balance - gone, lots=left)


def period_of(every: str, at: datetime, zone: str) -> str:
    """Return the first local day of the day, week (Monday), month, quarter or year of an instant: "2026-03-02"."""
    day = at.astimezone(ZoneInfo(zone)).date()
    match every:
        case "week":
            day -= timedelta(days=day.weekday())
        case "month":
            day = day.replace(day=1)
        case "quarter":
            day = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case "year":
            day = day.replace(month=1, day=1)
    return day.isoformat()


Lots = tuple[Mapping[str, Json], ...]


def used(lots: Lots, amount: int) -> tuple[Lots, Lots]:
    """Return lots after using an amount, first expiring first, and the parts that they gave, as lots themselves."""
    given: list[Mapping[str, Json]] = []
    left: list[Mapping[str, Json]] = []
    for lot in lots:
        part = min(amount, lot["left"])
        amount -= part
        if part:
            given.append({**lot, "left": part})
        if part < lot["left"]:
            left.append({**lot, "left": lot["left"] - part})
    return tuple(left), tuple(given)


def with_lot(lots: Lots, lot: Mapping[str, Json]) -> Lots:
    """Return lots with one more, or with more left of one of them, first expiring first."""
    same = next((one for one in lots if one["id"] == lot["id"]), None)
    others = [one for one in lots if one is not same]
    joined = {**lot, "left": lot["left"] + same["left"]} if same else lot
    return tuple(sorted((*others, joined), key=lambda one: (one["until"], one["id"])))


def until(valid: tuple[str, int], at: datetime, zone: str) -> str:
    """Return the stored instant up to which something added at an instant may be used; calendar months clamp."""
    unit, count = valid
    end = add_months(at, count, ZoneInfo(zone)) if unit == "mo" else at + timedelta(days=count)
    return stamp(end)


def charges(verb: str, units: int, ledger: Ledger) -> int:
    """Return what an entry adds to what was charged."""
    return CHARGING.get(verb, 0) * units if ledger.is_money else 0
