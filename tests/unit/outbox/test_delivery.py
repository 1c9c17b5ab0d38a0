"""Notices are delivered in their receiver's words, tried again, given up in sight of all, dropped for a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from lifecycle.core.staff import ChangeStaff
from lifecycle.outbox.book import Card
from lifecycle.outbox.delivery import Delivered, deliver, erased
from lifecycle.store.port import Erased
from tests.unit.core.controls import actor
from tests.unit.outbox.controls import BUYER, CHIEF, PostRoom, down, never, subjects


def test_each_who_is_told_gets_it_at_their_address_in_their_language(room: PostRoom):
    case = room.opened()
    position = room.take(case, "priced", cost=120).position
    assert room.deliver() == Delivered(sent=2)
    (chief, to_chief), (buyer, to_buyer) = room.pigeon.out
    assert (chief, buyer) == (CHIEF, BUYER)
    assert room.pigeon.ids == [f"notice/{position}/0", f"notice/{position}/1"]
    assert to_chief.text.startswith("The price for Mrs Wu is 120\n\n-- \nRepair · SH-0001 · 2026-03-02 ")
    assert to_buyer.text.startswith("Mrs Wu 的报价为 120 元\n\n-- \n维修 · SH-0001 · ")
    assert subjects(room.pigeon.out) == ["Repair SH-0001", "维修 SH-0001"]
    assert room.states() == ["sent", "sent"]


def test_what_is_sent_is_not_sent_again(room: PostRoom):
    room.take(room.opened(), "warned")
    assert room.deliver() == Delivered(sent=1)
    assert room.deliver() == Delivered()
    assert room.later(days=30) == Delivered()
    assert room.pigeon.tried == 1


def test_a_failure_is_tried_again_later_and_under_the_same_id(room: PostRoom):
    room.pigeon.faults = [down(), down()]
    room.take(room.opened(), "warned")
    assert room.deliver() == Delivered(failed=1)
    assert room.later(seconds=29) == Delivered()
    assert room.later(seconds=1) == Delivered(failed=1)
    assert room.later(seconds=59) == Delivered()
    assert room.later(seconds=1) == Delivered(sent=1)
    assert (room.pigeon.tried, len(room.pigeon.out)) == (3, 1)
    [notice] = room.notices().values()
    assert (notice.state, notice.tries, notice.reason) == ("sent", 3, "")


def test_after_the_last_try_it_is_dead_and_says_why_until_somebody_asks_for_it(room: PostRoom):
    room.pigeon.faults = [down() for _ in range(4)]
    room.take(room.opened(), "warned")
    came = [room.later(hours=1) for _ in range(6)]
    assert came == [*[Delivered(failed=1)] * 3, Delivered(dead=1), Delivered(), Delivered()]
    [notice] = room.notices().values()
    assert (notice.state, notice.tries, notice.reason) == ("dead", 4, "unreachable")
    assert room.shop.engine.store.notices.retry(notice.position, notice.n, room.clock)
    assert room.deliver() == Delivered(sent=1)


def test_what_is_refused_for_good_is_dead_at_once(room: PostRoom):
    room.pigeon.faults = [never()]
    room.take(room.opened(), "warned")
    assert room.deliver() == Delivered(dead=1)
    assert room.reasons() == ["refused"]


def test_one_receivers_failure_holds_up_no_other(room: PostRoom):
    room.pigeon.faults = [down()]
    room.take(room.opened(), "priced", cost=1)
    assert room.deliver() == Delivered(sent=1, failed=1)
    assert room.pigeon.addresses == [BUYER]
    assert room.later(minutes=1) == Delivered(sent=1)
    assert room.pigeon.addresses == [BUYER, CHIEF]


def test_of_several_addresses_only_those_without_it_are_tried_again(room: PostRoom):
    room.book = replace(room.book, roles={"chief": Card(to=("a@example.com", "file", "b@example.com"))})
    room.pigeon.faults = [None, down()]
    room.take(room.opened(), "warned")
    assert room.deliver() == Delivered(failed=1)
    assert room.pigeon.addresses == ["a@example.com", "b@example.com"]
    assert room.later(minutes=1) == Delivered(sent=1)
    assert room.pigeon.addresses == ["a@example.com", "b@example.com", "file"]


def test_an_address_refused_for_good_keeps_the_notice_in_sight_when_the_others_have_it(room: PostRoom):
    room.book = replace(room.book, roles={"chief": Card(to=("a@example.com", "b@example.com"))})
    room.pigeon.faults = [never()]
    room.take(room.opened(), "warned")
    assert room.deliver() == Delivered(dead=1)
    assert room.pigeon.addresses == ["b@example.com"]


def test_a_role_without_an_entry_is_its_people_who_have_one(room: PostRoom):
    room.book = replace(room.book, roles={}, people={"li": Card(to=("li@example.com",)), "ma": Card(to=("ma@x.com",))})
    for person in ("li", "wang"):
        change = {"roles": {"shop": ["chief"]}}
        room.shop.engine.change_staff(
            ChangeStaff(id=person, person=person, happening="added", change=change, actor=actor("chief:wu"))
        )
    room.take(room.opened(), "warned")
    assert room.deliver() == Delivered(sent=1)
    assert room.pigeon.addresses == ["li@example.com"]


def test_an_entry_for_the_workflow_goes_before_the_one_for_the_name_alone(room: PostRoom):
    room.book = replace(room.book, roles={"chief": Card(to=(CHIEF,)), "shop/chief": Card(to=("shop@example.com",))})
    room.take(room.opened(), "warned")
    room.deliver()
    assert room.pigeon.addresses == ["shop@example.com"]


def test_whoever_is_in_no_book_is_dead_at_once_or_goes_where_the_others_go(room: PostRoom):
    case = room.opened()
    room.take(case, "called")
    assert room.deliver() == Delivered(dead=1)
    assert room.reasons() == ["no-address"]
    room.book = replace(room.book, others=Card(to=("file",)))
    room.take(case, "called")
    assert room.deliver() == Delivered(sent=1)
    assert room.pigeon.addresses == ["file"]


def test_whom_the_book_does_not_want_told_is_dropped(room: PostRoom):
    room.book = replace(room.book, roles={"chief": Card()})
    room.take(room.opened(), "warned")
    assert room.deliver() == Delivered(dropped=1)
    assert room.reasons() == ["muted"]


def test_a_customers_address_is_the_one_that_the_case_has_now(room: PostRoom):
    room.book = replace(room.book, roles={"chief": Card()}, parties={"buyer": Card(field="own_email", lang="en")})
    case = room.opened()
    room.take(case, "priced", cost=1, own_email="old@example.com")
    room.take(case, "priced", cost=2, own_email="new@example.com")
    assert room.deliver() == Delivered(sent=2, dropped=2)
    assert room.pigeon.addresses == ["new@example.com", "new@example.com"]


def test_a_customer_without_an_address_or_with_one_that_is_none_is_not_reached(room: PostRoom):
    room.book = replace(room.book, roles={"chief": Card()})
    for email in (None, "not an address", "a@example.com, b@example.com", "a@example.com\r\nBcc: b@example.com"):
        room.take(room.opened(email=email), "priced", cost=1)
    assert room.deliver() == Delivered(dropped=4, dead=4)
    reasons = [notice.reason for notice in room.notices().values() if notice.state == "dead"]
    assert reasons == ["no-address", *["address-unreadable"] * 3]
    assert room.pigeon.tried == 0


def test_a_notice_with_personal_data_that_was_erased_meanwhile_is_dropped_and_says_so(room: PostRoom):
    case = room.opened()
    room.take(case, "priced", cost=120)
    room.take(case, "warned")
    store = room.shop.engine.store
    store.destroy(store.subject_of("C-1"))
    assert room.deliver() == Delivered(dropped=2, sent=1)
    assert room.reasons() == ["subject-erased", "subject-erased", ""]
    assert [message.text.split("\n")[0] for _, message in room.pigeon.out] == ["SH-0001: come at once"]


def test_what_was_erased_is_found_however_deep_it_lies():
    assert erased({"lines": [{"caller": "x"}, {"caller": Erased("subject")}]})
    assert not erased({"lines": [{"caller": "x"}], "count": None})


def test_a_customer_erased_before_the_address_was_asked_is_not_told(room: PostRoom):
    room.book = replace(room.book, roles={"chief": Card()})
    room.take(room.opened(caller=None), "priced", cost=120)
    store = room.shop.engine.store
    store.destroy(store.subject_of("C-1"))
    assert room.deliver() == Delivered(dropped=2)
    assert room.reasons() == ["muted", "subject-erased"]


def test_what_was_never_tried_for_days_is_not_sent_any_more_unless_somebody_asks(room: PostRoom):
    room.take(room.opened(), "warned")
    assert room.later(days=3, seconds=1) == Delivered(dropped=1)
    assert room.reasons() == ["too-old"]
    [notice] = room.notices().values()
    room.shop.engine.store.notices.retry(notice.position, notice.n, room.clock)
    assert room.deliver() == Delivered(sent=1)


def test_an_address_whose_way_out_is_not_there_waits(room: PostRoom):
    room.take(room.opened(), "warned")
    assert deliver(replace(room.office, ways={})) == Delivered(failed=1)
    assert room.reasons() == ["no-way"]
    assert room.later(minutes=1) == Delivered(sent=1)


def test_a_row_that_no_event_has_is_dropped(room: PostRoom):
    room.opened()
    store = room.shop.engine.store
    with store._database.writing() as connection:
        insert = "INSERT INTO notices (position, n, stream, revision, next_at, at) VALUES (?, 0, ?, 1, ?, ?)"
        for position in (1, 99):
            connection.execute(insert, (position, bytes(16), "2026-01-01T00:00:00Z", "2026-03-02T01:00:00.000000Z"))
    assert room.deliver() == Delivered(dropped=2)
    assert room.reasons() == ["no-event", "no-event"]


def test_no_further_address_is_begun_when_the_claim_nears_its_end(room: PostRoom):
    room.book = replace(room.book, roles={"chief": Card(to=("a@example.com", "b@example.com"))})

    class Slow:
        def deliver(self, message, address):
            room.shop.clock.now += timedelta(minutes=6)
            room.pigeon.deliver(message, address)

    room.take(room.opened(), "warned")
    assert deliver(replace(room.office, ways={"mail": Slow()})) == Delivered(failed=1)
    assert room.pigeon.addresses == ["a@example.com"]
    assert room.reasons() == ["try-later"]
    assert room.later(minutes=1) == Delivered(sent=1)
    assert room.pigeon.addresses == ["a@example.com", "b@example.com"]


def test_a_notice_that_kills_its_sender_each_time_is_given_up_without_another_try(room: PostRoom):
    room.take(room.opened(), "warned")
    for _ in range(4):
        assert room.shop.engine.store.notices.claim(room.clock, room.clock + timedelta(minutes=10)) is not None
        room.shop.clock.go(minutes=10)
    assert room.deliver() == Delivered(dead=1)
    assert (room.reasons(), room.pigeon.tried) == (["gave-up"], 0)


def test_no_address_and_no_word_lies_in_clear_in_the_store(room: PostRoom):
    room.book = replace(room.book, roles={"chief": Card(to=("a@example.com", "b@example.com"))})
    room.pigeon.faults = [None, down()]
    room.take(room.opened(), "priced", cost=120)
    assert room.deliver() == Delivered(sent=1, failed=1)
    files = [path.read_bytes() for path in room.folder.iterdir()]
    assert len(files) > 1
    for word in ("a@example.com", BUYER, "Mrs Wu"):
        assert not any(word.encode() in content for content in files)
