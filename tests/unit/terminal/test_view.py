"""Views from the command line: who sees which rows, in what order, when."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.terminal.conftest import DESK, Type

VIEWS = """
views:
  open_jobs:
    zh: "在办"
    en: "Open jobs"
    of: job
    where: "!closed"
    columns: [number, caller, state, cost, {twice: {zh: "双倍", en: "Twice", value: "=data.cost * 2"}}]
    order: [-cost, number]
    group: state
  mine:
    zh: "我报价的"
    en: "Priced by me"
    of: job
    where: "actor_of('priced') != null && actor_of('priced') == actor.person"
    columns: [number]
    owner: clerk
  matters:
    zh: "事项"
    en: "Matters"
    of: matter
    columns: [number, customer, closed, age]
    limit: 2
"""


@pytest.fixture
def three(typed: Type, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three cases of `desk`, opened at 9, 10 and 11 o'clock; the first two are priced at 11:30, by li and by wang."""
    (folder / "flows" / "desk.yaml").write_text(DESK + VIEWS, "utf-8")
    cases = []
    for hour, customer in ((9, "C-1"), (10, "C-2"), (11, "C-3")):
        monkeypatch.setenv("LIFECYCLE_NOW", f"2026-03-02T{hour:02}:00+08:00")
        words = ("case", "open", "desk", "--customer", customer, "--set", f"caller=caller {hour}", "--json")
        cases.append(str(typed(*words).document["case"]))
    monkeypatch.setenv("LIFECYCLE_NOW", "2026-03-02T11:30+08:00")
    for case, person, cost in ((cases[0], "li", 30), (cases[1], "wang", 50)):
        assert typed("case", "do", case, "priced", "--as", f"clerk:{person}", "--set", f"cost={cost}").code == 0
    monkeypatch.setenv("LIFECYCLE_NOW", "2026-03-02T12:00+08:00")
    return cases


def rows(typed: Type, *words: str) -> list[dict[str, object]]:
    answered = typed("view", "show", *words, "--json")
    assert answered.code == 0, answered.err
    return [row["values"] for row in answered.document["rows"]]


def test_a_view_lists_its_rows_in_order_with_names_and_expressions(typed: Type, three: list[str]):
    first, second, third = three
    assert rows(typed, "desk.open_jobs") == [
        {"number": second, "caller": "caller 10", "state": "priced", "cost": 50, "twice": 100},
        {"number": first, "caller": "caller 9", "state": "priced", "cost": 30, "twice": 60},
        {"number": third, "caller": "caller 11", "state": "new", "cost": None, "twice": None},
    ]


def test_people_read_it_in_groups_with_titles(typed: Type, three: list[str]):
    lines = typed("--lang", "zh", "view", "show", "desk.open_jobs").out.splitlines()
    assert lines[0].split() == ["案件号", "来电人", "状态", "费用", "双倍"]
    assert lines[1] == "已报价 (2)"
    assert lines[2].split() == [three[1], "caller", "10", "已报价", "50", "100"]
    assert lines[4] == "新 (1)"
    assert lines[-1] == "在办：3 / 3 行，2026-03-02 12:00"


def test_it_shows_what_is_the_persons_own(typed: Type, three: list[str]):
    assert rows(typed, "desk.mine", "--as", "clerk:li") == [{"number": three[0]}]
    assert rows(typed, "desk.mine", "--as", "clerk:wang") == [{"number": three[1]}]
    assert rows(typed, "desk.mine") == []


def test_as_it_was_at_an_instant_it_knows_nothing_that_was_recorded_later(typed: Type, three: list[str]):
    assert [row["state"] for row in rows(typed, "desk.open_jobs", "--at", "2026-03-02 10:30")] == ["new", "new"]
    [first, _] = rows(typed, "desk.matters", "--at", "2026-03-02 10:30")
    assert first == {"number": three[0], "customer": "C-1", "closed": False, "age": "90m"}
    assert rows(typed, "desk.open_jobs", "--at", "2026-03-02 08:00") == []


def test_a_limit_shows_the_first_and_how_many_there_are(typed: Type, three: list[str]):
    answered = typed("view", "show", "desk.matters", "--json").document
    assert (len(answered["rows"]), answered["total"]) == (2, 3)


def test_it_is_written_as_csv_in_which_nothing_is_a_formula(typed: Type, three: list[str]):
    assert typed("case", "open", "desk", "--set", "caller==1+1").code == 0
    assert typed("view", "show", "desk.open_jobs", "--csv", "--output", "open.csv").code == 0
    written = Path("open.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbfCase,Caller,State,Cost,Twice\r\n")
    assert b",'=1+1,New," in written


def test_a_row_whose_condition_has_no_answer_is_told_apart(typed: Type, folder: Path):
    risky = '  risky: {zh: "除", en: "Risky", of: job, where: "data.cost != null && 100 / data.cost > 1"}\n'
    (folder / "flows" / "desk.yaml").write_text(DESK + "\nviews:\n" + risky, "utf-8")
    case = typed("case", "open", "desk", "--json").document["case"]
    assert typed("case", "do", case, "priced", "--as", "clerk:li", "--set", "cost=0").code == 0
    answered = typed("view", "show", "desk.risky", "--json").document
    assert (answered["rows"], [one["case"] for one in answered["unjudged"]]) == ([], [case])
    assert f"left aside: {case} job/1" in typed("view", "show", "desk.risky").out


def test_views_are_listed_for_everybody_or_for_a_role(typed: Type, three: list[str]):
    assert "desk.mine  Priced by me  (Clerk)" in typed("view", "list", "desk").out.splitlines()
    listed = typed("view", "list", "desk", "--as", "chief", "--json").document["views"]
    assert [one["view"] for one in listed] == ["open_jobs", "matters"]


def test_a_view_that_the_workflow_does_not_have_is_refused(typed: Type, three: list[str]):
    answered = typed("view", "show", "desk.open_job")
    assert answered.code == 1
    assert 'did you mean "open_jobs"' in answered.out
