from tests.unit.language.checks.marks import expect


def test_the_same_person_and_another_one_cannot_be_asked_for_at_once():
    expect(
        ["nobody-left"],
        ("by: installer\n            form: [arrived_at!]", "by: installer\n            same_as: [confirmed]\n            apart_from: [¦confirmed]\n            form: [arrived_at!]"),
    )  # fmt: skip


def test_a_step_that_comes_later_cannot_have_been_taken_by_the_same_person():
    (problem,) = expect(
        ["compared-never-taken"],
        (
            "by: office\n            form: [cause!",
            "by: office\n            same_as: [¦signed]\n            form: [cause!",
        ),
    )
    assert problem.level == "error"


def test_a_step_that_comes_before_can_be_compared_with():
    expect(
        [],
        (
            "by: installer\n            form: [arrived_at!]",
            "by: installer\n            apart_from: [confirmed]\n            form: [arrived_at!]",
        ),
    )
