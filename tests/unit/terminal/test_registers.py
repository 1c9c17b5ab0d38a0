"""The register of a paper from the command line, and what pages about a case say of papers."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.unit.terminal.conftest import Type
from tests.unit.terminal.test_printing import SLIPS


@pytest.fixture
def three(typed: Type, folder: Path) -> list[str]:
    """Three cases: a slip that is signed, one that is void and issued anew, one that is out."""
    (folder / "flows" / "slips.yaml").write_text(
        SLIPS.replace(
            "split: {", "dropped: {zh: 废, en: Dropped, by: clerk, papers: {slip: void}}\n          split: {"
        ),
        "utf-8",
    )
    cases = [str(typed("case", "open", "slips", "--json").document["case"]) for _ in range(3)]
    for case in cases:
        assert typed("case", "do", case, "sent", "--as", "clerk:li").code == 0
    assert typed("case", "do", cases[0], "signed", "--as", "buyer", "--with", "clerk:li").code == 0
    assert typed("case", "do", cases[1], "dropped", "--as", "clerk:li").code == 0
    assert typed("case", "do", cases[1], "sent", "--as", "clerk:li").code == 0
    return cases


def test_the_register_lists_every_number_with_what_became_of_it(typed: Type, three: list[str]):
    entries = typed("audit", "register", "slips.slip", "--json").document["entries"]
    assert [(entry["number"], entry["case"], entry["is"]) for entry in entries] == [
        ("WX-001", three[0], "finished"),
        ("WX-002", three[1], "void"),
        ("WX-003", three[2], "open"),
        ("WX-004", three[1], "open"),
    ]
    assert entries[0]["signed"] == ["buyer"]
    assert entries[2]["holder"] == "clerk"


def test_people_read_titles_and_how_many_are_out(typed: Type, three: list[str]):
    lines = typed("--lang", "zh", "audit", "register", "slips.slip", "--open").out.splitlines()
    assert [line.split("  ")[:2] for line in lines[:2]] == [["WX-003", three[2]], ["WX-004", three[1]]]
    assert "已开单  文员" in lines[0]
    assert lines[-1] == "维修单：2 份，未了结 2 份"


def test_it_is_written_as_csv(typed: Type, three: list[str]):
    assert typed("audit", "register", "slips.slip", "--format", "csv", "--output", "slips.csv").code == 0
    written = Path("slips.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbfnumber,case,")
    assert written.count(b"\r\n") == 5


def test_a_number_that_no_case_has_is_missing(typed: Type, three: list[str]):
    with sqlite3.connect("lifecycle.db") as raw:
        forged = "CAST(replace(CAST(state AS TEXT), 'WX-003', 'WX-033') AS BLOB)"
        done = raw.execute(f"UPDATE heads SET state = {forged} WHERE CAST(state AS TEXT) LIKE '%WX-003%'")
        assert done.rowcount == 1
    answered = typed("audit", "register", "slips.slip", "--json")
    told = {entry["number"]: entry["is"] for entry in answered.document["entries"]}
    assert answered.code == 5
    assert (told["WX-003"], told["WX-033"]) == ("missing", "stray")


def test_a_paper_that_the_workflow_does_not_have_is_refused(typed: Type, three: list[str]):
    answered = typed("audit", "register", "slips.slop")
    assert answered.code == 1
    assert 'did you mean "slip"' in answered.out


def test_a_case_shows_its_papers(typed: Type, three: list[str]):
    assert "paper: Repair slip WX-003, Issued, held by Clerk" in typed("case", "show", three[2]).out
    history = typed("case", "history", three[1]).out
    assert "paper: Repair slip WX-002, issued, Issued" in history
    assert "paper: Repair slip WX-002, void" in history
    assert "paper: Repair slip WX-001, moved, Signed, signed by Buyer" in typed("case", "history", three[0]).out
