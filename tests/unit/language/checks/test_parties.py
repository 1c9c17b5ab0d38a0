from tests.unit.language.checks.marks import expect


def test_the_act_of_a_party_needs_somebody_who_records_it():
    expect(["party-without-recorder"], ("by: customer\n            with: installer\n", "by: ¦customer\n"))


def test_a_party_cannot_record():
    expect(["recorder-is-party"], ("with: installer", "with: ¦customer"))


def test_who_has_a_login_needs_no_recorder():
    expect(
        ["never-used", "recorder-needless"],
        (
            "            by: customer\n            with: installer",
            "            by: office\n            with: ¦installer",
        ),
        ("  customer: {party: true, ", "  ¦customer: {party: true, "),
        ("cause: misuse, then: {payer: customer}", "cause: misuse, then: {payer: office}"),
    )
