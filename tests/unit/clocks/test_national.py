"""The national days are right, day by day, by two sources that know nothing of each other."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from lifecycle.clocks.national import Plan, published

VECTORS = Path(__file__).parents[4] / "shared" / "vectors" / "holidays-cn"
YEARS = range(2007, 2027)
DISAGREE = {
    date(
        2020, 2, 3
    ): "the vectors mark it as worked; by the paper of 27 January 2020 work begins again on it as on any "
    "Monday, so it is no make-up workday",
}
"""Days on which the sources differ, with what the paper says. On which days are worked, they agree on every one."""
CN = published("cn")


def days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]


def works(day: date) -> bool:
    return day in CN.work or (day.weekday() < 5 and day not in CN.off)


@pytest.fixture(scope="module")
def vectors() -> Path:
    if not VECTORS.is_dir():
        if os.environ.get("REQUIRE_VECTORS") == "1":
            pytest.fail(f"{VECTORS} is not there, and REQUIRE_VECTORS=1 asks for it")
        pytest.skip(f"{VECTORS} is not there")
    return VECTORS


@pytest.mark.parametrize("year", YEARS)
def test_every_day_is_a_workday_or_none_as_chinesecalendar_has_it(year):
    wrong = [day for day in days(year) if works(day) == chinese_calendar.is_holiday(day)]
    assert wrong == []


def test_every_day_is_off_or_made_up_as_the_vectors_have_it(vectors):
    marked: dict[date, bool] = {}
    for year in YEARS:
        document = json.loads((vectors / f"{year}.json").read_text(encoding="utf-8"))
        marked.update({date.fromisoformat(day["date"]): day["isOffDay"] for day in document["days"]})
    ours = {**dict.fromkeys(CN.off, True), **dict.fromkeys(CN.work, False)}
    assert ours == {day: off for day, off in marked.items() if day not in DISAGREE}


def test_a_year_is_planned_exactly_when_the_vectors_hold_a_published_paper(vectors):
    planned = {int(file.stem) for file in vectors.glob("*.json") if json.loads(file.read_text("utf-8"))["papers"]}
    assert set(CN.plans) == planned


def test_every_plan_names_its_papers_and_one_edition_for_each():
    assert set(CN.plans) == set(YEARS)
    for plan in CN.plans.values():
        assert plan.edition == len(plan.papers) >= 1
        assert all(paper.startswith("https://www.gov.cn/") for paper in plan.papers)


def test_make_up_workdays_lie_on_weekends_and_no_day_is_off_and_worked():
    assert [day for day in CN.work if day.weekday() < 5] == []
    assert CN.work & CN.off.keys() == set()


def test_a_plan_survives_its_json_form():
    for plan in CN.plans.values():
        assert Plan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_a_later_years_plan_decides_on_the_last_days_of_the_year_before():
    assert date(2018, 12, 29) in CN.work
    assert CN.off[date(2018, 12, 31)]["zh"] == "元旦"


def test_another_plan_for_a_year_changes_its_days_and_the_version():
    plan = Plan(year=2026, edition=2, papers=(), off=(), work=(date(2026, 10, 17),))
    changed = CN.with_plans([plan])
    assert date(2026, 10, 1) not in changed.off
    assert date(2026, 10, 17) in changed.work
    assert date(2025, 10, 1) in changed.off
    assert changed.version != CN.version
    assert changed.version.startswith("2026.")


def test_without_a_country_there_are_no_days():
    assert (published("").off, published("").work) == ({}, frozenset())
