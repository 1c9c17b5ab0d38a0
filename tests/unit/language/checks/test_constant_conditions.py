from tests.unit.language.checks.marks import expect


def test_a_guard_that_never_holds_is_an_error():
    (problem,) = expect(
        ["always-false"],
        ("            form: [opinion]\n", "            when: ¦\"data.cause == 'defect' && data.cause == 'misuse'\"\n            form: [opinion]\n"),
    )  # fmt: skip
    assert problem.level == "error"


def test_a_guard_that_always_holds_is_a_warning():
    (problem,) = expect(
        ["always-true"],
        ("            form: [opinion]\n", "            when: ¦\"data.cause == 'defect' || data.cause == 'misuse'\"\n            form: [opinion]\n"),
    )  # fmt: skip
    assert problem.level == "warning"


def test_steps_taken_or_not_are_tried_too():
    expect(
        ["always-true"],
        (
            "            form: [opinion]\n",
            "            when: ¦\"done('arrived') || !done('arrived')\"\n            form: [opinion]\n",
        ),
    )


def test_what_is_not_finite_is_left_alone():
    expect(
        [],
        ("            form: [opinion]\n", '            when: "data.arrived_at < now"\n            form: [opinion]\n'),
    )
