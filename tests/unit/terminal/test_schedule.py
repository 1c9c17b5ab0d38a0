"""Schedules from the command line: how each stands, in words, and what its occurrences came to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.terminal.conftest import Type

ROUNDS = """
workflow: rounds
version: 1
zone: Asia/Shanghai
zh: "巡检"
en: "Rounds"
fields: {house: {is: text, scope: case, zh: "楼", en: "House"}}
roles: {office: {zh: "客服", en: "Office"}}
calendars: {office: {days: cn, hours: {mon-fri: ["09:00-17:00"]}}}
cases:
  patrol:
    zh: "检查"
    en: "Patrol"
    machines: [job]
    opens: {planned: {zh: "排定", en: "Planned", by: office, start: job}}
  file:
    zh: "楼档案"
    en: "House file"
    key: house
    number: "F-{serial}"
    machines: [keeping]
    opens: {made: {zh: "建档", en: "Made", by: office, form: [house!], start: keeping}}
machines:
  job:
    zh: "检查"
    en: "Job"
    start: open
    states:
      open: {zh: "在办", en: "Open", steps: {done: {zh: "完成", en: "Done", by: office, to: over}}}
      over: {zh: "完", en: "Over", final: done}
  keeping:
    zh: "管理"
    en: "Keeping"
    start: kept
    states:
      kept:
        zh: "在管"
        en: "Kept"
        steps:
          fell_due: {zh: "季度检查到期", en: "Inspection due", upon: received.inspection_due}
          ended: {zh: "不再管理", en: "Ended", by: office, to: gone}
      gone: {zh: "已停", en: "Gone", final: gone}
schedules:
  monthly: {zh: "每月检查", en: "Monthly patrol", every: month, days: [10, -1], time: "09:00", open: patrol}
  daily: {zh: "早检", en: "Morning round", every: day, missed: latest, calendar: office, closed: skip, open: patrol}
  quarterly: {zh: "季度检查", en: "Quarterly inspection", every: quarter, months: 1, days: 15, per: file,
              where: "case.house != 'C'", send: {inspection_due: {}}}
