"""The cells of decision tables say what they match, and nothing matches what is unset."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.core.events import Json
from lifecycle.core.values import FieldType, Misfit
from lifecycle.core.workflow import Cell
from lifecycle.language.cells import Written, cell_of

ZONE = ZoneInfo("Asia/Shanghai")
INTEGER = FieldType(name="integer")
MONEY = FieldType(name="money", currency="CNY")
LENGTH = FieldType(name="duration")
CAUSE = FieldType(name="choice", choices={"defect": {"en": "Defect"}, "misuse": {"en": "Misuse"}})


def cell(type: FieldType, written: Written) -> Cell:
    found = cell_of(type, written, ZONE)
    assert found is not None
    assert not isinstance(found, Misfit)
    return found


@pytest.mark.parametrize(
    ("type", "written", "value", "matches"),
    [
        (INTEGER, 5, 5, True),
        (INTEGER, "5", 5, True),
        (INTEGER, ">= 5", 5, True),
        (INTEGER, "> 5", 5, False),
        (INTEGER, "!= 5", 5, False),
        (INTEGER, "1..5", 5, True),
        (INTEGER, "[1..5)", 5, False),
        (INTEGER, "(1..5]", 1, False),
        (INTEGER, "-5..-1", -3, True),
        (INTEGER, (1, 2, 3), 2, True),
        (MONEY, "[0..100)", "99.99 CNY", True),
        (MONEY, "< 9", "10.00 CNY", False),
        (LENGTH, "<= 24h", "1d", True),
        (LENGTH, "> 90m", "2h", True),
        (CAUSE, "defect", "defect", True),
        (CAUSE, ("defect", "misuse"), "misuse", True),
        (CAUSE, "!= defect", "misuse", True),
        (FieldType(name="boolean"), True, False, False),
        (FieldType(name="date"), "2026-01-01..2026-06-30", "2026-06-30", True),
    ],
)
def test_a_cell_matches_what_it_says(type: FieldType, written: Written, value: Json, matches: bool) -> None:
    assert cell(type, written).matches(value) is matches
    assert cell(type, written).matches(None) is False


@pytest.mark.parametrize(
    ("type", "written"), [(INTEGER, "many"), (INTEGER, "1..many"), (CAUSE, "> defect"), (CAUSE, ("rust",)), (CAUSE, "")]
)
def test_a_cell_that_is_no_test_of_its_type_is_a_misfit(type: FieldType, written: Written) -> None:
    assert isinstance(cell_of(type, written, ZONE), Misfit)


def test_a_star_tests_nothing() -> None:
    assert cell_of(INTEGER, "*", ZONE) is None


@given(low=st.integers(-99, 99), high=st.integers(-99, 99), value=st.integers(-99, 99))
def test_half_open_ranges_meet_without_gap_or_overlap(low: int, high: int, value: int) -> None:
    below, above = cell(INTEGER, f"[{low}..{high})"), cell(INTEGER, f">= {high}")
    assert (below.matches(value), above.matches(value)) == (low <= value < high, value >= high)
