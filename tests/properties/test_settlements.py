"""Whatever comes when: frozen rows never change, and all rows and corrections together are all entries ever."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.core.settlement import after, before, span_at, span_read
from tests.effort import share_of
from tests.unit.engine.workshop import TEXT, Workshop

STARTED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

acts = st.lists(
    st.one_of(
        st.tuples(st.just("job"), st.sampled_from(("li", "wang")), st.integers(1, 90), st.integers(0, 70)),
        st.tuples(st.just("call"), st.integers(0, 9), st.sampled_from(("good", "poor")), st.integers(0, 70)),
        st.tuples(st.just("mend"), st.integers(0, 9), st.sampled_from(("good", "poor")), st.booleans()),
        st.tuples(st.just("pass"), st.integers(1, 40)),
        st.tuples(st.just("settle")),
    ),
    max_size=25,
)


class History:
    """What a test has done, told again by hand: jobs with their minutes, calls with what they say now."""

    def __init__(self, shop: Workshop) -> None:
        self.shop = shop
        self.jobs: list[tuple[str, str, int]] = []
        self.calls: dict[int, str] = {}
        self.seen: list[object] = []

    def at(self, back: int) -> datetime:
        """Return an instant some days back, not before the first."""
        return max(STARTED, self.shop.clock.now - timedelta(days=back))

    def do(self, act: tuple) -> None:
        match act:
            case ("job", worker, minutes, back):
                self.jobs.append((self.shop.job(worker, minutes, at=self.at(back)), worker, minutes))
            case ("call", number, result, back) if number < len(self.jobs) and number not in self.calls:
                case = self.jobs[number][0]
                latest = datetime.fromisoformat(self.shop.engine.case(case)[0].at)
                self.shop.late(case, "called", max(latest, self.at(back)), result=result)
                self.calls[number] = result
            case ("mend", number, result, withdraw) if self.calls.get(number):
                command = self.shop.correction(self.jobs[number][0], 3, result=result)
                if withdraw:
                    command = self.shop.correction(self.jobs[number][0], 3, withdraw=True)
                if not self.shop.refusing(command):
                    self.calls[number] = "" if withdraw else result
            case ("pass", days):
                self.shop.clock.go(days=days)
            case ("settle",):
                self.settle()

    def settle(self) -> None:
        """Freeze both settlements as far as they can be, and compare all that was frozen before."""
        self.shop.tried(self.shop.month_end(), "paid")
        frozen = [self.shop.frozen("hours"), self.shop.frozen("fees")]
        assert [one[: len(two)] for one, two in zip(frozen, self.seen or [[], []], strict=True)] == (
            self.seen or [[], []]
        )
        self.seen = frozen

    def end(self) -> None:
        """Settle until nothing is open, and compare everything with what was done."""
        self.shop.clock.go(days=200)
        for _ in range(12):
            self.settle()
        hours, fees = self.seen
        assert added(hours, "minutes") == count((worker, minutes) for _, worker, minutes in self.jobs)
        assert added(hours, "jobs") == count((worker, 1) for _, worker, _ in self.jobs)
        good = ((worker, 1) for number, (_, worker, _) in enumerate(self.jobs) if self.calls.get(number) == "good")
        assert added(hours, "good") == count(good)
        paid = (("north", 20 if result == "good" else 10) for result in self.calls.values() if result)
        assert added(fees, "fees") == count(paid)


def added(frozen: list, column: str) -> Counter:
    return count((row["key"], row[column]) for one in frozen for row in (*one["rows"], *one["corrections"]))


def count(pairs) -> Counter:
    found: Counter = Counter()
    for key, number in pairs:
        found[key] += number
    return Counter({key: number for key, number in found.items() if number})


@settings(max_examples=share_of(400), deadline=None)
@given(acts)
def test_frozen_rows_never_change_and_nothing_is_lost_or_counted_twice(told: list):
    with TemporaryDirectory() as folder:
        shop = Workshop(Path(folder), texts={"workshop": TEXT})
        history = History(shop)
        for act in told:
            history.do(act)
        history.end()
        shop.close()


@given(st.sampled_from(("week", "month", "quarter", "year")), st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)))
def test_every_instant_lies_in_one_period_which_is_found_by_its_name(every: str, at: datetime):
    zone = "Europe/Berlin"
    span = span_at(every, at.replace(tzinfo=UTC), zone)
    assert span.start <= at.replace(tzinfo=UTC) < span.end
    assert span_read(every, span.name, zone) == span
    assert span_read(every, span.first.isoformat(), zone) == span
    assert after(every, before(every, span, zone), zone) == span
    assert before(every, span, zone).end == span.start
