"""A form may lay down a field's value: it becomes a guard of that name, with its words and rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifecycle.core.workflow import Step
from lifecycle.language import Loaded, MemoryFolder, load
from lifecycle.language.carried import how_carried
from lifecycle.language.compile import compile_workflow

MATTER = (Path(__file__).parent / "files" / "matter.yaml").read_text(encoding="utf-8")
FORM = "form: [satisfied!]"
WORDS = 'else: {zh: "须满意", en: "Satisfied first"}'


def with_form(form: str) -> Loaded:
    assert MATTER.count(FORM) == 1
    text = MATTER.replace(FORM, f"form: [{form}]").replace('"data.satisfied":', '"data.satisfied == true":')
    return load("matter", MemoryFolder({"matter": text}))


def finished(form: str) -> Step:
    loaded = with_form(form)
    assert loaded.problems == ()
    assert loaded.definition is not None
    compilation = compile_workflow(loaded.definition)
    assert compilation.problems == ()
    assert compilation.workflow is not None
    machine = compilation.workflow.machines["job"]
    return next(step for step in machine.steps_of("open") if step.name == "finished")


def test_a_value_that_is_laid_down_becomes_a_guard_in_front_of_the_others() -> None:
    step = finished(f"{{satisfied: {{must: true, {WORDS}, rules: [MT-001]}}}}")
    first, known = step.require
    assert first.that is not None
    assert (first.name, first.that.text, known.name) == ("satisfied", "data.satisfied == true", "known")
    assert first.otherwise == {"zh": "须满意", "en": "Satisfied first"}
    assert first.rules == ("MT-001",)
    assert first.where.line == MATTER[: MATTER.index(FORM)].count("\n") + 1


def test_its_field_needs_a_value_which_the_guard_asks_for_in_its_words() -> None:
    (field,) = finished(f"{{satisfied: {{must: true, {WORDS}}}}}").form
    assert (field.required, field.worded) == (True, True)
    (typed,) = finished(f"{{satisfied!: {{must: true, {WORDS}}}}}").form
    assert (typed.required, typed.worded) == (True, False)


@pytest.mark.parametrize("more", ["failing: mark", "override: {by: self, reason: true}", 'when: "data.cause != null"'])
def test_a_field_whose_guard_lets_others_through_needs_no_value(more: str) -> None:
    step = finished(f"{{satisfied: {{must: true, {WORDS}, {more}}}}}")
    assert step.form[0].required is False


def test_the_finding_of_a_soft_one_may_last_until_the_case_closes() -> None:
    guard = finished(f"{{satisfied: {{must: true, {WORDS}, failing: mark, until: case}}}}").require[0]
    assert (guard.failing, guard.until) == ("mark", "case")


def test_a_field_of_the_case_is_read_from_the_case() -> None:
    text = MATTER.replace("satisfied: {is: boolean", "satisfied: {is: boolean, scope: case").replace(
        "data.satisfied", "case.satisfied"
    )
    loaded = load(
        "matter", MemoryFolder({"matter": text.replace(FORM, f"form: [{{satisfied: {{must: true, {WORDS}}}}}]")})
    )
    assert loaded.problems == ()
    assert loaded.definition is not None
    guard = loaded.definition.text.machines["job"].states["open"].steps["finished"].require["satisfied"]
    assert not isinstance(guard, str)
    assert guard.that == "case.satisfied == true"


def test_a_choice_is_laid_down_by_its_name() -> None:
    guard = finished(f"satisfied!, {{cause: {{must: defect, {WORDS}}}}}").require[0]
    assert guard.that is not None
    assert guard.that.text == "data.cause == 'defect'"


def test_an_opening_may_lay_down_a_value_too() -> None:
    text = MATTER.replace("form: [caller, fault]", f"form: [caller, {{fault: {{must: leaking, {WORDS}}}}}]")
    loaded = load("matter", MemoryFolder({"matter": text}))
    assert loaded.problems == ()
    assert loaded.definition is not None
    assert list(loaded.definition.text.cases["request"].opens["reported"].require) == ["fault"]


def test_its_rules_are_carried_by_the_guard_and_by_nothing_else() -> None:
    definition = with_form(f"{{satisfied: {{must: true, {WORDS}, rules: [MT-001]}}}}").definition
    assert definition is not None
    ways = how_carried(definition)["MT-001"]
    assert [place.path for place in ways.refuses] == ["machines.job.states.open.steps.finished.require.satisfied"]
    assert [place.path for place in ways.happens] == ["cases.request.opens.reported"]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (f"{{satisfied: {{must: yes please, {WORDS}}}}}", "must-wrong-type"),
        (f"{{satisfied: {{must: 1, {WORDS}}}}}", "must-wrong-type"),
        (f'{{satisfied: {{must: "=data.satisfied", {WORDS}}}}}', "must-wrong-type"),
        (f"{{fault: {{must: true, {WORDS}}}}}", "must-wrong-type"),
        (f"{{cause: {{must: defekt, {WORDS}}}}}", "must-not-a-choice"),
        (f"{{cause: {{must: true, {WORDS}}}}}", "must-not-a-choice"),
        ("{satisfied: {must: true}}", "key-missing"),
        (f"{{satisfied: {{{WORDS}}}}}", "key-missing"),
        (f"satisfied!, {{known: {{must: true, {WORDS}}}}}", "must-guard-twice"),
        (f"{{satisfied: {{must: true, {WORDS}, until: case}}}}", "until-without-mark"),
    ],
)
def test_a_value_that_cannot_be_laid_down_so_is_located(form: str, code: str) -> None:
    (problem, *_) = with_form(form).problems
    assert problem.code == code
    assert problem.where.file.endswith("matter.yaml")
    assert problem.where.line > 1


def test_a_choice_that_is_not_there_comes_with_those_that_are() -> None:
    (problem,) = with_form(f"satisfied!, {{cause: {{must: defekt, {WORDS}}}}}").problems
    assert problem.values["known"] == ["defect", "misuse"]
