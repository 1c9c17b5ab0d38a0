from pathlib import Path

from tests.unit.language.checks.marks import CLEAN, problems_of


def test_a_file_in_which_everything_fits_has_no_problem():
    assert problems_of(CLEAN) == ()


def test_five_papers_that_pass_through_many_hands_have_no_problem():
    text = (Path(__file__).parents[1] / "files" / "take-back.yaml").read_text("utf-8")
    assert problems_of(text) == ()
    unvoided = text.replace(", receipt: void", "")
    told = {(problem.code, problem.values.get("paper")) for problem in problems_of(unvoided)}
    assert told == {("reconcile-never", "receipt")}
