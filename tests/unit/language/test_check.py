from pathlib import Path

import pytest

from lifecycle.language.checked import check_workflow
from lifecycle.language.folders import DiskFolder, MemoryFolder
from lifecycle.problems import InvalidWorkflow
from lifecycle.texts.wording import Wording

WORKFLOWS = Path(__file__).parents[3] / "workflows"
FILES = Path(__file__).parent / "files"
SHIPPED = DiskFolder(WORKFLOWS).names()

TWENTY = [
    (8, 3, "rule-not-carried"),
    (11, 3, "never-used"),
    (18, 15, "unknown-type"),
    (22, 48, "unknown-key"),
    (23, 3, "yaml-duplicate-key"),
    (36, 9, "rows-overlap"),
    (42, 13, "bad-number-pattern"),
    (61, 17, "unknown-role"),
    (64, 17, "unknown-state"),
    (73, 17, "party-without-recorder"),
    (74, 20, "unknown-field"),
    (82, 47, "expression-syntax"),
    (85, 24, "expression-unknown-name"),
    (88, 23, "always-false"),
    (96, 26, "unknown-step"),
    (104, 20, "unknown-step"),
    (106, 7, "title-missing"),
    (112, 7, "trap-state"),
    (113, 7, "unreachable-state"),
    (115, 3, "machine-in-no-kind"),
]


def test_twenty_seeded_faults_are_found_in_one_run_each_at_its_line_and_column():
    found = check_workflow("twenty-faults", DiskFolder(FILES)).problems
    assert [(p.where.line, p.where.column, p.code) for p in found] == TWENTY


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_of_them_is_worded_without_an_empty_place(lang):
    words = Wording(lang=lang)
    for problem in check_workflow("twenty-faults", DiskFolder(FILES)).problems:
        assert "{" not in words.text(problem).replace("{yaer}", "").replace("{serial", "").replace("{'[', '{'", "")


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_workflow_has_no_problem_at_all(name):
    checked = check_workflow(name, DiskFolder(WORKFLOWS))
    assert checked.problems == ()
    assert checked.workflow_or_problems().name == name


def test_a_workflow_with_an_error_is_not_compiled():
    with pytest.raises(InvalidWorkflow) as refused:
        check_workflow("twenty-faults", DiskFolder(FILES)).workflow_or_problems()
    assert len(refused.value.problems) == len(TWENTY)


def test_a_problem_inside_a_part_is_followed_by_the_line_that_included_it():
    clean = (FILES / "clean.yaml").read_text("utf-8")
    part = (
        "part: visit\nzh: 上门\nen: Visit\nmachines:\n  visit:\n    zh: 上门\n    en: Visit\n    start: due\n"
        "    starts: {upon: repair.arrived}\n    states:\n      due: {zh: 待上门, en: Due}\n"
    )
    included = "include: [{part: parts/visit}]\n\nrules:\n"
    files = {
        "clean": clean.replace("\nrules:\n", f"\n{included}").replace("[repair, part]", "[repair, part, visit]"),
        "parts/visit": part,
    }
    found = check_workflow("clean", MemoryFolder(files)).problems
    assert [(p.code, p.where.file, p.where.line) for p in found] == [
        ("trap-state", MemoryFolder(files).file("parts/visit"), 11),
        ("included-here", MemoryFolder(files).file("clean"), 6),
    ]
