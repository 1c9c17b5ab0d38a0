"""The steps about proof find what was altered, and nothing where nothing was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios import proving
from tests.scenarios.stage import Stage, staged

WORKFLOW = """
workflow: matters
version: 1
zh: "事项"
en: "Matters"
roles:
  office: {zh: "客服", en: "Office"}
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
          done: {zh: "完工", en: "Done", by: office, to: over}
      over: {zh: "完", en: "Over", final: done}
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path, WORKFLOW) as stage:
        stage.open("matter", "opened", "客服", "wu", None)
        yield stage


def test_an_altered_record_is_found(stage: Stage) -> None:
    proving.altered(stage, "报修")
    proving.shown_altered(stage)
    with pytest.raises(AssertionError, match="found"):
        proving.shown_unaltered(stage)


def test_nothing_is_found_where_nothing_was_altered(stage: Stage) -> None:
    proving.shown_unaltered(stage)
    with pytest.raises(AssertionError, match="nothing is found"):
        proving.shown_altered(stage)


def test_what_was_never_recorded_cannot_be_altered(stage: Stage) -> None:
    with pytest.raises(AssertionError, match="never recorded"):
        proving.altered(stage, "完工")
