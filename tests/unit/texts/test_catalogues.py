"""The two catalogues say the same things, and every code of the program has words in both."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from lifecycle import problems
from lifecycle.problems import (
    DamagedHistory,
    InvalidInput,
    LifecycleError,
    Place,
    Problem,
    Reason,
    StoreUnreachable,
    UnknownWorkflow,
)
from lifecycle.texts import LANGUAGES, SPOKEN, catalogue, every_entry, places, say, word
from lifecycle.texts.wording import Wording

ROOT = Path(__file__).resolve().parents[3]


def codes_in_source(constructor: str) -> set[str]:
    """Return every literal code that the source gives to Problem(code=...) or Reason(code=...)."""
    found = set()
    for file in [*ROOT.glob("lifecycle/**/*.py"), *ROOT.glob("projections/**/*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == constructor:
                found.update(
                    keyword.value.value
                    for keyword in node.keywords
                    if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)
                )
    return found


def test_both_catalogues_have_the_same_sections_codes_and_kinds():
    keys = {lang: {(section, code, kind) for section, code, kind, _ in every_entry(lang)} for lang in LANGUAGES}
    assert keys["zh"] ^ keys["en"] == set()


def test_both_catalogues_have_the_same_places_in_each_text():
    shapes = {
        lang: {(section, code, kind): places(text) for section, code, kind, text in every_entry(lang)}
        for lang in LANGUAGES
    }
    assert {key: (shape, shapes["zh"][key]) for key, shape in shapes["en"].items() if shape != shapes["zh"][key]} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_catalogue_has_only_known_sections_and_no_empty_text(lang):
    assert set(catalogue(lang)) <= set(SPOKEN)
    assert [(section, code) for section, code, _, text in every_entry(lang) if not text.strip()] == []
    assert all("text" in kinds for codes in catalogue(lang).values() for kinds in codes.values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_error_of_the_program_has_words(lang):
    errors = [kind for kind in vars(problems).values() if isinstance(kind, type) and issubclass(kind, LifecycleError)]
    assert {error.code for error in errors} - set(catalogue(lang)["errors"]) == set()


def test_every_reason_that_the_source_gives_has_words():
    assert codes_in_source("Reason") | codes_in_source("Misfit") <= set(catalogue("en")["reasons"])


def test_every_problem_that_the_source_gives_has_words():
    assert codes_in_source("Problem") <= set(catalogue("en")["problems"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_cause_that_the_store_names_has_words(lang):
    source = "".join(
        file.read_text(encoding="utf-8") for file in [*ROOT.glob("lifecycle/store/*.py"), ROOT / "lifecycle/app.py"]
    )
    assert set(re.findall(r'\breason ?= ?"([a-z-]+)"', source)) - set(catalogue(lang)["causes"]) == set()


def test_a_text_is_filled_with_its_values():
    values = {"step": {"zh": "确认", "en": "Confirm"}, "before": "check"}
    assert say("order-before", "en", values) == '"check" comes before "Confirm"'
    assert say("order-before", "zh", values) == "“check”应在“确认”之前"


def test_a_value_that_looks_like_a_place_is_not_filled_again():
    assert (
        say("unknown-step", "en", {"step": "{known}", "known": "x"}, section="reasons")
        == 'there is no step "{known}" here'
    )


def test_a_place_without_its_value_stays_visible():
    assert say("unknown-role", "en", {}, section="reasons") == 'this workflow has no role "{role}"'


def test_an_unknown_code_is_a_fault_of_the_program():
    with pytest.raises(KeyError, match="no-such-code"):
        say("no-such-code", "zh", {})


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (None, "", ""),
        (True, "是", "yes"),
        (("a", {"zh": "乙", "en": "b"}), "a、乙", "a, b"),
        ({"zh": "只有中文"}, "只有中文", "只有中文"),
        ({"estimate": "200.00 CNY"}, "estimate=200.00 CNY", "estimate=200.00 CNY"),
        (frozenset(("b", "a")), "a、b", "a, b"),
    ],
)
def test_a_value_is_shown_as_people_read_it(value, zh, en):
    assert (word(value, "zh"), word(value, "en")) == (zh, en)


def test_a_designers_own_words_go_before_the_catalogue():
    reason = Reason(code="guard", text={"zh": "先确认", "en": "confirm first"}, values={"guard": "confirmed"})
    assert Wording(lang="en").reason(reason) == "confirm first"


def test_a_word_nearly_known_gets_did_you_mean():
    reason = Reason(code="unknown-step", values={"step": "confrim", "known": ("report", "confirm")})
    assert Wording(lang="en").reason_hint(reason) == 'did you mean "confirm"?'


def test_a_word_near_nothing_gets_the_list():
    reason = Reason(code="unknown-step", values={"step": "xyz", "known": ("report", "confirm")})
    assert Wording(lang="zh").reason_hint(reason) == "已有：report、confirm"


def test_a_missing_field_is_named_by_title_and_by_the_name_to_type():
    reason = Reason(
        code="field-missing",
        where=Place(path="estimate"),
        values={"field": "estimate", "title": {"zh": "估价", "en": "Estimate"}},
    )
    wording = Wording(lang="zh")
    assert wording.reason(reason) == "没有填写“估价 (estimate)”"
    assert wording.reason_hint(reason) == "加上：--set estimate=..."


def test_who_mistypes_a_period_is_told_how_one_is_written():
    reason = Reason(code="field-wrong-type", values={"field": "month", "type": "period"})
    assert Wording(lang="en").reason_hint(reason).startswith("write it as 2026-03, 2026-Q1, 2026, 2026-W10, or")
    assert Wording(lang="zh").reason_hint(reason).startswith("写作：2026-03")
    assert Wording(lang="en").reason_hint(Reason(code="field-wrong-type", values={"type": "list"})) == ""


def test_a_problem_and_an_error_are_worded_from_their_own_sections():
    wording = Wording(lang="en")
    problem = Problem(code="time-unreadable", values={"typed": "noon", "zone": "UTC"})
    assert wording.text(problem) == '"noon" is no point in time'
    assert wording.hint(problem).endswith("without a zone it is read in UTC")
    assert wording.error(InvalidInput([problem])) == "the input has 1 problem(s)"
    assert wording.error(StoreUnreachable(reason="full", store="a.db")) == (
        "the store a.db cannot be used: the disk is full"
    )
    assert wording.error(DamagedHistory(position=7)) == "the event at position 7 is not what was written"
    assert wording.error(DamagedHistory(position=0, store="a.db")).startswith("the store a.db holds something")
    assert wording.error_hint(UnknownWorkflow(workflow="furnitur", known=("furniture",))) == 'did you mean "furniture"?'
    assert wording.label("warning") == "warning"
