"""The notices of an event, one for each who is told: the unit that is delivered, tried again, or taken back."""

from __future__ import annotations

from collections.abc import Mapping

from lifecycle.core.events import Json

NOTICES = "notices"
RECALLS = "recalls"
"""The change that takes notices back, by the revision of the event of the same case that gave them."""


RECALLED = "recalled"
"""In a notice that says that an earlier one no longer holds: the revision of the event that gave that one."""


def each_told(changes: Mapping[str, Json]) -> list[tuple[Mapping[str, Json], Mapping[str, str]]]:
    """Return (entry, recipient) of everybody whom an event's notices are for; its place is the notice's number n."""
    return [(entry, to) for entry in changes.get(NOTICES, ()) for to in entry["to"]]


def taken_back(changes: Mapping[str, Json]) -> tuple[int, ...]:
    """Return the revisions of the case's events whose notices an event takes back, each once."""
    return tuple(dict.fromkeys(entry["revision"] for entry in changes.get(RECALLS, ())))


def void(entry: Mapping[str, Json]) -> bool:
    """Return whether a notice says that an earlier one no longer holds."""
    return RECALLED in entry


def notice_id(position: int, n: int) -> str:
    """Return the id under which a notice is delivered, however often: "notice/<position>/<n>"."""
    return f"notice/{position}/{n}"


def read_notice_id(text: str) -> tuple[int, int] | None:
    """Return the position and number of a notice's id; None when it is none."""
    word, _, rest = text.partition("/")
    position, _, n = rest.partition("/")
    digits = position.isascii() and position.isdigit() and n.isascii() and n.isdigit()
    return (int(position), int(n)) if word == "notice" and digits and len(rest) <= 30 else None
