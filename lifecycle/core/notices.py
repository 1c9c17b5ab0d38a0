"""The notices of an event, one for each who is told: the unit that is delivered, tried again, or taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lifecycle.core.events import Json

NOTICES = "notices"
AUDIENCE = "audience"
RECALLS = "recalls"
"""The change that takes notices back, by the revision of the event of the same case that gave them."""


RECALLED = "recalled"
"""In a notice that says that an earlier one no longer holds: the revision of the event that gave that one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """Who is told.

    kind   "role", "party", "person" or "audience"; name: of that
    case   of a member of an audience: the case that stands for this customer; "" otherwise
    party  of a member: the party as which they are reached; "" for none
    """

    kind: str
    name: str
    case: str = ""
    party: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}/{self.case}" if self.case else f"{self.kind}:{self.name}"

    def to_json(self) -> dict[str, Json]:
        more = {"case": self.case, "party": self.party}
        return {self.kind: self.name, **{key: value for key, value in more.items() if value}}


def each_told(changes: Mapping[str, Json]) -> list[tuple[Mapping[str, Json], Recipient]]:
    """Return (entry, recipient) of everybody whom an event's notices are for; its place is the notice's number n.

    Each member of an audience is a recipient of their own.
    """
    return [(entry, one) for entry in changes.get(NOTICES, ()) for to in entry["to"] for one in recipients_of(to)]


def recipients_of(to: Mapping[str, Json]) -> list[Recipient]:
    """Return the recipients that one entry of a notice's `to` means."""
    if AUDIENCE in to:
        party = to.get("party", "")
        return [Recipient(kind=AUDIENCE, name=to[AUDIENCE], case=case, party=party) for case in to["cases"]]
    [(kind, name)] = to.items()
    return [Recipient(kind=kind, name=name)]


def without_members(entry: Mapping[str, Json]) -> dict[str, Json]:
    """Return a notice without the cases of its audiences' members, whose number stays."""
    to = [{key: value for key, value in one.items() if key != "cases"} for one in entry["to"]]
    return {**entry, "to": to}


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
