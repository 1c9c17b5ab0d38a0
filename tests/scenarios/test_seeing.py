"""The steps about views hold when it is so, and fail when it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios import seeing
from tests.scenarios.stage import Stage, staged

WORKFLOW = """
workflow: lists
version: 1
zh: "列表"
en: "Lists"
roles:
  office: {zh: "客服", en: "Office"}
fields:
  caller: {is: text, pii: true, zh: "来电人", en: "Caller"}
cases:
  matter:
    zh: "报修"
    en: "Matter"
    machines: [job]
    opens: {opened: {zh: "报修", en: "Opened", by: office, form: [caller!], start: job}}
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
          taken: {zh: "接手", en: "Taken", by: office}
          done: {zh: "完工", en: "Done", by: office, to: over}
      over: {zh: "完", en: "Over", final: done}
views:
  open_jobs:
    zh: "未完"
    en: "Open jobs"
    of: job
    where: "!closed"
    columns: [number, caller, state]
    order: number
  mine:
    zh: "我的"
    en: "Mine"
    of: job
    where: "actor_of('taken') != null && actor_of('taken') == actor.person"
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path, WORKFLOW) as stage:
        for name, caller in (("A", "李女士"), ("B", "王先生")):
            stage.open("matter", "opened", "客服", "wu", [["字段", "值"], ["来电人", caller]])
            stage.names[name] = stage.case_number
        yield stage


def test_rows_are_found_by_the_name_of_a_case_or_by_what_they_say(stage: Stage):
    seeing.lists(stage, "未完", "A、B")
    seeing.lists(stage, "Open jobs", "李女士")
    seeing.does_not_list(stage, "未完", "赵先生")
    with pytest.raises(AssertionError):
        seeing.lists(stage, "未完", "A、赵先生")
    with pytest.raises(AssertionError):
        seeing.does_not_list(stage, "未完", "王先生")


def test_a_row_goes_when_its_case_is_over(stage: Stage):
    seeing.has_so_many(stage, "未完", "2")
    stage.said_with = "when"
    stage.take("完工", stage.actor("客服", "wu"))
    seeing.does_not_list_this(stage, "未完")
    seeing.has_so_many(stage, "未完", "1")
    with pytest.raises(AssertionError):
        seeing.lists_this(stage, "未完")


def test_whoever_looks_sees_their_own(stage: Stage):
    stage.said_with = "when"
    stage.take("接手", stage.actor("客服", "wu"))
    seeing.does_not_list_this(stage, "我的")
    seeing.looks(stage, "客服", "wu")
    seeing.lists_this(stage, "我的")
    seeing.looks(stage, "客服", "li")
    seeing.does_not_list_this(stage, "我的")


def test_a_table_is_compared_row_by_row(stage: Stage):
    seeing.shows(stage, "未完", [["案件号", "状态"], ["A", "在办"], ["B", "在办"]])
    with pytest.raises(AssertionError):
        seeing.shows(stage, "未完", [["案件号"], ["B"], ["A"]])
    with pytest.raises(AssertionError):
        seeing.shows(stage, "未完", [["电话"], ["1"], ["2"]])
