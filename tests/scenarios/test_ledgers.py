"""The steps about ledgers hold when it is so, and fail when it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios import acting, ledgers
from tests.scenarios.stage import Stage, staged

WORKFLOW = """
workflow: ledgers
version: 1
zh: "台账"
en: "Ledgers"
roles:
  office: {zh: "客服", en: "Office"}
  buyer: {party: true, zh: "客户", en: "Buyer"}
ledgers:
  bill: {unit: CNY, payer: buyer, payee: company, zh: "维修费", en: "Charge"}
  stock: {of: part, unit: piece, zh: "库存", en: "Stock"}
cases:
  matter:
    zh: "报修"
    en: "Matter"
    machines: [job]
    opens: {opened: {zh: "报修", en: "Opened", by: office, start: job}}
machines:
  job:
    zh: "维修"
    en: "Job"
    start: open
    states:
      open:
        zh: "在办"
        en: "Open"
        steps:
          charged:
            zh: "收费"
            en: "Charged"
            by: office
            post: [{bill: {owe: "120.00"}}, {bill: {pay: "20.00"}}, {stock: {add: 3, key: P-1}}]
          done: {zh: "完工", en: "Done", by: office, to: over}
      over: {zh: "完", en: "Over", final: done}
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path, WORKFLOW) as stage:
        stage.open("matter", "opened", "客服", "王", None)
        yield stage


def test_nothing_is_owed_before_anything_is_charged(stage: Stage):
    ledgers.stands_at(stage, "维修费", "0")
    with pytest.raises(AssertionError, match="name whose account"):
        ledgers.stands_at(stage, "库存", "0")


def test_what_is_open_in_stock_and_paid_by_whom_is_as_it_was_posted(stage: Stage):
    acting.takes(stage, "客服", "王", "收费")
    ledgers.stands_at(stage, "维修费", "100.00")
    ledgers.stands_at(stage, "Stock", "3")
    ledgers.holds_for(stage, "库存", "P-1", "3")
    ledgers.holds_for(stage, "库存", "P-2", "0")
    ledgers.is_paid_by(stage, "维修费", "客户")
    with pytest.raises(AssertionError, match=r"100\.00 CNY"):
        ledgers.stands_at(stage, "维修费", "120.00")
    with pytest.raises(AssertionError, match="buyer"):
        ledgers.is_paid_by(stage, "维修费", "客服")
