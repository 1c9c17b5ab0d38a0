"""The steps about settlements hold when it is so, and fail when it is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.scenarios import acting, settling
from tests.scenarios.stage import Stage, staged

WORKFLOW = """
workflow: month
version: 1
zh: "月结"
en: "Month"
roles:
  office: {zh: "客服", en: "Office"}
ledgers:
  hours: {of: staff, unit: minute, zh: "工时", en: "Hours"}
settlements:
  wages:
    zh: "工时结算"
    en: "Hours"
    every: month
    per: staff
    columns:
      minutes: {ledger: hours, zh: "分钟", en: "Minutes"}
    rank: {by: minutes}
cases:
  matter:
    zh: "月结"
    en: "Matter"
    machines: [job]
    opens: {opened: {zh: "月结", en: "Opened", by: office, start: job}}
machines:
  job:
    zh: "月结"
    en: "Job"
    start: open
    states:
      open:
        zh: "在办"
        en: "Open"
        steps:
          worked:
            zh: "干活"
            en: "Worked"
            by: office
            recorded_afterwards: true
            post: {hours: {add: 30, key: li}}
          settled: {zh: "结算", en: "Settled", by: office, settle: wages}
          done: {zh: "完工", en: "Done", by: office, to: over}
      over: {zh: "完", en: "Over", final: done}
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path, WORKFLOW) as stage:
        stage.open("matter", "opened", "客服", "王", None)
        yield stage


def settle(stage: Stage) -> None:
    stage.let_pass(timedelta(days=31))
    acting.takes(stage, "客服", "王", "结算")


def test_a_row_is_what_was_frozen(stage: Stage):
    settling.is_not_frozen(stage, "工时结算")
    acting.takes(stage, "客服", "王", "干活")
    settle(stage)
    settling.is_frozen_up_to(stage, "工时结算", "2026-03")
    settling.row_has(stage, "Hours", "2026-03", "li", "分钟", "30")
    settling.row_has(stage, "工时结算", "2026-03", "li", "rank", "1")
    settling.has_no_row(stage, "工时结算", "2026-03", "wang")
    with pytest.raises(AssertionError, match="分钟 of li is 30"):
        settling.row_has(stage, "工时结算", "2026-03", "li", "分钟", "31")
    with pytest.raises(AssertionError, match="has rows of"):
        settling.has_no_row(stage, "工时结算", "2026-03", "li")
    with pytest.raises(AssertionError, match="is frozen for"):
        settling.is_not_frozen(stage, "工时结算")
    with pytest.raises(AssertionError, match="is frozen for"):
        settling.is_frozen_up_to(stage, "工时结算", "2026-04")


def test_a_correction_names_the_period_that_it_concerns(stage: Stage):
    acting.takes(stage, "客服", "王", "干活")
    settle(stage)
    stage.take("干活", stage.actor("客服", "王"), at="2026-03-31 20:00")
    settle(stage)
    settling.corrects(stage, "工时结算", "2026-04", "2026-03", "li", "分钟", "30")
    with pytest.raises(AssertionError, match="corrects"):
        settling.corrects(stage, "工时结算", "2026-04", "2026-03", "wang", "分钟", "30")
