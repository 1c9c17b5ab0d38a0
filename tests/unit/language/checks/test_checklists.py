from tests.unit.language.checks.marks import expect

READY = "              ready: {checklist: delivery}\n"


def test_a_checklist_that_nobody_asks_for_is_warned_of():
    expect(["checklist-unasked"], (READY, ""), ("  delivery: {", "  ¦delivery: {"))


def test_a_checklist_that_no_state_shows_cannot_be_ticked():
    expect(
        ["checklist-unshown"],
        ("        checklist: delivery\n", ""),
        (READY, "              ready: {checklist: ¦delivery}\n"),
    )
