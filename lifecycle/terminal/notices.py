"""The notices on their way out: waiting, sent, given up; and trying again what was given up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import click

from lifecycle.clocks.typed import show_time
from lifecycle.core.events import Event, Json, Recorded, stamp
from lifecycle.core.notices import AUDIENCE, Recipient, each_told, notice_id, read_notice_id
from lifecycle.problems import ExitCode
from lifecycle.store.port import NOTICE_STATES, Notice
from lifecycle.terminal.answers import comma
from lifecycle.terminal.casepages import notice_text
from lifecycle.terminal.door import Door
from lifecycle.terminal.root import spoken

LISTED = 50
MOST_LISTED = 10_000


@click.command("notices", help=spoken("notices"))
@click.option("--state", "states", type=click.Choice(NOTICE_STATES), multiple=True, help=spoken("option.notice-state"))
@click.option("--retry", "retried", metavar="ID", multiple=True, help=spoken("option.notice-retry"))
@click.option("--rebuild", is_flag=True, help=spoken("option.notice-rebuild"))
@click.option("--limit", type=click.IntRange(1, MOST_LISTED), default=LISTED, help=spoken("option.notice-limit"))
@click.pass_obj
def notices(door: Door, states: tuple[str, ...], retried: tuple[str, ...], rebuild: bool, limit: int) -> None:
    outbox = door.app.store.notices
    if retried:
        retry(door, retried)
        return
    if rebuild:
        made = outbox.rebuild()
        door.put_json({"made": made}) if door.as_json else door.say("notices.rebuilt", made=made)
        return
    count = outbox.count()
    if door.as_json:
        found = outbox.latest(states or NOTICE_STATES, limit)
        door.put_json({"count": count, "notices": [document(door, notice) for notice in found]})
        return
    for text in islice(lines(door, states), limit):
        door.put(text)
    door.say("notices.count", states=tallied(door, count)) if count else door.say("notices.none")
    if count.get("pending") and door.settings.notify is None:
        door.say("notices.no-book")


def lines(door: Door, states: Sequence[str]) -> Iterator[str]:
    """Yield a line for each notice, newest first; one for all members of an audience, unless a state is asked for."""
    outbox, before = door.app.store.notices, None
    while batch := outbox.latest(states or NOTICE_STATES, LISTED, before):
        for notice in batch:
            before = (notice.position, notice.n)
            recorded = event_of(door, notice)
            first = first_member(recorded, notice.n) if recorded is not None and not states else None
            if recorded is not None and first is not None:
                yield audience_line(door, recorded, first, notice.n)
                before = (notice.position, first)
                break
            yield line(door, notice)


def first_member(recorded: Recorded, n: int) -> int | None:
    """Return the number of the first member of the audience whose last one is told by notice n; None: of none."""
    told = each_told(recorded.event.changes)
    if n >= len(told) or told[n][1].kind != AUDIENCE:
        return None
    entry, last = told[n]
    first = n
    while first and told[first - 1][0] is entry and told[first - 1][1].name == last.name:
        first -= 1
    return first


def audience_line(door: Door, recorded: Recorded, first: int, last: int) -> str:
    """Return how far those have come whom a notice tells as members of one audience."""
    event = recorded.event
    entry, member = each_told(event.changes)[last]
    [to] = [one for one in entry["to"] if one.get(AUDIENCE) == member.name]
    _, workflow = door.app.engine.case(event.case)
    words = notice_text(door, workflow, event.case, {**entry, "to": [to]})
    states = comma(door).join(tallied(door, door.app.store.notices.tally(recorded.position, first, last)))
    return f"{notice_id(recorded.position, first)}-{last}  {event.case}  {states}\n    {words}"


def tallied(door: Door, count: Mapping[str, int]) -> list[str]:
    return [door.words.say(f"notices.{state}", count=count[state]) for state in NOTICE_STATES if state in count]


def retry(door: Door, ids: tuple[str, ...]) -> None:
    """Let notices be tried anew; leave with "unknown" when one of them is none that was given up."""
    now = door.settings.clock()
    refused = []
    for id_ in ids:
        place, event = read_notice_id(id_), read_notice_id(f"{id_}/0")
        if place is not None:
            found = door.app.store.notices.retry(*place, now)
        else:
            found = event is not None and bool(door.app.store.notices.retry_dead(event[0], now))
        if not found:
            refused.append(id_)
    if door.as_json:
        door.put_json({"retried": [id_ for id_ in ids if id_ not in refused], "refused": refused})
    for id_ in ids:
        door.say("notices.not-retried" if id_ in refused else "notices.retried", id=id_)
    if refused:
        door.leave(ExitCode.UNKNOWN)


def told_by(door: Door, notice: Notice) -> tuple[Event, Mapping[str, Json], Recipient] | None:
    """Return the event of a notice, what it says and to whom; None when no event has it."""
    recorded = event_of(door, notice)
    told = each_told(recorded.event.changes) if recorded is not None else []
    return (recorded.event, *told[notice.n]) if recorded is not None and notice.n < len(told) else None


def event_of(door: Door, notice: Notice) -> Recorded | None:
    """Return the event at a notice's position; None when there is none."""
    recorded = next(door.app.store.feed(notice.position - 1, 1), None)
    return recorded if recorded is not None and recorded.position == notice.position else None


def document(door: Door, notice: Notice) -> dict[str, Any]:
    """Return a notice for programs: whom and which text, no words, for they may be personal."""
    found = told_by(door, notice)
    about: dict[str, Any] = {}
    if found is not None:
        event, entry, to = found
        about = {"case": event.case, "event": event.type, "to": to.to_json(), "text": entry.get("text", "")}
    return {
        "id": notice.id,
        "state": notice.state,
        **about,
        "tries": notice.tries,
        "next_at": None if notice.next_at is None else stamp(notice.next_at),
        "at": stamp(notice.at),
        "reason": notice.reason,
    }


def line(door: Door, notice: Notice) -> str:
    zone = door.settings.zone
    how = door.words.say(
        f"notices.how-{notice.state}",
        at=show_time(notice.at, zone),
        next=show_time(notice.next_at, zone) if notice.next_at else "",
        tries=notice.tries,
    )
    reason = f" ({door.words.say(f'notices.because-{notice.reason}')})" if notice.reason else ""
    found = told_by(door, notice)
    if found is None:
        return f"{notice.id}  {how}{reason}"
    event, entry, to = found
    _, workflow = door.app.engine.case(event.case)
    words = notice_text(door, workflow, event.case, {**entry, "to": [to.to_json()]})
    return f"{notice.id}  {event.case}  {how}{reason}\n    {words}"
