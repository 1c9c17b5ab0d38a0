"""Every expression of the list answers what the list says."""

from __future__ import annotations

import pytest

from lifecycle.expressions import Compiled, Failure, compile
from tests.unit.expressions.conformance import CASES, CONTEXT, ENVIRONMENT, ERROR, FAULT, VALUES


@pytest.mark.parametrize("text", CASES, ids=lambda text: text[:60].replace("\x00", ""))
def test_an_expression_answers_what_is_listed(text: str):
    expected = CASES[text]
    compiled = compile(text, ENVIRONMENT)
    if isinstance(expected, FAULT):
        assert isinstance(compiled, list), "was not refused"
        assert (compiled[0].code, compiled[0].column) == (expected.code, expected.column)
        return
    assert isinstance(compiled, Compiled), compiled
    outcome = compiled.evaluate(VALUES, CONTEXT)
    if expected is ERROR:
        assert isinstance(outcome, Failure)
    else:
        assert (outcome, type(outcome)) == (expected, type(expected))


def test_the_list_is_as_long_as_it_was_promised_to_be():
    assert len(CASES) >= 150
