from tests.unit.language.checks.marks import expect


def test_a_step_that_a_function_names_is_one_of_the_machine():
    (problem,) = expect(
        ["unknown-step"],
        ('that: "data.arrived_at + settings.limit <= now"',
         'that: "done(¦\'arived\') && data.arrived_at + settings.limit <= now"'),
    )  # fmt: skip
    assert problem.values["name"] == "arived"


def test_a_plural_is_one_of_a_machine():
    expect(["unknown-plural"], ("all_final('parts_fitted')", "all_final(¦'parts_fited')"))


def test_a_checklist_asked_for_is_declared():
    expect(
        ["unknown-checklist"], ("all_final('parts_fitted')", "all_final('parts_fitted') && size(missing(¦'del')) == 0")
    )
