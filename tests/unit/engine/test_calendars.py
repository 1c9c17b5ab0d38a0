"""Days of calendars and national plans are changed in use, by events, and decisions see it at once."""

from __future__ import annotations

from typing import Any

import pytest

from lifecycle.core.calendars import CALENDARS, ChangeCalendar, SetPlan, Touched, name_of_plans, touched
from lifecycle.core.events import Event, Json
from lifecycle.engine import Done
from lifecycle.problems import Refusal
from tests.unit.core.controls import actor
from tests.unit.engine.controls import SHOP, Shop

OFFICE = """calendars:
  office: {days: cn, hours: {mon-fri: ["08:30-12:00", "13:30-17:30"]}}
  other: {hours: {sun: ["00:00-24:00"]}}
"""
ASKED = SHOP.replace("fields:\n", f"{OFFICE}fields:\n").replace("data.cost <= settings.limit", "is_open('office', now)")


@pytest.fixture(autouse=True)
def _with_calendars(shop: Shop) -> None:
    shop.texts["shop"] = ASKED


def changed(shop: Shop, calendar: str = "office", workflow: str = "shop", **days: str) -> list[Event] | Refusal:
    dates = {day.removeprefix("d").replace("_", "-"): hours for day, hours in days.items()}
    return shop.engine.change_calendar(
        ChangeCalendar(
            id=shop.next_command(), workflow=workflow, calendar=calendar, dates=dates, actor=actor("chief:wu")
        )
    )


def planned(shop: Shop, **changes: Json) -> list[Event] | Refusal:
    document: dict[str, Any] = {"year": 2026, "edition": 2, "papers": ["p"], "off": [], "work": [], **changes}
    return shop.engine.set_plan(
        SetPlan(id=shop.next_command(), country="cn", document=document, actor=actor("chief:wu"))
    )


def prices(shop: Shop, number: str) -> bool:
    return isinstance(shop.engine.execute(shop.step(number, "priced", cost=5), dry=True), Done)


def codes(answer: list[Event] | Refusal) -> list[str]:
    assert isinstance(answer, Refusal)
    return [reason.code for reason in answer.reasons]


def test_a_day_that_is_closed_in_use_is_closed_for_the_next_decision(shop: Shop) -> None:
    number = shop.opened()
    assert prices(shop, number)
    [event] = changed(shop, d2026_03_02="closed")
    assert event.type == "calendar.changed"
    assert event.changes["calendar"]["dates"] == {"2026-03-02": []}
    assert not prices(shop, number)
    shop.again()
    assert not prices(shop, number)


def test_usual_takes_a_change_back_and_the_version_is_the_one_of_before(shop: Shop) -> None:
    number = shop.opened()
    workflow, _ = shop.engine.figures("shop")
    before = shop.engine.calendars(workflow)["office"].version
    changed(shop, d2026_03_02="14:00-15:00, 10:00-10:30")
    now = shop.engine.calendars(workflow)["office"]
    assert now.version != before
    assert not prices(shop, number)
    [event] = changed(shop, d2026_03_02="usual")
    assert event.changes["calendar"]["before"] == now.version
    assert prices(shop, number)
    assert shop.engine.calendars(workflow)["office"].version == before


def test_what_is_so_already_is_no_event(shop: Shop) -> None:
    shop.opened()
    assert changed(shop, d2026_03_02="usual") == []
    changed(shop, d2026_03_02="09:00-12:00,14:00-15:00")
    assert changed(shop, d2026_03_02="14:00-15:00,09:00-12:00") == []


def test_a_change_that_cannot_be_read_gives_every_reason(shop: Shop) -> None:
    shop.opened()
    answer = changed(shop, d2026_02_30="closed", d2026_03_03="9 to 5", d2026_03_04="09:00-12:00,11:00-13:00")
    assert codes(answer) == ["day-unreadable", "hours-unreadable", "hours-overlap"]
    assert codes(changed(shop, calendar="ofice", d2026_03_02="closed")) == ["unknown-calendar"]


def test_a_national_plan_changes_every_calendar_that_keeps_its_days(shop: Shop) -> None:
    number = shop.opened()
    off = {"zh": "停工", "en": "Stop", "first": "2026-03-02", "last": "2026-03-03"}
    [event] = planned(shop, off=[off])
    assert event.changes["country"] == "cn"
    assert not prices(shop, number)
    assert planned(shop, off=[off]) == []
    assert [plan.year for plan in shop.engine.plans("cn")] == [2026]


def test_a_day_of_the_organisation_stands_above_a_national_plan(shop: Shop) -> None:
    number = shop.opened()
    planned(shop, off=[{"zh": "停工", "en": "Stop", "first": "2026-03-02", "last": "2026-03-02"}])
    changed(shop, d2026_03_02="08:00-12:00")
    assert prices(shop, number)


def test_a_plan_that_cannot_be_right_is_refused(shop: Shop) -> None:
    assert codes(planned(shop, off=[{"zh": "x"}])) == ["plan-unreadable"]
    assert codes(planned(shop, work=["2026-03-02", "2025-03-01", "2027-01-02"])) == ["plan-day", "plan-day"]
    both = {"zh": "x", "en": "x", "first": "2026-03-07", "last": "2026-03-07"}
    assert codes(planned(shop, off=[both], work=["2026-03-07"])) == ["plan-day"]


def test_an_event_says_which_calendars_it_touches(shop: Shop) -> None:
    shop.opened()
    workflow, _ = shop.engine.figures("shop")
    [day] = changed(shop, d2026_03_02="closed")
    [plan] = planned(shop)
    assert touched(day) == Touched(workflow="shop", calendar="office")
    assert touched(plan) == Touched(country="cn")
    assert [name for name in workflow.calendars if touched(day).concerns(workflow, name)] == ["office"]
    assert [name for name in workflow.calendars if touched(plan).concerns(workflow, name)] == ["office"]


def test_heads_that_are_built_anew_hold_the_same_changes(shop: Shop) -> None:
    number = shop.opened()
    changed(shop, d2026_03_02="closed")
    planned(shop, work=["2026-03-07"])
    store = shop.engine.store
    streams = [recorded.event.stream for recorded in store.feed() if recorded.event.type == "calendar.changed"]
    before = [store.head(stream) for stream in streams]
    assert len(set(streams)) == 2
    shop.engine.rebuild_heads()
    assert [store.head(stream) for stream in streams] == before
    assert not prices(shop, number)
    assert CALENDARS.name == "calendar"
    assert name_of_plans("cn") == "+cn"
