from tests.unit.language.checks.marks import expect


def test_a_way_back_from_where_nothing_leads_is_found():
    expect(
        ["history-nowhere"],
        (
            "by: installer, to: fitted}",
            "by: installer, to: {\"actor.role == 'office'\": ¦$history, otherwise: fitted}}",
        ),
    )


def test_a_way_back_to_the_state_before_is_clean():
    expect([])
