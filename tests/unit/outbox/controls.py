"""A post room: a small workflow that tells people things, an address book, and a way out that fails when asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from lifecycle.core.events import Recorded
from lifecycle.outbox.book import Book, Card
from lifecycle.outbox.delivery import Delivered, Office, deliver
from lifecycle.outbox.message import Message
from lifecycle.outbox.patience import Patience
from lifecycle.outbox.ways import Undelivered
from lifecycle.store.port import Notice
from tests.unit.engine.controls import Shop

TELLING = """
workflow: shop
version: 1
zone: Asia/Shanghai
zh: "维修"
en: "Repair"
fields:
  caller: {is: text, scope: case, pii: true}
  email: {is: text, scope: case, pii: true}
  own_email: {is: text, pii: true}
  cost: {is: integer}
texts:
  priced: {zh: "{caller} 的报价为 {cost} 元", en: "The price for {caller} is {cost}"}
roles: {clerk: {}, chief: {}, buyer: {party: true}}
cases:
  matter:
    number: "SH-{serial:04}"
    subject: customer
    machines: [job]
    opens: {reported: {by: clerk, form: [caller, email], start: job}}
machines:
  job:
    start: new
    states:
      new:
        steps:
          priced: {by: clerk, form: [cost!, own_email], notify: {who: [chief, buyer], text: priced}}
          warned: {by: clerk, notify: {who: chief, text: {zh: "{case} 请速来", en: "{case}: come at once"}}}
          called: {by: clerk, notify: {who: "='li'", text: {zh: "{case} 请来", en: "{case}: come"}}}
          ended: {by: clerk, to: over}
      over: {final: done}
"""
VOIDED = {"zh": "作废：{text}", "en": "void: {text}"}
CHIEF = "chief@example.com"
BUYER = "buyer@example.com"


@dataclass
class Pigeon:
    """A way out that keeps what it delivered. faults: what it answers first, one for each try; None delivers."""

    faults: list[Undelivered | None] = field(default_factory=list)
    out: list[tuple[str, Message]] = field(default_factory=list)
    tried: int = 0

    def deliver(self, message: Message, address: str) -> None:
        self.tried += 1
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            raise fault
        self.out.append((address, message))

    @property
    def ids(self) -> list[str]:
        return [message.id for _, message in self.out]

    @property
    def addresses(self) -> list[str]:
        return [address for address, _ in self.out]


def down(reason: str = "unreachable") -> Undelivered:
    return Undelivered(reason)


def never(reason: str = "refused") -> Undelivered:
    return Undelivered(reason, again=False)


BOOK = Book(
    roles={"chief": Card(to=(CHIEF,), lang="en")},
    parties={"buyer": Card(field="email")},
    patience=Patience(most=4),
)


@dataclass
class PostRoom:
    """The workflow `shop` on a real store, and who is reached how. case: the number of the one that a test is about."""

    folder: Path
    text: str = TELLING
    book: Book = BOOK
    pigeon: Pigeon = field(default_factory=Pigeon)
    case: str = ""

    def __post_init__(self) -> None:
        self.shop = Shop(self.folder, texts={"shop": self.text})

    @property
    def clock(self) -> datetime:
        return self.shop.clock()

    @property
    def office(self) -> Office:
        ways = {"mail": self.pigeon, "console": self.pigeon, "file": self.pigeon}
        return Office(shell=self.shop.engine, book=self.book, ways=ways, clock=self.shop.clock, voided=VOIDED)

    def opened(self, customer: str = "C-1", **form: object) -> str:
        return self.shop.do(self.shop.opening(customer=customer, **{"caller": "Mrs Wu", "email": BUYER, **form})).case

    def take(self, case: str, step: str, **form: object) -> Recorded:
        return self.shop.do(self.shop.step(case, step, **form)).events[-1]

    def deliver(self) -> Delivered:
        return deliver(self.office)

    def later(self, **length: float) -> Delivered:
        self.shop.clock.go(**length)
        return self.deliver()

    def notices(self) -> dict[str, Notice]:
        """Return every notice by its id, oldest first."""
        found = self.shop.engine.store.notices.latest(("pending", "sent", "dead", "dropped", "withdrawn"), 1000)
        return {notice.id: notice for notice in reversed(found)}

    def states(self) -> list[str]:
        return [notice.state for notice in self.notices().values()]

    def reasons(self) -> list[str]:
        return [notice.reason for notice in self.notices().values()]

    def close(self) -> None:
        self.shop.close()


def subjects(messages: Iterable[tuple[str, Message]]) -> list[str]:
    return [message.subject for _, message in messages]
