"""The system's clock jumps back and on: nothing that is due happens early, nothing twice, nothing is left out."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from tests.effort import share_of
from tests.unit.engine.controls import SHOP, Shop

CALENDAR = 'calendars: {office: {hours: {mon-fri: ["08:30-12:00", "13:30-17:30"]}}}\n'
DEADLINES = """    deadlines:
      answer:
        stop: [priced]
        within: 5h
        clock: office
        ladder: {50%: {set: {remark: half}}, +1d: {set: {remark: late}}}
      beat: {every: 6h, stop: [priced]}
"""
REMINDER = "          rung: {after: 13h, clock: office, repeat: true}\n"
RINGING = (
    SHOP.replace("fields:\n", f"{CALENDAR}fields:\n")
    .replace("  job:\n    start: new\n", f"  job:\n    start: new\n{DEADLINES}")
    .replace("        steps:\n          priced:", f"        steps:\n{REMINDER}          priced:", 1)
)
JUMPS = [timedelta(hours=-1), timedelta(hours=1), timedelta(days=3), timedelta(minutes=10), timedelta(seconds=1)]
HIGHEST = timedelta(days=12)


def timeline(shop: Shop, case: str) -> list[tuple[str, datetime]]:
    """Return what the clock did on a case."""
    clocked = (one.event for one in shop.engine.history(case) if one.event.via == "clock")
    return [(event.type, event.occurred_at) for event in clocked]


def punctual(until: datetime, opened: datetime) -> list[tuple[str, datetime]]:
    """Return what a clock does that is asked every hour."""
    with TemporaryDirectory() as folder:
        shop = Shop(Path(folder), texts={"shop": RINGING})
        shop.clock.now = opened
        case = shop.opened()
        while shop.clock.now < until:
            shop.clock.now = min(shop.clock.now + timedelta(hours=1), until)
            shop.engine.run_due()
        found = timeline(shop, case)
        shop.close()
        return found


@settings(max_examples=share_of(200, at_least=5))
@examples(st.randoms(use_true_random=False))
def test_a_clock_that_jumps_does_nothing_early_and_nothing_twice(random: Random) -> None:
    with TemporaryDirectory() as folder:
        shop = Shop(Path(folder), texts={"shop": RINGING})
        opened = shop.clock.now
        case = shop.opened()
        latest = opened
        for _ in range(random.randint(1, 12)):
            shop.clock.now = min(shop.clock.now + random.choice(JUMPS), opened + HIGHEST)
            known = len(timeline(shop, case))
            (shop.again() if random.random() < 0.3 else shop.engine).run_due()
            latest = max(latest, shop.clock.now)
            assert all(at <= shop.clock.now for _, at in timeline(shop, case)[known:]), "something was early"
        happened = timeline(shop, case)
        shop.close()
    assert happened == punctual(latest, opened)
