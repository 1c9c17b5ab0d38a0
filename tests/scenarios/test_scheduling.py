"""The steps about schedules hold when it is so, and fail when it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lifecycle.app import folders, library
from lifecycle.settings import Settings
from tests.scenarios import scheduling
from tests.scenarios.stage import Stage
from tests.scenarios.timing import time_passes

WORKFLOW = """
workflow: rounds
version: 1
zh: "巡检"
en: "Rounds"
roles:
  office: {zh: "客服", en: "Office"}
cases:
  inspection:
    zh: "检查"
    en: "Inspection"
    machines: [job]
    opens: {planned: {zh: "排定", en: "Planned", by: office, start: job}}
machines:
  job:
    zh: "检查"
    en: "Job"
    start: open
    states:
      open:
        zh: "在办"
        en: "Open"
        steps:
          done: {zh: "完成", en: "Done", by: office, to: over}
      over: {zh: "完", en: "Over", final: done}
schedules:
  monthly:
    zh: "每月检查"
    en: "Monthly inspection"
    every: month
    days: [10, 31]
    time: "09:00"
    open: inspection
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "rounds.yaml").write_text(WORKFLOW, encoding="utf-8")
    stage = Stage(folder=tmp_path, workflows=library(folders(Settings(workflows=tmp_path / "files"))))
    stage.use("rounds")
    yield stage
    stage.engine.close()


def test_time_that_passes_runs_what_comes_again(stage: Stage) -> None:
    scheduling.comes_next(stage, "每月检查", "2026-03-10 09:00")
    scheduling.opened_so_many(stage, "每月检查", "0")
    with pytest.raises(AssertionError, match="opened no case"):
        scheduling.turn_to_opened(stage, "每月检查")
    time_passes(stage, "60 天")
    scheduling.occurred(stage, "Monthly inspection", "4")
    scheduling.opened_so_many(stage, "每月检查", "4")
    scheduling.comes_next(stage, "每月检查", "2026-05-10 09:00")
    scheduling.turn_to_opened(stage, "每月检查")
    assert stage.case.opened_at == "2026-04-30T01:00:00.000000Z"
    with pytest.raises(AssertionError, match="2026-03-31"):
        scheduling.occurred(stage, "每月检查", "5")
    with pytest.raises(AssertionError, match="comes next at"):
        scheduling.comes_next(stage, "每月检查", "2026-05-11 09:00")
    with pytest.raises(AssertionError, match="no schedule"):
        scheduling.occurred(stage, "每年检查", "1")
