from tests.unit.language.checks.marks import expect

DECIDE = '            decide: {payer: {cause: "=data.cause"}}\n'


def test_a_field_that_is_typed_and_then_set_is_warned_of():
    expect(["set-overwrites-form"], (DECIDE, DECIDE + "            set: {¦consent: true}\n"))


def test_a_value_made_from_what_was_typed_is_no_loss():
    expect([], (DECIDE, DECIDE + '            set: {consent: "=form.consent == true"}\n'))
