"""Figures from the command line: counted, shared, measured, summed and averaged over what happened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.terminal.conftest import Type

TICKETS = """
workflow: tickets
version: 1
zone: Asia/Shanghai
zh: "工单"
en: "Tickets"
fields:
  area: {is: text, scope: case, zh: "地区", en: "Area"}
  score: {is: integer, zh: "评分", en: "Score"}
  fee: {is: money, zh: "费用", en: "Fee"}
  solved: {is: boolean, zh: "解决", en: "Solved"}
settings:
  target: {is: number, default: "50", zh: "目标", en: "Target"}
roles: {clerk: {corrects: true, zh: "文员", en: "Clerk"}}
cases:
  request:
    zh: "请求"
    en: "Request"
    number: "T-{year}-{serial:04}"
    machines: [ticket]
    opens: {registered: {zh: "登记", en: "Registered", by: clerk, form: [area], start: ticket}}
machines:
  ticket:
    zh: "工单"
    en: "Ticket"
    start: open
    deadlines:
      answer: {zh: "答复", en: "Answer", within: 3h, stop: [closed]}
    states:
      open:
        zh: "在办"
        en: "Open"
        steps:
          suspended: {zh: "挂起", en: "Suspended", by: clerk, to: waiting}
          closed: {zh: "关闭", en: "Closed", by: clerk, form: [solved!, score, fee], to: over}
      waiting:
        zh: "挂起"
        en: "Waiting"
        steps:
          resumed: {zh: "恢复", en: "Resumed", by: clerk, to: open}
      over: {zh: "办结", en: "Over", final: done}
kpis:
  handled: {zh: "处理数", en: "Handled", count: request.closed, per: week, compare: previous}
  by_area: {zh: "各地区", en: "By area", count: ticket.closed, group: area, per: month}
  by_person: {zh: "各人", en: "By person", count: ticket.closed, group: {who: "=actor.person"}, per: month}
  solved: {zh: "解决率", en: "Solved", share: data.solved, of: ticket.closed, per: month, at_least: "=settings.target"}
  closing: {zh: "关闭率", en: "Closing", count: ticket.closed, of: request.registered, per: month, at_least: 98%}
  time: {zh: "时长", en: "Time", measure: "between(request.registered, request.closed)", per: month, at_most: 3h}
  worked:
    zh: "净时长"
    en: "Worked"
    measure: "between(request.registered, request.closed)"
    show: shortest
    pause: ticket.waiting
  score:
    zh: "满意度"
    en: "Score"
    average: "=data.score"
    of: ticket.closed
    per: month
    apart: {unsolved: {zh: "未解决", en: "Unsolved", count: ticket.closed, where: "!data.solved"}}
  fees: {zh: "费用", en: "Fees", sum: "=data.fee", of: ticket.closed}
  kept: {zh: "按时", en: "Kept", count: ticket.answer.met, of: [ticket.answer.met, ticket.answer.breached]}
"""


class Desk:
    """Takes tickets: each opened at an hour of a day of March 2026 and closed some hours later."""

    def __init__(self, typed: Type, monkeypatch: pytest.MonkeyPatch) -> None:
        self.typed = typed
        self.monkeypatch = monkeypatch

    def at(self, time: str) -> None:
        self.monkeypatch.setenv("LIFECYCLE_NOW", f"2026-{time}+08:00")

    def opens(self, time: str, area: str = "north") -> str:
        self.at(time)
        return str(self.typed("case", "open", "tickets", "--set", f"area={area}", "--json").document["case"])

    def does(self, time: str, case: str, step: str, *values: str, person: str = "li") -> None:
        self.at(time)
        given = [word for value in values for word in ("--set", value)]
        answered = self.typed("case", "do", case, step, "--as", f"clerk:{person}", *given)
        assert answered.code == 0, answered.out

    def lines(self, kpi: str, *words: str) -> list[dict[str, Any]]:
        answered = self.typed("kpi", f"tickets.{kpi}", *words, "--json")
        assert answered.code == 0, answered.err
        [found] = answered.document["kpis"]
        assert found["unjudged"] == []
        return list(found["lines"])


@pytest.fixture
def desk(typed: Type, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Four tickets: of 2 h and 4 h in one week, one of 6 h, 5 of them waiting, in the next, and one that is open."""
    (folder / "flows" / "tickets.yaml").write_text(TICKETS, "utf-8")
    desk = Desk(typed, monkeypatch)
    first = desk.opens("03-02T09:00")
    desk.does("03-02T11:00", first, "closed", "solved=yes", "score=5", "fee=12.50")
    second = desk.opens("03-03T09:00", "south")
    desk.does("03-03T13:00", second, "closed", "solved=no", "fee=7.50", person="wang")
    third = desk.opens("03-10T09:00")
    desk.does("03-10T09:30", third, "suspended")
    desk.does("03-10T14:30", third, "resumed")
    desk.does("03-10T15:00", third, "closed", "solved=yes", "score=2")
    desk.opens("03-10T16:00")
    desk.at("03-11T09:00")
    return desk


