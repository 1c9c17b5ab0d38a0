"""Figures that count a case, or an instance, once, however often it happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.terminal.conftest import Type
from tests.unit.terminal.test_kpi import Desk

REPAIRS = """
workflow: tickets
version: 1
zone: Asia/Shanghai
zh: "维修"
en: "Repairs"
fields: {solved: {is: boolean, zh: "解决", en: "Solved"}, area: {is: text, scope: case, zh: "地区", en: "Area"}}
roles: {clerk: {zh: "文员", en: "Clerk"}}
cases:
  request:
    zh: "请求"
    en: "Request"
    number: "T-{year}-{serial:04}"
    machines: [job]
    opens: {registered: {zh: "登记", en: "Registered", by: clerk, form: [area], start: job}}
machines:
  job:
    zh: "维修"
    en: "Job"
    start: open
    many: true
    plural: jobs
    deadlines:
      answer: {zh: "修复", en: "Mending", start: "entered('open')", within: 3h, stop: [done], restart: [again]}
    states:
      open:
        zh: "在修"
        en: "Open"
        steps:
          done: {zh: "修完", en: "Done", by: clerk, form: [solved!], to: shown}
          split: {zh: "另起", en: "Split", by: clerk, start: job}
      shown:
        zh: "待验"
        en: "Shown"
        steps:
          again: {zh: "返修", en: "Again", by: clerk, to: open}
          taken: {zh: "验收", en: "Taken", by: clerk, to: over}
      over: {zh: "办结", en: "Over", final: done}
kpis:
  each: {zh: "次数", en: "Times", count: job.done, per: month}
  cases: {zh: "案件数", en: "Cases", count: job.done, once: case, per: month}
  jobs: {zh: "维修数", en: "Jobs", count: job.done, once: instance}
  solved: {zh: "解决率", en: "Solved", share: data.solved, of: job.done, once: case}
  later: {zh: "曾解决", en: "Ever", count: job.done, where: data.solved, once: case}
  rate: {zh: "修复率", en: "Rate", count: job.done, of: request.registered, once: case}
  kept: {zh: "按时率", en: "Kept", count: job.answer.met, of: [job.answer.met, job.answer.breached], once: case}
  time: {zh: "时长", en: "Time", measure: "between(job.again, job.done)", once: case}
  apart:
    zh: "另计"
    en: "Apart"
    count: request.registered
    once: case
    apart: {mended: {zh: "修完", en: "Mended", count: job.done}}
"""


@pytest.fixture
def desk(typed: Type, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """One job: done late and not solved in March, done anew within an hour and solved in April."""
    (folder / "flows" / "tickets.yaml").write_text(REPAIRS, "utf-8")
    desk = Desk(typed, monkeypatch)
    case = desk.opens("03-02T09:00")
    desk.at("03-02T13:00")
    assert desk.typed("tick").code == 0
    desk.does("03-02T13:00", case, "job/1.done", "solved=no")
    desk.does("04-02T09:00", case, "job/1.again")
    desk.does("04-02T10:00", case, "job/1.done", "solved=yes")
    desk.at("04-03T09:00")
    return desk


def counts(desk: Desk, kpi: str, *words: str) -> list[tuple[str, int]]:
    return [(line["period"], line["count"]) for line in desk.lines(kpi, *words)]


def test_what_is_done_again_counts_in_the_period_of_each_time_unless_it_counts_once(desk: Desk) -> None:
    assert counts(desk, "each") == [("2026-03", 1), ("2026-04", 1)]
    assert counts(desk, "cases") == [("2026-03", 1), ("2026-04", 0)]


def test_the_first_time_is_that_of_the_whole_history_whatever_part_of_it_is_shown(desk: Desk) -> None:
    assert counts(desk, "jobs", "--from", "2026-04-01 00:00") == [("", 0)]


def test_each_instance_may_count_instead_of_each_case(desk: Desk) -> None:
    case = desk.opens("04-03T09:00")
    desk.does("04-03T09:10", case, "job/1.split")
    for instance in ("job/1", "job/2"):
        desk.does("04-03T10:00", case, f"{instance}.done", "solved=yes")
    assert counts(desk, "jobs") == [("", 3)]
    assert sum(count for _, count in counts(desk, "cases")) == 2


def test_a_share_is_judged_at_the_event_that_counts(desk: Desk) -> None:
    [solved] = desk.lines("solved")
    assert (solved["count"], solved["of"], solved["value"]) == (0, 1, "0%")
    [kept] = desk.lines("kept")
    assert (kept["count"], kept["of"]) == (0, 1), "kept the second time, of a case that had broken it"


def test_the_first_time_is_the_first_that_meets_the_condition(desk: Desk) -> None:
    assert counts(desk, "later") == [("", 1)]


def test_what_is_counted_and_what_it_is_a_share_of_have_each_their_own_first_time(desk: Desk) -> None:
    [rate] = desk.lines("rate")
    assert (rate["count"], rate["of"], rate["value"]) == (1, 1, "100%")


def test_the_first_measured_time_counts_not_the_first_end(desk: Desk) -> None:
    [time] = desk.lines("time")
    assert (time["value"], time["count"]) == ("1h", 1)


def test_what_stands_beside_counts_once_too(desk: Desk) -> None:
    [apart] = desk.lines("apart")
    assert apart["apart"] == {"mended": 1}
