"""Ledgers: what each account holds now, of one case or of all of a workflow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lifecycle.core.beside import stream_of
from lifecycle.core.case import Case
from lifecycle.core.case.posting import open_accounts
from lifecycle.core.events import Json
from lifecycle.core.ledger import LEDGER, Account, evolve, name_of, said
from lifecycle.core.workflow import Workflow
from lifecycle.core.workflow.ledgers import Ledger
from lifecycle.store.port import Store
from lifecycle.store.standing import head_case


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """An account as its last entry left it. cases: numbers of the cases whose entries count in it."""

    ledger: str
    holder: str
    account: Account
    unit: str
    cases: tuple[str, ...] = ()

    @property
    def balance(self) -> Json:
        return said(self.account.balance, self.unit)

    def text(self, ledger: Ledger, lang: str) -> str:
        return str(self.balance) if ledger.is_money else f"{self.balance} {ledger.unit_titles.get(lang, self.unit)}"

    def to_json(self) -> dict[str, Json]:
        return {
            "ledger": self.ledger,
            "of": self.holder,
            "balance": self.balance,
            "unit": self.unit,
            "revision": self.account.revision,
            "cases": list(self.cases),
        }


def accounts_of_case(store: Store, workflow: Workflow, case: Case) -> Iterator[Standing]:
    """Yield the accounts that a case has posted to, in the order of its first entries."""
    for name, holder in open_accounts(case.posts):
        if name in workflow.ledgers:
            yield standing_of(store, workflow, workflow.ledgers[name], holder, (case.number,))


def accounts_of(store: Store, workflow: Workflow, ledger: Ledger) -> list[Standing]:
    """Return every account of a ledger that has an entry which still counts, in the order of cases."""
    found: dict[str, list[str]] = {}
    for entry in store.cases(workflow.name):
        case = head_case(store, entry.id)
        for name, holder in open_accounts(case.posts):
            if name == ledger.name:
                found.setdefault(holder, []).append(case.number)
    return [standing_of(store, workflow, ledger, holder, tuple(cases)) for holder, cases in found.items()]


def standing_of(store: Store, workflow: Workflow, ledger: Ledger, holder: str, cases: tuple[str, ...]) -> Standing:
    stream = stream_of(store.meta.id, LEDGER, name_of(workflow.name, ledger.name, holder))
    head = store.head(stream)
    if head is not None and head.shape == LEDGER.shape and head.state:
        account = Account.from_json(head.state)
    else:
        account = Account()
        for recorded in store.read(stream):
            account = evolve(account, recorded.event)
    return Standing(ledger=ledger.name, holder=holder, account=account, unit=ledger.unit, cases=cases)
