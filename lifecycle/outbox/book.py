"""The address book: who is reached where and in which language, and the ways out, as an organisation writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from pathlib import Path

from lifecycle.outbox.patience import Patience
from lifecycle.outbox.smtp import MailServer

LONGEST_ADDRESS = 254
CONSOLE, FILE, MAIL = "console", "file", "mail"


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """How one of those whom workflows tell is reached.

    to     addresses: of a mailbox, "file" or "console"; none: they are not told outside the program
    field  of the case, which has the address of a mailbox; "" for none
    lang   "" takes the book's
    """

    to: tuple[str, ...] = ()
    field: str = ""
    lang: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """The whole file.

    roles, people, parties, audiences  by name; but for people also "workflow/name", which goes before the name alone
    others                             everybody who is in none of them; None: they cannot be reached
    """

    roles: Mapping[str, Card] = field(default_factory=dict)
    people: Mapping[str, Card] = field(default_factory=dict)
    parties: Mapping[str, Card] = field(default_factory=dict)
    audiences: Mapping[str, Card] = field(default_factory=dict)
    others: Card | None = None
    lang: str = "zh"
    server: MailServer | None = None
    file: Path | None = None
    patience: Patience = field(default_factory=Patience)

    def card(self, kind: str, name: str, workflow: str) -> Card | None:
        """Return how somebody is reached by their own entry. kind: "role", "person", "party" or "audience"."""
        by_kind = {"role": self.roles, "person": self.people, "party": self.parties, "audience": self.audiences}
        entries = by_kind.get(kind, {})
        return entries.get(f"{workflow}/{name}") or entries.get(name)


def way_of(address: str) -> str:
    """Return the way that an address is reached by."""
    return address if address in (CONSOLE, FILE) else MAIL


def mailbox(text: object) -> str | None:
    """Return the address of a mailbox; None for what is none, or needs characters beyond ASCII."""
    if not isinstance(text, str) or len(text) > LONGEST_ADDRESS or not text.isascii() or not text.isprintable():
        return None
    try:
        address = Address(addr_spec=text.strip())
    except (HeaderParseError, ValueError, IndexError):
        return None
    plain = address.username and address.domain and not {*' ,;<>"\\'} & {*address.addr_spec}
    return address.addr_spec if plain else None
