"""Schedules on a real store: planned when a version is published, each occurrence done once, at its own time."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from lifecycle.core.calendars import ChangeCalendar
from lifecycle.core.events import Actor, stamp
from lifecycle.engine import schedules
from lifecycle.engine.clockwork import run_due
from lifecycle.engine.schedules import place_of
from lifecycle.problems import Refusal
from tests.unit.engine.controls import SHOP, Shop

CHIEF = Actor(role="chief", person="wu")
DAILY = '  rounds: {every: day, time: "09:00", open: {matter: {form: {flat: A-1}}}}'
EACH = (
    '  survey: {every: week, per: dossier, where: "case.flat != \'B-2\'", open: {matter: {form: {flat: "=case.flat"}}}}'
)
TELL = "  reading: {every: day, per: dossier, send: {seen: {cost: 7}}}"


def with_schedules(*entries: str, version: int = 1) -> str:
    """Return the shop's text with schedules."""
    text = SHOP.replace("version: 1", f"version: {version}")
    return text + "schedules:\n" + "\n".join(entries) + "\n"


def shop_with(folder: Path, *entries: str) -> Shop:
    """Return a shop on Monday 2026-03-02, 09:00 in Shanghai, with schedules published."""
    shop = Shop(folder, texts={"shop": with_schedules(*entries)})
    shop.engine.publish("shop", CHIEF)
    return shop


def happened(shop: Shop, type: str) -> list[Any]:
    return [recorded.event for recorded in shop.engine.store.feed() if recorded.event.type == type]


def test_a_schedule_begins_when_its_version_is_published(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, DAILY)
    (begun,) = happened(shop, "schedule.begun")
    assert begun.changes["schedule"]["next"] == {"key": "2026-03-03", "at": "2026-03-03T01:00:00.000000Z"}
    assert shop.engine.run_due().done == 0
    shop.close()


def test_each_occurrence_opens_a_case_at_its_own_time_however_late_it_is_run(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, DAILY)
    shop.clock.go(days=3, hours=5)
    shop.engine.run_due()
    opened = happened(shop, "matter.reported")
    assert [stamp(event.occurred_at) for event in opened] == [
        "2026-03-03T01:00:00.000000Z",
        "2026-03-04T01:00:00.000000Z",
        "2026-03-05T01:00:00.000000Z",
    ]
    assert [event.command for event in opened] == [f"schedule/shop/rounds/2026-03-0{day}" for day in (3, 4, 5)]
    results = [event.changes["schedule"]["results"] for event in happened(shop, "schedule.carried_out")]
    assert results == [[{"opened": [event.case]}] for event in opened]
    assert shop.engine.run_due().done == 0
    shop.close()


def test_the_members_are_taken_once_and_served_in_order(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, EACH)
    flats = [shop.do(shop.opening(kind="dossier", flat=flat)).case for flat in ("A-1", "B-2", "C-3")]
    shop.clock.go(days=7)
    shop.engine.run_due()
    (occurred,) = happened(shop, "schedule.occurred")
    assert occurred.changes["schedule"]["members"] == [flats[0], flats[2]]
    opened = happened(shop, "matter.reported")
    assert [event.changes["form"]["flat"] for event in opened] == ["A-1", "C-3"]
    assert [event.command for event in opened] == [
        f"schedule/shop/survey/2026-03-09/{flats[0]}",
        f"schedule/shop/survey/2026-03-09/{flats[2]}",
    ]
    shop.close()


def test_however_late_it_is_run_the_members_are_those_of_the_time_it_was_due(tmp_path: Path) -> None:
    served = "schedules: {survey: {every: week, per: person, where: \"case.flat == 'A-1'\", send: {seen: {cost: 7}}}}"
    text = SHOP.replace("opens: {known: {by: clerk, form: [phone!]", "opens: {known: {by: clerk, form: [phone!, flat]")
    text = text.replace(
        "thrown: {by: chief, to: out}", "thrown: {by: chief, to: out}\n          moved: {by: clerk, form: [flat!]}"
    )
    shop = Shop(tmp_path, texts={"shop": f"{text}{served}\n"})
    stays, comes, goes = (
        shop.do(shop.opening(kind="person", phone=f"1381234567{n}", flat=flat)).case
        for n, flat in enumerate(("A-1", "B-2", "A-1"))
    )
    shop.clock.go(days=7)
    shop.do(shop.step(comes, "moved", flat="A-1"))
    shop.do(shop.step(goes, "moved", flat="B-2"))
    shop.do(shop.opening(kind="person", phone="13812345679", flat="A-1"))
    shop.engine.run_due()
    (occurred,) = happened(shop, "schedule.occurred")
    assert occurred.changes["schedule"]["members"] == [stays, goes]
    assert [event.case for event in happened(shop, "file.seen")] == [stays, goes]
    shop.close()


