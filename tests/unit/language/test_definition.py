"""From tree to definition: every fault of shape has its code and place, and hides nothing elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.language import Loaded, MemoryFolder, load
from lifecycle.language.behaviour import Step
from lifecycle.language.definition import Definition, WorkflowText, keys_of
from lifecycle.problems import UnknownWorkflow

MATTER = (Path(__file__).parent / "files" / "matter.yaml").read_text(encoding="utf-8")
OPEN = "machines.job.states.open.steps"


def loaded(text: str) -> Loaded:
    return load("matter", MemoryFolder({"matter": text}))


def defined(text: str) -> Definition:
    definition = loaded(text).definition
    assert definition is not None
    return definition


def changed(old: str, new: str) -> str:
    assert MATTER.count(old) == 1, old
    return MATTER.replace(old, new)


def found(text: str) -> list[tuple[str, str]]:
    """Return (code, what stands at the place) of every problem: the place is read back from the text itself."""
    lines = text.splitlines()
    return [
        (p.code, lines[p.where.line - 1][p.where.column - 1 :].split(",")[0].strip()) for p in loaded(text).problems
    ]


def test_a_sound_text_is_defined_whole():
    outcome = loaded(MATTER)
    assert outcome.problems == ()
    definition = outcome.definition
    assert definition is not None
    assert definition.broken == frozenset()
    assert definition.text.workflow == "matter"
    assert list(definition.text.machines["job"].states) == ["open", "done"]


def test_shorthands_and_long_forms_read_the_same():
    steps = defined(MATTER).text.machines["job"].states["open"].steps
    assert steps["noted"].by == ("clerk",)
    assert [(name, item.required, item.required_when) for name, item in steps["noted"].form.items()] == [
        ("fault", True, None),
        ("cause", False, "data.fault != null"),
    ]
    assert steps["finished"].to == {"data.satisfied": "done", "otherwise": "open"}
    text = defined(MATTER).text
    (start,) = text.cases["request"].opens["reported"].start
    assert list(start) == ["job"]
    rows = text.fields["lines"].of
    assert isinstance(rows, dict)
    assert [(name, row.is_, row.required) for name, row in rows.items()] == [
        ("item", "text", True),
        ("number", "integer", False),
    ]
    assert [row.cells for row in text.tables["payer"].rows] == [{"cause": "defect"}, {"cause": ("misuse",)}]


def test_everything_knows_the_place_of_its_key_and_of_its_value():
    definition = defined(MATTER)
    lines = MATTER.splitlines()

    def at(place: object) -> str:
        return lines[place.line - 1][place.column - 1 :]  # type: ignore[attr-defined]  # a Place

    assert at(definition.key_place(f"{OPEN}.finished.to")).startswith("to: {")
    assert at(definition.place(f"{OPEN}.finished.to")).startswith('{"data.satisfied"')
    assert at(definition.place(f"{OPEN}.finished.to.otherwise")).startswith("open}")
    assert at(definition.place(f"{OPEN}.noted.form.cause")).startswith("{cause: {required_when")
    assert at(definition.place(f"{OPEN}.noted.form.0")).startswith("fault!")
    assert at(definition.place(f"{OPEN}.noted.by.0")).startswith("clerk")
    assert at(definition.place("cases.request.machines.0")).startswith("job]")


FAULTS = [
    ("            form: [satisfied!]", "            from: [satisfied!]", [("unknown-key", "from: [satisfied!]")]),
    ("            with: clerk\n", "            with: {a: b}\n", [("text-wanted", "{a: b}")]),
    ("            by: customer\n", "", [("needs-one", "finished:")]),
    ("            by: customer\n", "            by: customer\n            upon: job.noted\n", [("needs-one", "finished:")]),
    ("            by: customer\n", "            by: customer\n            after: 1d\n", [("needs-one", "finished:")]),
    ("            with: clerk\n", "            is: li\n", [("equals-missing", "li")]),
    ("            form: [satisfied!]", "            form: satisfied", [("list-wanted", "satisfied")]),
    ("            form: [satisfied!]", "            form: [3]", [("bad-form-item", "[3]")]),
    ("            form: [satisfied!]", "            form: [fault, fault!]", [("duplicate-field", "[fault")]),
    ("            form: [satisfied!]", "            form: [Fault]", [("bad-name", "Fault]")]),
    ('that: "data.cause != null"', 'that: "=data.cause != null"', [("needless-equals", '"=data.cause != null"')]),
    ('that: "data.cause != null"', 'that: " "', [("empty-expression", '" "')]),
    ('                that: "data.cause != null"\n', "", [("needs-one", "known:")]),
    (
        '                else: {zh: "原因未查明", en: "The cause is not known"}\n',
        "",
        [("key-missing", "known:")],
    ),
    ("            decide: {payer: {cause: \"=data.cause\"}}", "            decide: {payer: {cause: data.cause}}",
     [("looks-like-path", "data.cause}}")]),
    ("    start: open\n", "", [("key-missing", "job:")]),
    ("    start: open\n", "    start: $open\n", [("bad-state", "$open")]),
    ("    many: true\n", "    many: 1\n", [("boolean-wanted", "1")]),
    ("    plural: jobs\n", "    plural: data\n", [("reserved-name", "data")]),
    ("version: 1\n", "version: 0\n", [("number-too-small", "0")]),
    ("version: 1\n", "version: one\n", [("integer-wanted", "one")]),
    ("version: 1\n", "", [("key-missing", "workflow: matter")]),
    ("workflow: matter\n", "workflow: Matter 1\n", [("bad-format", "Matter 1")]),
    ("scope: case, pii", "scope: cases, pii", [("not-one-of", "cases")]),
    ("    subject: customer\n", "    subject: cat\n", [("not-one-of", "cat")]),
    ("  clerk: {zh", "  company: {zh", [("reserved-name", "company: {zh: \"客服\"")]),
    ("rules: [MT-001]", "rules: [MT 001]", [("bad-rule", "MT 001]}")]),
    ("states:\n      open:", "deadlines: {a: b}\n    states:\n      open:", [("map-wanted", "b}")]),
    ("{cause: defect, then", "{cause: {a: b}, then", [("other-shape-wanted", "{a: b}")]),
    ("{item: text!, number: integer}", "{item: text!, number: 3}", [("text-wanted", "3}")]),
    ('to: {"data.satisfied": done, otherwise: open}', "to: [done]", [("bad-target", "[done]")]),
    ("guidance: {zh", "order: 3\n        guidance: {zh", [("bad-order", "3")]),
    ("guidance: {zh", "order: {by: x, a: b}\n        guidance: {zh",
     [("equals-missing", "x"), ("list-wanted", "b}")]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), FAULTS)
def test_each_fault_of_shape_has_its_code_and_place(old, new, expected):
    assert found(changed(old, new)) == expected


def test_a_mistyped_key_names_the_keys_that_may_stand_there():
    problem = loaded(changed("    plural: jobs\n", "    plurel: jobs\n")).problems[0]
    assert problem.values["name"] == "plurel"
    known = problem.values["known"]
    assert isinstance(known, tuple)
    assert "plural" in known


def test_one_bad_step_hides_neither_itself_nor_the_rest():
    text = changed("            by: customer\n", "            by: 3\n            forms: [a]\n")
    text = text.replace("    subject: customer\n", "    subject: cat\n")
    assert [code for code, _ in found(text)] == ["not-one-of", "text-wanted", "unknown-key"]
    definition = defined(text)
    assert list(definition.text.machines["job"].states["open"].steps) == ["noted"]
    assert definition.text.cases["request"].machines == ("job",)
    assert definition.is_broken(f"{OPEN}.finished")
    assert not definition.is_broken(f"{OPEN}.noted")


def test_what_the_reader_reported_is_not_reported_as_missing_too():
    assert found(changed("    start: open\n", "    start:\n")) == [("yaml-empty-value", "start:")]


def test_an_unknown_workflow_is_named_together_with_the_known_ones():
    with pytest.raises(UnknownWorkflow) as raised:
        load("mater", MemoryFolder({"matter": MATTER}))
    assert raised.value.values == {"workflow": "mater", "known": ["matter"]}


def test_of_very_many_problems_the_first_errors_are_shown_and_the_rest_counted():
    many = "".join(f"  r{number}: 3\n" for number in range(450))
    problems = loaded(MATTER.replace("roles:\n", f"roles:\n{many}")).problems
    assert [p.code for p in problems] == ["map-wanted"] * 200 + ["more-problems"]
    assert problems[-1].values == {"count": 250}


def test_an_error_is_shown_however_many_warnings_stand_before_it():
    texts = "      - {cause: data.cause, then: {payer: company}}\n" * 300
    text = MATTER.replace("    rows:\n", f"    rows:\n{texts}").replace("    start: open\n", "    strat: open\n")
    levels = [p.level for p in loaded(text).problems]
    assert levels.count("error") == 2
    assert len(levels) == 201


def test_the_order_of_keys_is_the_one_of_the_language():
    assert keys_of(WorkflowText)[:8] == ("workflow", "version", "zh", "en", "zone", "extends", "drop", "include")
    assert keys_of(Step)[:9] == ("zh", "en", "by", "upon", "always", "after", "at", "clock", "when")
    assert keys_of(Step)[-1] == "rules"


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_value_in_any_place_gives_located_problems_and_never_an_exception(data):
    lines = MATTER.splitlines()
    number = data.draw(st.integers(3, len(lines) - 1))
    key, colon, _ = lines[number].partition(":")
    value = data.draw(st.sampled_from(["3", "[a, b]", "{a: b}", "true", "text", "'='", "{when: 1}", "[[a]]", "1.5"]))
    lines[number] = f"{key}: {value}" if colon else lines[number]
    outcome = loaded("\n".join(lines) + "\n")
    assert all(p.where.line >= 1 and p.where.file == "matter.yaml" for p in outcome.problems)
    assert outcome.definition is not None or outcome.problems
