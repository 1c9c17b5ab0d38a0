"""The outbox of notices: a row for each who is told, written in the commit of the event that tells them.

A row says how far the delivery has come and nothing of whom or what: that is in the event, personal values sealed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

import apsw

from lifecycle.core.events import Recorded, instant, stamp
from lifecycle.core.notices import RECALLED, each_told, taken_back, void
from lifecycle.store.connections import Database, fault
from lifecycle.store.meta import meta_values
from lifecycle.store.port import Notice

COLUMNS = "position, n, stream, revision, state, tries, next_at, at, reason, reached"
# A row that is there already stays: what is sent is not sent anew.
INSERT_NOTICE = """INSERT INTO notices (position, n, stream, revision, next_at, at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
    ON CONFLICT DO NOTHING RETURNING 1"""
# That an earlier notice no longer holds is nothing for those who were not told it.
INSERT_NEEDLESS = """INSERT INTO notices (position, n, stream, revision, at, state, reason)
    VALUES (?1, ?2, ?3, ?4, ?5, 'dropped', 'not-told') ON CONFLICT DO NOTHING RETURNING 1"""
# The notices of an event by their numbers: whether each has been told.
SELECT_TOLD = "SELECT state = 'sent' FROM notices WHERE stream = ? AND revision = ? ORDER BY n"
# What has not been told yet, by the event that would have told it.
WITHDRAW = """UPDATE notices SET state = 'withdrawn', next_at = NULL, at = ?3
    WHERE stream = ?1 AND revision = ?2 AND state IN ('pending', 'dead') RETURNING 1"""
# The claim is the number of the try: whoever claims later has a higher one.
CLAIM = f"""UPDATE notices SET tries = tries + 1, next_at = ?2
    WHERE (position, n) = (SELECT position, n FROM notices WHERE state = 'pending' AND next_at <= ?1
                           ORDER BY next_at, position, n LIMIT 1) RETURNING {COLUMNS}"""
REACH = "UPDATE notices SET reached = reached || ?3 || ' ' WHERE position = ?1 AND n = ?2"
# Whoever has delivered says so, even when another has claimed, given up or withdrawn it meanwhile: it is the truth.
SENT = """UPDATE notices SET state = 'sent', next_at = NULL, at = ?3, reason = ''
    WHERE position = ?1 AND n = ?2 AND state != 'sent'"""
FAILED = """UPDATE notices SET state = ?4, next_at = ?5, at = ?3, reason = ?6
    WHERE position = ?1 AND n = ?2 AND state = 'pending' AND tries = ?7"""
RETRY = """UPDATE notices SET state = 'pending', tries = 0, next_at = ?3, at = ?3
    WHERE position = ?1 AND n = ?2 AND state IN ('dead', 'dropped') RETURNING 1"""
# After a mend of the address book: what an event's notices were given up for.
RETRY_DEAD = """UPDATE notices SET state = 'pending', tries = 0, next_at = ?2, at = ?2
    WHERE position = ?1 AND state = 'dead' RETURNING 1"""
SELECT_NOTICE = f"SELECT {COLUMNS} FROM notices WHERE position = ? AND n = ?"
# The newest of any of the states in a JSON array, before a place.
SELECT_LATEST = f"""SELECT {COLUMNS} FROM notices
    WHERE state IN (SELECT value FROM json_each(?)) AND (position, n) < (?, ?)
    ORDER BY position DESC, n DESC LIMIT ?"""
# How far those that an audience is told have come.
TALLY = """SELECT state, count(*) FROM notices WHERE position = ? AND n BETWEEN ? AND ?
    GROUP BY state ORDER BY state"""
COUNT_NOTICES = "SELECT state, count(*) FROM notices GROUP BY state ORDER BY state"
ANY_DUE = "SELECT 1 FROM notices WHERE state = 'pending' AND next_at <= ? LIMIT 1"

NEWEST = (2**63 - 1, 0)
"""Before this place are all of them."""
EVENTS_AT_ONCE = 5_000
"""Events looked through in one transaction while rows are made anew."""


def put_notices(connection: apsw.Connection, recorded: Recorded) -> int:
    """Write the rows of an event's notices, due at once, and take back those that it withdraws; return the new ones."""
    stream, changes, now = recorded.event.stream.bytes, recorded.event.changes, stamp(recorded.recorded_at)
    made = 0
    told: dict[int, Iterator[bool]] = {}
    for n, (entry, _) in enumerate(each_told(changes)):
        row = (recorded.position, n, stream, recorded.revision, now)
        needed = True
        if void(entry):
            # It is told to the same people in the same order as what it recalls.
            of = entry[RECALLED]
            if of not in told:
                told[of] = iter([bool(sent) for (sent,) in connection.execute(SELECT_TOLD, (stream, of))])
            needed = next(told[of], False)
        made += len(connection.execute(INSERT_NOTICE if needed else INSERT_NEEDLESS, row).fetchall())
    for revision in taken_back(changes):
        connection.execute(WITHDRAW, (stream, revision, now)).fetchall()
    return made


class NoticeBox:
    """The notices of one store file on their way out.

    feed  the events above a position, in order
    """

    def __init__(self, database: Database, feed: Callable[[int], Iterator[Recorded]]) -> None:
        self._database = database
        self._feed = feed

    def claim(self, now: datetime, until: datetime) -> Notice | None:
        """Take the pending notice that is due first until an instant; None when none is due."""
        if not self._read(ANY_DUE, (stamp(now),)):  # mostly so: nobody waits for a turn at writing then
            return None
        found = self._write(CLAIM, (stamp(now), stamp(until)))
        return _notice(found[0]) if found else None

    def reach(self, notice: Notice, address: str) -> None:
        """Keep that an address (its keyed digest) has the notice."""
        self._write(REACH, (notice.position, notice.n, address))

    def sent(self, notice: Notice, at: datetime) -> None:
        """Keep that the notice is delivered."""
        self._write(SENT, (notice.position, notice.n, stamp(at)))

    def failed(self, notice: Notice, at: datetime, reason: str, again: datetime | None) -> None:
        """Keep that a try failed; again: when the next one is, None gives the notice up."""
        self._settle(notice, at, "dead" if again is None else "pending", reason, again)

    def drop(self, notice: Notice, at: datetime, reason: str) -> None:
        """Keep that the notice is not to be delivered."""
        self._settle(notice, at, "dropped", reason, None)

    def _settle(self, notice: Notice, at: datetime, state: str, reason: str, again: datetime | None) -> None:
        next_at = None if again is None else stamp(again)
        self._write(FAILED, (notice.position, notice.n, stamp(at), state, next_at, reason, notice.tries))

    def withdraw(self, stream: UUID, revision: int, at: datetime) -> int:
        """Take back what an event's notices have not told yet; return how many."""
        return len(self._write(WITHDRAW, (stream.bytes, revision, stamp(at))))

    def retry(self, position: int, n: int, at: datetime) -> bool:
        """Let a notice that is dead or dropped be tried anew; return whether there is such a one."""
        return bool(self._write(RETRY, (position, n, stamp(at))))

    def retry_dead(self, position: int, at: datetime) -> int:
        """Let every notice of an event that is dead be tried anew; return how many."""
        return len(self._write(RETRY_DEAD, (position, stamp(at))))

    def find(self, position: int, n: int) -> Notice | None:
        """Return a notice."""
        found = self._read(SELECT_NOTICE, (position, n))
        return _notice(found[0]) if found else None

    def latest(self, states: Sequence[str], limit: int, before: tuple[int, int] | None = None) -> list[Notice]:
        """Return the newest notices in any of these states, newest first. before: (position, n) that they precede."""
        wanted = "[" + ", ".join(f'"{state}"' for state in states) + "]"
        return [_notice(row) for row in self._read(SELECT_LATEST, (wanted, *(before or NEWEST), limit))]

    def tally(self, position: int, first: int, last: int) -> dict[str, int]:
        """Return how many of an event's notices from one number to another are in each state that has any."""
        return dict(self._read(TALLY, (position, first, last)))

    def count(self) -> dict[str, int]:
        """Return how many notices are in each state that has any."""
        return dict(self._read(COUNT_NOTICES, ()))

    def rebuild(self) -> int:
        """Make the rows that are missing anew from the events, as they were when the events came; return how many."""
        events = self._feed(int(meta_values(self._database)["notices_from"]))
        made = 0
        while batch := list(islice(events, EVENTS_AT_ONCE)):
            with self._database.writing() as connection:
                made += sum(put_notices(connection, recorded) for recorded in batch)
        return made

    def _read(self, statement: str, values: Sequence[Any]) -> list[Any]:
        try:
            return self._database.reading.execute(statement, values).fetchall()
        except apsw.Error as error:
            raise fault(error, self._database.path) from error

    def _write(self, statement: str, values: Sequence[Any]) -> list[Any]:
        with self._database.writing() as connection:
            return connection.execute(statement, values).fetchall()


def _notice(row: Any) -> Notice:
    position, n, stream, revision, state, tries, next_at, at, reason, reached = row
    return Notice(
        position=position,
        n=n,
        stream=UUID(bytes=stream),
        revision=revision,
        state=state,
        tries=tries,
        next_at=instant(next_at) if next_at else None,
        at=instant(at),
        reason=reason,
        reached=frozenset(reached.split()),
    )
