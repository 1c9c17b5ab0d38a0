"""The journal of refusals, the erasure of a person, and commands that many threads hand in."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from lifecycle.engine import Done
from lifecycle.problems import CommandIdReused, Refusal, UnknownCase
from lifecycle.store.port import Erased, SubjectErased
from tests.unit.engine.controls import Shop


def test_a_refusal_is_kept_with_every_reason_and_no_personal_value(shop: Shop) -> None:
    number = shop.opened(caller="Wang", phone="13800000000", customer="C-1")
    command = shop.step(number, "priced", cost=400, remark="the key is under the mat", by="expert:ma")
    assert shop.refused(shop.engine.execute(command)) == ["wrong-role", "guard-overridable"]
    [entry] = shop.engine.store.refusals(number)
    assert (entry["case"], entry["command"], entry["asked"], entry["by"]) == (number, command.id, "priced", "expert:ma")
    assert [reason["code"] for reason in entry["reasons"]] == ["wrong-role", "guard-overridable"]
    assert entry["reasons"][1]["actual"] == {"data.cost": 400, "settings.limit": 100}
    assert "mat" not in json.dumps(entry)


def test_the_journal_is_no_event_and_moves_no_position(shop: Shop) -> None:
    number = shop.opened()
    before = shop.engine.store.last_position()
    shop.engine.execute(shop.step(number, "ended"))
    assert shop.engine.store.last_position() == before
    assert len(shop.engine.store.refusals(number)) == 1


def test_a_command_on_a_case_that_is_not_here_is_an_unknown_case(shop: Shop) -> None:
    shop.opened()
    with pytest.raises(UnknownCase):
        shop.engine.execute(shop.step("SH-2026-0009", "priced", cost=5))


def test_an_erased_person_shows_as_erased_and_the_case_goes_on_without(shop: Shop) -> None:
    number = shop.opened(caller="Wang", customer="C-1")
    case, _ = shop.engine.case(number)
    shop.engine.store.destroy(case.subject)
    shown = shop.engine.store.open(shop.engine.case(number)[0].data["caller"])
    assert isinstance(shown, Erased)
    shop.do(shop.step(number, "priced", cost=5))
    with pytest.raises(SubjectErased):
        shop.engine.execute(shop.step(number, "added", remark="once more"))
    assert shop.engine.case(number)[0].revision == 2


def test_what_many_threads_hand_in_is_decided_once_each(shop: Shop) -> None:
    numbers = [shop.opened() for _ in range(5)]
    commands = [shop.step(number, "priced", cost=n) for n in range(20) for number in numbers]
    with ThreadPoolExecutor(10) as threads:
        futures = list(threads.map(shop.engine.submit, commands))
    outcomes = [future.result(timeout=30) for future in futures]
    assert sum(isinstance(outcome, Done) for outcome in outcomes) == len(numbers)
    losers = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    assert len(losers) == len(commands) - len(numbers)
    assert {loser.winner["type"] for loser in losers if loser.winner is not None} == {"job.priced"}
    assert all(loser.winner is not None for loser in losers)
    assert [shop.engine.case(number)[0].revision for number in numbers] == [2] * 5


def test_a_command_that_breaks_a_promise_leaves_the_others_of_its_group_alone(shop: Shop) -> None:
    number = shop.opened()
    pricing = shop.step(number, "priced", cost=5)
    reused = shop.step(number, "ended", pricing.id)
    unknown = shop.step("SH-2026-0009", "ended")
    answers = shop.engine.execute_all([pricing, reused, unknown, shop.step(number, "ended")])
    assert [type(answer) for answer in answers] == [Done, CommandIdReused, UnknownCase, Done]


def test_a_closed_engine_finishes_what_was_handed_in_and_takes_no_more(shop: Shop) -> None:
    number = shop.opened()
    futures = [shop.engine.submit(shop.step(number, "priced", cost=5)) for _ in range(3)]
    shop.engine.close()
    assert sum(isinstance(future.result(timeout=30), Done) for future in futures) == 1
    with pytest.raises(RuntimeError):
        shop.engine.submit(shop.step(number, "ended"))
