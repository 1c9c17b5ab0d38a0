"""Every sentence of click that can reach a person here has its Chinese words, under click's present wording."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from lifecycle.terminal.clickwords import SPEAKERS, english
from lifecycle.texts import catalogue

FOR_PROGRAMMERS = {
    "deprecated",
    "Value must be an iterable.",
    "(dynamic)",
    "%(prog)s, version %(version)s",
    "Do you want to continue?",
    "Confirm the action without prompting.",
}
"""Said about mistakes in the program's own commands, or by parts of click that no command here uses."""
BEGINNINGS = (
    "DeprecationWarning:",
    "Could not determine name",
    "No options defined",
    "Arguments take exactly one",
    "Name '",
    "Boolean option",
    "Invalid start character",
)
OF_UNUSED_TYPES = (
    "Choice(",
    "{value!r} does not match",
    "{value!r} is not a valid boolean",
    "{value!r} is not a valid UUID.",
    "{len_type} values",
)


def sentences() -> Iterator[str]:
    """Yield every literal that click gives to gettext in the modules that this program uses."""
    for module in SPEAKERS:
        assert module.__file__ is not None
        for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "ngettext"):
                yield from (
                    argument.value
                    for argument in node.args
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                )


def test_every_sentence_that_can_reach_a_person_is_in_the_catalogue():
    known = {kinds["text"] for kinds in english().values()}
    spared = (*BEGINNINGS, *OF_UNUSED_TYPES)
    missing = {s for s in sentences() if s not in known | FOR_PROGRAMMERS and not s.startswith(spared)}
    assert missing == set()


def test_every_sentence_of_the_catalogue_is_one_of_click():
    shown = {*sentences(), "required", "Commands"}  # "required" reaches gettext as a value
    assert {kinds["text"] for kinds in english().values()} - shown == set()


def test_the_places_of_a_sentence_are_the_same_in_both_languages():
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    spoken = catalogue("zh")["click"]
    assert [code for code, kinds in english().items() if fields(kinds["text"]) != fields(spoken[code]["text"])] == []
