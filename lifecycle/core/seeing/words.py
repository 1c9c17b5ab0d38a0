"""The words that every row has of itself, besides the names that conditions read."""

from __future__ import annotations

from collections.abc import Mapping

from lifecycle.core.values import FieldType

TEXT = FieldType(name="text")
INTEGER = FieldType(name="integer")
DATE = FieldType(name="date")
BOOLEAN = FieldType(name="boolean")
DATETIME = FieldType(name="datetime")
DURATION = FieldType(name="duration")

ROW_WORDS: Mapping[str, FieldType] = {
    "number": TEXT,
    "kind": TEXT,
    "instance": TEXT,
    "state": TEXT,
    "outcome": TEXT,
    "closed": BOOLEAN,
    "customer": TEXT,
    "key": TEXT,
    "opened_at": DATETIME,
    "since": DATETIME,
    "latest_at": DATETIME,
    "age": DURATION,
    "silent": DURATION,
    "due": DATETIME,
    "late": BOOLEAN,
    "findings": FieldType(name="list", of=TEXT),
}
"""Word -> type of its value (docs/reference/language.md, Seeing)."""

UNSET = frozenset(("outcome", "customer", "key", "due"))
"""Words that a row may lack."""

DEADLINE_WORDS: Mapping[str, FieldType] = {"due": DATETIME, "is": TEXT, "late": BOOLEAN}
"""Of `deadline.<name>.<word>`: when it is due while it runs; how it stands; whether it was broken."""

COVERAGE_WORDS: Mapping[str, FieldType] = {"from": DATE, "until": DATE, "lost": INTEGER}
"""Of `coverage.<name>.<word>`: first and last day of the whole, the days by which its end was put off."""
