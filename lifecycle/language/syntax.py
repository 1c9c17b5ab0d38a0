"""What a YAML parser's complaint means for the person who typed the line."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from lifecycle.language.source import Source
from lifecycle.problems import Problem

_FULL_WIDTH = re.compile("[：，“”‘’｛｝［］【】]")
_COLON_WITHOUT_SPACE = re.compile(r"\s*[\w-]+(:)[^\s:/]")
_CLOSING = {"{": "}", "[": "]"}


@dataclass(frozen=True, slots=True)
class Fault:
    """A complaint, classified. first: the line (from 0) on which the faulty construct begins."""

    problem: Problem
    first: int


def fault_of(error: yaml.YAMLError, source: Source, scalar: tuple[int, int]) -> Fault:
    """Return the problem that a parser's error stands for.

    scalar  line and column (from 0) of the last scalar that was read
    """
    mark = getattr(error, "problem_mark", None)
    context_mark = getattr(error, "context_mark", None)
    said = str(getattr(error, "problem", None) or "")
    context = str(getattr(error, "context", None) or "")
    line, column = (mark.line, mark.column) if mark else (0, 0)
    start = (context_mark.line, context_mark.column) if context_mark else (line, column)

    if "quoted scalar" in context and ("end of stream" in said or "document" in said):
        return _fault(source, "yaml-unclosed-quote", *start, character=_character(source, *start))
    if "flow" in context and "expected ','" in said:
        return _flow(source, start, (line, column), scalar)
    if "could not find expected ':'" in said:
        return _colon_missing(source, *start)
    if "mapping values are not allowed" in said:
        return _second_colon(source, line, column, scalar)
    if "cannot start any token" in said:
        character = _character(source, line, column)
        if character == "\t":
            return _fault(source, "yaml-tab", line, column)
        return _fault(source, "yaml-bad-start", line, column, character=character)
    if "escape" in said:
        return _fault(source, "yaml-escape", line, column)
    if "flow node" in context:
        code = "yaml-empty-key" if _character(source, line, column) == ":" else "yaml-empty-element"
        return _fault(source, code, line, column)
    if "block" in context and "expected" in said:
        return _block(source, line, column)
    return _fault(source, "yaml-syntax", line, column)


def _fault(source: Source, code: str, line: int, column: int, **values: object) -> Fault:
    line = min(line, max(len(source.lines) - 1, 0))
    return Fault(Problem(code=code, where=source.place(line, column), values=values), line)


def _character(source: Source, line: int, column: int) -> str:
    text = source.lines[line] if line < len(source.lines) else ""
    return text[column : column + 1]


def _flow(source: Source, start: tuple[int, int], at: tuple[int, int], scalar: tuple[int, int]) -> Fault:
    bracket = _character(source, *start)
    if bracket in _CLOSING and not _closed(source, *start):
        return _fault(source, "yaml-unclosed", *start, character=bracket, closing=_CLOSING[bracket])
    if _character(source, *at) == ":":
        code, place = "yaml-colon-in-text", scalar if scalar[0] == at[0] else at
    else:
        code, place = "yaml-comma-missing", at
    fault = _fault(source, code, *place)
    return Fault(fault.problem, min(start[0], fault.first))


def _closed(source: Source, line: int, column: int) -> bool:
    """Return whether the bracket at this place is closed, before the indentation says that something new begins."""
    open_brackets: list[str] = []
    quote = ""
    indent = len(source.lines[line]) - len(source.lines[line].lstrip())
    for number in range(line, len(source.lines)):
        text = source.lines[number]
        begins = number > line and not quote and re.match(r"\s*[\w-]+:(\s|$)", text)
        if begins and len(text) - len(text.lstrip()) <= indent:
            return False
        previous = " "
        for character in text[column if number == line else 0 :]:
            if quote:
                quote = "" if character == quote else quote
            elif character in "\"'" and previous in " ,:[{":
                quote = character
            elif character == "#" and previous == " ":
                break
            elif character in "{[":
                open_brackets.append(_CLOSING[character])
            elif open_brackets and character == open_brackets[-1]:
                open_brackets.pop()
                if not open_brackets:
                    return True
            previous = character
    return False


def _colon_missing(source: Source, line: int, column: int) -> Fault:
    text = source.lines[line] if line < len(source.lines) else ""
    if match := _FULL_WIDTH.search(text):
        return _fault(source, "yaml-full-width", line, match.start(), character=match.group())
    if match := _COLON_WITHOUT_SPACE.match(text):
        return _fault(source, "yaml-colon-space", line, match.start(1))
    return _fault(source, "yaml-colon-missing", line, column)


def _second_colon(source: Source, line: int, column: int, scalar: tuple[int, int]) -> Fault:
    """A colon where none may be: in a text on one line, or because the line before lacks its own."""
    before = source.lines[line][:column] if line < len(source.lines) else ""
    if re.search(r":\s|^\s*-\s", before):
        start = scalar if scalar[0] == line else (line, len(before) - len(before.lstrip()))
        if match := re.search(r":\s+(?=\S)", before):
            start = (line, match.end())
        return _fault(source, "yaml-colon-in-text", *start)
    earlier = next((number for number in range(line - 1, -1, -1) if source.lines[number].strip()), line)
    text = source.lines[earlier]
    if earlier != line and not re.search(r":(\s|$)", text):
        return _colon_missing(source, earlier, len(text) - len(text.lstrip()))
    return _fault(source, "yaml-indentation", line, len(before) - len(before.lstrip()))


def _block(source: Source, line: int, column: int) -> Fault:
    text = source.lines[line] if line < len(source.lines) else ""
    if text[:column].strip():
        code = "yaml-after-value" if _character(source, line, column) not in "]}" else "yaml-stray-bracket"
        return _fault(source, code, line, column)
    if _character(source, line, column) in ("]", "}"):
        return _fault(source, "yaml-stray-bracket", line, column)
    return _fault(source, "yaml-indentation", line, column)
