"""Ledgers: what is owed, in stock, left and struck, within borders, in the commit of what caused it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lifecycle.core.beside import stream_of
from lifecycle.core.case.commands import TakeStep
from lifecycle.core.case.effects import Changes
from lifecycle.core.case.posting import reverse_entries_caused_by
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.events import SYSTEM
from lifecycle.core.ledger import LEDGER, Account, evolve, said, units_of
from tests.unit.core.controls import Came, Told, given, opened, small, taken

TEXT = """
fields:
  price: {is: money, currency: CNY}
  got: {is: money, currency: CNY}
  limit: {is: money, currency: CNY}
  part: {is: text}
  number: {is: integer}
  person: {is: staff}
  who_pays: {is: role}
  lines:
    is: list
    of: {part: text!, number: integer!}
ledgers:
  bill: {unit: CNY, payer: buyer, payee: company, floor: 0, ceiling: "=data.limit"}
  stock: {of: part, unit: piece, key: "=data.part", floor: 0, ladder: {"<2": {start: reorder}}}
  strikes: {of: staff, key: "=data.person", unit: strike, ladder: {"2": {start: warning}}}
  offers: {of: company, unit: offer, floor: 0, renew: {every: week, to: 2}}
  washes: {of: customer, unit: wash, floor: 0, valid: 1mo}
cases:
  matter:
    machines: [job, warning, reorder]
    opens: {opened: {by: clerk, start: job}}
machines:
  job:
    start: open
    states:
      open:
        steps:
          charged: {by: clerk, form: [price, limit], post: {bill: {owe: "=data.price"}}}
          for_whom: {by: clerk, form: [price, who_pays!], post: {bill: {owe: "=data.price", payer: "=data.who_pays"}}}
          paid:
            by: clerk
            form: [got!]
            require: {ok: {that: "balance('bill') >= data.got", else: {zh: "多付", en: "more than is owed"}}}
            post: {bill: {pay: "=data.got"}}
          waived: {by: clerk, form: [got!], post: {bill: {waive: "=data.got"}}}
          refunded: {by: clerk, form: [got!], post: {bill: {refund: "=data.got"}}}
          used: {by: clerk, form: [part, number!], post: {stock: {take: "=data.number"}}}
          stocked: {by: clerk, form: [part, number!], post: {stock: {add: "=data.number"}}}
          counted: {by: clerk, form: [part, number!], post: {stock: {recount: "=data.number"}}}
          fitted:
            by: clerk
            form: [lines!]
            post: {stock: {take: "=it.number", key: "=it.part", each: "=data.lines"}}
          struck: {by: clerk, form: [person!], post: {strikes: {add: 1}}}
          forgiven: {by: clerk, form: [person!], post: {strikes: {take: 1}}}
          offered: {by: clerk, post: {offers: {take: 1}}}
          bought: {by: clerk, form: [number!], post: {washes: {add: "=data.number"}}}
          washed: {by: clerk, form: [number!], post: {washes: {take: "=data.number"}}}
      closed: {final: done}
  warning:
    start: due
    many: true
    states: {due: {steps: {seen: {by: clerk, to: done}}}, done: {final: done}}
  reorder:
    start: due
    many: true
    states: {due: {steps: {seen: {by: clerk, to: done}}}, done: {final: done}}
