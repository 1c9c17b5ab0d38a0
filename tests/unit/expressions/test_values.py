"""Stored values go into CEL and come back as they were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.expressions import ValueType, choice, from_cel, rows, to_cel
from lifecycle.expressions.values import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    INTEGER,
    MONEY,
    NUMBER,
    TEXT,
    TIME,
    in_row,
    length,
    length_text,
    minor_units,
    money_text,
    out_of_row,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("of", "stored", "inside"),
    [
        (TEXT, "漏水", "漏水"),
        (NUMBER, "4.5", 4.5),
        (INTEGER, 7, 7),
        (BOOLEAN, False, False),
        (MONEY, "12.50 CNY", 1250),
        (MONEY, "-0.05 CNY", -5),
        (ValueType("money", currency="JPY"), "1200 JPY", 1200),
        (ValueType("money", currency="KWD"), "1.250 KWD", 1250),
        (DATE, "2026-03-02", datetime(2026, 3, 1, 16, tzinfo=UTC)),
        (DATETIME, "2026-03-02T01:00:00.000000Z", datetime(2026, 3, 2, 1, tzinfo=UTC)),
        (TIME, "08:30", timedelta(hours=8, minutes=30)),
        (TIME, "23:59:59", timedelta(hours=23, minutes=59, seconds=59)),
        (DURATION, "90m", timedelta(minutes=90)),
        (DURATION, "1d", timedelta(days=1)),
        (choice(("defect", "misuse")), "defect", "defect"),
        (ValueType("list", of=TEXT), ["a", "b"], ["a", "b"]),
        (rows({"fee": MONEY, "at": DATE}), [{"fee": "1.00 CNY", "at": "2026-03-02"}],
         [{"fee": 100, "at": "2026-03-01T16:00:00.000000Z"}]),
        (ANY, {"a": [1, "x"]}, {"a": [1, "x"]}),
    ],
)  # fmt: skip
def test_a_stored_value_goes_in_and_comes_back(of: ValueType, stored: Any, inside: Any):
    assert to_cel(of, stored, SHANGHAI) == inside
    assert from_cel(of, to_cel(of, stored, SHANGHAI), SHANGHAI) == stored


@pytest.mark.parametrize("of", [TEXT, NUMBER, MONEY, DATE, DURATION, rows({"a": TEXT}), ANY])
def test_null_stays_null(of: ValueType):
    assert to_cel(of, None, SHANGHAI) is None
    assert from_cel(of, None, SHANGHAI) is None


@pytest.mark.parametrize(
    ("of", "inside"),
    [
        (MONEY, True),
        (INTEGER, True),
        (INTEGER, 1.5),
        (NUMBER, float("nan")),
        (NUMBER, float("inf")),
        (BOOLEAN, 1),
        (DATE, "2026-03-02"),
        (TIME, timedelta(days=1)),
        (DURATION, 5),
        (TEXT, 5),
        (choice(("defect",)), "misuse"),
        (rows({"a": TEXT}), "text"),
    ],
)
def test_what_is_no_value_of_the_type_does_not_come_out(of: ValueType, inside: Any):
    with pytest.raises(ValueError, match="no "):
        from_cel(of, inside, SHANGHAI)


@pytest.mark.parametrize("text", ["12.505 CNY", "12.50 USD", "twelve", "", "1e3", "12.50CN", "1.5 JPY"])
def test_what_is_no_amount_has_no_minor_units(text: str):
    with pytest.raises(ValueError, match=r"no amount|more digits"):
        minor_units(text, "JPY" if text.endswith("JPY") else "CNY")


@given(st.integers(-(10**14), 10**14), st.sampled_from(["CNY", "JPY", "KWD", "USD"]))
def test_an_amount_reads_back_as_it_was_written(amount: int, currency: str):
    assert minor_units(money_text(amount, currency), currency) == amount


@given(st.integers(0, 10**9).map(lambda seconds: timedelta(seconds=seconds)))
def test_a_length_reads_back_as_it_was_written(one: timedelta):
    assert length(length_text(one)) == one


@pytest.mark.parametrize(("text", "hours"), [("PT5H", 5), ("P1DT1H", 25), ("1w", 168), ("1d12h", 36), ("-3h", -3)])
def test_lengths_are_read_in_both_spellings(text: str, hours: int):
    assert length(text) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "P", "PT", "5", "1 workday", "1mo", "P1M", "h", "5m3h"])
def test_what_has_no_fixed_length_is_none(text: str):
    with pytest.raises(ValueError, match="no length"):
        length(text)


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC)))
def test_an_instant_survives_being_carried_as_text(at: datetime):
    assert out_of_row(DATETIME, in_row(at)) == at


@given(st.timedeltas(timedelta(days=-300 * 366), timedelta(days=300 * 366)))
def test_a_duration_survives_being_carried_as_text(one: timedelta):
    assert out_of_row(DURATION, in_row(one)) == one


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_a_number_comes_back_without_an_exponent(number: Any):
    stored = from_cel(NUMBER, float(number), UTC)
    assert "e" not in stored.lower()
    assert float(stored) == float(number)
