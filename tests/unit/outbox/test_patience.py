"""When the next try is: twice as long each time, never longer than the cap, never after the last."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as some

from lifecycle.outbox.patience import Patience
from tests.contracts.controls import MONDAY

SECOND = timedelta(seconds=1)


def test_the_pauses_double_up_to_the_longest():
    patience = Patience(first=30 * SECOND, longest=200 * SECOND)
    assert [patience.pause(tries).total_seconds() for tries in range(1, 7)] == [30, 60, 120, 200, 200, 200]


def test_there_is_no_try_after_the_last():
    patience = Patience(most=3)
    assert patience.again(2, MONDAY) == MONDAY + 60 * SECOND
    assert patience.again(3, MONDAY) is None


def test_only_what_was_never_tried_grows_too_old():
    patience = Patience(oldest=timedelta(days=1))
    assert not patience.too_old(MONDAY, 1, MONDAY + timedelta(days=1))
    assert patience.too_old(MONDAY, 1, MONDAY + timedelta(days=1) + SECOND)
    assert not patience.too_old(MONDAY, 2, MONDAY + timedelta(days=9))


@given(some.timedeltas(SECOND, timedelta(days=2)), some.timedeltas(SECOND, timedelta(days=2)), some.integers(1, 100))
def test_pauses_never_shrink_and_never_pass_the_longest(first: timedelta, longest: timedelta, tries: int):
    patience = Patience(first=first, longest=longest)
    assert SECOND <= patience.pause(tries) <= patience.pause(tries + 1) <= longest
