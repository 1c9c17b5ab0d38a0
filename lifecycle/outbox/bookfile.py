"""Reads the address book: a TOML file, every fault of it told at once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import timedelta
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from typing import Any

from lifecycle.core.lengths import parse_length
from lifecycle.outbox.book import CONSOLE, FILE, MAIL, Book, Card, mailbox, way_of
from lifecycle.outbox.patience import Patience
from lifecycle.outbox.smtp import MailServer
from lifecycle.problems import InvalidInput, Place, Problem

SECTIONS = ("lang", "smtp", "file", "tries", "roles", "people", "parties", "audiences", "others")
SERVER = ("host", "port", "security", "from", "user", "password_file", "trusted", "timeout_seconds")
PORTS = {"starttls": 587, "tls": 465, "none": 25}
HERE = ("localhost", "127.0.0.1", "::1")
LANGUAGES = ("zh", "en")
LARGEST_PORT = 65_535
LONGEST_TIMEOUT = 20
"""Seconds for one answer; a delivery has about eleven of them, and a claim must outlast them."""

A_TABLE, A_TEXT, A_LENGTH, A_NUMBER, ADDRESSES = (
    f"notify-{wanted}" for wanted in ("table", "text", "length", "number", "addresses")
)
"""Hints that say what a value should be."""


def read_book(path: Path, password: str = "") -> Book:
    """Return the address book of a file.

    password  of the mail server, when the environment gives one; it goes before the file's `password_file`
    Raises    InvalidInput with every problem
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        values = {"file": str(path), "cause": str(error)}
        raise InvalidInput(
            [Problem(code="notify-file-unreadable", where=Place(file=str(path)), values=values)]
        ) from error
    reading = Reading(path, document)
    book = reading.book(password)
    if reading.problems:
        raise InvalidInput(reading.problems)
    return book


