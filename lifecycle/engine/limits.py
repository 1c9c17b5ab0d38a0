"""The limits of every input: part of the contract (reliability, section 4.9), told before anything is decided."""

from __future__ import annotations

from typing import Final

from lifecycle.core.case import Correct, Note, OpenCase, Print, TakeBack
from lifecycle.engine.answers import Command
from lifecycle.problems import InvalidInput, Place, Problem

LONGEST_ID: Final = 200
"""Characters of a command id, a customer's id, a role or a person."""
MOST_FIELDS: Final = 500
"""Fields of one form, and guards with a written reason."""
LONGEST_REASON: Final = 4_000
"""Characters of a written reason."""
LONGEST_CASE: Final = 10_000
"""Events of one case."""
NEARLY: Final = 8_000
"""Events from which a case is said to be nearly full."""


def check_limits(command: Command) -> None:
    """Raise InvalidInput when a command is larger than the contract allows, with every part that is."""
    ids = [("--command-id", command.id)]
    if command.actor is not None:
        ids.append(("--as", f"{command.actor.role}:{command.actor.person}"))
        ids.extend(("--with", f"{role}:{person}") for role, person in command.actor.helpers.items())
    if isinstance(command, OpenCase):
        ids.append(("--customer", command.customer))
    problems = [too_long(path, LONGEST_ID) for path, text in ids if len(text) > LONGEST_ID or not one_line(text)]
    if not isinstance(command, Note | Print | TakeBack) and len(command.form) > MOST_FIELDS:
        problems.append(Problem(code="too-many", where=Place(path="--set"), values={"limit": MOST_FIELDS}))
    if not isinstance(command, Note | Print | Correct | TakeBack):
        long = [guard for guard, text in command.reasons.items() if len(text) > LONGEST_REASON]
        problems.extend(too_long(f"--reason {guard[:LONGEST_ID]}", LONGEST_REASON) for guard in long)
        if len(command.reasons) > MOST_FIELDS:
            problems.append(Problem(code="too-many", where=Place(path="--reason"), values={"limit": MOST_FIELDS}))
    if problems:
        raise InvalidInput(problems)


def too_long(path: str, limit: int) -> Problem:
    return Problem(code="too-long", where=Place(path=path), values={"option": path, "limit": limit})


def one_line(text: str) -> bool:
    """Return whether a text has no control characters: an id is written into logs and tables."""
    return not text or text.isprintable()
