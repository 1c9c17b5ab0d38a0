"""Readings from the command line: of a holder, the latest of each, on the page of the case that recorded them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.terminal.conftest import DESK, Type

SERIES = """series:
  meter:
    zh: "时数"
    en: "Hours"
    of: lamp
    key: "=case.lamp"
    unit: h
    never_falls: true
    override: {by: self, reason: true}
roles: {clerk:"""


@pytest.fixture
def lamp(typed: Type, folder: Path) -> tuple[Type, str]:
    """A terminal and a case whose lamp was read twice, the second time below the first."""
    text = DESK.replace("workflow: desk", "workflow: lamps").replace("roles: {clerk:", SERIES)
    text = text.replace("  cost: {", '  lamp: {is: text, scope: case, zh: "灯", en: "Lamp"}\n  cost: {')
    text = text.replace("form: [caller]", "form: [caller, lamp]")
    text = text.replace("form: [cost!, consent]", 'form: [cost!, consent], record: {meter: "=data.cost"}')
    text = text.replace("form: [cost]}", 'form: [cost!], record: {meter: {value: "=data.cost", source: phone}}}')
    (folder / "flows" / "lamps.yaml").write_text(text, "utf-8")
    case = str(typed("case", "open", "lamps", "--set", "lamp=L-1", "--json").document["case"])
    assert typed("case", "do", case, "priced", "--as", "clerk:li", "--set", "cost=90").code == 0
    refused = typed("case", "do", case, "reviewed", "--as", "chief:wu", "--set", "cost=5")
    assert (refused.code, "never falls" in refused.out) == (1, True)
    again = ("--set", "cost=5", "--reason", "meter=a new one")
    assert typed("case", "do", case, "reviewed", "--as", "chief:wu", *again).code == 0
    return typed, case


def test_the_readings_of_a_holder_say_when_how_much_by_whom_and_whence(lamp: tuple[Type, str]):
    typed, case = lamp
    lines = [line.split("  ") for line in typed("series", "show", "lamps.meter", "L-1").out.splitlines()]
    assert [[cell.strip() for cell in line if cell.strip()] for line in lines] == [
        ["2026-03-02 09:00", "90 h", "clerk:li", case],
        ["2026-03-02 09:00", "5 h", "chief:wu", case, "phone (fell; recorded with a reason)"],
        ["Hours of L-1: 2 readings"],
    ]
    told = typed("series", "show", "lamps.meter", "L-1", "--json").document["readings"]
    assert [(one["value"], one["by"]["person"], one.get("overridden")) for one in told] == [
        (90, "li", None),
        (5, "wu", True),
    ]


def test_the_latest_reading_of_each_is_listed(lamp: tuple[Type, str]):
    typed, _ = lamp
    assert typed("--lang", "zh", "series", "show", "lamps.meter").out.splitlines() == [
        "L-1  5 h  2026-03-02 09:00",
        "时数：1 个归属有读数",
    ]
    assert typed("series", "show", "lamps.metre").code == 1


def test_the_pages_of_the_case_show_them(lamp: tuple[Type, str]):
    typed, case = lamp
    assert "Hours L-1: 5 h" in typed("case", "show", case).out
    assert "Hours L-1: 90 h" in typed("case", "history", case).out
