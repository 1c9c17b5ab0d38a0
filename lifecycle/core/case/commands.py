"""What can be asked of a case, and what a decision may look at beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from lifecycle.clocks.calendar import Calendar
from lifecycle.core.beside import Beside
from lifecycle.core.case.state import Case
from lifecycle.core.events import SYSTEM, Actor, Event, Json, Recorded
from lifecycle.core.workflow.seeing import Audience, Freeze
from lifecycle.core.workflow.settlements import Settlement


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenCase:
    """Open a case of a kind by one of its openings.

    kind, opening  "" takes the workflow's, the kind's first
    actor          None: the opening's first role, person unknown
    customer       the customer's id; "" makes the case its own subject
    form           typed values by field name, as text or JSON
    by_effect      another case's step opens it: nobody is asked for a role
    """

    id: str
    workflow: str
    kind: str = ""
    opening: str = ""
    actor: Actor | None = None
    customer: str = ""
    form: Mapping[str, Json] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    occurred_at: datetime | None = None
    via: str = ""
    correlation: str = ""
    causation: str = ""
    links: Mapping[str, Json] = field(default_factory=dict)
    by_effect: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class TakeStep:
    """Take a step of an instance.

    machine   its address ("repair/1"), a machine's name, or "" when only one instance offers the step
    reasons   guard -> written reason, for guards that may be overridden
    received  whether it comes from another case's `send`: the step is then asked for as "received.<step>"
    """

    id: str
    case: str
    step: str
    actor: Actor
    machine: str = ""
    form: Mapping[str, Json] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    occurred_at: datetime | None = None
    via: str = ""
    correlation: str = ""
    causation: str = ""
    received: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Correct:
    """Replace values that an event recorded, or withdraw it as evidence.

    revision  of the event to correct
    withdraw  it does not count for done() and ever() any more; its state changes stay
    """

    id: str
    case: str
    revision: int
    actor: Actor
    reason: str
    form: Mapping[str, Json] = field(default_factory=dict)
    withdraw: bool = False
    via: str = ""
    correlation: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """Write a remark on a case; it changes nothing else."""

    id: str
    case: str
    actor: Actor
    text: str
    via: str = ""
    correlation: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Print:
    """Keep that a paper was printed; it changes nothing else.

    paper  its name, "<instance>.<name>", or its number
    """

    id: str
    case: str
    actor: Actor
    paper: str
    via: str = ""
    correlation: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunDue:
    """Run what the clock has to do on a case.

    id     of the thing that is due, once one is being run: "due/<case>/<instance>/<deadline>/<arming>/<mark>"
    """

    id: str
    case: str
    actor: Actor = SYSTEM
    via: str = "clock"
    correlation: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TakeBack:
    """Take back what a withdrawn event of another case has caused here: this case, or a step that it took.

    cause   "<case>@<revision>" of that event
    message id of the command by which its message was delivered; "" for what it opened
    """

    id: str
    case: str
    cause: str
    message: str = ""
    actor: Actor = SYSTEM
    via: str = ""
    correlation: str = ""
    causation: str = ""


Command = OpenCase | TakeStep | Correct | Note | Print | TakeBack | RunDue


def no_things(kind: str) -> Sequence[Case]:
    """Return that there is nothing of a kind: a decision without a store."""
    return ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One thing that counts in a column of a settlement.

    key    whose row; "" of nobody in particular
    at     stored instant of when it happened
    units  as it is added up: minor units of money, seconds of a length, the number itself else
    case   number of the case that it comes from; "" for none
    """

    column: str
    key: str
    at: str
    units: int | Decimal
    case: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Gathered:
    """What the log says of a settlement at a position.

    now       entries known there: all of the period asked for, and of what changed since the last freeze all
    before    entries of what changed since, as they were known at the last freeze
    settings  names of the settings that were read for it
    failed    an entry that could not be worked out: case, column, why; empty when there is none
    """

    position: int = 0
    now: Sequence[Entry] = ()
    before: Sequence[Entry] = ()
    settings: frozenset[str] = frozenset()
    failed: tuple[str, ...] = ()


def no_entries(settlement: Settlement, after: int, since: datetime | None) -> Gathered:
    """Return that nothing counts: a decision without a store."""
    return Gathered()


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What a decision sees of many cases.

    rows      column -> stored value; of an audience, for each member: case -> number, subject -> whose case it is
    position  of the newest event that was known
    period    of a figure, as it is called
    unjudged  cases of which a condition gave no answer
    """

    rows: Sequence[Mapping[str, Json]] = ()
    position: int = 0
    period: str = ""
    unjudged: Sequence[str] = ()


def nothing_seen(what: Freeze | Audience, actor: Actor, now: datetime) -> Seen:
    """Return that there is nothing to see: a decision without a store."""
    return Seen()


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the shell gathered for one decision; everything that is not the case itself.

    settings  name -> stored value in force
    calendars name -> calendar in force, where the organisation changed the one of the workflow's text
    changed   what running clocks follow -> stored instant of its latest change: a calendar, "settings.<name>"
    links     name -> linked case, at the revision it has now
    past      the case as it was at the command's `occurred_at`, when that lies back
    history   the case's events: for corrections, and for what is recorded afterwards
    draw      names a new case: (kind) -> (id, number)
    seal      seals an event's personal values for a subject; None leaves them in clear (a trial)
    things    keyed cases of a kind, in the order in which they were opened: what a pool of things takes from
    entries   what counts in a settlement: (settlement, position of the last freeze, start of the period) -> entries
    seen      what many cases show now: the rows of a view, the lines of a figure, the members of an audience
    beside    the aggregates beside cases: rosters, registers, ledgers ...; one for each command
    """

    settings: Mapping[str, Json] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    changed: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, Case] = field(default_factory=dict)
    past: Case | None = None
    history: Sequence[Recorded] = ()
    draw: Callable[[str], tuple[UUID, str]] | None = None
    seal: Callable[[Event, str], Event] | None = None
    things: Callable[[str], Sequence[Case]] = no_things
    entries: Callable[[Settlement, int, datetime | None], Gathered] = no_entries
    seen: Callable[[Freeze | Audience, Actor, datetime], Seen] = nothing_seen
    beside: Beside = field(default_factory=Beside)
