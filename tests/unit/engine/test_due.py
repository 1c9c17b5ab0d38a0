"""The clock on a real store: what is due is done once, in due order, by whoever comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lifecycle.audit.clocks import armings
from lifecycle.core.case import folded
from lifecycle.core.events import stamp
from tests.unit.engine.controls import SHOP, Shop

PROMPT = SHOP.replace(
    "  job:\n    start: new\n",
    "  job:\n    start: new\n    deadlines: {answer: {stop: [priced], within: 30m}}\n",
)


@pytest.fixture
def prompt(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path, texts={"shop": PROMPT})
    yield shop
    shop.close()


def test_what_is_due_is_run_across_cases_in_due_order_and_once(prompt: Shop) -> None:
    first, second, third = (prompt.opened() for _ in range(3))
    prompt.do(prompt.step(second, "priced", cost=5))
    prompt.clock.go(hours=2)
    ran = prompt.engine.run_due()
    assert (ran.done, ran.stuck) == (2, [])
    broken = [one.event for one in prompt.engine.store.feed() if one.event.type == "deadline.breached"]
    assert [event.case for event in broken] == [first, third]
    assert [event.command for event in broken] == [f"due/{case}/job/1/answer/1/100%" for case in (first, third)]
    assert prompt.again().run_due().done == 0


def test_nothing_is_due_a_moment_early(prompt: Shop) -> None:
    prompt.opened()
    prompt.clock.go(minutes=29)
    assert prompt.engine.run_due().done == 0
    prompt.clock.go(minutes=1)
    assert prompt.engine.run_due().done == 1


def test_a_clock_that_jumps_back_breaks_nothing_twice(prompt: Shop) -> None:
    prompt.opened()
    prompt.clock.go(hours=1)
    assert prompt.engine.run_due().done == 1
    for jump in (timedelta(hours=-1), timedelta(hours=1), timedelta(days=3)):
        prompt.clock.now += jump
        assert prompt.engine.run_due().done == 0


def test_a_command_finds_done_what_was_due_and_the_answer_says_so(prompt: Shop) -> None:
    case = prompt.opened()
    prompt.clock.go(hours=1)
    done = prompt.do(prompt.step(case, "priced", cost=5))
    assert [one.event.type for one in done.events] == ["deadline.breached", "job.priced"]
    assert prompt.engine.run_due().done == 0


def test_what_is_due_is_known_again_when_the_heads_are_folded_anew(prompt: Shop) -> None:
    case = prompt.opened()
    stream = prompt.engine.entry(case).id
    before = prompt.engine.store.due_on(stream)
    assert before is not None
    assert stamp(before) == "2026-03-02T01:30:00.000001Z"
    prompt.engine.rebuild_heads()
    assert prompt.engine.store.due_on(stream) == before


def test_a_closed_case_has_nothing_due(prompt: Shop) -> None:
    case = prompt.priced()
    assert prompt.engine.store.due_on(prompt.engine.entry(case).id) is None


KEPT = PROMPT.replace("within: 30m", "within: 30m, ladder: {100%: {set: {remark: late}}}")


def test_a_breach_that_a_late_entry_withdraws_leaves_the_stored_case_as_if_it_had_been_known(tmp_path: Path) -> None:
    shop = Shop(tmp_path, texts={"shop": KEPT})
    case = shop.opened()
    shop.clock.go(minutes=32)
    assert shop.engine.run_due().done == 1
    at = shop.clock() - timedelta(minutes=4)
    done = shop.do(replace(shop.step(case, "priced", cost=5), occurred_at=at))
    assert [one.event.type for one in done.events] == ["deadline.breach_withdrawn", "job.priced"]
    standing, workflow = shop.engine.case(case)
    assert "remark" not in standing.instances["job/1"].data
    assert folded(standing.id, shop.engine.history(case), None, None) == standing
    [answer] = armings(shop.engine.history(case), shop.clock(), lambda name: shop.engine.calendar(workflow, name))
    assert (answer.outcome, answer.breached) == ("met", None)
    assert [stamp(due) for due in answer.withdrawn] == ["2026-03-02T01:30:00.000000Z"]
    assert shop.again().run_due().done == 0
    shop.close()
