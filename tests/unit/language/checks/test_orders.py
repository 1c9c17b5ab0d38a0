from tests.unit.language.checks.marks import expect

STATE = '      waiting:\n        zh: "待装"\n        en: "Waiting"\n'
STEP = 'fitted: {zh: "装好", en: "Fitted", by: installer, to: fitted}'


def test_an_end_of_an_order_needs_an_order():
    expect(["complete-without-order"], (STATE, f"{STATE}        ¦complete: {{to: fitted}}\n"))


def test_an_order_needs_steps():
    expect(
        ["order-without-steps"],
        (
            STEP,
            f"{STEP}\n          put: {{zh: \"上\", en: \"On\", by: installer, to: empty}}\n"
            "      empty:\n        zh: \"空\"\n        en: \"Empty\"\n        ¦order: any\n        complete: {to: fitted}",
        ),
    )  # fmt: skip


def test_an_order_of_optional_steps_is_complete_before_anything_is_done():
    expect(
        ["order-never-complete"],
        (STATE, f"{STATE}        order: ¦[fitted]\n        complete: {{to: fitted}}\n"),
        (STEP, 'fitted: {zh: "装好", en: "Fitted", by: installer, optional: true}'),
    )


def test_optional_speaks_of_a_place_in_an_order():
    expect(["outside-order"], (STEP, 'fitted: {zh: "装好", en: "Fitted", by: installer, to: fitted, ¦optional: true}'))


def test_a_step_of_the_clock_comes_again_without_an_order():
    clock = 'reminded: {zh: "催办", en: "Reminded", after: 3d, repeat: true}'
    expect([], (STEP, f"{STEP}\n          {clock}"))


def test_an_order_names_steps_of_its_state():
    expect(
        ["unknown-step"],
        (STATE, f"{STATE}        order: [fitted, ¦fited]\n        complete: {{to: fitted}}\n"),
        (STEP, 'fitted: {zh: "装好", en: "Fitted", by: installer}'),
    )


def test_an_ordered_state_that_leads_on_is_clean():
    expect(
        [],
        (STATE, f"{STATE}        order: [fitted]\n        complete: {{to: fitted}}\n"),
        (STEP, 'fitted: {zh: "装好", en: "Fitted", by: installer}'),
    )