@pytest.mark.parametrize("at_once", [2, 500])
def test_what_the_clock_does_at_the_same_instant_comes_first(tmp_path: Path, at_once: int) -> None:
    text = with_schedules(
        '  survey: {every: day, per: dossier, where: "files.exists(f, !f.final)", send: {seen: {cost: 7}}}'
    )
    text = text.replace("  file:\n    start: kept\n", "  file:\n    plural: files\n    start: kept\n")
    text = text.replace(
        "      kept:\n        steps:\n",
        "      kept:\n        enter: {set: {ends: \"=end_of('day', now)\"}}\n        steps:\n"
        "          lapsed: {at: data.ends, to: out}\n",
    ).replace("  seen_cost: {is: integer}\n", "  seen_cost: {is: integer}\n  ends: {is: datetime}\n")
    shop = Shop(tmp_path, texts={"shop": text})
    ids = iter(UUID(int=(1 << 128) - number) for number in range(1, 100))
    shop.engine.new_id = lambda: next(ids)  # sorted after any schedule's
    for flat in ("A-1", "B-2", "C-3"):
        shop.do(shop.opening(kind="dossier", flat=flat))
    shop.clock.go(days=1)
    run_due(shop.engine.store, shop.engine._turn, shop.clock(), at_once=at_once)
    (occurred,) = happened(shop, "schedule.occurred")
    assert len(happened(shop, "file.lapsed")) == 3
    assert occurred.changes["schedule"]["members"] == []
    shop.close()


def test_what_is_sent_is_received_by_each_member_at_the_time_it_was_due(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, TELL)
    case = shop.do(shop.opening(kind="dossier", flat="A-1")).case
    shop.clock.go(days=1, hours=3)
    shop.engine.run_due()
    (seen,) = happened(shop, "file.seen")
    assert (seen.case, stamp(seen.occurred_at)) == (case, "2026-03-02T16:00:00.000000Z")
    assert shop.engine.case(case)[0].instances["file/1"].data["seen_cost"] == 7
    shop.close()


def test_a_member_that_cannot_be_served_holds_up_no_other(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, TELL)
    gone, kept = (shop.do(shop.opening(kind="dossier", flat=flat)).case for flat in ("A-1", "B-2"))
    shop.do(shop.step(gone, "thrown", by="chief:wu"))
    shop.clock.go(days=1)
    shop.engine.run_due()
    (carried,) = happened(shop, "schedule.carried_out")
    assert carried.changes["schedule"]["results"] == [
        {"member": gone, "refused": ["wrong-state"]},
        {"member": kept, "taken": [f"{kept}@2"]},
    ]
    assert [entry["reasons"][0]["code"] for entry in shop.engine.store.refusals(gone)] == ["wrong-state"]
    shop.close()


@pytest.mark.parametrize(("missed", "days"), [("run", [3, 4, 5]), ("latest", [5]), ("skip", [5])])
def test_what_nobody_ran_in_time_is_run_or_passed_over(tmp_path: Path, missed: str, days: list[int]) -> None:
    shop = shop_with(tmp_path, DAILY.replace("every: day", f"every: day, missed: {missed}"))
    shop.clock.go(days=3, hours=5)
    shop.engine.run_due()
    assert [event.occurred_at.day for event in happened(shop, "matter.reported")] == days
    over = [event.changes["schedule"] for event in happened(shop, "schedule.passed_over")]
    assert [(one["first"], one["to"], one["count"]) for one in over] == (
        [] if missed == "run" else [("2026-03-03", "2026-03-04", 2)]
    )
    shop.close()


def test_a_new_version_keeps_the_place_and_ends_what_it_has_no_more(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, DAILY, TELL)
    shop.clock.go(days=1, hours=1)
    shop.engine.run_due()
    shop.texts["shop"] = with_schedules(DAILY.replace("09:00", "15:00"), version=2)
    shop.engine.publish("shop", CHIEF)
    assert [event.changes["schedule"]["name"] for event in happened(shop, "schedule.ended")] == ["reading"]
    (changed,) = happened(shop, "schedule.changed")
    assert changed.changes["schedule"]["next"] == {"key": "2026-03-04", "at": "2026-03-04T07:00:00.000000Z"}
    shop.clock.go(days=1, hours=6)
    shop.engine.run_due()
    assert [event.command for event in happened(shop, "matter.reported")] == [
        "schedule/shop/rounds/2026-03-03",
        "schedule/shop/rounds/2026-03-04",
    ]
    shop.close()


