"""The sample weeks: every act goes as it is written, and a mistake in a file is told at its place."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from lifecycle.app import shipped
from lifecycle.core.events import Json
from lifecycle.problems import InvalidInput
from lifecycle.store import open_store
from lifecycle.terminal.door import Door
from lifecycle.terminal.root import root
from lifecycle.texts.wording import Wording
from lifecycle.trials.week import dated, hire, last_whole_week, sample_weeks
from lifecycle.trials.weekfile import Week, Worker, read_week
from tests.contracts.crews import crews
from tests.walks.world import shipped_workflow

OPENING = """workflow = "furniture"
[[act]]
at = "09:10"
case = "a wardrobe"
open = "sales_order.written"
as = "sales_guide:wang"
"""
ACT = """[[act]]
at = "09:20"
case = "a wardrobe"
do = "order/1.sent"
as = "sales_guide:wang"
"""


def demo(folder: Path, *options: str) -> tuple[int, str]:
    store = f"sqlite:{folder / 'store.db'}"
    typed = ["--store", store, "--now", "2026-03-09T00:00+08:00", *options, "demo"]
    result = CliRunner().invoke(root, typed, obj=Door(lang="zh"))
    return result.exit_code, result.output


def problems_of(text: str) -> list[tuple[str, int, str]]:
    with pytest.raises(InvalidInput) as told:
        read_week(text, "week.toml")
    for problem in told.value.problems:
        assert problem.where.file == "week.toml"
        assert Wording(lang="zh").text(problem)
    return [(problem.code, problem.where.line, str(problem.values.get("key", ""))) for problem in told.value.problems]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Json]]:
    folder = tmp_path_factory.mktemp("demo")
    code, output = demo(folder, "--json")
    document: dict[str, Json] = json.loads(output)
    assert (code, document["unexpected"]) == (0, [])
    return folder, document


def test_every_act_of_the_shipped_weeks_goes_as_it_is_written(played: tuple[Path, dict[str, Json]]):
    _, document = played
    weeks = sample_weeks()
    assert [week.workflow for week in weeks] == sorted(file.stem for file in shipped().glob("*.yaml"))
    assert document["acts"] == sum(len(week.acts) for week in weeks)
    assert document["refused"] == sum(act.refused for week in weeks for act in week.acts)
    assert document["damaged"] == []


@pytest.mark.parametrize("number", range(len(sample_weeks())))
def test_a_shipped_week_is_lively(number: int):
    week = sample_weeks()[number]
    assert 8 <= len({act.case for act in week.acts}) <= 13
    assert 5 <= sum(act.refused for act in week.acts) <= 10
    kinds = {act.opens.partition(".")[0] for act in week.acts if act.opens}
    assert len(kinds) >= min(6, len(shipped_workflow(week.workflow).kinds))


def test_a_week_leaves_cases_closed_cases_at_work_and_open_findings(played: tuple[Path, dict[str, Json]]):
    _, document = played
    assert 0 < document["closed"] < document["cases"]
    assert document["findings"] != []
    assert all(refusal["reasons"] for refusal in document["refusals"])


def test_a_week_leaves_promises_kept_and_broken(played: tuple[Path, dict[str, Json]]):
    _, document = played
    assert {"met", "late"} <= {deadline["is"] for deadline in document["deadlines"]}
    assert all(row["steps"] for row in document["worklist"])


def test_a_week_tells_people_something_which_waits_until_it_is_delivered(played: tuple[Path, dict[str, Json]]):
    folder, document = played
    store = open_store(f"sqlite:{folder / 'store.db'}", clock=lambda: datetime.now(UTC), randomness=os.urandom)
    recipients = sum(to.get("members", 1) for notice in document["notices"] for to in notice["to"])
    assert store.notices.count() == {"pending": recipients}
    assert recipients > 0
    store.close()


def test_a_second_call_plays_nothing_and_shows_the_same(played: tuple[Path, dict[str, Json]]):
    folder, document = played
    code, output = demo(folder, "--json")
    again = json.loads(output)
    same = ("cases", "closed", "events", "findings", "damaged", "store")
    assert code == 0
    assert (again["acts"], again["refusals"]) == (0, [])
    assert {name: again[name] for name in same} == {name: document[name] for name in same}


@pytest.mark.parametrize(("lang", "done"), [("zh", "完成："), ("en", "done: ")])
def test_the_demo_gives_each_company_half_a_screen_and_ends_with_what_was_done(
    played: tuple[Path, dict[str, Json]], lang: str, done: str
):
    _, output = demo(played[0], "--lang", lang)
    lines = output.splitlines()
    assert len(lines) <= 25 * len(sample_weeks())
    assert lines[-1].startswith(done)
    assert str(played[0]) in lines[-1]


def monday_before(now: datetime, *holidays: date) -> date:
    return last_whole_week(now, ZoneInfo("Asia/Shanghai"), lambda day: day not in holidays)


def test_the_week_that_is_played_is_the_last_one_that_is_over():
    assert monday_before(datetime(2026, 3, 8, 15, 59, tzinfo=UTC)) == date(2026, 2, 23)
    assert monday_before(datetime(2026, 3, 8, 16, 0, tzinfo=UTC)) == date(2026, 3, 2)


def test_a_week_with_a_holiday_is_not_played():
    assert monday_before(datetime(2026, 3, 12, tzinfo=UTC), date(2026, 3, 6)) == date(2026, 2, 23)


def test_a_day_beside_the_played_one_becomes_a_date_wherever_it_stands():
    typed = {"at": "{today+2} 09:00", "rows": [{"on": "{today}"}, 7], "before": "{today-1}"}
    meant = {"at": "2026-03-04 09:00", "rows": [{"on": "2026-03-02"}, 7], "before": "2026-03-01"}
    assert dated(typed, date(2026, 3, 2)) == meant


def test_a_sound_file_is_read():
    assert [act.case for act in read_week(OPENING + ACT).acts] == ["a wardrobe", "a wardrobe"]


def test_an_act_names_its_day_of_the_week_or_happens_on_monday():
    monday, friday = read_week(OPENING + ACT.replace("09:20", "fri 17:05")).acts
    assert (monday.day, monday.at, friday.day, friday.at) == (0, time(9, 10), 4, time(17, 5))


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (('at = "09:20"', 'att = "09:20"'), [("week-unknown-key", 7, "att"), ("week-lacks", 7, "at")]),
        (('at = "09:20"', 'at = "25:10"'), [("week-bad-value", 7, "at")]),
        (('at = "09:20"', "at = 9"), [("week-bad-value", 7, "at")]),
        (('at = "09:20"\n', ""), [("week-lacks", 7, "at")]),
        (('case = "a wardrobe"\ndo', 'case = "a wardrob"\ndo'), [("week-unknown-case", 7, "")]),
        (('do = "order/1.sent"', 'do = "sent"'), [("week-bad-value", 7, "do")]),
        (('do = "order/1.sent"\n', ""), [("week-open-or-do", 7, "")]),
        (('do = "order/1.sent"', 'do = "order/1.sent"\nrefused = "yes"'), [("week-bad-value", 7, "refused")]),
        (('do = "order/1.sent"', 'do = "order/1.sent"\nset = ["x"]'), [("week-bad-value", 7, "set")]),
        (('do = "order/1.sent"', 'do = "order/1.sent"\nwith = [1]'), [("week-bad-value", 7, "with")]),
        (
            ('workflow = "furniture"', 'flow = "furniture"'),
            [("week-unknown-key", 1, "flow"), ("week-lacks", 1, "workflow")],
        ),
        (('workflow = "furniture"', 'workflow = "furniture"\nzone = "Mars"'), [("week-bad-value", 1, "zone")]),
    ],
)
def test_a_mistake_is_told_at_its_act(change: tuple[str, str], wanted: list[tuple[str, int, str]]):
    assert problems_of((OPENING + ACT).replace(*change)) == wanted


def test_a_file_that_is_no_toml_is_told_so():
    assert problems_of("workflow = ") == [("week-unreadable", 0, "")]


def test_a_file_without_acts_is_told_so():
    assert problems_of('workflow = "furniture"') == [("week-lacks", 1, "act")]
    assert problems_of('workflow = "furniture"\nact = [1]') == [("week-bad-value", 1, "act")]
    assert problems_of("workflow = 7\nact = []") == [("week-lacks", 1, "act"), ("week-bad-value", 1, "workflow")]


STAFF = """[[staff]]
person = "li"
roles = ["sales_guide"]
skills = ["oak"]
away = ["mon", "sun"]
"""


def test_the_staff_of_a_week_is_read_in_order():
    (li, ma) = read_week(OPENING + STAFF + '[[staff]]\nperson = "ma"\nroles = ["driver"]\nunit = "north"\n').staff
    assert (li.person, li.roles, li.skills, li.away) == ("li", ["sales_guide"], ["oak"], [0, 6])
    assert (ma.person, ma.unit, ma.away) == ("ma", "north", [])


def test_a_mistake_in_the_staff_is_told():
    assert problems_of(OPENING + STAFF.replace("away = ", "gone = ")) == [("week-unknown-key", 1, "gone")]
    assert problems_of(OPENING + STAFF.replace('["oak"]', "3")) == [("week-bad-value", 1, "skills")]
    assert problems_of(OPENING + STAFF.replace('"sun"', '"sunday"')) == [("week-bad-value", 1, "away")]
    assert problems_of(OPENING + STAFF.replace('person = "li"\n', "")) == [("week-lacks", 1, "person")]
    assert problems_of("staff = 3\n" + OPENING) == [("week-bad-value", 1, "staff")]


def test_the_staff_of_two_weeks_is_one_directory(tmp_path: Path):
    engine = crews(tmp_path / "store.db")
    week = Week(workflow="crews", zone=ZoneInfo("Asia/Shanghai"), acts=[])
    monday = engine.clock().astimezone(week.zone).date()
    for worker in (
        Worker(person="li", roles=["fitter"], skills=["gas"]),
        Worker(person="li", roles=["driver"], away=[0]),
    ):
        hire(week, worker, monday, engine, engine.new_id, "test")
    li = engine.staff().people["li"]
    assert (li.roles, li.qualifications) == ({"crews": ["driver"]}, {"gas": ""})
    assert li.is_away(datetime.combine(monday, time(23, 59), week.zone))
    assert not li.is_away(datetime.combine(monday + timedelta(days=1), time(0), week.zone))
    engine.close()
