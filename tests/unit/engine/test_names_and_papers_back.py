"""A breach withdrawn on a real store: rosters count right for others, personal text stays sealed, heads fold alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lifecycle.core.beside import Aggregate, stream_of
from lifecycle.core.case import Case
from lifecycle.core.events import Sealed
from lifecycle.core.register import REGISTER
from lifecycle.core.roster import ROSTER
from lifecycle.core.staff import ChangeStaff
from tests.unit.core.controls import actor
from tests.unit.engine.controls import Shop

TEXT = """
workflow: shop
version: 1
zone: Asia/Shanghai
fields: {phone: {is: phone, pii: true}}
roles: {clerk: {}, fitter: {}}
pools: {fitters: {role: fitter}}
papers: {slip: {number: "S-{serial:03}", fields: [phone], stages: {issued: {}, checked: {optional: true}}}}
cases:
  matter: {number: "M-{serial:04}", machines: [job], opens: {opened: {by: clerk, start: job}}}
machines:
  job:
    start: open
    states:
      open:
        steps:
          sent: {by: clerk, assign: {fitter: fitters}, to: at_work}
      at_work:
        steps:
          wrote: {by: clerk, form: [phone!], papers: {slip: issued}, to: written}
      written:
        steps:
          answered: {by: clerk, recorded_afterwards: true}
          closed: {by: clerk, to: over}
        deadlines:
          contact:
            within: 30m
            stop: [answered]
            ladder:
              100%: {assign: {fitter: fitters}, papers: {slip: void}}
              +5m: {papers: {slip: issued}}
      over: {final: done}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path, texts={"shop": TEXT})
    for person in ("li", "ma", "wu"):
        change = {"roles": {"shop": ["fitter"]}}
        command = ChangeStaff(
            id=shop.next_command(), person=person, happening="added", change=change, actor=actor("clerk:li")
        )
        shop.engine.change_staff(command)
    yield shop
    shop.close()


def case_of(shop: Shop, number: str) -> Case:
    return shop.engine.case(number)[0]


def heads(shop: Shop, case: str) -> list[Any]:
    """Return the kept standings of a case, of its pool and of its register."""
    store = shop.engine.store
    beside: list[tuple[Aggregate[Any], str]] = [(ROSTER, "shop/fitters"), (REGISTER, "shop/slip")]
    streams = [case_of(shop, case).id, *(stream_of(store.meta.id, kind, name) for kind, name in beside)]
    return [store.head(stream) for stream in streams]


def test_names_and_papers_are_as_before_for_this_case_and_for_the_next(shop: Shop) -> None:
    case = shop.opened()
    shop.do(shop.step(case, "sent"))
    shop.do(shop.step(case, "wrote", phone="13800000000"))
    before = case_of(shop, case).instances["job/1"]
    shop.clock.go(minutes=60)
    shop.engine.run_due()
    broken = case_of(shop, case).instances["job/1"]
    assert (broken.assigned, broken.papers["slip"]["number"]) == ({"fitter": ["ma"]}, "S-002")
    shop.do(replace(shop.step(case, "answered"), occurred_at=shop.clock.now - timedelta(minutes=50)))
    after = shop.again() and case_of(shop, case).instances["job/1"]
    assert (after.assigned, after.duties) == (before.assigned, before.duties)
    assert {**after.papers["slip"], "before": []} == {**before.papers["slip"], "before": []}
    assert isinstance(after.papers["slip"]["values"]["phone"], Sealed)
    assert [(one["number"], one["stage"]) for one in after.papers["slip"]["before"]] == [("S-002", "void")]
    other = shop.opened()
    shop.do(shop.step(other, "sent"))
    assert case_of(shop, other).instances["job/1"].assigned == {"fitter": ["ma"]}
    kept = heads(shop, case)
    shop.engine.rebuild_heads()
    assert heads(shop, case) == kept
    roster, register = (head.state for head in kept[1:])
    assert (roster["open"], roster["given"]) == ({"li": 1, "ma": 1}, {"li": 1, "ma": 1})
    assert (register["serial"], register["voided"]) == (2, 1)