CALENDAR = 'calendars: {office: {hours: {mon-fri: ["08:30-17:30"]}}}\nfields:\n'
WORKDAY = "  rounds: {every: month, days: 6, calendar: office, closed: CLOSED, open: {matter: {form: {flat: A-1}}}}"


@pytest.mark.parametrize(
    ("closed", "changes", "due"),
    [
        ("next", {"2026-03-06": "closed"}, ("2026-03-06", "2026-03-08T16:00")),
        ("next", {"2026-03-06": "closed", "2026-03-09": "closed"}, ("2026-03-06", "2026-03-09T16:00")),
        ("previous", {"2026-03-06": "closed"}, ("2026-03-06", "2026-03-04T16:00")),
        ("skip", {"2026-03-06": "closed"}, ("2026-04-06", "2026-04-05T16:00")),
        ("next", {"2026-03-05": "closed"}, ("2026-03-06", "2026-03-05T16:00")),
    ],
)
def test_a_day_that_is_closed_in_use_moves_the_occurrence_once(
    tmp_path: Path, closed: str, changes: dict[str, str], due: tuple[str, str]
) -> None:
    text = with_schedules(WORKDAY.replace("CLOSED", closed)).replace("fields:\n", CALENDAR)
    shop = Shop(tmp_path, texts={"shop": text})
    shop.engine.publish("shop", CHIEF)
    close(shop, **changes)
    shop.engine.run_due()
    place = place_of(shop.engine.store, shop.engine.store.meta.id, "shop", "rounds")
    assert place.next is not None
    assert (place.next["key"], place.next["at"][:16]) == due
    assert shop.engine.run_due().done == 0
    assert len(happened(shop, "schedule.changed")) == int(due != ("2026-03-06", "2026-03-05T16:00"))
    shop.clock.go(days=60)
    shop.engine.run_due()
    keys = [event.changes["schedule"]["key"] for event in happened(shop, "schedule.occurred")]
    assert keys == (["2026-04-06"] if closed == "skip" else ["2026-03-06", "2026-04-06"])
    shop.close()


def test_a_day_that_was_moved_and_is_opened_too_late_stays_where_it_was_moved(tmp_path: Path) -> None:
    text = with_schedules(WORKDAY.replace("CLOSED", "next").replace("days: 6", "days: 7")).replace(
        "fields:\n", CALENDAR
    )
    shop = Shop(tmp_path, texts={"shop": text})
    shop.engine.publish("shop", CHIEF)
    shop.clock.go(days=6)
    close(shop, **{"2026-03-07": "09:00-12:00"})
    shop.clock.go(days=3)
    shop.engine.run_due()
    (opened,) = happened(shop, "matter.reported")
    assert stamp(opened.occurred_at)[:16] == "2026-03-08T16:00"
    shop.close()


def close(shop: Shop, **dates: str) -> None:
    """Change days of the calendar `office`."""
    command = ChangeCalendar(id=shop.next_command(), workflow="shop", calendar="office", dates=dates, actor=CHIEF)
    assert not isinstance(shop.engine.change_calendar(command), Refusal)


def test_several_engines_and_heads_folded_anew_do_nothing_twice(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, DAILY, EACH)
    shop.do(shop.opening(kind="dossier", flat="A-1"))
    first, second = shop.engine, shop.again()
    for _ in range(10):
        shop.clock.go(hours=17)
        for engine in (first, second, first):
            engine.run_due()
        second.rebuild_heads()
    keys = [event.changes["schedule"]["key"] for event in happened(shop, "schedule.occurred")]
    assert keys.count("2026-03-09") == 2
    assert len(keys) == 8
    assert len({event.command for event in happened(shop, "matter.reported")}) == 8
    shop.close()


def test_more_members_than_one_commit_serves_are_served_in_several(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(schedules, "MEMBERS_AT_ONCE", 2)
    shop = shop_with(tmp_path, TELL)
    flats = [shop.do(shop.opening(kind="dossier", flat=f"A-{n}")).case for n in range(5)]
    shop.clock.go(days=1)
    assert shop.engine.run_due().done == 3
    served = [event.changes["schedule"] for event in happened(shop, "schedule.carried_out")]
    assert [one["left"] for one in served] == [3, 1, 0]
    assert [event.case for event in happened(shop, "file.seen")] == flats
    assert place_of(shop.engine.store, shop.engine.store.meta.id, "shop", "reading").pending is None
    shop.close()
