import pytest

from tests.unit.language.checks.marks import expect


@pytest.mark.parametrize(
    ("before", "entry"),
    [
        ("\ntypes:\n", '  ¦spare: {is: duration, default: 1d, zh: "备", en: "Spare"}\n'),
        ("\nfields:\n", '  ¦spare: {a: {zh: "甲", en: "A"}, b: {zh: "乙", en: "B"}}\n'),
        ("\nroles:\n", '  ¦spare: {is: text, zh: "备", en: "Spare"}\n'),
        ("\ntables:\n", '  ¦spare: {zh: "备", en: "Spare"}\n'),
        (
            "\nguards:\n",
            "  ¦spare: {inputs: {cause: cause}, outputs: {payer: role}, rows: [{then: {payer: office}}]}\n",
        ),
        ("\nchecklists:\n", '  ¦spare: {that: "now == now", else: {zh: "备", en: "Spare"}}\n'),
    ],
)
def test_what_is_declared_and_not_used_is_warned_of(before, entry):
    expect(["never-used"], (before, entry + before))


def test_a_text_that_no_guidance_names_is_warned_of():
    expect(["never-used"], ("  first_call: {", '  ¦spare: {zh: "备", en: "Spare"}\n  first_call: {'))
