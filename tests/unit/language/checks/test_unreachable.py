from tests.unit.language.checks.marks import expect


def test_a_state_that_nothing_enters_is_found_at_its_name():
    expect(
        ["unreachable-state"],
        (
            "      fitted: {zh: \"已装\"",
            "      ¦lost: {zh: \"无\", en: \"Lost\", steps: {go: {zh: \"走\", en: \"Go\", by: office, to: fitted}}}\n"
            "      fitted: {zh: \"已装\"",
        ),
    )  # fmt: skip


def test_a_way_back_counts_as_a_way():
    expect([])
