"""Business time agrees with a minute-by-minute oracle written apart: random calendars, zones, starts and lengths."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import event, given, settings
from hypothesis import strategies as st

from lifecycle.clocks.business import NeverOpens, due_at, is_open, next_open, open_time, start_for
from lifecycle.clocks.calendar import Calendar, Hours
from lifecycle.clocks.days import day_end, spans
from lifecycle.clocks.national import DaysOff, Plan
from tests.effort import share_of
from tests.properties import minutes
from tests.properties.minutes import Told

ZONES = [
    "Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo", "America/Havana",
    "Asia/Kathmandu", "UTC",
]  # fmt: skip
"""Cairo's and Havana's clocks are moved at midnight, Lord Howe's by half an hour."""
TURNS = [
    datetime(2026, 3, 8, 6), datetime(2026, 11, 1, 5), datetime(2026, 3, 28, 22), datetime(2026, 10, 25, 0),
    datetime(2026, 4, 4, 14), datetime(2026, 10, 3, 14), datetime(2026, 4, 23, 21), datetime(2026, 10, 29, 20),
    datetime(2024, 2, 28, 20), datetime(2028, 2, 29, 8), datetime(2025, 12, 31, 15), datetime(2026, 1, 31, 12),
]  # fmt: skip
"""Near which something is special: clocks moved on or back, 29 February, the end of a year or a month."""
FEW_DAYS = timedelta(days=4)
EXAMPLES = settings(max_examples=share_of(4_000, at_least=25))
"""Of each of three questions; deadlines with pauses ask as many again (`test_deadline_time`)."""

Day = list[tuple[int, int]]


