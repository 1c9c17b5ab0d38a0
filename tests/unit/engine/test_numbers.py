"""Numbers that are drawn: their years, months and days are those of the workflow's zone."""

from __future__ import annotations

from datetime import UTC, datetime

from lifecycle.core.register import dated, number_of, series_of
from tests.unit.engine.controls import Shop


def test_a_case_number_may_name_month_and_day(shop: Shop) -> None:
    shop.write(2, '"SH-{year}-{serial:04}"', '"SH-{year}{month}{day}-{serial:02}"')
    local = f"{shop.clock():%Y%m%d}"
    first, second = (shop.do(shop.opening()).case for _ in range(2))
    assert (first, second) == (f"SH-{local}-01", f"SH-{local}-02")


def test_the_year_of_a_number_is_the_one_of_the_zone() -> None:
    new_year = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    assert dated("A-{year}", new_year, "Asia/Shanghai") == "A-2027"
    assert dated("A-{year}", new_year, "UTC") == "A-2026"


def test_a_series_begins_anew_with_what_its_pattern_names() -> None:
    at = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    names = [
        series_of("w", "p", pattern, at, "UTC")
        for pattern in ("{serial}", "{year}-{serial}", "{year}{month}{day}-{serial}")
    ]
    assert names == ["w/p", "w/p/2026", "w/p/2026-03-02"]
    assert number_of("WX-{year}{month}-{serial:03}", 7, at, "UTC") == "WX-202603-007"
