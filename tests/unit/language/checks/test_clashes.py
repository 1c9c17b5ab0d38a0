from tests.unit.language.checks.marks import expect


def test_a_plural_may_not_be_the_name_of_a_machine():
    expect(
        ["name-clash"],
        ("plural: parts_fitted", "plural: ¦repair"),
        ("all_final('parts_fitted')", "all_final('repair')"),
    )


def test_a_step_that_hides_another_of_its_name_is_warned_of():
    expect(
        ["step-clash"],
        ("          held: {", "          ¦held: {"),
        (
            "    start: reported\n",
            '    start: reported\n    anywhere:\n      held: {zh: "停", en: "Stopped", by: office}\n',
        ),
    )
