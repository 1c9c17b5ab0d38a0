"""The steps about figures hold when it is so, and fail when it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios import figuring
from tests.scenarios.stage import Stage, staged

WORKFLOW = """
workflow: figures
version: 1
zh: "指标"
en: "Figures"
types:
  result: {good: {zh: "满意", en: "Good"}, bad: {zh: "不满意", en: "Bad"}}
roles:
  office: {zh: "客服", en: "Office"}
fields:
  result: {is: result, zh: "结果", en: "Result"}
  score: {is: integer, zh: "评分", en: "Score"}
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
          done: {zh: "完工", en: "Done", by: office, form: [result!, score], to: over}
      over: {zh: "完", en: "Over", final: done}
kpis:
  good: {zh: "满意率", en: "Good", share: "data.result == 'good'", of: job.done, per: week, at_least: 50%}
  results: {zh: "各结果", en: "Results", count: job.done, group: result}
  time: {zh: "时长", en: "Time", measure: "between(matter.opened, job.done)"}
  score:
    zh: "平均分"
    en: "Score"
    average: "=data.score"
    of: job.done
    apart: {bad: {zh: "差评", en: "Bad ones", count: job.done, where: "data.result == 'bad'"}}
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path, WORKFLOW) as stage:
        yield stage


def done(stage: Stage, result: str, score: str, time: str) -> None:
    stage.said_with = "when"
    stage.open("matter", "opened", "客服", "wu", None)
    stage.tell_time(time)
    stage.take("完工", stage.actor("客服", "wu"), [["字段", "值"], ["结果", result], ["评分", score]])


def test_a_figure_comes_to_a_value_and_meets_its_target_or_not(stage: Stage):
    figuring.figure_has_none(stage, "满意率")
    done(stage, "满意", "5", "2026-03-02 11:00")
    figuring.figure_is(stage, "满意率", "100%")
    figuring.figure_is_met(stage, "Good")
    done(stage, "不满意", "", "2026-03-02 12:00")
    done(stage, "不满意", "2", "2026-03-02 15:00")
    figuring.figure_is(stage, "满意率", "33.3%")
    figuring.figure_is_missed(stage, "满意率")
    with pytest.raises(AssertionError):
        figuring.figure_is(stage, "满意率", "33%")
    with pytest.raises(AssertionError):
        figuring.figure_is_met(stage, "满意率")


def test_groups_lengths_and_counts_apart_are_compared(stage: Stage):
    done(stage, "满意", "5", "2026-03-02 11:00")
    done(stage, "不满意", "", "2026-03-02 12:00")
    figuring.figure_of_group_is(stage, "各结果", "满意", "1")
    figuring.figure_is(stage, "时长", "90 分钟")
    figuring.figure_is(stage, "平均分", "5")
    figuring.counted_apart(stage, "平均分", "差评", "1")
    figuring.without_value(stage, "平均分", "1")
    with pytest.raises(AssertionError):
        figuring.figure_is(stage, "时长", "2 小时")
    with pytest.raises(AssertionError):
        figuring.figure_is(stage, "各结果", "1")


def test_another_period_is_named(stage: Stage):
    done(stage, "满意", "5", "2026-03-02 11:00")
    done(stage, "不满意", "1", "2026-03-09 11:00")
    figuring.figure_of_period_is(stage, "满意率", "2026-W10", "100%")
    figuring.figure_is(stage, "满意率", "0%")
    with pytest.raises(AssertionError):
        figuring.figure_of_period_is(stage, "满意率", "2026-W09", "100%")
