"""Derived labels: worked out when they are asked for, until an event fixes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lifecycle.app import folders, library
from lifecycle.settings import Settings
from tests.scenarios import seeing
from tests.scenarios.stage import Stage

WORKFLOW = """
workflow: labels
version: 1
zh: "标签"
en: "Labels"
types:
  grade: {low: {zh: "低", en: "Low"}, high: {zh: "高", en: "High"}}
roles:
  office: {zh: "客服", en: "Office"}
fields:
  size: {is: integer, zh: "数量", en: "Size"}
cases:
  matter:
    zh: "报修"
    en: "Matter"
    machines: [job]
    opens: {opened: {zh: "报修", en: "Opened", by: office, form: [size!], start: job}}
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
          failed: {zh: "未修好", en: "Failed", by: office}
          resized: {zh: "改数量", en: "Resized", by: office, form: [size!]}
          graded: {zh: "定级", en: "Graded", by: office}
          given_up:
            zh: "放弃"
            en: "Given up"
            by: office
            require: {often: {that: "derived.several", else: {zh: "尚未多次", en: "Not often enough"}}}
            to: over
      over: {zh: "完", en: "Over", final: done}
views:
  all_jobs: {zh: "全部", en: "All", of: job, columns: [number, derived.grade, derived.several]}
derived:
  several: {zh: "多次未修好", en: "Several", of: job, value: "=count('failed') >= 2"}
  grade: {zh: "等级", en: "Grade", of: job, is: grade, value: "=data.size > 10 ? 'high' : 'low'", frozen: job.graded}
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "labels.yaml").write_text(WORKFLOW, encoding="utf-8")
    stage = Stage(folder=tmp_path, workflows=library(folders(Settings(workflows=tmp_path / "files"))))
    stage.use("labels")
    stage.said_with = "when"
    stage.open("matter", "opened", "客服", "wu", [["字段", "值"], ["数量", "5"]])
    yield stage
    stage.engine.close()


def take(stage: Stage, step: str, size: str = "") -> None:
    stage.take(step, stage.actor("客服", "wu"), [["字段", "值"], ["数量", size]] if size else None)


def test_a_label_follows_what_happens_and_conditions_read_it(stage: Stage):
    seeing.label_is(stage, "多次未修好", "否")
    take(stage, "放弃")
    assert "尚未多次" in stage.said(stage.refusal)
    take(stage, "未修好")
    take(stage, "未修好")
    seeing.label_is(stage, "多次未修好", "是")
    take(stage, "放弃")
    assert stage.done


def test_an_event_fixes_a_label_and_keeps_its_value(stage: Stage):
    take(stage, "改数量", "20")
    seeing.label_is(stage, "等级", "高")
    take(stage, "定级")
    assert stage.history[-1].event.changes["labels"] == [{"of": "job/1", "name": "grade", "value": "high"}]
    take(stage, "改数量", "3")
    seeing.label_is(stage, "等级", "高")
    seeing.shows(stage, "全部", [["等级", "多次未修好"], ["高", "否"]])


def test_a_folded_history_knows_what_was_fixed(stage: Stage):
    take(stage, "定级")
    take(stage, "改数量", "30")
    assert stage.engine.replay(stage.case_number).to_json() == stage.case.to_json()
    assert stage.case.instances["job/1"].labels == {"grade": "low"}
    with pytest.raises(AssertionError):
        seeing.label_is(stage, "等级", "高")
