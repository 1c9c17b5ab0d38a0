"""Rows of lists are changed in use, dated, and read by cases; what was read is kept with its version."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lifecycle.core.case import OpenCase
from lifecycle.core.events import Event
from lifecycle.core.lists import ChangeRow, in_force
from lifecycle.problems import Refusal
from tests.unit.core.controls import actor
from tests.unit.engine.controls import Shop

TEXT = """
workflow: desk
version: 1
zone: Asia/Shanghai
fields:
  model: {is: text, from: products}
  price: {is: money, currency: CNY}
  number: {is: integer}
  lines: {is: list, of: [model!, number]}
lists:
  products:
    key: model
    columns: {model: text!, price: money!, since: date}
    kept_by: chief
    rows:
      - {model: TX-9, price: "100.00"}
      - {model: TX-8, price: 80}
roles: {clerk: {}, chief: {}}
cases: {matter: {machines: [job], opens: {opened: {by: clerk, start: job}}}}
machines:
  job:
    start: open
    states:
      open:
        steps:
          priced:
            by: clerk
            form: [model!]
            require:
              sold: {that: "lists.products.exists(r, r.price > 0)", else: {zh: "无", en: "Nothing is sold"}}
            set: {price: "=row('products', data.model).price"}
          ordered: {by: clerk, form: [lines!]}
          counted: {by: clerk, start: {line: {each: "=lists.products", key: model}}}
          ended: {by: clerk, to: over}
      over: {final: done}
  line:
    many: true
    plural: lines_of
    start: open
    states: {open: {steps: {shut: {by: clerk, to: over}}}, over: {final: done}}
"""


class Desk(Shop):
    """A shop that prices by a list."""

    def change(self, key: str, since: str = "", by: str = "chief:wu", **values: str) -> list[Event] | Refusal:
        return self.engine.change_row(self.command(key, values, since, by))

    def remove(self, key: str, since: str = "") -> list[Event] | Refusal:
        return self.engine.change_row(self.command(key, None, since))

    def command(self, key: str, values: dict[str, str] | None, since: str, by: str = "chief:wu") -> ChangeRow:
        return ChangeRow(
            id=self.next_command(),
            workflow="desk",
            list="products",
            key=key,
            values=values,
            since=since,
            actor=actor(by),
        )

    def case(self) -> str:
        return self.do(OpenCase(id=self.next_command(), workflow="desk", actor=actor("clerk:li"))).case

    def priced(self, case: str, model: str) -> tuple[str, dict]:
        event = self.do(self.step(case, "priced", model=model)).events[0].event
        return event.changes["set"]["price"], event.changes["lists"]

    def on(self, day: str) -> dict[str, str]:
        workflow, _ = self.engine.figures("desk")
        found = in_force(workflow.lists["products"], self.engine.rows(workflow, "products"), date.fromisoformat(day))
        return {key: row["price"] for key, (row, _) in found.items()}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, texts={"desk": TEXT})
    yield desk
    desk.close()


def test_rows_of_the_text_are_in_force_until_they_are_changed(desk: Desk):
    case = desk.case()
    read = {
        "products": {"revision": 0},
        "products/TX-9": {"row": {"model": "TX-9", "price": "100.00 CNY"}, "version": 0},
    }
    assert desk.priced(case, "TX-9") == ("100.00 CNY", read)
    desk.change("TX-9", price="120")
    price, read = desk.priced(case, "TX-9")
    assert price == "120.00 CNY"
    assert (read["products"]["revision"], read["products/TX-9"]["version"]) == (1, 1)


def test_a_change_counts_from_its_day_on(desk: Desk):
    desk.change("TX-9", since="2026-04-01", price="130")
    desk.change("TX-9", since="2026-03-15", price="120")
    assert [desk.on(day)["TX-9"] for day in ("2026-03-14", "2026-03-15", "2026-04-01")] == [
        "100.00 CNY",
        "120.00 CNY",
        "130.00 CNY",
    ]
    desk.clock.now = datetime(2026, 3, 20, tzinfo=UTC)
    assert desk.priced(desk.case(), "TX-9")[0] == "120.00 CNY"


def test_a_row_that_is_taken_out_is_no_value_any_more(desk: Desk):
    desk.remove("TX-8", since="2026-03-10")
    case = desk.case()
    assert desk.priced(case, "TX-8")[0] == "80.00 CNY"
    desk.clock.now = datetime(2026, 3, 10, tzinfo=UTC)
    outcome = desk.engine.execute(desk.step(case, "priced", model="TX-8"))
    assert isinstance(outcome, Refusal)
    (reason,) = outcome.reasons
    assert (reason.code, reason.values["known"], reason.where.path) == ("not-listed", ("TX-9",), "model")


def test_a_value_that_no_row_has_is_refused_also_inside_rows(desk: Desk):
    case = desk.case()
    lines = [{"model": "TX-9", "number": 1}, {"model": "TX-7"}]
    outcome = desk.engine.execute(desk.step(case, "ordered", lines=lines))
    assert isinstance(outcome, Refusal)
    assert [(r.code, r.where.path) for r in outcome.reasons] == [("not-listed", "lines.2.model")]
    desk.change("TX-7", price="1")
    desk.do(desk.step(case, "ordered", lines=lines))


def test_each_row_starts_an_instance(desk: Desk):
    desk.change("TX-7", price="1")
    case = desk.case()
    desk.do(desk.step(case, "counted"))
    assert [one.key for one in desk.engine.case(case)[0].instances.values()] == ["1", "TX-9", "TX-8", "TX-7"]


def test_a_change_keeps_what_it_does_not_name_and_clears_what_is_left_empty(desk: Desk):
    (event,) = desk.engine.change_row(desk.command("TX-9", {"since": "2026-01-01"}, ""))
    assert event.changes["list"]["row"] == {"model": "TX-9", "price": "100.00 CNY", "since": "2026-01-01"}
    (event,) = desk.engine.change_row(desk.command("TX-9", {"since": ""}, ""))
    assert "since" not in event.changes["list"]["row"]
    assert desk.engine.change_row(desk.command("TX-9", {"price": "100"}, "")) == []


def test_whoever_may_not_keep_the_list_and_rows_that_do_not_fit_are_refused(desk: Desk):
    def why(outcome: list[Event] | Refusal) -> list[str]:
        assert isinstance(outcome, Refusal), outcome
        return [reason.code for reason in outcome.reasons]

    assert why(desk.change("TX-9", by="clerk:li", price="1")) == ["wrong-role"]
    assert why(desk.change("TX-6")) == ["row-field-missing"]
    assert why(desk.change("TX-6", price="much")) == ["field-wrong-type"]
    assert why(desk.change("TX-6", prise="1")) == ["row-field-unknown"]
    assert why(desk.change("TX-6", since="soon", price="1")) == ["day-unreadable"]
    assert why(desk.remove("TX-6")) == ["unknown-row"]
    assert desk.types() == []


def test_the_head_is_what_the_events_make(desk: Desk):
    desk.change("TX-9", since="2026-04-01", price="130")
    desk.remove("TX-8")
    before = desk.engine.rows(desk.engine.figures("desk")[0], "products")
    assert desk.engine.rebuild_heads() == 1
    assert desk.engine.rows(desk.engine.figures("desk")[0], "products") == before
    assert desk.types() == ["list.changed", "list.changed"]
