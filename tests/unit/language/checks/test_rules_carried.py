from tests.unit.language.checks.marks import expect

RULE = '  DW-015: {zh: "收费须同意", en: "Consent first", source: "5.2.1"}\n'


def test_a_rule_that_nothing_carries_is_warned_of():
    expect(["rule-not-carried"], (RULE, RULE + '  ¦DW-016: {zh: "乙", en: "B"}\n'))


def test_a_waived_rule_is_not_asked_for():
    expect([], (RULE, RULE + '  DW-016: {zh: "乙", en: "B", waived: "no pools yet"}\n'))


def test_a_rule_is_waived_or_carried():
    expect(["waived-but-carried"], (RULE, '  ¦DW-015: {zh: "收费须同意", en: "Consent first", waived: "later"}\n'))


def test_a_rule_that_must_refuse_is_not_only_shown():
    expect(
        ["rule-only-shown"],
        (RULE, RULE + '  ¦DW-022: {zh: "周末", en: "Weekends", kind: guard, strength: must}\n'),
        ("        guidance: first_call\n", '        guidance: {zh: "仅周末", en: "Weekends only", rules: [DW-022]}\n'),
        ("\ntexts:\n  first_call: {zh: \"先回电\", en: \"Call back first\"}\n", ""),
    )  # fmt: skip
