import pytest

from lifecycle.texts.wording import Wording
from tests.unit.language.checks.marks import expect

USES = [
    ("unknown-state", "to: confirmed\n", "to: ¦confirmd\n", "confirmed"),
    ("unknown-start", "start: waiting", "start: ¦waitng", "waiting"),
    ("unknown-role", "en: \"Held\", by: office", "en: \"Held\", by: ¦ofice", "office"),
    ("unknown-role", "with: installer", "with: ¦instaler", "installer"),
    ("unknown-field", "form: [arrived_at!]", "form: [arrived_at!, ¦opinin]", "opinion"),
    ("unknown-guard", "guards.consented}", "¦guards.consentd}", "consented"),
    ("unknown-type", "{is: cause, zh", "{is: ¦couse, zh", "cause"),
    ("unknown-checklist", "ready: {checklist: delivery}", "ready: {checklist: ¦delivry}", "delivery"),
    ("unknown-table", "decide: {payer: {cause", "decide: {¦payr: {cause", "payer"),
    ("unknown-input", "decide: {payer: {cause", "decide: {payer: {¦couse", "cause"),
    ("unknown-input", "- {cause: misuse", "- {¦caus: misuse", "cause"),
    ("unknown-output", "misuse, then: {payer:", "misuse, then: {¦payr:", "payer"),
    ("unknown-text", "guidance: first_call", "guidance: ¦first_cal", "first_call"),
    ("unknown-machine", "machines: [repair, part]", "machines: [repair, part, ¦parts]", "part"),
    ("unknown-machine", "start: {part:", "start: {¦prt:", "part"),
    ("unknown-rule", "rules: [DW-015]", "rules: [DW-015, ¦DW-051]", "DW-015"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "old", "new", "meant"), USES)
def test_a_name_that_nothing_declares_is_found_where_it_stands(code, old, new, meant):
    problem = next(p for p in _problems(old, new) if p.code == code)
    assert Wording(lang="en").hint(problem) == f'did you mean "{meant}"?'
    assert Wording(lang="zh").text(problem)


def _problems(old, new):
    from tests.unit.language.checks.marks import changed, problems_of

    text = changed((old, new))
    line, column = next((n, row.index("¦") + 1) for n, row in enumerate(text.split("\n"), 1) if "¦" in row)
    found = problems_of(text.replace("¦", ""))
    assert (line, column) in [(p.where.line, p.where.column) for p in found if p.level == "error"]
    return found


def test_a_wrong_target_alone_brings_no_other_problem():
    (problem,) = expect(["unknown-state"], ("to: confirmed\n", "to: ¦confirmd\n"))
    sentence = 'step "confirmed" of machine "repair" goes to "confirmd", which is no state of it'
    assert Wording(lang="en").text(problem) == sentence


def test_steps_compared_and_listened_to_are_declared():
    expect(
        ["unknown-step", "unknown-step", "unknown-machine"],
        ('by: office, to: on_hold}', 'by: office, apart_from: [¦confirmd], to: on_hold}'),
        ("    start: waiting\n", "    start: waiting\n    starts: {upon: [¦repair.sined, ¦repare.signed]}\n"),
    )  # fmt: skip


def test_a_target_may_be_a_state_around_or_a_path_from_the_root():
    expect(
        [],
        (
            "      fitted: {zh: \"已装\"",
            "      deep:\n        zh: \"内\"\n        en: \"Deep\"\n        states:\n"
            "          a: {zh: \"甲\", en: \"A\", steps: {next: {zh: \"下\", en: \"Next\", by: office, to: b}}}\n"
            "          b: {zh: \"乙\", en: \"B\", steps: {out: {zh: \"出\", en: \"Out\", by: office, to: fitted}}}\n"
            "      fitted: {zh: \"已装\"",
        ),
        ("by: installer, to: fitted}", "by: installer, to: deep.a}"),
    )  # fmt: skip
