"""A notice of a promise that was kept after all is not delivered any more; whoever has it is told that it is void."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from lifecycle.core.case import TakeStep
from lifecycle.engine import Done
from lifecycle.outbox.book import Book, Card
from lifecycle.outbox.delivery import Delivered
from tests.unit.core.controls import actor
from tests.unit.outbox.controls import CHIEF, PostRoom, down

PROMISE = """
workflow: shop
version: 1
zone: Asia/Shanghai
zh: "维修"
en: "Repair"
roles: {clerk: {}, chief: {}}
fields: {caller: {is: text, scope: case, pii: true}, email: {is: text, scope: case, pii: true}}
cases: {matter: {machines: [job], opens: {reported: {by: clerk, form: [caller, email], start: job}}}}
machines:
  job:
    start: open
    states:
      open: {steps: {answered: {by: clerk, recorded_afterwards: true}, closed: {by: clerk, to: over}}}
      over: {final: done}
    deadlines:
      contact:
        stop: [answered]
        within: 30m
        ladder:
          50%: {notify: {who: chief, text: {zh: "快到期", en: "soon"}}}
          100%: {notify: {who: WHO, text: {zh: "逾期", en: "late"}}}
"""


def broken(folder: Path, who: str) -> PostRoom:
    """Return a post room with a promise that was broken: a warning waits, and what the breach tells."""
    cards = {name: Card(to=(f"{name}@example.com",), lang="en") for name in ("chief", "clerk")}
    room = PostRoom(folder, text=PROMISE.replace("WHO", who), book=Book(roles=cards))
    room.case = room.opened()
    room.shop.clock.go(hours=1)
    room.shop.engine.run_due()
    return room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[PostRoom]:
    room = broken(tmp_path, "chief")
    yield room
    room.close()


def answer_afterwards(room: PostRoom) -> None:
    """Write down now that the customer was answered ten minutes after the opening."""
    at = room.clock - timedelta(minutes=51)
    command = TakeStep(
        id="late", case=room.case, step="answered", actor=actor("clerk:li"), form={}, reasons={}, occurred_at=at
    )
    outcome = room.shop.engine.execute(command)
    assert isinstance(outcome, Done), outcome
    assert outcome.events[0].event.type == "deadline.breach_withdrawn"


def told(room: PostRoom) -> list[str]:
    return [message.text.split("\n")[0] for _, message in room.pigeon.out]


def test_what_a_withdrawn_breach_would_have_told_is_not_delivered_and_neither_is_that_it_is_void(room: PostRoom):
    answer_afterwards(room)
    assert room.states() == ["pending", "withdrawn", "dropped"], "the warning was right by what was known"
    assert room.reasons() == ["", "", "not-told"]
    assert room.deliver() == Delivered(sent=1)
    assert told(room) == ["soon"]
    assert room.shop.engine.store.notices.rebuild() == 0


def test_whoever_was_told_gets_word_that_it_no_longer_holds(room: PostRoom):
    assert room.deliver() == Delivered(sent=2)
    answer_afterwards(room)
    assert room.states() == ["sent", "sent", "pending"]
    assert room.deliver() == Delivered(sent=1)
    assert told(room) == ["soon", "late", "void: late"]
    case, _ = room.shop.engine.case(room.case)
    assert [notice.get("withdrawn", False) for notice in case.notices] == [False, True, False]


def test_of_several_who_were_to_be_told_only_those_who_were_get_word(tmp_path: Path):
    room = broken(tmp_path, "[chief, clerk]")
    room.pigeon.faults = [None, None, down()]
    first = room.deliver()
    assert first == Delivered(sent=2, failed=1)
    answer_afterwards(room)
    assert room.states() == ["sent", "sent", "withdrawn", "pending", "dropped"]
    assert room.deliver() == Delivered(sent=1)
    assert room.pigeon.addresses == [CHIEF, CHIEF, CHIEF]
    room.close()


def test_of_an_audience_those_members_get_word_who_were_told(tmp_path: Path):
    text = PROMISE.replace("WHO", "everybody").replace("chief: {}}", "chief: {}, buyer: {party: true}}")
    text += "audiences: {everybody: {of: matter, party: buyer}}\n"
    book = Book(roles={"chief": Card(to=(CHIEF,))}, parties={"buyer": Card(field="email", lang="en")})
    room = PostRoom(tmp_path, text=text, book=book)
    room.take(room.opened("C-1", email="one@example.com"), "answered")
    room.case = room.opened("C-2", email="two@example.com")
    room.shop.clock.go(hours=1)
    room.shop.engine.run_due()
    room.pigeon.faults = [None, down()]
    assert room.deliver() == Delivered(sent=2, failed=1)
    assert room.pigeon.addresses == [CHIEF, "two@example.com"]
    answer_afterwards(room)
    assert room.states() == ["sent", "withdrawn", "sent", "dropped", "pending"]
    assert room.deliver() == Delivered(sent=1)
    assert room.pigeon.addresses[2:] == ["two@example.com"]
    assert told(room)[1:] == ["late", "void: late"]
    assert room.shop.engine.store.notices.rebuild() == 0
    room.close()
