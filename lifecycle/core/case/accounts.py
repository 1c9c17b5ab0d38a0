"""Accounts as a decision sees them: whose one is meant, and how it stands at the instant of the decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from lifecycle.core.case.refused import Refused
from lifecycle.core.events import Json
from lifecycle.core.ledger import LEDGER, Account, expired, name_of, period_of, said, units_of
from lifecycle.core.workflow.conditions import Failure, Formula
from lifecycle.core.workflow.ledgers import Ledger
from lifecycle.problems import Place, Reason

if TYPE_CHECKING:
    from lifecycle.core.case.scope import Snapshot

OWN = {"case", "customer", "company"}
"""Holders that need no key."""


class Held(Protocol):
    """What each of its holders has for itself: a ledger, a series."""

    @property
    def of(self) -> str: ...

    @property
    def key(self) -> Formula | None: ...


def holder_of(ledger: Held, key: Json, scope: Snapshot) -> str:
    """Return whose account is meant: of the key given, else the ledger's own; "" when nobody is named."""
    if ledger.of == "company":
        return "company"
    if ledger.of == "customer":
        return scope.case.subject
    if ledger.of == "case":
        return scope.case.number
    if key is None and ledger.key is not None:
        found = ledger.key.value(scope)
        key = None if isinstance(found, Failure) else found
    return "" if key is None else str(key)


def account_of(ledger: Ledger, holder: str, scope: Snapshot) -> Account:
    """Return an account as it is now: lots that have ended are gone, a new period has begun.

    Raises  Refused when what the period begins with has no value
    """
    account = standing(ledger, holder, scope)
    for _, after, _ in renewals(ledger, account, scope):
        account = after
    return account


def standing(ledger: Ledger, holder: str, scope: Snapshot) -> Account:
    return scope.facts.beside.now(LEDGER, name_of(scope.workflow.name, ledger.name, holder))


def renewals(ledger: Ledger, account: Account, scope: Snapshot) -> Iterator[tuple[str, Account, Mapping[str, Json]]]:
    """Yield what time has done to an account since its last event: ("expired" or "renewed", account after, change)."""
    left = expired(account, scope.now)
    if left is not account:
        yield "expired", left, {"balance": said(left.balance, ledger.unit), "lots": list(left.lots)}
        account = left
    if ledger.renew is not None:
        period = period_of(ledger.renew.every, scope.now, scope.workflow.zone)
        if period > account.period:
            fresh = replace(account, balance=figure(ledger.renew.to, scope, ledger.where) or 0, period=period)
            yield "renewed", fresh, {"balance": said(fresh.balance, ledger.unit), "period": period}


def figure(formula: Formula, scope: Snapshot, where: Place) -> int | None:
    """Return an amount in the units of accounts; None when it has no value.

    Raises  Refused when it cannot be worked out
    """
    value = formula.value(scope)
    if isinstance(value, Failure):
        values = {"formula": formula.text, "failure": value.text}
        raise Refused(Reason(code="effect-failed", where=where, values=values))
    return None if value is None else units_of(value)
