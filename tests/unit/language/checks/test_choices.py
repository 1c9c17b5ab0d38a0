from tests.unit.language.checks.marks import expect

TO = 'to: {"data.opinion != null": praised, otherwise: closed}'


def test_a_choice_without_otherwise_that_leaves_something_out_is_found():
    expect(
        ["choice-incomplete"],
        (TO, 'to: ¦{"data.opinion != null && data.cause == \'defect\'": praised, "data.opinion == null": closed}'),
    )


def test_two_ways_for_the_same_case_are_found_at_the_second():
    expect(
        ["choice-overlaps"],
        (TO, 'to: {"data.opinion != null": praised, ¦"data.cause == \'misuse\'": closed, otherwise: closed}'),
    )


def test_an_otherwise_that_is_never_left_is_found():
    expect(
        ["otherwise-never"],
        (TO, 'to: {"data.opinion != null": praised, "data.opinion == null": closed, ¦otherwise: closed}'),
    )


def test_ways_that_cover_everything_need_no_otherwise():
    expect([], (TO, 'to: {"data.opinion != null": praised, "data.opinion == null": closed}'))
