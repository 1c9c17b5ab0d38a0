"""Frozen periods from the command line: listed, shown with their corrections, written as CSV."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.engine.workshop import TEXT
from tests.unit.terminal.conftest import Type


@pytest.fixture
def spring(typed: Type, folder: Path) -> Type:
    """A workshop whose March is frozen with two people, and whose April puts one hour of March right."""
    (folder / "flows" / "workshop.yaml").write_text(TEXT, "utf-8")

    def opened(now: str) -> str:
        opening = typed("--now", now, "case", "open", "workshop.repair", "--set", "outlet=north", "--json")
        return str(opening.document["case"])

    def job(now: str, case: str, worker: str, minutes: int, happened: str = "") -> None:
        at = ("--occurred-at", happened) if happened else ()
        values = ("--set", f"worker={worker}", "--set", f"minutes={minutes}", "--set", "spent=10")
        assert typed("--now", now, "case", "do", case, "finished", "--as", "clerk:li", *values, *at).code == 0

    def end(now: str) -> None:
        case = str(typed("--now", now, "case", "open", "workshop.month_end", "--json").document["case"])
        assert typed("--now", now, "case", "do", case, "paid", "--as", "clerk:li").code == 0

    first, second, third = (opened("2026-03-02T09:00+08:00") for _ in range(3))
    job("2026-03-02T09:00+08:00", first, "li", 90)
    job("2026-03-03T09:00+08:00", second, "wang", 1200)
    end("2026-04-01T09:00+08:00")
    job("2026-04-10T09:00+08:00", third, "li", 60, "2026-03-20T10:00+08:00")
    end("2026-05-01T09:00+08:00")
    return typed


def test_frozen_periods_are_listed_with_their_totals(spring: Type):
    listed = spring("settlement", "list", "workshop.hours", "--json").document["periods"]
    assert [(one["period"], one["first"], one["last"], one["total"]["minutes"]) for one in listed] == [
        ("2026-03", "2026-03-01", "2026-03-31", 1290),
        ("2026-04", "2026-04-01", "2026-04-30", 0),
    ]
    lines = spring("--lang", "zh", "settlement", "list", "workshop.hours").out.splitlines()
    assert "工时 1290" in lines[0]
    assert lines[-1] == "月度工时：已冻结 2 期"


def test_a_period_is_shown_as_a_table_with_its_total(spring: Type):
    lines = spring("settlement", "show", "workshop.hours", "2026-03").out.splitlines()
    assert lines[0].startswith(
        "Hours of the month  2026-03  2026-03-01 to 2026-03-31, frozen 2026-04-01 09:00 by clerk:li"
    )
    assert [line.split() for line in lines[1:]] == [
        ["of", "Minutes", "Jobs", "Good", "Spent", "Minutes", "a", "job", "rank", "class"],
        ["li", "90", "1", "0", "10.00", "CNY", "90", "2", "B"],
        ["wang", "1200", "1", "0", "10.00", "CNY", "1200", "1", "A"],
        ["total", "1290", "2", "0", "20.00", "CNY"],
    ]
    assert lines[2].index("90") == lines[3].index("1200") + 2


def test_the_last_period_is_shown_when_none_is_named_and_says_what_it_puts_right(spring: Type):
    shown = spring("settlement", "show", "workshop.hours").out
    assert shown.splitlines()[-3:][0] == "Corrections of earlier periods"
    assert shown.splitlines()[-1].split() == ["2026-03", "li", "60", "1", "0", "10.00", "CNY"]


def test_a_period_is_written_as_csv_with_its_cases(spring: Type):
    assert spring("settlement", "show", "workshop.hours", "2026-03", "--format", "csv", "--output", "m.csv").code == 0
    lines = Path("m.csv").read_bytes().decode("utf-8-sig").split("\r\n")
    assert lines[0] == "period,of,Minutes,Jobs,Good,Spent,Minutes a job,rank,class,cases"
    assert lines[1] == "2026-03,li,90,1,0,10.00 CNY,90,2,B,R-0001"


def test_what_is_not_there_is_refused_by_its_name(spring: Type):
    assert spring("settlement", "show", "workshop.hours", "2026-05").code == 1
    assert 'no frozen period "2026-05"' in spring("settlement", "show", "workshop.hours", "2026-05").out
    assert spring("settlement", "list", "workshop.hour").code == 1


def test_the_case_that_froze_it_says_so(spring: Type):
    assert "Hours of the month 2026-03: frozen, 2 rows, 0 corrections" in spring("case", "show", "M-0001").out
    assert "Hours of the month 2026-03: frozen, 2 rows, 0 corrections" in spring("case", "history", "M-0001").out
