"""An audience is told as it is at that moment, each customer once, at the address that their own case has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lifecycle.core.case import notifying
from lifecycle.core.events import Sealed
from lifecycle.outbox.book import Card
from lifecycle.outbox.delivery import Delivered
from lifecycle.problems import Refusal
from tests.unit.outbox.audience import GreetingRoom, told
from tests.unit.outbox.controls import down, subjects


@pytest.fixture
def greetings(tmp_path: Path) -> Iterator[GreetingRoom]:
    room = GreetingRoom(tmp_path)
    yield room
    room.close()


def test_the_members_are_the_customers_of_the_rows_each_once_by_their_newest_case(greetings: GreetingRoom):
    greetings.served("wu")
    li = greetings.served("li")
    wu = greetings.served("wu")
    greetings.served("wang", ended=False)
    before = greetings.shop.engine.store.last_position()
    event = greetings.greet()
    assert told(event)["served"] == {
        "audience": "served",
        "party": "buyer",
        "members": 2,
        "position": before + 1,  # the card itself was opened since
        "cases": [li, wu],
    }


def test_a_case_without_a_customer_is_about_somebody_of_its_own(greetings: GreetingRoom):
    cases = [greetings.served(""), greetings.served("")]
    assert told(greetings.greet())["served"]["cases"] == cases


def test_each_member_gets_it_at_the_address_of_their_own_case_under_an_id_of_their_own(greetings: GreetingRoom):
    greetings.served("wu", email="old@example.com")
    greetings.served("li")
    greetings.served("wu", email="new@example.com")
    event = greetings.greet()
    assert greetings.deliver() == Delivered(sent=3)
    assert greetings.pigeon.addresses == ["chief@example.com", "li@example.com", "new@example.com"]
    assert greetings.pigeon.ids == [f"notice/{event.position}/{n}" for n in range(3)]
    assert greetings.deliver() == Delivered()


def test_the_words_are_those_of_the_step_and_around_them_stands_the_members_own_case(greetings: GreetingRoom):
    greetings.served("wu")
    event = greetings.greet()
    greetings.deliver()
    [_, (_, message)] = greetings.pigeon.out
    assert message.text.startswith(f"Happy new year（{event.event.case}）\n\n-- \n维修 · SH-0001 · ")
    assert subjects(greetings.pigeon.out)[1] == "维修 SH-0001"
    assert (message.to, message.case) == ("audience:served/SH-0001", event.event.case)


def test_who_comes_later_is_not_told_and_who_leaves_still_is(greetings: GreetingRoom):
    greetings.served("wu")
    open_one = greetings.served("li", ended=False)
    event = greetings.greet()
    greetings.take(open_one, "ended")
    greetings.served("wang")
    greetings.deliver()
    assert greetings.pigeon.addresses == ["chief@example.com", "wu@example.com"]
    number = event.event.case
    assert greetings.shop.engine.replay(number).to_json() == greetings.shop.engine.case(number)[0].to_json()


def test_the_event_holds_nothing_personal_of_the_members_and_the_case_only_their_number(greetings: GreetingRoom):
    greetings.served("wu")
    event = greetings.greet()
    text = repr(event.event.changes)
    assert "wu" not in text
    assert "example.com" not in text
    assert not any(isinstance(value, Sealed) for value in told(event)["served"].values())
    case, _ = greetings.shop.engine.case(event.event.case)
    [notice] = case.notices
    assert notice["to"] == [
        {"role": "chief"},
        {"audience": "served", "party": "buyer", "members": 1, "position": event.position - 1},
    ]


def test_who_is_in_two_audiences_of_a_notice_is_told_once(greetings: GreetingRoom):
    greetings.served("wu", cost=500)
    greetings.served("wu")
    greetings.served("li")
    event = greetings.greet("sent_to_dear")
    assert {name: one["cases"] for name, one in told(event).items()} == {"dear": ["SH-0001"], "served": ["SH-0003"]}


def test_a_case_that_cannot_be_judged_is_named_and_holds_up_nobody(greetings: GreetingRoom):
    greetings.served("wu", cost=0)
    greetings.served("li", cost=500)
    event = greetings.greet("sent_to_dear")
    assert told(event)["dear"]["unjudged"] == ["SH-0001"]
    assert told(event)["dear"]["cases"] == ["SH-0002"]


def test_an_audience_without_members_is_told_to_nobody_and_the_record_says_so(greetings: GreetingRoom):
    event = greetings.greet()
    assert told(event)["served"]["members"] == 0
    assert greetings.deliver() == Delivered(sent=1)
    assert greetings.pigeon.addresses == ["chief@example.com"]


def test_an_audience_that_is_too_large_is_refused_whole(greetings: GreetingRoom, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(notifying, "MOST_MEMBERS", 2)
    for customer in ("wu", "li", "wang"):
        greetings.served(customer)
    card = greetings.card()
    refused = greetings.shop.engine.execute(greetings.shop.step(card, "sent", wishes="hello"))
    assert isinstance(refused, Refusal)
    [reason] = refused.reasons
    assert (reason.code, reason.values["members"], reason.values["most"]) == ("audience-too-large", 3, 2)
    assert greetings.states() == []


def test_whoever_was_erased_meanwhile_is_dropped_and_the_others_are_told(greetings: GreetingRoom):
    greetings.book = replace(greetings.book, audiences={"served": Card(to=("file",))})
    greetings.served("wu")
    greetings.served("li")
    greetings.greet()
    store = greetings.shop.engine.store
    store.destroy(store.subject_of("wu"))
    assert greetings.deliver() == Delivered(sent=2, dropped=1)
    assert greetings.reasons() == ["", "subject-erased", ""]


def test_the_address_of_an_erased_case_without_a_customer_is_not_used(greetings: GreetingRoom):
    case = greetings.served("")
    greetings.greet()
    store = greetings.shop.engine.store
    store.destroy(greetings.shop.engine.case(case)[0].subject)
    assert greetings.deliver() == Delivered(sent=1, dropped=1)


def test_one_members_failure_holds_up_no_other(greetings: GreetingRoom):
    greetings.served("wu")
    greetings.served("li")
    greetings.greet()
    greetings.pigeon.faults = [None, down()]
    assert greetings.deliver() == Delivered(sent=2, failed=1)
    assert greetings.pigeon.addresses == ["chief@example.com", "li@example.com"]
    assert greetings.later(minutes=1) == Delivered(sent=1)
    assert greetings.pigeon.addresses[-1] == "wu@example.com"


def test_a_member_without_an_address_is_given_up_in_sight_until_the_case_has_one(greetings: GreetingRoom):
    greetings.served("wu", email=None)
    event = greetings.greet()
    assert greetings.deliver() == Delivered(sent=1, dead=1)
    assert greetings.reasons() == ["", "no-address"]
    assert greetings.notices()[f"notice/{event.position}/1"].state == "dead"


def test_an_entry_of_the_audience_goes_before_that_of_its_party_and_what_has_neither_is_others(greetings: GreetingRoom):
    greetings.served("wu", cost=500, ended=False)
    greetings.served("li")
    greetings.book = replace(
        greetings.book, audiences={"shop/served": Card(to=("served@example.com",))}, others=Card(to=("console",))
    )
    greetings.greet("sent_to_dear")
    greetings.deliver()
    assert greetings.pigeon.addresses == ["console", "served@example.com"]


def test_rows_that_are_lost_are_made_anew_for_every_member(greetings: GreetingRoom):
    greetings.served("wu")
    greetings.served("li")
    greetings.greet()
    store = greetings.shop.engine.store
    before = greetings.notices()
    assert len(before) == 3
    with store._database.writing() as connection:
        connection.execute("DELETE FROM notices WHERE n > 0")
    assert store.notices.rebuild() == 2
    assert greetings.notices() == before
