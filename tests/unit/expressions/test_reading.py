"""What an expression reads, and what it uses without having tested it for null."""

from __future__ import annotations

import pytest

from lifecycle.expressions import BOOLEAN, Compiled, compile, unguarded
from tests.unit.expressions.conformance import ENVIRONMENT


def compiled(text: str) -> Compiled:
    found = compile(text, ENVIRONMENT)
    assert isinstance(found, Compiled), found
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("data.paid > 5", [("data.paid", 1)]),
        ("data.paid != null && data.paid > 5", []),
        ("data.paid > 5 && data.paid != null", [("data.paid", 1)]),
        ("data.paid == null || data.paid > 5", []),
        ("data.paid != null || data.paid > 5", [("data.paid", 22)]),
        ("!(data.paid == null) && data.paid > 5", []),
        ("!(data.paid != null && data.rate != null) || data.paid > 5", []),
        ("data.paid == 5", []),
        ("data.paid == 5 && data.paid + 1 > 2", []),
        ("data.paid != 5 || data.paid + 1 > 2", []),
        ("data.paid != 5 && data.paid + 1 > 2", [("data.paid", 19)]),
        ("data.cause in ['defect'] && data.cause.size() > 2", []),
        ("data.paid != null ? data.paid > 5 : false", []),
        ("data.paid == null ? false : data.paid > 5", []),
        ("data.paid == null ? data.paid > 5 : false", [("data.paid", 21)]),
        ("data.consent", [("data.consent", 1)]),
        ("!data.consent", [("data.consent", 2)]),
        ("data.consent == true && !data.consent", []),
        ("data.consent != null && data.consent", []),
        ("data.paid == data.estimate", [("data.paid", 1), ("data.estimate", 14)]),
        ("data.paid == money('5')", []),
        ("data.paid == count('x')", []),
        ("data.paid != null && data.estimate != null && data.paid == data.estimate", []),
        ("data.visit_at > now", [("data.visit_at", 1)]),
        ("data.visit_at == now", [("data.visit_at", 1)]),
        ("state == 'x' && now > now", []),
        ("time_of('a') > now", [("time_of('a')", 1)]),
        ("done('a') && time_of('a') > now", []),
        ("ever('a') && time_of('a') > now && actor_of('a').size() > 0", []),
        ("done('b') && time_of('a') > now", [("time_of('a')", 14)]),
        ("time_of('a') != null && time_of('a') > now", []),
        ("actor_of('a') == 'li'", []),
        ("repairs.exists(r, data.paid > 5)", [("data.paid", 19)]),
        ("data.paid != null && repairs.exists(r, data.paid > 5)", []),
        ("(data.paid != null && data.paid > 5) || data.paid > 7", [("data.paid", 41)]),
        ("data.in_warranty || data.paid > 5", [("data.in_warranty", 1), ("data.paid", 21)]),
        ("share(data.paid, 1, 2) > 5", [("data.paid", 7)]),
    ],
)
def test_a_name_must_be_tested_from_left_to_right_before_it_is_used(text: str, expected: list[tuple[str, int]]):
    assert unguarded(text, ENVIRONMENT) == expected
    found = compile(text, ENVIRONMENT, BOOLEAN)
    assert isinstance(found, Compiled)
    assert list(found.unguarded) == expected


def test_without_an_environment_every_chain_is_a_name():
    assert unguarded("form.reason.size() > 3 && state == 'x'") == [("form.reason", 1)]
    assert unguarded("1 +") == []


def test_a_value_may_pass_null_on_where_a_condition_may_not():
    found = compile("data.paid", ENVIRONMENT)
    assert isinstance(found, Compiled)
    assert found.unguarded == ()


def test_names_and_functions_are_listed_once_in_the_order_of_the_text():
    one = compiled("data.paid == 5 || (done('x') && data.fault == 'y' && data.paid == 6 && done('z'))")
    assert one.reads == ("data.paid", "data.fault")
    assert one.functions == ("done",)
    assert [(given.function, given.index, given.literal, given.offset) for given in one.arguments] == [
        ("done", 0, "x", 24),
        ("done", 0, "z", 76),
    ]


def test_literals_that_names_are_compared_with_are_listed_with_their_places():
    one = compiled("data.cause == 'defect' || 'misuse' == data.cause || data.visits in [1, 2]")
    assert [(found.name, found.literal, found.offset) for found in one.comparisons] == [
        ("data.cause", "defect", 14),
        ("data.cause", "misuse", 26),
        ("data.visits", 1, 68),
        ("data.visits", 2, 71),
    ]


def test_columns_count_characters_and_lines_count_lines():
    faults = compile("'漏水' == data.fault\n  && data.nix == 1", ENVIRONMENT)
    assert isinstance(faults, list)
    assert [(fault.line, fault.column, fault.code) for fault in faults] == [(2, 6, "expression-unknown-name")]


def test_all_faults_are_found_at_once_in_the_order_of_the_text():
    faults = compile("data.nix == 1 && foo(2) && data.fault > 5 && data.cause == 'x'", ENVIRONMENT)
    assert isinstance(faults, list)
    assert [(fault.column, fault.code) for fault in faults] == [
        (1, "expression-unknown-name"),
        (18, "expression-unknown-function"),
        (39, "expression-type"),
        (60, "expression-unknown-choice"),
    ]


def test_an_unknown_name_comes_with_the_known_ones():
    faults = compile("data.fualt == 'x'", ENVIRONMENT)
    assert isinstance(faults, list)
    assert faults[0].values["name"] == "data.fualt"
    assert "data.fault" in faults[0].values["known"]  # type: ignore[operator]  # a value of a fault is any object
