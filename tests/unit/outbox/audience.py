"""A shop that tells its customers something together: repairs of customers, and notices to all of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lifecycle.core.case import OpenCase
from lifecycle.core.events import Json, Recorded
from lifecycle.outbox.book import Book, Card
from tests.unit.core.controls import actor
from tests.unit.outbox.controls import PostRoom

TELLING = """
workflow: shop
version: 1
zone: Asia/Shanghai
zh: "维修"
en: "Repair"
fields:
  caller: {is: text, scope: case, pii: true}
  email: {is: text, scope: case, pii: true}
  cost: {is: integer}
  wishes: {is: text}
texts:
  greeting: {zh: "{wishes}（{case}）", en: "{wishes} ({case})"}
roles: {clerk: {}, chief: {}, buyer: {party: true}}
cases:
  matter:
    number: "SH-{serial:04}"
    subject: customer
    machines: [job]
    opens: {reported: {by: clerk, form: [caller, email], start: job}}
  card:
    number: "GC-{serial:04}"
    machines: [greeting_card]
    opens: {written: {by: clerk, form: [wishes], start: greeting_card}}
machines:
  job:
    start: new
    states:
      new:
        steps:
          priced: {by: clerk, form: [cost!]}
          ended: {by: clerk, to: over}
      over: {final: done}
  greeting_card:
    start: draft
    states:
      draft:
        steps:
          sent: {by: clerk, form: [wishes!], notify: {who: [chief, served], text: greeting}}
          sent_to_dear: {by: clerk, form: [wishes!], notify: {who: [dear, served], text: greeting}}
views:
  over: {of: job, where: "closed && outcome == 'done'", columns: [number]}
audiences:
  served: {zh: "服务过的客户", en: "Customers served", of: job, where: "closed && outcome == 'done'", party: buyer}
  dear: {zh: "大客户", en: "Dear customers", of: job, where: "data.cost != null && 1000 / data.cost < 10"}
"""
BOOK = Book(roles={"chief": Card(to=("chief@example.com",))}, parties={"buyer": Card(field="email")})


@dataclass
class GreetingRoom(PostRoom):
    """The workflow above on a real store. wishes: what its cards say."""

    text: str = TELLING
    book: Book = BOOK
    wishes: str = "Happy new year"

    def served(self, customer: str, *, ended: bool = True, cost: int | None = None, **form: Json) -> str:
        """Return the number of a repair for a customer; "" gives the case no customer but itself."""
        case = self.opened(customer, **{"email": f"{customer or 'somebody'}@example.com", **form})
        if cost is not None:
            self.take(case, "priced", cost=cost)
        if ended:
            self.take(case, "ended")
        return case

    def card(self) -> str:
        command = OpenCase(
            id=self.shop.next_command(),
            workflow="shop",
            kind="card",
            actor=actor("clerk:li"),
            form={"wishes": "?"},
        )
        return self.shop.do(command).case

    def greet(self, step: str = "sent") -> Recorded:
        """Return the event by which a new card is sent."""
        return self.take(self.card(), step, wishes=self.wishes)


def room_in(folder: Path) -> GreetingRoom:
    return GreetingRoom(folder)


def told(event: Recorded) -> dict[str, Json]:
    """Return the audiences of an event's only notice, by name."""
    [entry] = event.event.changes["notices"]
    return {one["audience"]: one for one in entry["to"] if "audience" in one}
