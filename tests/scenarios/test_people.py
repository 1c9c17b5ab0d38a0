"""The steps about people hold when it is so, and fail when it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios import acting, people
from tests.scenarios.stage import Stage, staged

WORKFLOW = """
workflow: pools
version: 1
zh: "派工"
en: "Pools"
roles:
  office: {zh: "客服", en: "Office"}
  worker: {zh: "维修员", en: "Worker"}
pools:
  workers: {role: worker, needs: gas, pass_over: [away, on_job]}
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
          sent: {zh: "派工", en: "Sent", by: office, assign: {worker_sent: workers}}
          done: {zh: "完工", en: "Done", by: worker, is: assignee, to: over}
      over: {zh: "完", en: "Over", final: done}
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path, WORKFLOW) as stage:
        for name in ("li", "ma"):
            people.on_the_staff(stage, "维修员", name)
            people.is_qualified(stage, name, "gas")
        yield stage


def sent(stage: Stage) -> None:
    stage.open("matter", "opened", "客服", "wu", None)
    stage.said_with = "when"
    acting.takes(stage, "客服", "wu", "派工")


def test_who_is_assigned_is_told_from_who_is_not(stage: Stage) -> None:
    sent(stage)
    people.is_assigned(stage, "worker_sent", "li")
    with pytest.raises(AssertionError, match="worker_sent is"):
        people.is_assigned(stage, "worker_sent", "ma")
    with pytest.raises(AssertionError, match="worker_sent is"):
        people.is_nobody(stage, "worker_sent")
    with pytest.raises(AssertionError, match="these had nobody"):
        people.had_nobody(stage, "workers")


def test_who_is_away_is_passed_over_until_back(stage: Stage) -> None:
    people.is_away(stage, "li")
    sent(stage)
    people.was_passed_over(stage, "li", "离岗")
    with pytest.raises(AssertionError, match="passed over"):
        people.was_passed_over(stage, "ma", "away")
    people.is_back(stage, "li")
    sent(stage)
    people.is_assigned(stage, "worker_sent", "li")


def test_a_pool_with_nobody_is_told(stage: Stage) -> None:
    people.has_left(stage, "li")
    people.is_away_until(stage, "ma", "2026-03-03 09:00")
    sent(stage)
    people.had_nobody(stage, "workers")
    people.is_nobody(stage, "worker_sent")


def test_a_qualification_ends_with_its_last_day(stage: Stage) -> None:
    people.is_qualified_until(stage, "li", "gas", "2026-03-01")
    sent(stage)
    people.was_passed_over(stage, "li", "资格过期")


def test_a_role_is_added_to_those_that_somebody_has(stage: Stage) -> None:
    people.on_the_staff(stage, "客服", "li")
    assert stage.engine.staff().people["li"].roles == {"pools": ["worker", "office"]}
    people.on_the_staff_of(stage, "客服", "li", "north")
    assert stage.engine.staff().people["li"].unit == "north"