"""
APRIL = ("--now", "2026-04-15T10:00+08:00")


@pytest.fixture
def rounds(typed: Type, folder: Path) -> Type:
    """A terminal and a store, on 2 March: the workflow `rounds` is published; houses A, B and C have files."""
    (folder / "flows" / "rounds.yaml").write_text(ROUNDS, "utf-8")
    for house in "ABC":
        assert typed("case", "open", "rounds.file", "--as", "office:li", "--set", f"house={house}").code == 0
    return typed


def test_schedules_are_listed_with_their_rule_their_members_and_what_comes_next(rounds: Type):
    assert rounds("schedule", "list").out.splitlines() == [
        "rounds.monthly  Monthly patrol",
        "  every month on day 10, the last day at 09:00",
        '  opens "Patrol"',
        "  has not occurred yet, next 2026-03-10 09:00",
        "rounds.daily  Morning round",
        "  every day at 00:00, left out on days without hours in office, of missed ones only the latest is run",
        '  opens "Patrol"',
        "  has not occurred yet, next 2026-03-03 00:00",
        "rounds.quarterly  Quarterly inspection",
        "  every quarter in month 1 on day 15 at 00:00",
        '  for each "House file": sends "Inspection due"',
        "  members now: 2, has not occurred yet, next 2026-04-15 00:00",
        "3 schedules",
    ]


def test_what_is_due_and_not_run_and_what_was_missed_is_told(rounds: Type):
    waiting = rounds(*APRIL, "schedule", "list", "--json").document
    assert [(one["schedule"], one["late"], one["last"]) for one in waiting] == [
        ("monthly", True, None),
        ("daily", True, None),
        ("quarterly", True, None),
    ]
    assert "due since 2026-03-10 09:00, not run yet" in rounds(*APRIL, "schedule", "list").out
    assert rounds("case", "do", "F-1", "ended", "--as", "office:li").code == 0
    assert rounds(*APRIL, "tick").code == 0
    assert [line.strip() for line in rounds(*APRIL, "--lang", "zh", "schedule", "list").out.splitlines()[3::4]] == [
        "上次 2026-04-10（2026-04-15 10:00 办理），下次 2026-04-30 09:00",
        "上次 2026-04-15（2026-04-15 10:00 办理），下次 2026-04-16 00:00，错过 30 次，最近 2026-04-14",
        "现有成员 2，上次 2026-04-15（2026-04-15 10:00 办理），拒绝 1 个：F-1 wrong-state，下次 2026-07-15 00:00",
    ]


def test_a_schedule_is_shown_with_what_its_occurrences_came_to(rounds: Type):
    assert rounds("case", "do", "F-1", "ended", "--as", "office:li").code == 0
    rounds(*APRIL, "tick")
    lines = [line.split() for line in rounds(*APRIL, "schedule", "show", "rounds.monthly").out.splitlines()[4:]]
    assert [(line[0], " ".join(line[1:3]), " ".join(line[3:5]), line[5]) for line in lines] == [
        ("2026-03-10", "2026-03-10 09:00", "2026-04-15 10:00", "opened"),
        ("2026-03-31", "2026-03-31 09:00", "2026-04-15 10:00", "opened"),
        ("2026-04-10", "2026-04-10 09:00", "2026-04-15 10:00", "opened"),
    ]
    told = rounds(*APRIL, "schedule", "show", "rounds.monthly", "--limit", "1", "--json").document["occurred"]
    assert [(one["key"], one["members"], len(one["opened"])) for one in told] == [("2026-04-10", 1, 1)]
    assert rounds("case", "show", told[0]["opened"][0]).code == 0
    sent = rounds(*APRIL, "schedule", "show", "rounds.quarterly").out.splitlines()[-1]
    assert sent.endswith("reached 1, refused by 1: F-1 wrong-state")
    assert 'cause: schedule "Quarterly inspection", 2026-04-15' in rounds("case", "why", "F-2", "2").out
    missed = rounds(*APRIL, "schedule", "show", "rounds.daily", "--json").document["missed"]
    assert [(one["first"], one["to"], one["count"]) for one in missed] == [("2026-03-03", "2026-04-14", 30)]


def test_schedules_of_a_text_that_nobody_published_begin_with_its_publication(typed: Type, folder: Path):
    (folder / "flows" / "rounds.yaml").write_text(ROUNDS, "utf-8")
    assert typed("schedule", "list").out.splitlines() == ["0 schedules"]
    told = typed("schedule", "list", "rounds").out.splitlines()
    assert told[3] == "  begins when the workflow is published"


def test_a_text_that_is_newer_than_what_is_published_does_not_show_yet(rounds: Type, folder: Path):
    text = ROUNDS.replace("version: 1", "version: 2").replace("days: [10, -1]", "days: [20]")
    (folder / "flows" / "rounds.yaml").write_text(text, "utf-8")
    assert rounds("schedule", "list", "rounds").out.splitlines()[1] == "  every month on day 10, the last day at 09:00"
    assert rounds("workflow", "publish", "rounds", "--as", "office:li").code == 0
    told = rounds("schedule", "show", "rounds.monthly").out.splitlines()
    assert [told[1], told[3]] == ["  every month on day 20 at 09:00", "  has not occurred yet, next 2026-03-20 09:00"]
    assert rounds("schedule", "list", "round").code == 4


def test_a_name_that_is_no_schedule_is_answered_with_those_there_are(rounds: Type):
    assert rounds("schedule", "show", "rounds.monthley").code == 1
    assert "monthly" in rounds("schedule", "show", "rounds.monthley").out


@pytest.mark.parametrize(
    ("written", "en", "zh"),
    [
        ("every: day", "every day at 00:00", "每天 00:00"),
        ('every: 3 days, time: "08:30:15"', "every 3 days at 08:30:15", "每 3 天 08:30:15"),
        ("every: week", "every week on Monday at 00:00", "每周 周一 00:00"),
        ('every: 2 weeks, weekdays: [mon-wed, sat], from: 2026-03-02, until: 2026-12-31',
         "every 2 weeks on Monday, Tuesday, Wednesday, Saturday at 00:00, from 2026-03-02, until 2026-12-31",
         "每 2 周 周一、周二、周三、周六 00:00，2026-03-02 起，2026-12-31 止"),
        ("every: week, weekdays: mon-fri", "every week on Monday to Friday at 00:00", "每周 周一至周五 00:00"),
        ("every: month", "every month on day 1 at 00:00", "每月 1 日 00:00"),
        ("every: month, weekdays: [1mon, -1fri, -2sun]",
         "every month on the first Monday, the last Friday, the second Sunday from the end at 00:00",
         "每月 第一个周一、最后一个周五、倒数第二个周日 00:00"),
        ("every: month, days: [31, -3], missing_day: skip, calendar: office",
         "every month on day 31, day 3 from the end at 00:00, left out in a month without that day,"
         " moved to the next day with hours in office",
         "每月 31 日、倒数第 3 日 00:00，当月无此日则略过，逢“office”休息日顺延"),
        ("every: half_year, months: [2, 5], days: 30, missing_day: next",
         "every half-year in month 2, 5 on day 30 at 00:00, the first of the next month where a month lacks that day",
         "每半年 第 2、5 个月 30 日 00:00，当月无此日则为次月 1 日"),
        ("every: 12 months", "every year in month 1 on day 1 at 00:00", "每年 第 1 个月 1 日 00:00"),
        ("every: 18 months, anchor: last",
         "every 3 half-years, counted from the last time", "每 3 个半年，自上一次起计算"),
        ("every: 36h", "every 1 d 12 h, counted from the start", "每隔 1天12小时，自起始日起计算"),
    ],
    ids=lambda text: text if text.startswith("every: ") else "",
)  # fmt: skip
def test_a_rule_is_told_in_words(typed: Type, folder: Path, written: str, en: str, zh: str):
    entry = f'schedules: {{one: {{zh: "一", en: "One", {written}, open: patrol}}}}\n'
    (folder / "flows" / "rounds.yaml").write_text(ROUNDS.partition("schedules:")[0] + entry, "utf-8")
    assert typed("schedule", "list", "rounds").out.splitlines()[1] == f"  {en}"
    assert typed("--lang", "zh", "schedule", "list", "rounds").out.splitlines()[1] == f"  {zh}"
