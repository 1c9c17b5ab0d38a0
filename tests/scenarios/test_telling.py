"""The steps about notices hold when it is so, and fail when it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios import acting, scheduling, telling, timing
from tests.scenarios.stage import Stage, staged

WORKFLOW = """
workflow: notices
version: 1
zh: "通知"
en: "Notices"
roles:
  customer: {party: true, zh: "客户", en: "Customer"}
  office: {zh: "客服", en: "Office"}
  manager: {zh: "主管", en: "Manager"}
fields:
  caller: {is: text, pii: true, zh: "来电人", en: "Caller"}
texts:
  came: {zh: "来电人 {caller}", en: "{caller} called"}
  greeting: {zh: "春节快乐", en: "Happy new year"}
cases:
  matter:
    zh: "报修"
    en: "Matter"
    machines: [job]
    opens: {opened: {zh: "报修", en: "Opened", by: office, form: [caller!], start: job}}
  greeting_case:
    zh: "问候"
    en: "Greeting"
    machines: [greeting_card]
    opens:
      written: {zh: "问候", en: "Written", by: office, start: greeting_card}
      sent_out:
        zh: "定期问候"
        en: "Sent out"
        by: system
        start: greeting_card
        notify: {who: served, text: greeting}
audiences:
  served: {zh: "服务过的客户", en: "Customers served", of: job, where: "closed", party: customer}
schedules:
  spring:
    zh: "春节问候"
    en: "Greetings"
    every: year
    months: [2]
    days: [10]
    time: "09:00"
    open: {greeting_case: {opening: sent_out}}
machines:
  greeting_card:
    zh: "问候卡"
    en: "Greeting card"
    start: written
    states:
      written:
        zh: "已写"
        en: "Written"
        steps:
          sent: {zh: "寄出", en: "Sent", by: office, notify: {who: served, text: greeting}, to: gone}
      gone: {zh: "已寄", en: "Gone", final: sent}
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


def served(stage: Stage, customer: str, name: str, *, done: bool = True) -> None:
    acting.opened_for(stage, "客服", "wu", customer, name, "报修", [["字段", "值"], ["来电人", "李女士"]])
    if done:
        stage.take("完工", stage.actor("客服", "wu"))


def test_the_members_of_an_audience_are_known_by_number_and_by_their_cases(stage: Stage) -> None:
    served(stage, "K-1", "A")
    served(stage, "K-1", "B")
    served(stage, "K-2", "C")
    served(stage, "K-3", "D", done=False)
    stage.open("greeting_case", "written", "客服", "wu", None)
    telling.customer_was_not_notified(stage, "A", "greeting")
    stage.take("寄出", stage.actor("客服", "wu"))
    telling.members_were_notified(stage, "服务过的客户", "2", "春节快乐")
    telling.was_notified(stage, "served", "greeting")
    for name in ("A", "B", "C"):
        telling.customer_was_notified(stage, name, "Happy new year")
    telling.customer_was_not_notified(stage, "D", "greeting")
    with pytest.raises(AssertionError, match="2 members"):
        telling.members_were_notified(stage, "served", "3", "greeting")
    with pytest.raises(AssertionError, match="no audience"):
        telling.members_were_notified(stage, "所有人", "2", "greeting")
    with pytest.raises(AssertionError, match="was not told"):
        telling.customer_was_notified(stage, "D", "greeting")
    with pytest.raises(AssertionError, match="was told"):
        telling.customer_was_not_notified(stage, "B", "greeting")


def test_what_comes_again_by_itself_tells_those_who_are_customers_by_then(stage: Stage) -> None:
    served(stage, "K-1", "A")
    served(stage, "K-2", "B", done=False)
    timing.time_passes(stage, "300 天")
    scheduling.opened_so_many(stage, "春节问候", "0")
    served(stage, "K-3", "C")
    timing.time_passes(stage, "60 天")
    scheduling.turn_to_opened(stage, "春节问候")
    telling.members_were_notified(stage, "服务过的客户", "2", "greeting")
    telling.customer_was_notified(stage, "A", "greeting")
    telling.customer_was_notified(stage, "C", "greeting")
    telling.customer_was_not_notified(stage, "B", "greeting")
