from tests.unit.language.checks.marks import expect


def test_two_rows_that_match_the_same_inputs_are_found_at_the_second():
    (problem,) = expect(["rows-overlap"], ("- {cause: misuse, then", "- ¦{cause: [misuse, defect], then"))
    assert (problem.values["first"], problem.values["second"]) == (1, 2)


def test_rows_may_overlap_when_the_first_counts():
    expect([], ("- {cause: misuse, then", '- {cause: "*", then'), ("    rows:\n", "    hit: first\n    rows:\n"))


def test_inputs_that_no_row_matches_are_shown():
    (problem,) = expect(
        ["rows-incomplete"],
        ("  payer:\n", "  ¦payer:\n"),
        ("      - {cause: misuse, then: {payer: customer}}\n", ""),
    )
    assert problem.values["inputs"] == "cause = misuse"


def test_a_default_answers_for_the_rest():
    expect(
        [],
        ("      - {cause: misuse, then: {payer: customer}}\n", "    default: {payer: customer}\n"),
    )


def test_ranges_of_integers_are_compared_by_their_borders():
    expect(
        ["rows-overlap"],
        ("inputs: {cause: cause}", "inputs: {cause: cause, size: integer}"),
        ("- {cause: defect, then", '- {cause: defect, size: "1..5", then'),
        ("- {cause: misuse, then", '- ¦{size: ">= 5", then'),
        (
            'decide: {payer: {cause: "=data.cause"}}',
            'decide: {payer: {cause: "=data.cause", size: "=count(\'confirmed\')"}}',
        ),
        ("    rows:\n", "    default: {payer: customer}\n    rows:\n"),
    )
