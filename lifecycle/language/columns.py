"""From a place inside an expression to the place in the file: through the quotes of the YAML scalar around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lifecycle.language.tree import Style
from lifecycle.problems import Place

SIMPLE_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
CODED_ESCAPES = {"x": 2, "u": 4, "U": 8}


def inside(scalar: Place, style: Style, text: str, offset: int) -> Place:
    """Return the place of a character of a scalar's text.

    scalar   where the scalar begins (its quote or its first character)
    text     the scalar's whole value
    offset   of the character in it, from 0
    Returns  the scalar's own place where the source line does not show the character: a text that runs over
             several lines, or one that a part's parameter was put into
    """
    if style in ("literal", "folded"):
        return scalar
    for number, (column, character) in enumerate(_characters(scalar, style)):
        if number == offset:
            return replace(scalar, column=column)
        if number >= len(text) or text[number] != character:
            break
    return scalar


def _characters(scalar: Place, style: Style) -> Iterator[tuple[int, str]]:
    """Yield (column, character) of a scalar as far as its first line shows it, and the column behind it."""
    line, at = scalar.source, scalar.column - 1
    if style == "plain":
        yield from ((column + 1, line[column]) for column in range(at, len(line)))
        yield len(line) + 1, ""
        return
    quote = "'" if style == "single" else '"'
    if line[at : at + 1] != quote:
        return
    at += 1
    while at < len(line):
        if quote == "'" and line[at] == "'" and line[at + 1 : at + 2] == "'":
            yield at + 1, "'"
            at += 2
        elif line[at] == quote:
            yield at + 1, ""
            return
        elif quote == '"' and line[at] == "\\":
            length, character = _escape(line[at + 1 :])
            yield at + 1, character
            at += length
        else:
            yield at + 1, line[at]
            at += 1


def _escape(after: str) -> tuple[int, str]:
    """Return the length of an escape with its backslash and the character that it stands for."""
    if after[:1] in CODED_ESCAPES:
        digits = after[1 : 1 + CODED_ESCAPES[after[0]]]
        return 2 + len(digits), chr(int(digits, 16))
    return 2, SIMPLE_ESCAPES.get(after[:1], "")
