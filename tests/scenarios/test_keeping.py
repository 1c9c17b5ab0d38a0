"""The steps about lists and series hold when it is so, and fail when it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios import acting, keeping
from tests.scenarios.stage import Stage, staged

WORKFLOW = """
workflow: garage
version: 1
zh: "车行"
en: "Garage"
words:
  price: {zh: "价格", en: "Price"}
lists:
  jobs:
    zh: "项目"
    en: "Jobs"
    key: job
    columns: {job: text!, price: integer!}
    kept_by: office
    rows: [{job: oil, price: 120}]
series:
  mileage: {unit: km, zh: "里程", en: "Mileage"}
roles:
  office: {zh: "客服", en: "Office"}
cases:
  matter:
    zh: "保养"
    en: "Matter"
    machines: [job]
    opens: {opened: {zh: "保养", en: "Opened", by: office, start: job}}
machines:
  job:
    zh: "保养"
    en: "Job"
    start: open
    states:
      open:
        zh: "在办"
        en: "Open"
        steps:
          read: {zh: "读表", en: "Read", by: office, record: {mileage: "=row('jobs', 'oil').price"}}
          done: {zh: "完工", en: "Done", by: office, to: over}
      over: {zh: "完", en: "Over", final: done}
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path, WORKFLOW) as stage:
        stage.open("matter", "opened", "客服", "王", None)
        yield stage


def test_a_list_is_changed_by_its_titles_and_a_series_reads_what_was_recorded(stage: Stage):
    with pytest.raises(AssertionError, match="has readings of"):
        keeping.reads(stage, "里程", "120")
    keeping.gives(stage, "项目", "oil", "价格", "150")
    acting.takes(stage, "客服", "王", "读表")
    keeping.reads(stage, "里程", "150")
    keeping.reads_for(stage, "Mileage", stage.case.number, "150")
    with pytest.raises(AssertionError, match="reads 150"):
        keeping.reads(stage, "里程", "120")


def test_a_row_that_is_dropped_is_gone_and_one_that_does_not_fit_is_refused(stage: Stage):
    with pytest.raises(AssertionError, match="refused"):
        keeping.gives(stage, "项目", "oil", "价格", "much")
    keeping.drops(stage, "项目", "oil")
    with pytest.raises(AssertionError, match="refused"):
        keeping.drops(stage, "项目", "oil")
