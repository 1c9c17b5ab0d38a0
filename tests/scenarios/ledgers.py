"""Steps that say what accounts of ledgers hold, and who pays."""

from __future__ import annotations

from lifecycle.audit.ledgers import standing_of
from lifecycle.core.case.accounts import OWN
from lifecycle.core.events import Json
from lifecycle.core.ledger import units_of
from lifecycle.core.parsing import accept
from lifecycle.core.values import Misfit
from lifecycle.core.workflow.ledgers import Ledger
from lifecycle.language.compile_effects import amount_type
from tests.scenarios.phrases import phrase
from tests.scenarios.stage import Stage
from tests.scenarios.titles import ledgers_of, role_of


@phrase('台账"<台账>"为"<值>"', 'the ledger "<ledger>" stands at "<value>"')
def stands_at(stage: Stage, ledger: str, value: str) -> None:
    one = declared(stage, ledger)
    held = {entry["of"] for entry in entries(stage, one)} or {own_holder(stage, one)}
    assert len(held) == 1, f"{ledger} has several accounts here: {sorted(held)}"
    compare(stage, one, held.pop(), value)


@phrase('台账"<台账>"中"<账户>"为"<值>"', 'the ledger "<ledger>" holds "<value>" for "<holder>"')
def holds_for(stage: Stage, ledger: str, holder: str, value: str) -> None:
    compare(stage, declared(stage, ledger), holder, value)


@phrase('台账"<台账>"由<角色>付款', 'the ledger "<ledger>" is paid by <role>')
def is_paid_by(stage: Stage, ledger: str, role: str) -> None:
    payers = {entry.get("payer") for entry in entries(stage, declared(stage, ledger))}
    assert payers == {role_of(stage.workflow, role)}, f"{ledger} is paid by {payers}"


def declared(stage: Stage, title: str) -> Ledger:
    names = ledgers_of(stage.workflow, title)
    assert len(names) == 1, f"several ledgers are called {title}: {names}"
    return stage.workflow.ledgers[names[0]]


def entries(stage: Stage, ledger: Ledger) -> list[Json]:
    """Return the case's entries in a ledger that still count."""
    return [entry for entry in stage.case.posts.values() if entry["ledger"] == ledger.name]


def own_holder(stage: Stage, ledger: Ledger) -> str:
    assert ledger.of in OWN, f"name whose account of {ledger.name} is meant"
    return {"case": stage.case.number, "customer": stage.case.subject, "company": "company"}[ledger.of]


def compare(stage: Stage, ledger: Ledger, holder: str, value: str) -> None:
    found = standing_of(stage.engine.store, stage.workflow, ledger, holder, ())
    wanted = accept(amount_type(ledger.unit), value, stage.zone)
    assert not isinstance(wanted, Misfit), f"{value} is no amount in {ledger.unit}"
    assert found.account.balance == units_of(wanted), f"{ledger.name} of {holder} is {found.balance}"
