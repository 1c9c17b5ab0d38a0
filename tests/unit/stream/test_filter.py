"""Which events a reader asked for, by patterns of their types."""

from __future__ import annotations

import pytest

from lifecycle.core.events import Recorded
from lifecycle.terminal.stream import wanted
from tests.contracts.controls import MONDAY, confirmed, stream

CONFIRMED = Recorded(position=1, revision=1, recorded_at=MONDAY, digest=b"", event=confirmed(stream(1)))


@pytest.mark.parametrize(
    "pattern", ["repair.confirmed", "repair.*", "*.confirmed", "doors-windows.*", "*", "doors-*.c*"]
)
def test_a_pattern_meets_the_type_with_or_without_its_workflow(pattern: str) -> None:
    assert wanted(CONFIRMED, (pattern,))


@pytest.mark.parametrize("pattern", ["repair", "Repair.*", "confirmed", "furniture.*", "repair.confirmed.*", ""])
def test_another_pattern_does_not(pattern: str) -> None:
    assert not wanted(CONFIRMED, (pattern,))


def test_no_pattern_meets_everything_and_one_of_several_is_enough() -> None:
    assert wanted(CONFIRMED, ())
    assert wanted(CONFIRMED, ("furniture.*", "repair.*"))