class Reading:
    """The file on its way into a book. What cannot be read is told and left out."""

    def __init__(self, path: Path, document: Mapping[str, Any]) -> None:
        self._path = path
        self._document = document
        self.problems: list[Problem] = []

    def book(self, password: str) -> Book:
        self._known(self._document, SECTIONS, "")
        file = self._table("file")
        self._known(file, ("path",), "file")
        where = self._text(file, "file", "path")
        others = self._document.get("others")
        book = Book(
            roles=self._cards("roles"),
            people=self._cards("people"),
            parties=self._cards("parties"),
            audiences=self._cards("audiences"),
            others=None if others is None else self._card(others, "others"),
            lang=self._one_of(self._document, "", "lang", LANGUAGES, "zh"),
            server=self._server(password),
            file=self._beside(where) if where else None,
            patience=self._patience(),
        )
        self._ways(book)
        return book

    def _tell(self, code: str, key: str, hint: str = "", **values: object) -> None:
        place = Place(file=str(self._path), path=key)
        self.problems.append(Problem(code=code, where=place, values={"key": key, **values}, hint=hint))

    def _known(self, table: Mapping[str, Any], keys: tuple[str, ...], at: str) -> None:
        for key in table:
            if key not in keys:
                self._tell("notify-unknown-key", f"{at}.{key}".strip("."), name=key, known=keys)

    def _table(self, key: str) -> Mapping[str, Any]:
        found = self._document.get(key, {})
        if isinstance(found, dict):
            return found
        self._tell("notify-wrong-value", key, A_TABLE)
        return {}

    def _value(
        self, table: Mapping[str, Any], at: str, key: str, read: Callable[[Any], Any], hint: str, **values: object
    ) -> Any:
        """Return what a value is read as; None when it is not there or cannot be read."""
        if key not in table:
            return None
        value = read(table[key])
        if value is None:
            self._tell("notify-wrong-value", f"{at}.{key}".strip("."), hint, **values)
        return value

    def _text(self, table: Mapping[str, Any], at: str, key: str) -> str:
        return self._value(table, at, key, text, A_TEXT) or ""

    def _number(self, table: Mapping[str, Any], at: str, key: str, highest: int, default: int) -> int:
        return int(self._value(table, at, key, partial(whole, highest=highest), A_NUMBER, highest=highest) or default)

    def _length(self, table: Mapping[str, Any], at: str, key: str, default: timedelta) -> timedelta:
        found: timedelta | None = self._value(table, at, key, length, A_LENGTH)
        return found or default

    def _one_of(self, table: Mapping[str, Any], at: str, key: str, known: tuple[str, ...], default: str) -> str:
        value = table.get(key, default)
        if value in known:
            return str(value)
        self._tell("notify-unknown-key", f"{at}.{key}".strip("."), name=str(value), known=known)
        return default

    def _beside(self, written: str) -> Path:
        """Return a path as the file means it: from its own folder."""
        return self._path.parent / Path(written).expanduser()

    def _patience(self) -> Patience:
        table, usual = self._table("tries"), Patience()
        self._known(table, ("first", "longest", "most", "oldest"), "tries")
        return Patience(
            first=self._length(table, "tries", "first", usual.first),
            longest=self._length(table, "tries", "longest", usual.longest),
            most=self._number(table, "tries", "most", 100, usual.most),
            oldest=self._length(table, "tries", "oldest", usual.oldest),
        )

    def _server(self, password: str) -> MailServer | None:
        if "smtp" not in self._document:
            return None
        table = self._table("smtp")
        self._known(table, SERVER, "smtp")
        for key in ("host", "from"):
            if key not in table:
                self._tell("notify-missing", f"smtp.{key}")
        security = self._one_of(table, "smtp", "security", tuple(PORTS), "starttls")
        host, user = self._text(table, "smtp", "host"), self._text(table, "smtp", "user")
        if security == "none" and host and host not in HERE:
            self._tell("notify-unencrypted", "smtp.security", host=host)
        sender = self._sender(table)
        if sender is None:
            return None
        file, trusted = self._text(table, "smtp", "password_file"), self._text(table, "smtp", "trusted")
        return MailServer(
            host=host,
            port=self._number(table, "smtp", "port", LARGEST_PORT, PORTS[security]),
            security=security,
            sender=sender,
            user=user,
            password=self._password(user, password, file),
            trusted=self._beside(trusted) if trusted else None,
            timeout=self._number(table, "smtp", "timeout_seconds", LONGEST_TIMEOUT, 15),
        )

    def _password(self, user: str, password: str, file: str) -> Callable[[], str] | None:
        """Return what gives the password, read when it is needed: a file that changes counts at once."""
        if not user:
            return None
        if not password and not file:
            self._tell("notify-no-password", "smtp.user", user=user)
        path = self._beside(file)
        return lambda: password or path.read_text(encoding="utf-8").strip()

    def _sender(self, table: Mapping[str, Any]) -> Address | None:
        written = self._text(table, "smtp", "from")
        if not written:
            return None
        name, address = parseaddr(written)
        try:
            if mailbox(address) is None:
                raise ValueError(address)
            return Address(display_name=name, addr_spec=address)
        except (HeaderParseError, ValueError):
            self._tell("notify-wrong-address", "smtp.from", address=written)
            return None

    def _cards(self, key: str) -> dict[str, Card]:
        return {name: self._card(written, f"{key}.{name}") for name, written in self._table(key).items()}

    def _card(self, written: Any, at: str) -> Card:
        table = written if isinstance(written, dict) else {"to": written}
        self._known(table, ("to", "field", "lang"), at)
        to = table.get("to", [])
        addresses = to if isinstance(to, list) else [to]
        if not all(isinstance(address, str) for address in addresses):
            self._tell("notify-wrong-value", at, ADDRESSES)
            addresses = []
        for address in addresses:
            if way_of(address) == MAIL and mailbox(address) is None:
                self._tell("notify-wrong-address", at, address=address)
        lang = self._one_of(table, at, "lang", ("", *LANGUAGES), "")
        return Card(to=tuple(addresses), field=self._text(table, at, "field"), lang=lang)

    def _ways(self, book: Book) -> None:
        """Tell which ways the addresses need that the file does not have."""
        there = {CONSOLE, *([FILE] if book.file else []), *([MAIL] if "smtp" in self._document else [])}
        named = (book.roles, book.people, book.parties, book.audiences)
        cards = [*(card for cards in named for card in cards.values()), book.others or Card()]
        needed = {way_of(address) for card in cards for address in card.to} | {MAIL for card in cards if card.field}
        for way in sorted(needed - there):
            self._tell("notify-no-way", {MAIL: "smtp", FILE: "file"}[way])


def text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def whole(value: Any, highest: int) -> int | None:
    return value if type(value) is int and 1 <= value <= highest else None


def length(value: Any) -> timedelta | None:
    return (parse_length(value) or None) if isinstance(value, str) else None
