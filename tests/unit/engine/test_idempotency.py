"""A command takes effect once, however often it is sent, and its id is its own for ever."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lifecycle.core.case import OpenCase, TakeStep
from lifecycle.problems import CommandIdReused, RevisionConflict
from tests.unit.core.controls import actor
from tests.unit.engine.controls import Shop


def test_the_same_command_twice_adds_nothing_and_gets_the_same_answer(shop: Shop) -> None:
    opening = shop.opening(caller="Wang", customer="C-1")
    first = shop.do(opening)
    pricing = shop.step(first.case, "priced", cost=5, remark="rings twice")
    priced = shop.do(pricing)
    before = shop.engine.store.last_position()
    assert shop.engine.execute(opening) == replace(first, repeated=True)
    assert shop.again().execute(pricing) == replace(priced, repeated=True)
    assert shop.engine.store.last_position() == before


def test_a_command_is_repeated_even_after_its_case_has_moved_on(shop: Shop) -> None:
    number = shop.opened()
    pricing = shop.step(number, "priced", cost=5)
    priced = shop.do(pricing)
    shop.do(shop.step(number, "ended"))
    assert shop.engine.execute(pricing) == replace(priced, repeated=True)


def test_an_id_with_another_body_or_another_actor_is_refused_as_reused(shop: Shop) -> None:
    number = shop.opened()
    pricing = shop.step(number, "priced", cost=5)
    shop.do(pricing)
    others: list[OpenCase | TakeStep] = [
        replace(pricing, form={"cost": 6}),
        replace(pricing, form={"cost": 5, "remark": "x"}),
        replace(pricing, actor=actor("clerk:wang")),
        replace(pricing, actor=actor("chief:li")),
        replace(pricing, step="ended"),
        shop.opening(pricing.id),
    ]
    for other in others:
        with pytest.raises(CommandIdReused):
            shop.engine.execute(other)
    assert shop.engine.case(number)[0].revision == 2


def test_the_door_a_command_came_through_is_no_part_of_its_body(shop: Shop) -> None:
    opening = shop.opening()
    shop.do(opening)
    assert shop.do(replace(opening, via="web:li")).repeated


def test_a_refusal_binds_nothing(shop: Shop) -> None:
    number = shop.opened()
    dear = shop.step(number, "priced", cost=400)
    assert shop.refused(shop.engine.execute(dear)) == ["guard-overridable"]
    assert shop.do(replace(dear, form={"cost": 40})).revision == 2


def test_a_command_that_has_seen_another_revision_conflicts_and_writes_nothing(shop: Shop) -> None:
    number = shop.opened()
    before = shop.engine.store.last_position()
    with pytest.raises(RevisionConflict) as conflict:
        shop.engine.execute(shop.step(number, "priced", cost=5), if_revision=3)
    assert (conflict.value.expected, conflict.value.actual) == (3, 1)
    assert shop.engine.store.last_position() == before
    shop.engine.execute(shop.step(number, "priced", cost=5), if_revision=1)
    assert shop.engine.case(number)[0].revision == 2


def test_a_repeated_command_is_answered_whatever_revision_it_has_seen(shop: Shop) -> None:
    number = shop.opened()
    pricing = shop.step(number, "priced", cost=5)
    shop.engine.execute(pricing, if_revision=1)
    answer = shop.engine.execute(pricing, if_revision=1)
    assert not isinstance(answer, Exception)
    assert shop.engine.case(number)[0].revision == 2


def test_who_comes_second_is_told_who_was_first(shop: Shop) -> None:
    number = shop.opened()
    shop.do(shop.step(number, "priced", cost=5, by="clerk:wang"))
    outcome = shop.engine.execute(shop.step(number, "priced", cost=6))
    assert shop.refused(outcome) == ["wrong-state"]
    assert outcome.winner is not None  # type: ignore[union-attr]  # it was just found to be a refusal
    winner = dict(outcome.winner)  # type: ignore[union-attr, arg-type]  # as above
    assert (winner["type"], winner["revision"], winner["by"]) == ("job.priced", 2, {"role": "clerk", "person": "wang"})


def test_a_dry_run_answers_and_writes_nothing_at_all(shop: Shop) -> None:
    answer = shop.engine.execute(shop.opening(caller="Wang"), dry=True)
    assert answer.dry  # type: ignore[union-attr]  # a refusal would have no such attribute
    assert shop.types() == []
    number = shop.opened()
    assert number == "SH-2026-0001", "the dry run took no number"
    assert shop.refused(shop.engine.execute(shop.step(number, "priced", cost=400), dry=True)) == ["guard-overridable"]
    assert shop.engine.store.refusals(number) == []


def test_a_dry_run_publishes_nothing_that_a_later_text_would_meet(shop: Shop) -> None:
    shop.engine.execute(shop.opening(), dry=True)
    shop.write(1, "default: 100", "default: 50")
    shop.engine.workflows.forget()
    number = shop.opened()
    assert shop.refused(shop.engine.execute(shop.step(number, "priced", cost=60))) == ["guard-overridable"]
