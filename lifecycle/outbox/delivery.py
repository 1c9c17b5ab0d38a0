"""Delivering: each notice that is due, to each of its addresses, and what is kept of it.

At least once, under one id: a process that dies between delivering and saying so leaves the notice to be delivered
again. In our own record it is sent once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from lifecycle.core.case import Case
from lifecycle.core.events import Json, Recorded, Sealed
from lifecycle.core.notices import AUDIENCE, Recipient, each_told
from lifecycle.core.staff import Directory
from lifecycle.core.workflow import Workflow
from lifecycle.outbox.book import Book, Card, mailbox, way_of
from lifecycle.outbox.message import Message, compose
from lifecycle.outbox.ways import Undelivered, Way
from lifecycle.store.port import Erased, Notice, Store

LEASE = timedelta(minutes=10)
"""How long a claim holds."""
LAST_START = timedelta(minutes=5)
"""No further address is begun when so much of a claim is gone; the rest is left for another time."""
MOST_AT_ONCE = 200
"""Notices of one round, so that a worker comes back to its clock."""


class Shell(Protocol):
    """What is asked of the engine."""

    @property
    def store(self) -> Store: ...

    def case(self, case: str) -> tuple[Case, Workflow]: ...

    def staff(self) -> Directory: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """Everything that delivering needs.

    ways    by name; an address whose way is not here waits
    clock   -> now, aware
    voided  by language, the words around a notice that no longer holds: "void: {text}"
    """

    shell: Shell
    book: Book
    ways: Mapping[str, Way]
    clock: Callable[[], datetime]
    voided: Mapping[str, str]


@dataclass(kw_only=True, slots=True)
class Delivered:
    """What one round came to: how many notices were sent, failed and are tried again, given up, or dropped."""

    sent: int = 0
    failed: int = 0
    dead: int = 0
    dropped: int = 0

    @property
    def any(self) -> bool:
        return bool(self.sent or self.failed or self.dead or self.dropped)

    def plus(self, other: Delivered) -> Delivered:
        return Delivered(
            sent=self.sent + other.sent,
            failed=self.failed + other.failed,
            dead=self.dead + other.dead,
            dropped=self.dropped + other.dropped,
        )


class Dropped(Exception):
    """A notice that is not to be delivered. reason: code of the catalogue."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """One address of a receiver, and the language for it. fault: why there is none, or none that can be read."""

    address: str = ""
    lang: str = "zh"
    fault: str = ""


@dataclass(kw_only=True, slots=True)
class Faults:
    """What went wrong with the addresses of one notice."""

    reasons: list[str] = field(default_factory=list)
    again: bool = False


def deliver(office: Office, most: int = MOST_AT_ONCE) -> Delivered:
    """Deliver what is due now, each notice claimed by nobody else, and return what came of it."""
    done = Delivered()
    outbox = office.shell.store.notices
    for _ in range(most):
        now = office.clock()
        notice = outbox.claim(now, now + LEASE)
        if notice is None:
            break
        try:
            faults = try_one(office, notice, now)
        except Dropped as dropped:
            outbox.drop(notice, office.clock(), dropped.reason)
            done.dropped += 1
            continue
        if not faults.reasons:
            outbox.sent(notice, office.clock())
            done.sent += 1
            continue
        now = office.clock()
        again = office.book.patience.again(notice.tries, now) if faults.again else None
        outbox.failed(notice, now, faults.reasons[0], again)
        done.failed += again is not None
        done.dead += again is None
    return done


def try_one(office: Office, notice: Notice, now: datetime) -> Faults:
    """Deliver a notice to those of its addresses that do not have it yet; return what went wrong.

    Raises  Dropped
    """
    patience, store = office.book.patience, office.shell.store
    if notice.tries > patience.most:
        return Faults(reasons=[notice.reason or "gave-up"])
    if patience.too_old(notice.at, notice.tries, now):
        raise Dropped("too-old")
    recorded, entry, to = given(store, notice)
    opened = {**entry, "values": store.open(entry.get("values", {}))}
    if erased(opened["values"]):
        raise Dropped("subject-erased")
    case, workflow = office.shell.case(recorded.event.case)
    if to.case:
        case, _ = office.shell.case(to.case)
        if gone(store, case):
            raise Dropped("subject-erased")
    faults = Faults()
    found = list(targets(office, recorded, to, case, workflow))
    for target in found:
        token = store.token(target.address)
        if token in notice.reached:
            continue
        message = compose(recorded, notice.n, opened, to, workflow, target.lang, office.voided)
        try:
            if office.clock() - now > LAST_START:
                raise Undelivered("try-later")
            hand_over(office, message, target)
        except Undelivered as failure:
            faults.reasons.append(failure.reason)
            faults.again |= failure.again
        else:
            if len(found) > 1:
                store.notices.reach(notice, token)
    return faults


def hand_over(office: Office, message: Message, target: Target) -> None:
    """Give a message to the way of its address.

    Raises  Undelivered
    """
    if target.fault:
        raise Undelivered(target.fault, again=False)
    way = office.ways.get(way_of(target.address))
    if way is None:
        raise Undelivered("no-way")
    way.deliver(message, target.address)


def erased(value: Json) -> bool:
    """Return whether anything in an opened value was erased."""
    if isinstance(value, dict | list):
        return any(map(erased, value.values() if isinstance(value, dict) else value))
    return isinstance(value, Erased)


def gone(store: Store, case: Case) -> bool:
    """Return whether the personal data of a case's subject was erased."""
    values = [
        case.customer,
        *case.data.values(),
        *(value for one in case.instances.values() for value in one.data.values()),
    ]
    own = next((value for value in values if isinstance(value, Sealed) and value.subject == case.subject), None)
    return own is not None and isinstance(store.open(own), Erased)


