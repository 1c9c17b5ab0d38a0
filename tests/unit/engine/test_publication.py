"""Which text a case is under: published on first use, pinned, and never another one under the same number."""

from __future__ import annotations

import pytest

from lifecycle.audit.verify import state_bytes
from lifecycle.core.case import folded
from lifecycle.core.events import Actor
from lifecycle.problems import Refusal, UnknownWorkflow
from tests.unit.engine.controls import Shop


def test_a_workflow_is_published_when_its_first_case_is_opened(shop: Shop) -> None:
    shop.opened()
    shop.opened()
    assert shop.types() == ["publication.published", "matter.reported", "matter.reported"]
    assert next(iter(shop.engine.store.feed())).event.changes["published"]["files"] == {"shop": shop.texts["shop"]}


def test_another_text_under_a_published_number_is_refused(shop: Shop) -> None:
    shop.opened()
    shop.write(1, "default: 100", "default: 50")
    shop.again()
    outcome = shop.engine.execute(shop.opening())
    assert shop.refused(outcome) == ["version-published-differently"]
    published = shop.engine.publish("shop", Actor(role="chief"))
    assert isinstance(published, Refusal)
    assert published.reasons[0].values["next"] == 2


def test_a_case_stays_under_its_version_and_new_ones_take_the_newest(shop: Shop) -> None:
    old = shop.opened()
    shop.write(2, "default: 100", "default: 50")
    shop.again()
    new = shop.opened()
    assert shop.engine.case(old)[0].version == 1
    assert shop.engine.case(new)[0].version == 2
    shop.do(shop.step(old, "priced", cost=60))
    assert shop.refused(shop.engine.execute(shop.step(new, "priced", cost=60))) == ["guard-overridable"]


def test_an_older_text_in_the_folder_does_not_hide_the_newest_published(shop: Shop) -> None:
    shop.write(2)
    shop.opened()
    shop.write(1)
    shop.again()
    assert shop.engine.case(shop.opened())[0].version == 2


def test_a_published_workflow_lives_on_without_its_file(shop: Shop) -> None:
    number = shop.opened()
    shop.texts.clear()
    shop.again()
    shop.do(shop.step(number, "priced", cost=5))
    assert shop.opened() == "SH-2026-0002"


def test_a_workflow_that_nobody_has_is_unknown(shop: Shop) -> None:
    shop.texts.clear()
    with pytest.raises(UnknownWorkflow):
        shop.engine.execute(shop.opening())
    assert shop.types() == []


def test_publishing_twice_adds_nothing(shop: Shop) -> None:
    first = shop.engine.publish("shop", Actor(role="chief"))
    second = shop.engine.publish("shop", Actor(role="chief"))
    assert not isinstance(first, Refusal)
    assert not isinstance(second, Refusal)
    assert (first[1], second[1]) == (True, False)
    assert shop.types() == ["publication.published"]


def test_a_history_of_version_one_reads_the_same_after_version_two(shop: Shop) -> None:
    number = shop.priced(caller="Wang", flat="A-1")
    shop.do(shop.step(number, "added", cost=7))
    before = state_bytes(shop.engine.case(number)[0])
    history = shop.engine.history(number)
    shop.write(2, "start: new\n", "start: priced\n")
    shop.again()
    shop.opened()
    assert shop.engine.history(number) == history
    assert state_bytes(shop.engine.case(number)[0]) == before
    assert state_bytes(folded(history[0].event.stream, history, None, None)) == before
    assert [offer.step.name for offer in shop.engine.offers(number)][:2] == ["added", "visited"]
    shop.do(shop.step(number, "ended"))


def test_a_setting_is_changed_by_an_event_and_the_event_that_used_it_keeps_its_value(shop: Shop) -> None:
    number = shop.opened()
    assert shop.engine.set_figure(shop.figure("200")) is True
    assert shop.engine.set_figure(shop.figure(200)) is False
    priced = shop.do(shop.step(number, "priced", cost=150))
    assert priced.events[0].event.changes["settings"] == {"limit": 200}
    assert shop.types()[2] == "setting.changed"
    change = [r.event.changes["setting"] for r in shop.engine.store.feed() if r.event.type == "setting.changed"]
    assert change == [{"name": "limit", "value": 200, "before": 100}]


def test_a_setting_out_of_its_borders_is_refused(shop: Shop) -> None:
    outcome = shop.engine.set_figure(shop.figure("501"))
    assert isinstance(outcome, Refusal)
    assert [reason.code for reason in outcome.reasons] == ["value-too-large"]


def test_a_setting_may_be_changed_before_the_first_case(shop: Shop) -> None:
    assert shop.engine.set_figure(shop.figure(50)) is True
    number = shop.opened()
    assert shop.refused(shop.engine.execute(shop.step(number, "priced", cost=60))) == ["guard-overridable"]
