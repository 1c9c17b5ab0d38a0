from tests.unit.language.checks.marks import CLEAN, problems_of


def test_a_file_in_which_everything_fits_has_no_problem():
    assert problems_of(CLEAN) == ()
