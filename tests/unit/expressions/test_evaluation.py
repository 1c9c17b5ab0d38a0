"""Evaluating: the answer is a value or a failure, whatever the values, the functions and the threads do."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lifecycle.expressions import (
    BOOLEAN,
    Compiled,
    Environment,
    Failure,
    Quiet,
    ValueType,
    compile,
)
from lifecycle.expressions.costs import BORDERS, border
from lifecycle.expressions.functions import add_months, days_between, end_of, share, start_of
from lifecycle.expressions.patterns import LARGEST, states
from lifecycle.expressions.syntax import parse
from lifecycle.expressions.values import DATETIME, INTEGER, LIST, MONEY, NUMBER, TEXT
from tests.unit.expressions.conformance import CONTEXT, ENVIRONMENT, VALUES

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")


def compiled(text: str, environment: Environment = ENVIRONMENT, expect: ValueType | None = None) -> Compiled:
    found = compile(text, environment, expect)
    assert isinstance(found, Compiled), found
    return found


def test_a_failure_can_never_be_taken_for_true_or_false():
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(Failure("no answer"))


@pytest.mark.parametrize("text", ["data.paid > 5", "1 / 0 == 1", "data.consent", "data.fault", "data.visits", "null"])
def test_only_a_boolean_true_holds(text: str):
    assert isinstance(compiled(text).holds(VALUES, CONTEXT), Failure)


def test_a_value_of_another_type_than_expected_is_a_failure():
    one = compiled("label('grade')", expect=INTEGER)
    assert isinstance(one.evaluate(VALUES, CONTEXT), Failure)
    assert compiled("label('grade')", expect=TEXT).evaluate(VALUES, CONTEXT) == "gold"
    assert isinstance(compiled("label('overdue')", expect=NUMBER).evaluate(VALUES, CONTEXT), Failure)


@pytest.mark.parametrize(
    ("text", "expect", "actual"),
    [
        ("data.fault", BOOLEAN, "text"),
        ("data.visits", TEXT, "integer"),
        ("now", MONEY, "datetime"),
        ("1.5", MONEY, "number"),
    ],
)
def test_an_expression_of_another_type_than_expected_is_refused(text: str, expect: ValueType, actual: str):
    found = compile(text, ENVIRONMENT, expect)
    assert isinstance(found, list)
    assert (found[0].code, found[0].values["actual"]) == ("expression-result-type", actual)


def test_a_whole_number_is_a_number():
    assert compiled("5", expect=NUMBER).evaluate({}, CONTEXT) == 5


def test_a_function_that_raises_is_a_failure_unless_the_answer_does_not_depend_on_it():
    @dataclass(frozen=True)
    class Raising(Quiet):
        def done(self, step: str) -> bool:
            raise LookupError(step)

    context = Raising()
    assert isinstance(compiled("done('x')").holds({}, context), Failure)
    assert compiled("done('x') || true").holds({}, context) is True
    assert compiled("done('x') && false").holds({}, context) is False


def test_an_evaluation_inside_a_function_does_not_disturb_the_one_outside():
    inner = compiled("done('inner')")

    @dataclass(frozen=True)
    class Asking(Quiet):
        def done(self, step: str) -> bool:
            if step == "outer":
                return inner.holds({}, Quiet(taken={"inner": (datetime(2026, 1, 1, tzinfo=UTC), "li")})) is True
            return False

    assert compiled("done('outer') && !done('inner')").holds({}, Asking()) is True


def test_threads_have_contexts_of_their_own():
    one = compiled("done('x') && repairs.exists(r, r.state == 'done')")
    yes = Quiet(taken={"x": (datetime(2026, 1, 1, tzinfo=UTC), "li")})

    def work(number: int) -> bool:
        return all(one.holds(VALUES, yes if number % 2 else Quiet()) is bool(number % 2) for _ in range(500))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(8)))


def test_more_calls_than_allowed_are_a_failure():
    one = compiled(
        "data.numbers.all(n, days(n) >= duration('0s'))",
        Environment({"data.numbers": ValueType("list", of=INTEGER)}, ("data.numbers",)),
    )
    assert one.holds({"data.numbers": list(range(900))}, CONTEXT) is True
    assert isinstance(one.holds({"data.numbers": list(range(1_001))}, CONTEXT), Failure)


def test_lists_larger_than_the_expression_can_bear_are_a_failure():
    environment = Environment({"xs": LIST}, ("xs",))
    one = compiled("xs.map(x, x).size() > 0", environment)
    assert one.holds({"xs": [1] * 100}, CONTEXT) is True
    assert isinstance(one.holds({"xs": [1] * 3_000}, CONTEXT), Failure)


def test_the_border_shrinks_as_loops_nest_and_ends_in_a_refusal():
    names = {"xs": LIST}
    rows = []
    for text in ("xs.all(x, x > 1)", "xs.map(x, x)", "xs.all(x, xs.map(y, y).size() > 0)"):
        found = border(parse(text), names)
        assert found is not None
        rows.append(found.rows)
    assert rows == sorted(rows, reverse=True)
    assert rows[0] > BORDERS[0].rows
    assert border(parse("xs.map(a, xs.map(b, xs.map(c, xs))) == xs"), names) is None


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("^1[3-9][0-9]{9}$", True),
        ("^[A-Z]{2}[0-9]{6}$", True),
        ("^(漏水|渗水)$", True),
        ("((a{1,10}){1,10}){1,10}", False),
        ("(x{1,30}){1,30}", False),
        ("[^x]{1,900}", False),
        ("\\pL{1,30}", False),
        ("a{", True),
        ("[", True),
        ("(((", True),
    ],
)
def test_patterns_are_measured_before_they_are_compiled(pattern: str, fits: bool):
    assert (states(pattern) <= LARGEST) is fits


def test_environments_made_alike_share_what_is_behind_them():
    names = {"a.b": TEXT, "c": DATETIME}
    assert Environment(names, ("c",)).checking is Environment(names, ("c",)).checking
    assert Environment(names).running is Environment(names, ("c",)).running
    assert Environment(names).knowing(("c",)).checking is Environment(names, ("c",)).checking


@pytest.mark.parametrize(
    ("amount", "part", "whole", "expected"), [(10, 1, 4, 3), (-10, 1, 4, -3), (10, -1, 4, -3), (9, 1, 4, 2)]
)
def test_a_half_is_rounded_away_from_zero(amount: int, part: int, whole: int, expected: int):
    assert share(amount, part, whole) == expected


def test_a_month_later_keeps_the_local_time_over_a_change_of_clocks():
    at = datetime(2026, 2, 20, 9, tzinfo=NEW_YORK)
    assert add_months(at, 1, NEW_YORK) == datetime(2026, 3, 20, 9, tzinfo=NEW_YORK)


def test_a_day_ends_at_the_next_local_midnight_also_when_clocks_change():
    at = datetime(2026, 3, 8, 12, tzinfo=NEW_YORK)
    assert end_of("day", at, NEW_YORK) == datetime(2026, 3, 9, tzinfo=NEW_YORK)
    assert end_of("day", at, NEW_YORK) - start_of("day", at, NEW_YORK) == timedelta(hours=23)


def test_whole_days_are_counted_towards_zero():
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert days_between(now, now + timedelta(hours=47)) == 1
    assert days_between(now, now - timedelta(hours=47)) == -1


@pytest.mark.parametrize(
    "text",
    ["null", "{'a': null}", "[[null], [null]]", "time_of('absent')", "actor_of('absent') == null"],
)
def test_a_null_may_be_answered_any_number_of_times(text: str):
    one = compiled(text)
    one.evaluate(VALUES, CONTEXT)
    before = sys.getrefcount(None)
    for _ in range(500):
        one.evaluate(VALUES, CONTEXT)
    # The package's own conversion of null takes one count of `None` too many each time, until the process dies.
    assert sys.getrefcount(None) > before - 100
