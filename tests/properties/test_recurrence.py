"""Recurrences agree with an oracle that asks of every single day whether the rule names it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import event, given, settings
from hypothesis import strategies as st

from lifecycle.clocks.calendar import Calendar, Hours
from lifecycle.clocks.recurrence import Recurrence, next_after
from tests.effort import share_of

EXAMPLES = settings(max_examples=share_of(10_000, at_least=60))
ZONES = ["Asia/Shanghai", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "UTC"]
DAYS_SEEN = 500
STEP = timedelta(minutes=15)
DAY = timedelta(days=1)


def test_the_month_ends_29_february_and_the_ends_of_quarters():
    def days_of(rule: Recurrence, since: str, many: int) -> list[str]:
        begun = datetime.fromisoformat(f"{since}T00:00:00+00:00")
        found, after = [], begun
        for _ in range(many):
            one = next_after(rule, after, begun=begun)
            assert one is not None
            found.append(one.key)
            after = one.at
        return found

    tens = Recurrence(unit="months", days=(10, 20, 30))
    assert days_of(tens, "2026-01-25", 4) == ["2026-01-30", "2026-02-10", "2026-02-20", "2026-02-28"]
    skipping = Recurrence(unit="months", days=(30,), missing="skip")
    assert days_of(skipping, "2026-01-25", 2) == ["2026-01-30", "2026-03-30"]
    later = Recurrence(unit="months", days=(30,), missing="next")
    assert days_of(later, "2026-01-31", 2) == ["2026-03-01", "2026-03-30"]
    leap = Recurrence(unit="months", count=12, months=(2,), days=(29,), missing="skip")
    assert days_of(leap, "2026-01-01", 2) == ["2028-02-29", "2032-02-29"]
    quarters = Recurrence(unit="months", count=3, months=(3,), days=(-1,))
    assert days_of(quarters, "2026-01-01", 3) == ["2026-03-31", "2026-06-30", "2026-09-30"]
    monthly = Recurrence(unit="months", anchor="start", since=date(2027, 12, 31))
    assert days_of(monthly, "2027-12-01", 4) == ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"]


def test_lengths_are_counted_from_the_start_and_what_follows_the_last_time_from_there():
    begun = datetime(2026, 3, 1, 10, tzinfo=UTC)
    shifts = Recurrence(unit="length", length=timedelta(hours=36), anchor="start")
    late = next_after(shifts, datetime(2026, 3, 9, tzinfo=UTC), begun=begun)
    assert late is not None
    assert (late.key, late.at) == ("2026-03-10T10:00:00.000000Z", datetime(2026, 3, 10, 10, tzinfo=UTC))
    rest = Recurrence(unit="length", length=timedelta(days=7), anchor="last")
    once = next_after(rest, begun, begun=begun)
    assert once is not None
    assert once.at == datetime(2026, 3, 8, 10, tzinfo=UTC)
    moved = datetime(2026, 3, 11, 8, tzinfo=UTC)
    again = next_after(rest, moved, begun=begun, last=moved)
    assert again is not None
    assert again.at == datetime(2026, 3, 18, 8, tzinfo=UTC)
    half_years = Recurrence(unit="months", count=6, anchor="last")
    after = next_after(half_years, moved, begun=begun, last=datetime(2026, 8, 31, 8, tzinfo=UTC))
    assert after is not None
    assert after.at == datetime(2027, 2, 28, 8, tzinfo=UTC)


def test_a_time_that_the_zone_skips_or_shows_twice_occurs_once_on_its_day():
    for hour, wanted in ((2, "2026-03-08T07:00:00+00:00"), (3, "2026-03-08T07:00:00+00:00")):
        rule = Recurrence(unit="days", second=hour * 3600, zone="America/New_York")
        one = next_after(rule, datetime(2026, 3, 8, 5, tzinfo=UTC), begun=datetime(2026, 1, 1, tzinfo=UTC))
        assert one is not None
        assert one.at.isoformat() == wanted
    rule = Recurrence(unit="days", second=3600, zone="America/New_York")
    one = next_after(rule, datetime(2026, 11, 1, 4, tzinfo=UTC), begun=datetime(2026, 1, 1, tzinfo=UTC))
    assert one is not None
    assert one.at.isoformat() == "2026-11-01T05:00:00+00:00"
    again = next_after(rule, one.at, begun=one.at)
    assert again is not None
    assert again.key == "2026-11-02"


@st.composite
def rules(draw: st.DrawFn) -> Recurrence:
    unit = draw(st.sampled_from(["days", "weeks", "months"]))
    anchor = draw(st.sampled_from(["calendar", "calendar", "start"]))
    months = unit == "months" and anchor == "calendar"
    count = draw(st.sampled_from([1, 2, 3, 5, 6, 12] if unit == "months" else [1, 2, 3]))
    every = st.tuples(st.just(0), st.integers(0, 6))
    nth = st.tuples(st.sampled_from([0, 1, 2, 5, -1, -5]), st.integers(0, 6))
    by_week = anchor == "calendar" and (unit == "weeks" or (months and draw(st.booleans())))
    return Recurrence(
        unit=unit,
        count=count,
        anchor=anchor,
        months=tuple(sorted(draw(st.sets(st.integers(1, count), max_size=2)))) if months else (),
        days=tuple(draw(st.sets(st.sampled_from([1, 10, 28, 29, 30, 31, -1, -30]), max_size=3))) if months else (),
        weekdays=tuple(draw(st.sets(nth if months else every, max_size=2))) if by_week else (),
        second=draw(st.integers(0, 95)) * 900,
        missing=draw(st.sampled_from(["last", "skip", "next"])),
        closed=draw(st.sampled_from(["next", "previous", "skip"])),
        since=draw(st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31))),
        until=draw(st.none() | st.dates(date(2027, 1, 1), date(2027, 12, 31))),
        zone=draw(st.sampled_from(ZONES)),
    )


@st.composite
def calendars(draw: st.DrawFn) -> Calendar | None:
    if draw(st.booleans()):
        return None
    week = draw(st.lists(st.booleans(), min_size=7, max_size=7))
    if not any(week):
        week[0] = True
    shut = draw(st.dates(date(2026, 1, 1), date(2027, 12, 1)))
    closed = {shut + DAY * n: () for n in range(draw(st.integers(0, 12)))}
    hours = tuple(((0, 86_400),) if opens else () for opens in week)
    return Calendar(name="office", zone="UTC", hours=(Hours(week=hours),), days="", dates=closed)


@EXAMPLES
@given(rules(), calendars(), st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)))
def test_occurrences_are_those_of_the_days_that_a_rule_names(
    rule: Recurrence, calendar: Calendar | None, begun_at: datetime
) -> None:
    begun = begun_at.replace(second=0, microsecond=0, tzinfo=UTC)
    horizon = begun + DAY * DAYS_SEEN
    wanted = [at for at in expected(rule, calendar, begun) if at < horizon]
    found, after = [], begun
    while (one := next_after(rule, after, begun=begun, calendar=calendar)) is not None and one.at < horizon:
        found.append(one.at)
        after = one.at
    event(f"{rule.unit} {rule.anchor} {'moved' if calendar else 'plain'}")
    assert found == wanted


def expected(rule: Recurrence, calendar: Calendar | None, begun: datetime) -> list[datetime]:
    """Return every instant at which a rule occurs in two years or so, once, in order."""
    zone = ZoneInfo(rule.zone)
    start = rule.since or begun.astimezone(zone).date()
    first = begun.astimezone(zone).date() - DAY * 400
    instants: set[datetime] = set()
    for n in range(DAYS_SEEN + 800):
        day = first + DAY * n
        if (rule.since and day < rule.since) or (rule.until and day > rule.until) or not named(rule, day, start):
            continue
        for kept in moved(rule, day, calendar):
            instants.add(shown_first(zone, datetime.combine(kept, time()) + timedelta(seconds=rule.second or 0)))
    return sorted(at for at in instants if at > begun)


def moved(rule: Recurrence, day: date, calendar: Calendar | None) -> Iterator[date]:
    if calendar is None or calendar.hours_of(day):
        yield day
    elif rule.closed != "skip":
        step = DAY if rule.closed == "next" else -DAY
        while not calendar.hours_of(day):
            day += step
        yield day


def shown_first(zone: ZoneInfo, wall: datetime) -> datetime:
    """Return the first instant at which a clock on the wall shows a time or, where that is skipped, a later one."""
    at = wall.replace(tzinfo=UTC) - timedelta(hours=15)
    while at.astimezone(zone).replace(tzinfo=None) < wall:
        at += STEP
    return at


def named(rule: Recurrence, day: date, start: date) -> bool:
    """Return whether the rule names a day, before it is moved."""
    if rule.unit == "days":
        ahead = (day - start).days
        return ahead % rule.count == 0 and (rule.anchor == "calendar" or ahead >= 0)
    if rule.unit == "weeks":
        if rule.anchor == "start":
            return day >= start and (day - start).days % (7 * rule.count) == 0
        weeks = ((day - DAY * day.weekday()) - (start - DAY * start.weekday())).days // 7
        return weeks % rule.count == 0 and day.weekday() in ({one for _, one in rule.weekdays} or {0})
    if of_month(rule, day, start):
        return True
    # or a day that the month before lacks has become this one
    before = day.replace(day=1) - DAY
    return rule.missing == "next" and day.day == 1 and any(lacks(rule, before, start))


def of_month(rule: Recurrence, day: date, start: date) -> bool:
    if not in_period(rule, day, start):
        return False
    length = monthrange(day.year, day.month)[1]
    if any(of_weekday(day, length, nth, weekday) for nth, weekday in rule.weekdays):
        return True
    for wanted in days_wanted(rule, start):
        if wanted > length or wanted < -length:
            clamped = length if wanted > 0 else 1
            if day.day == clamped and (rule.missing == "last" or (rule.missing == "next" and wanted < 0)):
                return True
        elif day.day == (wanted if wanted > 0 else length + 1 + wanted):
            return True
    return False


def lacks(rule: Recurrence, last: date, start: date) -> Iterator[bool]:
    """Yield of each day wanted whether the month of `last` is too short for it."""
    if in_period(rule, last, start):
        yield from (wanted > last.day for wanted in days_wanted(rule, start))


def days_wanted(rule: Recurrence, start: date) -> tuple[int, ...]:
    if rule.anchor == "start":
        return (start.day,)
    return rule.days or (() if rule.weekdays else (1,))


def of_weekday(day: date, length: int, nth: int, weekday: int) -> bool:
    counted = (day.day - 1) // 7 + 1 if nth > 0 else -((length - day.day) // 7 + 1)
    return day.weekday() == weekday and nth in (0, counted)


def in_period(rule: Recurrence, day: date, start: date) -> bool:
    ahead = (day.year - start.year) * 12 + day.month - start.month
    if rule.anchor == "start":
        return ahead >= 0 and ahead % rule.count == 0
    place = (day.month - 1) % rule.count if 12 % rule.count == 0 else ahead % rule.count
    return place + 1 in (rule.months or (1,))
