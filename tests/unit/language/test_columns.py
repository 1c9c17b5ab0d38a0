"""A place inside an expression is a place in the file, whatever quotes stand around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.language.columns import inside
from lifecycle.language.reader import read
from lifecycle.language.tree import ScalarNode, lookup
from lifecycle.problems import Place

PRINTABLE = st.characters(
    min_codepoint=0x20, max_codepoint=0x9FFF, exclude_categories=("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")
)


def scalar(written: str) -> ScalarNode:
    reading = read(f"that: {written}\n", "file.yaml")
    assert reading.problems == ()
    assert reading.tree is not None
    node = lookup(reading.tree, "that")
    assert isinstance(node, ScalarNode)
    return node


def shown(node: ScalarNode, offset: int) -> str:
    """Return what the file shows from the place of a character on."""
    place = inside(node.place, node.style, str(node.value), offset)
    return place.source[place.column - 1 :]


@given(text=st.text(PRINTABLE, min_size=1, max_size=20))
def test_in_single_quotes_every_character_stands_where_the_file_shows_it(text: str) -> None:
    node = scalar("'" + text.replace("'", "''") + "'")
    assert [shown(node, offset)[0] for offset in range(len(text))] == list(text)
    assert shown(node, len(text)) == "'"


@given(text=st.text(PRINTABLE, min_size=1, max_size=20), coded=st.sets(st.integers(0, 19)))
def test_in_double_quotes_an_escape_stands_where_its_backslash_does(text: str, coded: set[int]) -> None:
    parts = [
        f"\\u{ord(character):04x}" if number in coded else {'"': '\\"', "\\": "\\\\"}.get(character, character)
        for number, character in enumerate(text)
    ]
    node = scalar('"' + "".join(parts) + '"')
    for offset, part in enumerate(parts):
        assert shown(node, offset).startswith(part)


def test_without_quotes_the_end_of_the_text_has_a_place_too() -> None:
    node = scalar("data.x >= 1")
    assert shown(node, 0) == "data.x >= 1"
    assert shown(node, 7) == ">= 1"
    assert shown(node, 11) == ""


@pytest.mark.parametrize("written", ["|\n  data.x\n  > 1", '"data.x\n  > 1"', ">-\n  data.x > 1"])
def test_what_the_first_line_does_not_show_is_told_at_the_start_of_the_scalar(written: str) -> None:
    node = scalar(written)
    assert inside(node.place, node.style, str(node.value), 8) == node.place


def test_a_text_that_a_parameter_was_put_into_is_told_at_its_start() -> None:
    place = Place(file="part.yaml", line=3, column=7, source="that: '${what} > 1'")
    assert inside(place, "single", "data.x > 1", 7) == place