@st.composite
def days(draw: st.DrawFn) -> Day:
    """Hours of one day, maybe none, with breaks, maybe over midnight, in steps that often meet."""
    if draw(st.integers(0, 3)) == 0:
        return []
    step = draw(st.sampled_from([1, 15, 60]))
    marks = sorted(draw(st.sets(st.integers(0, 1_439 // step), min_size=2, max_size=4)))
    pairs = [(a * step, b * step) for a, b in zip(marks[::2], marks[1::2], strict=False)]
    if len(marks) == 3:  # the last one closes on the next day, or at midnight
        pairs.append((marks[2] * step, 1_440 + draw(st.integers(0, marks[0] * step))))
    return pairs


@st.composite
def weeks(draw: st.DrawFn) -> dict[int, Day]:
    """Three kinds of days, in any order."""
    kinds = draw(st.lists(days(), min_size=3, max_size=3))
    order = draw(st.integers(0, 3**7 - 1))
    return {weekday: kinds[order // 3**weekday % 3] for weekday in range(7)}


@st.composite
def told_near(draw: st.DrawFn, at: datetime) -> Told:
    near = [at.date() + timedelta(days=more) for more in range(-2, 6)]
    week = draw(weeks())
    told = Told(zone=draw(st.sampled_from(ZONES)), week=week, national=draw(st.booleans()))
    for day in draw(st.sets(st.sampled_from(near), max_size=3)):
        told.dates[day] = draw(days())
    marked = draw(st.lists(st.sampled_from(near), unique=True, max_size=5))
    told.off = set(marked[::2])
    told.work = {day for day in marked[1::2] if day.weekday() >= 5}
    if draw(st.booleans()):
        told.later = draw(st.sampled_from(near)), draw(weeks())
    return told


def calendar(told: Told) -> Calendar:
    """The same, as the room has it."""

    def seconds(day: Day) -> tuple[tuple[int, int], ...]:
        return tuple((first * 60, last * 60) for first, last in day)

    def week(days: dict[int, Day]) -> tuple[tuple[tuple[int, int], ...], ...]:
        return tuple(seconds(days.get(weekday, [])) for weekday in range(7))

    off = tuple(DaysOff(titles={"zh": str(day), "en": str(day)}, first=day, last=day) for day in sorted(told.off))
    years = {day.year for day in told.off | told.work} | {*range(2024, 2030)}
    plans = [
        Plan(
            year=year,
            edition=1,
            papers=(),
            off=tuple(row for row in off if row.first.year == year),
            work=tuple(sorted(day for day in told.work if day.year == year)),
        )
        for year in sorted(years)
    ]
    versions = [Hours(week=week(told.week))]
    if told.later:
        versions.append(Hours(since=told.later[0], week=week(told.later[1])))
    return Calendar(
        name="c",
        zone=told.zone,
        hours=tuple(versions),
        days="cn" if told.national else "",
        dates={day: seconds(hours) for day, hours in told.dates.items()},
        plans=tuple(plans) if told.national else (),
    )


instants = st.builds(
    lambda at, seconds: at.replace(microsecond=0, tzinfo=UTC) + timedelta(seconds=seconds),
    st.sampled_from(TURNS) | st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 1)),
    st.integers(-86_400, 86_400),
)
lengths = st.integers(1, 3_000).map(lambda n: timedelta(minutes=n)) | st.integers(1, 90_000).map(
    lambda n: timedelta(seconds=n)
)


@EXAMPLES
@given(st.data(), instants, lengths)
def test_business_time_agrees_with_a_walk_from_minute_to_minute(data, start, length):
    told = data.draw(told_near(start))
    room = calendar(told)
    end = start + FEW_DAYS

    expected = minutes.due(told, start, length, end)
    event("due within the walk" if expected else "not due within the walk")
    try:
        found = due_at(room, start, length)
    except NeverOpens:
        assert expected is None
    else:
        assert found == expected if expected else found > end
        assert open_time(room, start, found) == length
        assert not open_time(room, start, found - timedelta(seconds=1)) >= length

    assert is_open(room, start) == told.open_at(start)
    opening = minutes.opens(told, start, end)
    try:
        assert next_open(room, start) == opening if opening else next_open(room, start) >= end
    except NeverOpens:
        assert opening is None


@EXAMPLES
@given(st.data(), instants, lengths)
def test_business_time_backwards_agrees_with_a_walk_back_from_minute_to_minute(data, end, length):
    told = data.draw(told_near(end - timedelta(days=2)))
    room = calendar(told)
    expected = minutes.started(told, end, length, end - FEW_DAYS)
    try:
        found = start_for(room, end, length)
    except NeverOpens:
        assert expected is None
    else:
        assert found == expected if expected else found < end - FEW_DAYS
        assert open_time(room, found, end) == length


@EXAMPLES
@given(st.data(), instants, st.timedeltas(timedelta(0), FEW_DAYS), st.integers(0, 2))
def test_spans_are_the_stretch_to_the_second_and_of_the_kinds_that_a_walk_finds(data, start, length, more):
    told = data.draw(told_near(start))
    room = calendar(told)
    end = start + timedelta(seconds=int(length.total_seconds()))
    expected = minutes.kinds(told, start, end)
    found = list(spans(room, start, end))

    summed: Counter[str] = Counter()
    reached = start
    for span in found:
        assert span.start == reached
        assert span.end > span.start
        summed[span.kind] += int((span.end - span.start).total_seconds())
        reached = span.end
    assert reached == end
    assert summed == expected
    assert open_time(room, start, end) == timedelta(seconds=expected["open"])
    assert [a.kind == b.kind != "holiday" for a, b in pairwise(found)].count(True) == 0
    assert day_end(room, start, more) == minutes.ends(told, start, more)


def test_the_oracle_itself_knows_an_office():
    told = Told(zone="Asia/Shanghai", week={0: [(510, 720), (810, 1_050)]}, dates={date(2026, 3, 9): []})
    monday = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
    assert told.open_at(monday)
    assert not told.open_at(monday - timedelta(minutes=1))
    assert minutes.due(told, monday, timedelta(hours=3, minutes=30), monday + FEW_DAYS) == monday + timedelta(hours=3.5)
    assert minutes.kinds(told, monday, monday + timedelta(days=1))["open"] == 7.5 * 3_600
    assert minutes.opens(told, datetime(2026, 3, 9, tzinfo=UTC), datetime(2026, 3, 16, tzinfo=UTC)) is None
