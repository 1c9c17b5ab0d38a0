"""Coverage from the command line: on the page of its case, and in its history."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.test_covering import WORKFLOW
from tests.unit.terminal.conftest import Type


def test_pages_say_from_when_to_when_what_put_it_off_and_whether_it_holds(typed: Type, folder: Path):
    (folder / "flows" / "cars.yaml").write_text(WORKFLOW, "utf-8")

    def at(day: str, *words: str) -> list[str]:
        answer = typed("--now", f"{day}T10:00+08:00", *words)
        assert answer.code == 0, answer.out
        return [line.strip() for line in answer.out.splitlines()]

    sale = ("plate=A1", "sold_on=2026-03-05", "months=12")
    opened = ("case", "open", "cars", *(part for value in sale for part in ("--set", value)), "--json")
    case = str(typed("--now", "2026-03-02T10:00+08:00", *opened).document["case"])
    assert "Warranty: 2026-03-05 to 2027-03-04  not begun" in at("2026-03-02", "case", "show", case)
    assert "质保期：2026-03-05 至 2027-03-04  在保" in at("2026-03-05", "--lang", "zh", "case", "show", case)
    at("2026-06-01", "case", "do", case, "taken_in", "--as", "office:li")
    assert "Warranty: 2026-03-05 to 2027-03-04  covered, its end waits" in at("2026-06-02", "case", "show", case)
    at("2026-06-13", "case", "do", case, "done", "--as", "office:li", "--set", 'renewed=[{"part": "brake"}]')
    pages = at("2026-06-13", "case", "show", case)
    assert "Warranty: 2026-03-05 to 2027-03-16, put off by 12 days  covered" in pages
    assert "Warranty of brake: 2026-06-13 to 2027-06-12  covered" in pages
    assert at("2027-06-13", "tick")
    assert "Warranty of brake: 2026-06-13 to 2027-06-12  over" in at("2027-06-13", "case", "show", case)
    history = at("2027-06-13", "case", "history", case)
    assert [line for line in history if "Warranty" in line and "  " not in line] == [
        "Warranty, begun, 2027-03-04",
        "Warranty, covered, its end waits",
        "Warranty, put off, 2027-03-16",
        "Warranty of brake, begun anew, 2027-06-12",
        "Warranty, ended",
        "Warranty of brake, ended",
    ]
    assert any("warranty.ended  Warranty ended" in line for line in history)
