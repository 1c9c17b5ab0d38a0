from tests.unit.language.checks.marks import expect

HELD = 'held: {zh: "暂缓", en: "Held", by: office, to: on_hold}\n'


def test_steps_that_fire_one_another_are_a_circle():
    (problem,) = expect(
        ["event-loop"],
        (HELD, HELD + '          ¦echoed: {zh: "响", en: "Echoed", upon: part.answered}\n'),
        (
            'fitted: {zh: "装好"',
            'answered: {zh: "答", en: "Answered", upon: repair.echoed}\n          fitted: {zh: "装好"',
        ),
    )
    assert problem.values["events"] == ["repair.echoed", "part.answered", "repair.echoed"]


def test_a_condition_that_stays_true_fires_again_and_again():
    expect(
        ["always-repeats"],
        (HELD, HELD + '          noted: {zh: "记", en: "Noted", always: ¦"data.consent == true"}\n'),
    )


def test_a_step_that_asks_whether_it_was_done_comes_to_rest():
    expect(
        [],
        (HELD, HELD + '          noted: {zh: "记", en: "Noted", always: "data.consent == true && !done(\'noted\')"}\n'),
    )


def test_a_value_counted_up_by_itself_is_warned_of():
    expect(
        ["set-in-loop"],
        ("  photo: {", '  turns: {is: integer, zh: "次数", en: "Turns"}\n  photo: {'),
        ("form: [cause!, consent, parts!]", "form: [cause!, consent, parts!, turns!]"),
        (
            HELD,
            HELD
            + '          counted: {zh: "数", en: "Counted", always: "data.turns < 9", set: {turns: ¦"=data.turns + 1"}}\n',
        ),
    )
