"""A notice of a promise that was kept after all is not delivered any more; one that is out stays out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from lifecycle.core.case import TakeStep
from lifecycle.engine import Done
from lifecycle.outbox.delivery import Delivered
from tests.unit.core.controls import actor
from tests.unit.outbox.controls import PostRoom

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
          100%: {notify: {who: chief, text: {zh: "逾期", en: "late"}}}
"""


@pytest.fixture
def broken(tmp_path: Path) -> PostRoom:
    """A promise that was broken: two notices wait."""
    room = PostRoom(tmp_path, text=PROMISE)
    room.case = room.opened()
    room.shop.clock.go(hours=1)
    room.shop.engine.run_due()
    return room


def answer_afterwards(room: PostRoom) -> None:
    """Write down now that the customer was answered ten minutes after the opening."""
    at = room.clock - timedelta(minutes=51)
    command = TakeStep(
        id="late", case=room.case, step="answered", actor=actor("clerk:li"), form={}, reasons={}, occurred_at=at
    )
    outcome = room.shop.engine.execute(command)
    assert isinstance(outcome, Done), outcome
    assert outcome.events[0].event.type == "deadline.breach_withdrawn"


def test_what_a_withdrawn_breach_would_have_told_is_not_delivered(broken: PostRoom):
    answer_afterwards(broken)
    assert broken.states() == ["pending", "withdrawn"], "the warning was right by what was known"
    assert broken.deliver() == Delivered(sent=1)
    assert [message.text.split("\n")[0] for _, message in broken.pigeon.out] == ["soon"]
    assert broken.shop.engine.store.notices.rebuild() == 0
    broken.close()


def test_what_was_delivered_before_stays_delivered(broken: PostRoom):
    assert broken.deliver() == Delivered(sent=2)
    answer_afterwards(broken)
    assert broken.states() == ["sent", "sent"]
    case, _ = broken.shop.engine.case(broken.case)
    assert [notice.get("withdrawn", False) for notice in case.notices] == [False, True]
    broken.close()
