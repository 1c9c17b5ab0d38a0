"""The steps about notices hold when it is so, and fail when it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios import telling
from tests.scenarios.stage import Stage, staged

WORKFLOW = """
workflow: notices
version: 1
zh: "通知"
en: "Notices"
roles:
  office: {zh: "客服", en: "Office"}
  manager: {zh: "主管", en: "Manager"}
fields:
  caller: {is: text, pii: true, zh: "来电人", en: "Caller"}
texts:
  came: {zh: "来电人 {caller}", en: "{caller} called"}
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
        enter: {notify: {who: manager, text: came}}
        steps:
          done: {zh: "完工", en: "Done", by: office, to: over}
      over: {zh: "完", en: "Over", final: done}
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path, WORKFLOW) as stage:
        yield stage


def came(stage: Stage) -> None:
    stage.open("matter", "opened", "客服", "wu", [["字段", "值"], ["来电人", "李女士"]])


def test_who_was_told_is_known_by_text_and_by_words(stage: Stage) -> None:
    came(stage)
    telling.was_notified(stage, "主管", "came")
    telling.was_notified(stage, "Manager", "李女士 called")
    with pytest.raises(AssertionError, match="was told"):
        telling.was_notified(stage, "客服", "came")
    with pytest.raises(AssertionError, match="was told"):
        telling.was_notified(stage, "主管", "gone")


def test_who_was_not_told_is_known(stage: Stage) -> None:
    came(stage)
    telling.was_not_notified(stage, "客服", "came")
    with pytest.raises(AssertionError, match="was told"):
        telling.was_not_notified(stage, "主管", "来电人 李女士")
