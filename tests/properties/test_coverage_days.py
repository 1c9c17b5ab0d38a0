"""Coverage agrees with a walk from day to day that was written apart: a day out of service is not used up."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import share_of
from tests.unit.core.controls import Told, opened, small, taken

DAY = 24 * 60
CARS = small(
    """
    fields:
      sold_on: {is: date, scope: case}
      length: {is: integer, scope: case}
    cases:
      matter:
        machines: [file, repair]
        opens: {opened: {by: clerk, form: [sold_on!, length!], start: file}}
    machines:
      file: {start: kept, states: {kept: {steps: {taken_in: {by: clerk, start: repair}, lost: {by: clerk, to: gone}}},
                                   gone: {final: gone}}}
      repair: {many: true, start: in_hand, states: {in_hand: {steps: {done: {by: clerk, to: back}}},
                                                    back: {final: back}}}
    coverage:
      warranty: {of: matter, from: =case.sold_on, days: =case.length, extended_by: repair.in_hand, restart: file.lost}
    """
)
FIRST = date(2026, 3, 2)

repairs = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 25)), max_size=4)
"""(days from the first day on, how many days it took)."""


def walked(length: int, sold: int, stays: list[tuple[int, int]]) -> int:
    """Return the last covered day, counted from the first, by walking through the days one by one."""
    left, day = length, sold
    while True:
        out = day > sold and any(since < day <= since + took for since, took in stays)
        if not out:
            if not left:
                return day - 1
            left -= 1
        day += 1


def played(length: int, sold: int, stays: list[tuple[int, int]]) -> Told:
    """Return the case after its repairs, each begun and ended at noon, and the clock after all of it."""
    form = {"sold_on": (FIRST + timedelta(days=sold)).isoformat(), "length": length}
    told = Told(CARS).when(opened(**form)).told
    acts = [(since, 1, 0, f"repair/{n}") for n, (since, _) in enumerate(sorted(stays), start=1)]
    acts += [(since + took, 1 if took == 0 else 0, 1, f"repair/{n}")
             for n, (since, took) in enumerate(sorted(stays), start=1)]  # fmt: skip
    for day, _, done, address in sorted(acts, key=lambda act: (act[0], act[1], act[2])):
        told = told.pass_by(max(0, day * DAY + 180 - told.minute)).tick().told
        came = told.when(taken(f"{address}.done") if done else taken("file/1.taken_in"))
        assert came.reasons == ()
        told = came.told
    return told.pass_by(400 * DAY).tick().told


@settings(max_examples=share_of(2_000))
@given(length=st.integers(1, 50), sold=st.integers(-5, 20), stays=repairs)
def test_the_last_day_is_that_of_the_walk(length: int, sold: int, stays: list[tuple[int, int]]) -> None:
    told = played(length, sold, stays)
    period = told.case.coverage["warranty"]
    last = FIRST + timedelta(days=walked(length, sold, sorted(stays)))
    assert date.fromisoformat(period["until"]) == last
    assert period["state"] == "over"
    ended = [recorded.event for recorded in told.history if recorded.event.type == "warranty.ended"]
    assert len(ended) == 1
    opened_on = told.history[0].event.occurred_at  # what is past when it begins is over at once
    assert ended[0].occurred_at == max(opened_on, datetime.combine(last, time(16), UTC))  # midnight in Shanghai


@settings(max_examples=share_of(500))
@given(length=st.integers(1, 50), stays=repairs, lost=st.integers(0, 80))
def test_what_begins_anew_forgets_what_was_before(length: int, stays: list[tuple[int, int]], lost: int) -> None:
    told = Told(CARS).when(opened(sold_on=FIRST.isoformat(), length=length)).told
    told = told.pass_by(lost * DAY).tick().told.when(taken("file/1.lost")).told
    period = told.case.coverage["warranty"]
    assert (period["from"], period["lost"]) == ((FIRST + timedelta(days=lost)).isoformat(), 0)
    assert period["until"] == (FIRST + timedelta(days=lost + length - 1)).isoformat()
    assert period["n"] == 2