def test_what_is_handled_is_counted_by_week_and_compared_with_the_week_before(desk: Desk):
    assert desk.lines("handled") == [
        {"period": "2026-W10", "value": "2", "count": 2, "before": "0"},
        {"period": "2026-W11", "value": "1", "count": 1, "before": "2"},
    ]


def test_another_period_and_a_range_can_be_chosen(desk: Desk):
    days = desk.lines("handled", "--per", "day", "--from", "2026-03-02", "--until", "2026-03-04")
    assert [(line["period"], line["count"]) for line in days] == [
        ("2026-03-02", 1),
        ("2026-03-03", 1),
        ("2026-03-04", 0),
    ]
    assert [line["period"] for line in desk.lines("handled", "--per", "quarter")] == ["2026-Q1"]
    [fees] = desk.lines("fees", "--from", "2026-03-03")
    assert fees["value"] == "7.50 CNY"


def test_counts_are_kept_apart_by_a_field_of_the_case_or_by_whoever_acted(desk: Desk):
    assert [(line["group"], line["count"]) for line in desk.lines("by_area")] == [
        ({"area": "north"}, 2),
        ({"area": "south"}, 1),
    ]
    assert [(line["group"], line["count"]) for line in desk.lines("by_person")] == [
        ({"who": "li"}, 2),
        ({"who": "wang"}, 1),
    ]


def test_a_share_is_held_against_a_target_that_may_be_a_setting(desk: Desk):
    [line] = desk.lines("solved")
    assert (line["value"], line["count"], line["of"], line["met"]) == ("66.7%", 2, 3, True)
    [line] = desk.lines("closing")
    assert (line["value"], line["met"]) == ("75%", False)


def test_time_is_measured_between_two_events_with_and_without_the_wait(desk: Desk):
    [line] = desk.lines("time")
    assert (line["value"], line["count"], line["met"]) == ("4h", 3, False)
    [line] = desk.lines("worked")
    assert line["value"] == "1h"


def test_an_average_is_of_those_with_a_value_and_the_others_stand_beside_it(desk: Desk):
    [line] = desk.lines("score")
    assert (line["value"], line["without"], line["apart"]) == ("3.5", 1, {"unsolved": 1})


def test_amounts_are_summed(desk: Desk):
    assert desk.lines("fees") == [{"period": "", "value": "20.00 CNY", "count": 3, "without": 1}]


def test_promises_that_were_kept_are_counted_among_all_that_ended_or_were_broken(desk: Desk):
    desk.typed("tick")
    [line] = desk.lines("kept")
    assert (line["count"], line["of"], line["value"]) == (1, 4, "25%")


def test_a_corrected_entry_counts_with_its_new_value_and_a_withdrawn_one_not_at_all(desk: Desk):
    answered = desk.typed(
        "case", "correct", "T-2026-0001", "2", "--as", "clerk:li", "--set", "score=1", "--reason", "typed wrongly"
    )
    assert answered.code == 0, answered.out
    assert desk.lines("score")[0]["value"] == "1.5"
    answered = desk.typed("case", "correct", "T-2026-0003", "5", "--as", "clerk:li", "--withdraw", "--reason", "not so")
    assert answered.code == 0, answered.out
    [line] = desk.lines("closing")
    assert (line["count"], line["of"]) == (2, 4)


def test_as_it_was_known_at_an_instant(desk: Desk):
    assert [line["count"] for line in desk.lines("handled", "--at", "2026-03-03 10:00")] == [1]


def test_people_read_titles_targets_and_what_a_figure_is_made_of(desk: Desk):
    lines = desk.typed("--lang", "zh", "kpi", "tickets").out.splitlines()
    assert lines[0] == "处理数"
    assert lines[2].split() == ["2026-W11", "1", "前期：2"]
    assert lines[lines.index("解决率") + 1].split() == ["2026-03", "66.7%", "2", "/", "3", "达标"]
    assert lines[lines.index("时长") + 1].split() == ["2026-03", "4小时", "n", "=", "3", "未达标"]
    assert lines[lines.index("满意度") + 1].split() == ["2026-03", "3.5", "n", "=", "2;", "无值", "1;", "未解决:", "1"]


def test_they_are_written_as_csv(desk: Desk):
    out = desk.typed("kpi", "tickets.closing", "--csv").out
    assert out.splitlines() == [
        "Figure,Period,Group,Value,Made of,Target,Compared",
        "Closing,2026-03,,75%,3 / 4,not met,",
    ]


def test_a_figure_that_the_workflow_does_not_have_is_refused(desk: Desk):
    answered = desk.typed("kpi", "tickets.handeld")
    assert answered.code == 1
    assert 'did you mean "handled"' in answered.out