def given(store: Store, notice: Notice) -> tuple[Recorded, Mapping[str, Json], Recipient]:
    """Return the event of a notice, what it says, and whom it tells.

    Raises  Dropped when no event has such a notice: somebody else wrote the row
    """
    recorded = next(store.feed(notice.position - 1, 1), None)
    told = each_told(recorded.event.changes) if recorded is not None and recorded.position == notice.position else []
    if recorded is None or notice.n >= len(told):
        raise Dropped("no-event")
    return recorded, *told[notice.n]


def targets(office: Office, recorded: Recorded, to: Recipient, case: Case, workflow: Workflow) -> Iterator[Target]:
    """Yield every address of a receiver once, or one target with what is wrong.

    case  whose fields have addresses: of a member of an audience their own, otherwise the one that tells
    A role without an entry of its own is its people who have one, an audience is the party that its members are.
    Raises  Dropped
    """
    kind, name, book = to.kind, to.name, office.book
    card = book.card(kind, name, workflow.name)
    if card is None and to.party:
        card = book.card("party", to.party, workflow.name)
    cards = [card] if card is not None else []
    if card is None and kind == "role":
        members = office.shell.staff().in_role(workflow.name, name)
        cards = [own for one in members if (own := book.card("person", one.id, workflow.name))]
    if not cards and book.others is not None:
        cards = [book.others]
    machine = recorded.event.machine if kind != AUDIENCE else ""
    every = [target for one in cards for target in on_card(office, one, machine, case)]
    if cards and not every:
        raise Dropped("muted")
    yield from {target.address or target.fault: target for target in every}.values()
    if not cards:
        yield Target(lang=book.lang, fault="no-address")


def on_card(office: Office, card: Card, machine: str, case: Case) -> Iterator[Target]:
    lang = card.lang or office.book.lang
    for address in card.to:
        yield Target(address=address, lang=lang)
    if card.field:
        value = office.shell.store.open(value_of(card.field, machine, case))
        if isinstance(value, Erased):
            raise Dropped("subject-erased")
        own = mailbox(value) or ""
        fault = "no-address" if value in (None, "") else "" if own else "address-unreadable"
        yield Target(address=own, lang=lang, fault=fault)


def value_of(name: str, machine: str, case: Case) -> Json:
    """Return the value that a field has now: of the instance that told, of those around it, then of the case.

    machine  address of that instance; "" when it was the case, or another one
    """
    instance = case.instances.get(machine)
    while instance is not None:
        if instance.data.get(name) is not None:
            return instance.data[name]
        instance = case.instances.get(instance.parent)
    if case.data.get(name) is not None:
        return case.data[name]
    return next((one.data[name] for one in case.instances.values() if one.data.get(name) is not None), None)
