"""A month is totalled from what happened in it, frozen once; what comes to light later goes into the open month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lifecycle.core.figures import SetFigure
from lifecycle.core.staff import ChangeStaff
from tests.unit.core.controls import actor
from tests.unit.engine.workshop import TEXT, Workshop

APRIL = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
MAY = datetime(2026, 5, 1, 1, 0, tzinfo=UTC)
MARCH_10 = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workshop]:
    shop = Workshop(tmp_path, texts={"workshop": TEXT})
    yield shop
    shop.close()


def keys(rows, *columns: str) -> list[tuple]:
    return [tuple(row[name] for name in ("key", *columns)) for row in rows]


def test_a_row_holds_the_entries_and_events_of_the_period_and_leads_to_their_cases(shop: Workshop):
    first = shop.job("li", 90, spent="12.50")
    second = shop.job("li", 30, spent="1.00 CNY")
    shop.job("wang", 60)
    shop.late(first, "called", result="good")
    shop.late(second, "called", result="poor")
    shop.clock.now = APRIL
    shop.job("li", 500)
    hours = shop.settle()
    assert (hours["period"], hours["is"], hours["corrections"]) == ("2026-03", "frozen", [])
    assert keys(hours["rows"], "minutes", "jobs", "good", "spent", "each", "rank", "class", "cases") == [
        ("li", 120, 2, 1, "13.50 CNY", 60, 1, "A", [first, second]),
        ("wang", 60, 1, 0, "0.00 CNY", 60, 2, "B", ["R-0003"]),
    ]
    assert hours["total"] == {"minutes": 180, "jobs": 3, "good": 1, "spent": "13.50 CNY"}
    assert keys(shop.frozen("fees")[0]["rows"], "fees") == [("north", 30)]


def test_whoever_has_no_entry_has_a_row_when_everyone_of_the_role_has_one(shop: Workshop):
    shop.job("li", 90)
    add = {"roles": {"*": ["worker"]}}
    command = ChangeStaff(id="s", person="zhao", happening="added", change=add, actor=actor("chief:wu"))
    shop.engine.change_staff(command)
    shop.clock.now = APRIL
    rows = shop.settle()["rows"]
    assert keys(rows, "minutes", "each", "rank", "class") == [("li", 90, 90, 1, "B"), ("zhao", 0, None, 2, "B")]


def test_equals_share_a_rank_and_the_ranks_that_they_take_up_are_left_out(shop: Workshop):
    for worker, minutes in (("a", 60), ("b", 90), ("c", 90), ("d", 5)):
        shop.job(worker, minutes)
    shop.clock.now = APRIL
    assert keys(shop.settle()["rows"], "rank") == [("a", 3), ("b", 1), ("c", 1), ("d", 4)]


def test_equals_that_share_a_rank_leave_none_out_when_ties_are_shared(tmp_path: Path):
    shop = Workshop(tmp_path, texts={"workshop": TEXT.replace("ties: skip", "ties: share, lowest: true")})
    for worker, minutes in (("a", 60), ("b", 90), ("c", 90), ("d", 100)):
        shop.job(worker, minutes)
    shop.clock.now = APRIL
    assert keys(shop.settle()["rows"], "rank") == [("a", 1), ("b", 2), ("c", 2), ("d", 3)]
    shop.close()


def test_a_late_entry_is_a_correction_in_the_open_month_that_names_the_one_it_concerns(shop: Workshop):
    shop.job("li", 90)
    shop.clock.now = APRIL
    march = shop.settle()
    late = shop.job("wang", 45, at=MARCH_10)
    shop.job("wang", 10)
    shop.clock.now = MAY
    april = shop.settle()
    assert keys(april["rows"], "minutes", "jobs") == [("wang", 10, 1)]
    (correction,) = april["corrections"]
    assert (correction["period"], correction["key"], correction["cases"]) == ("2026-03", "wang", [late])
    assert (correction["minutes"], correction["jobs"]) == (45, 1)
    assert shop.frozen("hours")[0]["rows"] == march["rows"]


def test_what_an_entry_is_corrected_to_after_the_freeze_is_put_right_as_a_difference(shop: Workshop):
    case = shop.job("li", 90)
    shop.late(case, "called", result="poor")
    shop.clock.now = APRIL
    shop.settle()
    shop.do(shop.correction(case, 3, result="good"))
    shop.clock.now = MAY
    shop.settle()
    (correction,) = shop.frozen("fees")[1]["corrections"]
    assert (correction["key"], correction["period"], correction["fees"]) == ("north", "2026-03", 10)
    (counted,) = shop.frozen("hours")[1]["corrections"]
    assert (counted["key"], counted["good"], counted["minutes"]) == ("li", 1, 0)


def test_a_figure_that_is_set_otherwise_later_reaches_no_frozen_month(shop: Workshop):
    case = shop.job("li", 90)
    shop.late(case, "called", result="poor")
    shop.clock.now = APRIL
    end = shop.month_end()
    shop.do(shop.step(end, "paid"))
    assert next(r.event for r in shop.engine.history(end) if r.event.changes.get("settings")).changes["settings"] == {
        "fee": 10
    }
    shop.engine.set_figure(SetFigure(id="f", workflow="workshop", name="fee", value=99, actor=actor("chief:wu")))
    shop.clock.now = MAY
    shop.settle()
    assert shop.frozen("fees")[1]["corrections"] == []


def test_a_month_is_frozen_once_in_turn_and_not_before_it_is_over(shop: Workshop):
    shop.job("li", 90)
    end = shop.month_end()
    assert shop.why_not(end, "paid") == ["period-not-over"]
    shop.clock.now = APRIL
    assert shop.why_not(end, "totalled", month="march") == ["period-unreadable"]
    shop.settle()
    assert shop.why_not(end, "paid") == ["period-not-over"]
    assert shop.why_not(end, "totalled", month="2026-03") == ["period-frozen"]
    shop.clock.now = datetime(2026, 7, 1, tzinfo=UTC)
    assert shop.why_not(end, "totalled", month="2026-05-20") == ["period-not-next"]
    assert [one["period"] for one in shop.frozen("hours")] == ["2026-03"]


@pytest.mark.parametrize("typed", ["2026-03", "2026-03-01/2026-03-31"])
def test_a_field_that_is_a_period_names_the_month_to_total(tmp_path: Path, typed: str):
    shop = Workshop(tmp_path, texts={"workshop": TEXT.replace("month: {is: text", "month: {is: period")})
    shop.job("li", 90)
    shop.clock.now = APRIL
    end = shop.month_end()
    assert shop.why_not(end, "totalled", month="2026-03-01/2026-03-30") == ["period-unreadable"]
    shop.do(shop.step(end, "totalled", month=typed))
    assert shop.settled(end)["hours"]["period"] == "2026-03"


def test_the_first_month_is_that_of_the_earliest_entry(shop: Workshop):
    shop.late(shop.job("li", 90), "called", result="good")
    shop.clock.now = MAY
    shop.job("li", 60)
    end = shop.month_end()
    assert shop.why_not(end, "totalled", month="2026-04") == ["period-not-next"]
    assert [shop.settle()["period"], shop.settle()["period"]] == ["2026-03", "2026-04"]


def test_what_was_reviewed_is_frozen_as_it_was_drawn_up(shop: Workshop):
    shop.job("li", 90)
    shop.clock.now = APRIL
    end = shop.month_end()
    shop.do(shop.step(end, "totalled", month="2026-03-31"))
    assert shop.frozen("hours") == []
    shop.job("li", 7, at=MARCH_10)
    shop.do(shop.step(end, "again"))
    shop.job("wang", 8, at=MARCH_10)
    assert shop.why_not(end, "published") != []
    shop.do(shop.step(end, "reviewed", by="chief:wu"))
    assert shop.why_not(end, "rechecked", by="office:wu") == ["other-person-needed"]
    shop.do(shop.step(end, "rechecked", by="office:sun"))
    shop.do(shop.step(end, "published", by="chief:wu"))
    (frozen,) = shop.frozen("hours")
    assert keys(frozen["rows"], "minutes") == [("li", 97)]
    shop.clock.now = MAY
    april = shop.settle()
    assert [(one["key"], one["minutes"]) for one in april["corrections"]] == [("wang", 8)]
