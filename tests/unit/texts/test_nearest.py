from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.texts.nearest import did_you_mean

STEPS = ["report", "confirm", "customer_signed", "确认"]


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("confrim", "confirm"),
        ("CONFIRM", "confirm"),
        ("customer-signed", "customer_signed"),
        ("ｒｅｐｏｒｔ", "report"),
        ("确认书", "确认"),
        ("xyz", None),
        ("", None),
    ],
)
def test_the_nearest_word_is_suggested_and_a_far_one_is_not(word, nearest):
    assert did_you_mean(word, STEPS) == nearest


@given(st.text(), st.lists(st.text()))
def test_only_a_candidate_is_ever_suggested(word, candidates):
    assert did_you_mean(word, candidates) in {None, *candidates}


@given(st.lists(st.text(min_size=1), min_size=1), st.data())
def test_a_known_word_is_suggested_as_one_of_its_own_shape(candidates, data):
    assert did_you_mean(data.draw(st.sampled_from(candidates)), candidates) is not None
