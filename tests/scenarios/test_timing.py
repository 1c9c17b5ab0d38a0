"""Lengths of time as scenarios write them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.scenarios.timing import length_of


@pytest.mark.parametrize(
    ("typed", "length"),
    [
        ("5 分钟", timedelta(minutes=5)),
        ("2小时30分钟", timedelta(hours=2, minutes=30)),
        ("3 天", timedelta(days=3)),
        ("1 day", timedelta(days=1)),
        ("2 weeks 1 hour", timedelta(weeks=2, hours=1)),
    ],
)
def test_a_length_is_read_in_both_languages(typed: str, length: timedelta) -> None:
    assert length_of(typed) == length


@pytest.mark.parametrize("typed", ["", "soon", "5", "5 minutes or so"])
def test_what_is_no_length_is_told(typed: str) -> None:
    with pytest.raises(AssertionError, match="no length of time"):
        length_of(typed)