"""
WORKFLOW = small(TEXT)


def matter() -> Told:
    return given(WORKFLOW, opened())


def account(told: Told, ledger: str, holder: str) -> Account:
    stream, _ = told.facts.beside._of(LEDGER, f"small/{ledger}/{holder}")
    return told.beside.get(stream, Account())


def posted(came: Came) -> list[dict[str, Any]]:
    assert came.reasons == (), came.codes
    return list(came.changes["posts"])


def after(told: Told, *acts: Any) -> Told:
    for act in acts:
        came = told.when(act)
        assert came.reasons == (), came.codes
        told = came.told
    return told


def test_what_is_owed_is_in_the_event_and_in_an_event_of_the_account():
    came = matter().when(taken("charged", price="120.00", limit="200.00"))
    assert posted(came) == [
        {
            "id": "M-1@2/1",
            "ledger": "bill",
            "of": "M-1",
            "verb": "owe",
            "amount": "120.00 CNY",
            "payer": "buyer",
            "payee": "company",
            "balance": "120.00 CNY",
        }
    ]
    [event] = came.aside
    assert (event.type, event.causation) == ("ledger.posted", "M-1@2")
    assert event.changes["ledger"]["charged"] == "120.00 CNY"
    assert account(came.told, "bill", "M-1").balance == 12_000


def test_paying_waiving_and_refunding_leave_what_is_open():
    told = after(
        matter(),
        taken("charged", price="120.00", limit="200.00"),
        taken("paid", got="50.00"),
        taken("waived", got="30.00"),
        taken("refunded", got="10.00"),
    )
    assert account(told, "bill", "M-1") == Account(balance=5_000, charged=9_000, revision=4)


def test_the_balance_that_a_guard_read_is_in_the_event_with_the_revision_of_its_account():
    told = after(matter(), taken("charged", price="120.00", limit="200.00"))
    told.when(taken("paid", got="121.00")).then_refused("guard")
    came = told.when(taken("paid", got="120.00"))
    assert came.changes["balances"] == {"bill/M-1": {"is": "120.00 CNY", "revision": 1}}


def test_nothing_is_charged_beyond_what_was_agreed_however_much_was_paid():
    told = after(matter(), taken("charged", price="150.00", limit="200.00"), taken("paid", got="150.00"))
    [reason] = told.when(taken("charged", price="50.01")).then_refused("ledger-above-ceiling")
    assert (reason.actual, reason.required, reason.values["asked"]) == ("150.00 CNY", "200.00 CNY", "50.01 CNY")
    told.when(taken("charged", price="50.00")).then("job.charged")


def test_without_an_agreed_ceiling_nothing_is_charged():
    matter().when(taken("charged", price="1.00")).then_refused("ledger-no-ceiling")


def test_an_amount_that_is_not_known_or_below_nothing_is_refused():
    matter().when(taken("charged", limit="1.00")).then_refused("post-no-amount")
    [reason] = matter().when(taken("charged", price="-1.00", limit="9.00")).then_refused("post-no-amount")
    assert reason.actual == "-1.00 CNY"


def test_nothing_is_posted_for_nothing_and_nobody_owes_himself():
    assert "posts" not in matter().when(taken("charged", price="0.00", limit="9.00")).changes
    told = after(matter(), taken("charged", price="1.00", limit="9.00"))
    assert "posts" not in told.when(taken("for_whom", price="2.00", who_pays="company")).changes


def test_stock_is_never_taken_below_the_floor():
    told = after(matter(), taken("stocked", part="P-1", number=5), taken("used", part="P-1", number=3))
    [reason] = told.when(taken("used", part="P-1", number=3)).then_refused("ledger-below-floor")
    assert (reason.actual, reason.required, reason.values["asked"]) == (2, 0, 3)
    told.when(taken("used", part="P-2", number=1)).then_refused("ledger-below-floor")
    assert account(told, "stock", "P-1").balance == 2


def test_a_stock_whose_part_nobody_names_is_refused():
    matter().when(taken("stocked", number=1)).then_refused("post-no-holder")


def test_a_row_each_is_taken_from_its_own_stock_or_none_at_all():
    told = after(matter(), taken("stocked", part="A", number=5), taken("stocked", part="B", number=1))
    lines = [{"part": "A", "number": 2}, {"part": "B", "number": 1}]
    came = told.when(taken("fitted", lines=lines))
    assert [(entry["of"], entry["balance"]) for entry in posted(came)] == [("A", 3), ("B", 0)]
    came.told.when(taken("fitted", lines=lines)).then_refused("ledger-below-floor")
    assert account(came.told, "stock", "A").balance == 3


def test_a_stock_that_falls_below_a_mark_starts_what_the_ladder_says_once_for_each_crossing():
    told = after(matter(), taken("stocked", part="A", number=3), taken("used", part="A", number=2))
    assert told.state("reorder/1") == "due"
    told = after(told, taken("used", part="A", number=1))
    assert "reorder/2" not in told.case.instances
    told = after(told, taken("stocked", part="A", number=3), taken("used", part="A", number=3))
    assert told.state("reorder/2") == "due"


def test_a_recount_says_what_there_is_and_how_much_that_differs():
    told = after(matter(), taken("stocked", part="A", number=5))
    [entry] = posted(told.when(taken("counted", part="A", number=3)))
    assert (entry["balance"], entry["change"]) == (3, -2)


def test_strikes_climb_the_ladder_and_an_opposite_entry_takes_one_back():
    told = after(matter(), taken("struck", person="li"), taken("struck", person="wang"))
    assert "warning/1" not in told.case.instances
    told = after(told, taken("struck", person="li"))
    assert told.state("warning/1") == "due"
    told = after(told, taken("forgiven", person="li"))
    assert account(told, "strikes", "li").balance == 1


def test_a_quota_begins_anew_with_each_week():
    told = after(matter(), taken("offered"), taken("offered"))
    told.when(taken("offered")).then_refused("ledger-below-floor")
    came = told.pass_by(7 * 24 * 60).when(taken("offered"))
    assert [event.type for event in came.aside] == ["ledger.renewed", "ledger.posted"]
    assert account(came.told, "offers", "company").period == "2026-03-09"
    assert account(came.told, "offers", "company").balance == 1


def test_what_expires_first_is_used_first_and_what_has_expired_cannot_be_used():
    told = after(matter(), taken("bought", number=2)).pass_by(20 * 24 * 60)
    told = after(told, taken("bought", number=3), taken("washed", number=1)).pass_by(10 * 24 * 60)
    told.when(taken("washed", number=4)).then("job.washed")
    later = told.pass_by(2 * 24 * 60)
    later.when(taken("washed", number=4)).then_refused("ledger-below-floor")
    came = later.when(taken("washed", number=3))
    assert [event.type for event in came.aside] == ["ledger.expired", "ledger.posted"]
    assert account(came.told, "washes", "subject").balance == 0


def reversed_by(told: Told, event: str) -> tuple[Told, list[dict[str, Any]]]:
    """Take back what an event caused, as a late entry does, outside of any step."""
    facts = told.facts
    scope = Snapshot(workflow=WORKFLOW, case=told.case, instance=None, actor=SYSTEM, now=told.now, facts=facts)
    changes = Changes(scope=scope, command=TakeStep(id="late", case="M-1", step="", actor=SYSTEM))
    reverse_entries_caused_by(changes, event)
    beside = {**told.beside, **{stream: changed.standing for stream, changed in facts.beside.changed.items()}}
    return replace(told, beside=beside), list(changes.more.get("posts", ()))


def test_what_an_event_caused_is_taken_back_exactly_and_nothing_else():
    told = after(matter(), taken("struck", person="li"), taken("struck", person="li"))
    told, entries = reversed_by(told, "M-1@2")
    assert [(entry["reverses"], entry["balance"]) for entry in entries] == [("M-1@2/1", 1)]
    assert account(told, "strikes", "li").balance == 1
    assert reversed_by(told, "M-1@1")[1] == []


def test_taking_back_what_was_used_puts_it_into_the_lots_it_came_from():
    told = after(matter(), taken("bought", number=2), taken("bought", number=3))
    before = account(told, "washes", "subject")
    told = after(told, taken("washed", number=4))
    told, _ = reversed_by(told, "M-1@4")
    assert replace(account(told, "washes", "subject"), revision=0) == replace(before, revision=0)


def test_taking_back_in_a_later_week_gives_this_week_nothing():
    told = after(matter(), taken("offered")).pass_by(7 * 24 * 60)
    told, [entry] = reversed_by(told, "M-1@2")
    assert entry["balance"] == 2


def test_an_account_is_folded_again_from_its_events_and_read_back_from_its_head():
    told = matter()
    events = []
    for act in (taken("bought", number=2), taken("washed", number=1), taken("bought", number=1)):
        came = told.when(act)
        events.extend(came.aside)
        told = came.told
    folded = Account()
    for event in events:
        folded = evolve(folded, event)
    assert folded == account(told, "washes", "subject") == Account.from_json(folded.to_json())


@pytest.mark.parametrize(
    ("units", "unit", "text"), [(1250, "CNY", "12.50 CNY"), (1250, "JPY", "1250 JPY"), (3, "piece", 3)]
)
def test_amounts_are_kept_with_their_currency(units: int, unit: str, text: Any):
    assert said(units, unit) == text
    assert units_of(text) == units


def test_accounts_of_different_holders_are_different_streams():
    told = matter()
    store = told.case.id
    assert stream_of(store, LEDGER, "small/stock/A") != stream_of(store, LEDGER, "small/stock/B")
