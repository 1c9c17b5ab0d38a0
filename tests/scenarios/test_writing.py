"""How scenarios are written: the reference page is complete, tags are rules, no line is read as something else."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from tests.scenarios.conftest import STEP_MODULES
from tests.scenarios.phrases import PHRASES, pattern

ROOT = Path(__file__).parents[2]
FEATURES = sorted((ROOT / "features").rglob("*.feature"))
PAGE = (ROOT / "docs" / "reference" / "scenario-steps.md").read_text(encoding="utf-8")
KEYWORD = re.compile(r"^\s*(假如|假设|假定|当|那么|并且|而且|同时|但是)(.*)$")


def told(features: list[Path]) -> list[tuple[Path, int, str]]:
    return [
        (path, number, line)
        for path in features
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    ]


def test_the_reference_page_shows_every_step_in_both_languages():
    assert {one.function.__module__ for one in PHRASES} == {module.__name__ for module in STEP_MODULES}
    rows = re.findall(r"^\| `([^`]+)`(?: \+ table| \(\+ table\))? \| `([^`]+)`", PAGE, re.MULTILINE)
    assert len(rows) == len(PHRASES)
    for module in STEP_MODULES:
        steps = [(one.zh, one.en) for one in PHRASES if one.function.__module__ == module.__name__]
        first = rows.index(steps[0]) if steps[0] in rows else 0
        assert rows[first : first + len(steps)] == steps, f"the steps of {module.__name__} stand together, in order"


def test_the_reference_page_says_which_steps_take_a_table():
    rows = re.findall(r"^\| `([^`]+)`( \+ table| \(\+ table\))? \|", PAGE, re.MULTILINE)
    assert {zh for zh, table in rows if table} == {one.zh for one in PHRASES if one.takes_table}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_step_can_be_read_as_another(lang):
    for one in PHRASES:
        written = getattr(one, lang)
        example = re.sub(r"<[^>]+>", "x", written)
        fitting = [other for other in PHRASES if re.fullmatch(pattern(getattr(other, lang)), example)]
        assert fitting == [one], f"{example} fits {[getattr(other, lang) for other in fitting]}"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_place_of_a_step_is_an_argument_of_its_function(lang):
    for one in PHRASES:
        places = set(re.compile(pattern(getattr(one, lang))).groupindex)
        assert places <= set(inspect.signature(one.function).parameters), getattr(one, lang)


def test_a_keyword_is_followed_by_a_space_so_that_no_word_is_cut_in_two():
    cut = [f"{path.name}:{number}" for path, number, line in told(FEATURES) if cut_in_two(line)]
    assert cut == []


def cut_in_two(line: str) -> bool:
    found = KEYWORD.match(line)
    return found is not None and not found[2].startswith(" ")


def test_a_line_that_begins_with_the_present_is_cut_in_two():
    assert cut_in_two("    当前案件已关闭")
    assert not cut_in_two('    当 客服"小李"办理"派工"')


def test_every_feature_names_its_language_first():
    assert [path.name for path in FEATURES if not path.read_text("utf-8").startswith("# language: ")] == []


def test_scenarios_of_a_folder_use_the_workflow_of_that_name():
    for path in FEATURES:
        used = set(re.findall(r'(?:使用流程|the workflow )"([^"]+)"', path.read_text("utf-8")))
        assert used == {path.parent.name}, path.name
