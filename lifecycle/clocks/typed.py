"""Points in time as people type them, and as people read them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import Final

from lifecycle.problems import Place, Problem

TYPED: Final = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})"
    r"(?:[Tt ](?P<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?) ?(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)


def read_time(typed: str, zone: tzinfo, *, path: str = "") -> datetime | Problem:
    """Return the instant that a text names, or what is wrong with the text.

    typed    "2026-03-02" (the start of that day), "2026-03-02T09:00", "2026-03-02 09:00:30.5+08:00", "...Z"
    zone     in which a text without a zone is read: the workflow's
    path     the option or field that it was typed into, for the problem's place
    Returns  aware, UTC; a Problem `time-unreadable`, or where the zone's clocks are moved `time-skipped`
             or `time-ambiguous`: no instant is guessed
    """
    values: dict[str, object] = {"typed": typed, "zone": str(zone)}
    found = TYPED.fullmatch(typed.strip())
    if found is None:
        return Problem(code="time-unreadable", where=Place(path=path), values=values)
    try:
        local = datetime.fromisoformat(f"{found['day']}T{found['time'] or '00:00'}{(found['zone'] or '').upper()}")
        if local.tzinfo is None:
            return _in_zone(local, zone, Place(path=path), values)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):  # a 30th of February, a 25th hour, the edges of the calendar
        return Problem(code="time-unreadable", where=Place(path=path), values=values)


def show_time(at: datetime, zone: tzinfo) -> str:
    """Return an instant as people of a zone read it: to the minute, with seconds only when there are any.

    at   aware
    """
    local = at.astimezone(zone)
    return local.strftime("%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M")


def _in_zone(local: datetime, zone: tzinfo, where: Place, values: dict[str, object]) -> datetime | Problem:
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    instant = first.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None, fold=0) != local:
        return Problem(code="time-skipped", where=where, values=values)
    if first.utcoffset() != second.utcoffset():
        offsets = {"first": first.isoformat()[-6:], "second": second.isoformat()[-6:]}
        return Problem(code="time-ambiguous", where=where, values={**values, **offsets})
    return instant
