"""Calendars at the terminal: shown, changed, and the national plans."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.terminal.conftest import DESK, Type

CALENDARS = """calendars:
  office: {days: cn, hours: {mon-fri: ["08:30-12:00"]}, from: {2026-07-01: {sat: ["22:00-06:00"]}}}
fields:
"""


@pytest.fixture(autouse=True)
def _with_a_calendar(folder: Path) -> None:
    (folder / "flows" / "desk.yaml").write_text(DESK.replace("fields:\n", CALENDARS), encoding="utf-8")


def test_a_calendar_is_shown_as_it_is_in_force(typed: Type):
    assert typed("calendar", "change", "desk", "office", "2026-05-02=09:00-12:00", "2026-05-03=closed").code == 0
    shown = typed("calendar", "show", "desk").out
    assert "    mon  08:30-12:00\n" in shown
    assert "  from 2026-07-01 on\n    sat  22:00-06:00\n" in shown
    assert "until the end of 2026" in shown
    assert "    2026-05-02  09:00-12:00\n    2026-05-03  closed\n" in shown
    document = typed("--json", "calendar", "show", "desk").document["office"]
    assert document["dates"] == {"2026-05-02": ["09:00-12:00"], "2026-05-03": []}
    assert document["planned_until"] == 2026
    assert document["hours"][1] == {"since": "2026-07-01", "sat": ["22:00-06:00"]}


def test_what_changes_nothing_says_so_and_what_is_wrong_is_refused(typed: Type):
    assert typed("--json", "calendar", "change", "desk", "office", "2026-05-03=usual").document == {"changed": False}
    refused = typed("calendar", "change", "desk", "ofice", "2026-05-03=closed")
    assert refused.code == 1
    assert "office" in refused.out + refused.err
    assert typed("calendar", "change", "desk", "office", "2026-05-03").code == 2


def test_a_plan_is_listed_and_put_in_force_from_a_file(typed: Type, folder: Path):
    years = [plan["year"] for plan in typed("--json", "calendar", "plan", "cn").document]
    assert years == list(range(2007, 2027))
    plan = {"year": 2027, "edition": 1, "papers": ["https://www.gov.cn/2027"], "off": [], "work": ["2027-02-06"]}
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    assert typed("--json", "calendar", "plan", "cn", "plan.json").document == {"changed": True}
    assert "2027  0 days off, 1 make-up workdays  https://www.gov.cn/2027" in typed("calendar", "plan", "cn").out
    assert "until the end of 2027" in typed("calendar", "show", "desk").out


def test_a_file_that_is_no_plan_is_told_from_one_that_is_no_json(typed: Type, folder: Path):
    (folder / "plan.json").write_text("{", encoding="utf-8")
    assert typed("calendar", "plan", "cn", "plan.json").code == 2
    (folder / "plan.json").write_text("[]", encoding="utf-8")
    assert typed("calendar", "plan", "cn", "plan.json").code == 1
