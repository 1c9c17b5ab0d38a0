"""A calendar or a setting is changed: what runs is looked at, a part at a time, and moved once, whoever is killed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from lifecycle.core.calendars import ChangeCalendar, SetPlan
from lifecycle.core.events import stamp
from lifecycle.engine import Outcome
from lifecycle.engine.clockwork import run_due
from lifecycle.engine.turn import Turn
from lifecycle.problems import Refusal
from lifecycle.store.port import Session
from tests.unit.core.controls import actor
from tests.unit.engine.controls import SHOP, Shop

OPEN = (
    SHOP.replace(
        "fields:\n",
        'calendars: {office: {days: cn, hours: {mon-fri: ["08:30-12:00", "13:30-17:30"]}}}\nfields:\n',
    )
    .replace("max: 500}}", "max: 500}, patience: {is: duration, default: 3h, follows: true}}")
    .replace(
        "  job:\n    start: new\n",
        "  job:\n    start: new\n    deadlines:\n"
        "      answer: {stop: [priced], within: 2h, clock: office}\n"
        '      seen: {stop: [priced], within: "=settings.patience"}\n',
    )
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path, texts={"shop": OPEN})
    yield shop
    shop.close()


def change(shop: Shop, **days: str) -> None:
    dates = {day.removeprefix("d").replace("_", "-"): hours for day, hours in days.items()}
    command = ChangeCalendar(
        id=shop.next_command(), workflow="shop", calendar="office", dates=dates, actor=actor("chief:wu")
    )
    assert not isinstance(shop.engine.change_calendar(command), Refusal)


def moved(shop: Shop) -> Counter[str]:
    return Counter(one.event.case for one in shop.engine.store.feed() if one.event.type == "deadline.moved")


def dues(shop: Shop, case: str, name: str = "answer") -> str:
    standing, _ = shop.engine.case(case)
    return str(standing.instances["job/1"].clocks[name]["due"])[11:16]


def test_open_clocks_are_moved_by_the_next_tick_and_closed_ones_stay(shop: Shop) -> None:
    first, second, closed = (shop.opened() for _ in range(3))
    shop.do(shop.step(closed, "priced", cost=5))
    change(shop, d2026_03_02="14:00-16:00")
    assert shop.engine.run_due().done == 2
    assert moved(shop) == {first: 1, second: 1}
    assert (dues(shop, first), dues(shop, closed)) == ("08:00", "03:02")
    assert shop.engine.run_due().done == 0
    assert shop.engine.store.due(shop.clock(), 100) == []


def test_a_clock_that_comes_earlier_now_is_due_earlier(shop: Shop) -> None:
    shop.clock.go(hours=2)
    case = shop.opened()
    assert dues(shop, case) == "06:30"
    change(shop, d2026_03_02="08:30-17:30")
    shop.engine.run_due()
    assert dues(shop, case) == "05:00"


def test_a_national_plan_moves_the_clocks_of_every_workflow_that_keeps_it(shop: Shop) -> None:
    case = shop.opened()
    day = {"zh": "假", "en": "Holiday", "first": "2026-03-02", "last": "2026-03-02"}
    document = {"year": 2026, "edition": 9, "papers": ["p"], "off": [day], "work": []}
    plan = SetPlan(id="plan", country="cn", document=document, actor=actor("chief:wu"))
    assert not isinstance(shop.engine.set_plan(plan), Refusal)
    shop.engine.run_due()
    assert (moved(shop), dues(shop, case)) == ({case: 1}, "02:30")


def test_a_setting_that_clocks_follow_moves_them(shop: Shop) -> None:
    case = shop.opened()
    shop.engine.set_figure(replace(shop.figure("1h"), name="patience"))
    assert shop.engine.run_due().done == 1
    assert (moved(shop), dues(shop, case, "seen")) == ({case: 1}, "02:00")
    shop.engine.set_figure(shop.figure(7))
    assert shop.engine.run_due().done == 0


class Killed(Exception):
    """The process ends here."""


class Dying(Turn):
    """A turn of a process that dies when it comes to its second case of a part."""

    looked = 0

    def run_due(self, *arguments: object) -> Outcome:
        self.looked += 1
        if self.looked == 2:
            raise Killed
        return super().run_due(*arguments)  # type: ignore[arg-type]


def test_whoever_is_killed_in_the_middle_each_clock_is_moved_once(shop: Shop) -> None:
    cases = [shop.opened() for _ in range(7)]
    change(shop, d2026_03_02="14:00-16:00")

    def dying(session: Session) -> Turn:
        ours = shop.engine._turn(session)
        return Dying(session, ours._store_id, shop.engine.workflows, now=shop.clock(), new_id=shop.new_id, dry=False)

    for at_once in (7, 3, 2):
        with pytest.raises(Killed):
            run_due(shop.engine.store, dying, shop.clock(), at_once)
    run_due(shop.engine.store, shop.engine._turn, shop.clock(), 2)
    assert moved(shop) == dict.fromkeys(cases, 1)
    assert shop.engine.store.due(shop.clock(), 100) == []


def test_what_was_to_be_looked_at_is_known_again_when_the_heads_are_folded_anew(shop: Shop) -> None:
    case = shop.opened()
    change(shop, d2026_03_02="14:00-16:00")
    shop.engine.rebuild_heads()
    shop.engine.run_due()
    shop.engine.rebuild_heads()
    shop.engine.run_due()
    assert moved(shop) == {case: 1}


def test_ids_of_streams_say_whether_they_stand_beside_cases(shop: Shop) -> None:
    shop.opened()
    change(shop, d2026_03_02="14:00-16:00")
    [(stream, at)] = shop.engine.store.due(shop.clock(), 10)
    assert (stream.version, stamp(at)) == (5, stamp(shop.clock()))
    assert UUID(int=7).version != 5
