from tests.unit.language.checks.marks import expect


def test_a_state_without_a_way_out_that_is_not_final_is_a_trap():
    expect(
        ["trap-state"],
        ('      fitted: {zh: "已装", en: "Fitted", final: fitted}', '      ¦fitted: {zh: "已装", en: "Fitted"}'),
    )


def test_states_that_only_lead_to_one_another_are_a_circle_without_an_end():
    (problem,) = expect(
        ["livelock"],
        (
            'fitted: {zh: "装好", en: "Fitted", by: installer, to: fitted}',
            'fitted: {zh: "装好", en: "Fitted", by: installer, to: fitted}\n'
            '          loose: {zh: "拆", en: "Off", by: installer, to: loose}',
        ),
        (
            '      fitted: {zh: "已装", en: "Fitted", final: fitted}',
            '      ¦loose: {zh: "拆下", en: "Off", steps: {put: {zh: "装", en: "On", by: installer, to: again}}}\n'
            '      again: {zh: "再", en: "Again", steps: {loose: {zh: "拆", en: "Off", by: installer, to: loose}}}\n'
            '      fitted: {zh: "已装", en: "Fitted", final: fitted}',
        ),
    )
    assert problem.values["states"] == ["again", "loose"]


def test_a_machine_needs_an_end():
    expect(
        ["no-final-state"],
        ("  part:\n", "  ¦part:\n"),
        (
            '      fitted: {zh: "已装", en: "Fitted", final: fitted}',
            '      fitted: {zh: "已装", en: "Fitted", steps: {loose: {zh: "拆", en: "Off", by: installer, to: waiting}}}',
        ),
    )


def test_a_dossier_needs_no_end():
    expect(
        [],
        ("  phone: {is: phone, scope: case, pii: true", "  phone: {is: text, scope: case"),
        ("    subject: customer\n", "    subject: customer\n    key: phone\n"),
        ("form: [phone], start", "form: [phone!], start"),
        ('closed: {zh: "已关闭", en: "Closed", final: done}', 'closed: {zh: "已关闭", en: "Closed"}'),
    )
