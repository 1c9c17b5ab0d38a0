"""Where a reader stands: "<epoch>:<position>", or a position, or a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from lifecycle.problems import LifecycleError, Problem
from lifecycle.store.port import Store

POSITION = re.compile(r"[0-9]{1,18}")


class ForeignCursor(LifecycleError):
    """A cursor of another store or epoch, or one beyond the store's end: nothing is guessed."""

    code = "foreign-cursor"


def position_of(typed: str, store: Store, read: Callable[[str], datetime | Problem]) -> int | Problem:
    """Return the last position that the reader has seen.

    typed   "", a position, a cursor "<epoch>:<position>", or a time (the last position recorded by then)
    Raises  ForeignCursor
    """
    if not typed:
        return 0
    epoch, colon, number = typed.rpartition(":")
    if POSITION.fullmatch(typed) or (colon and POSITION.fullmatch(number) and epoch == store.meta.epoch):
        position = int(number if colon else typed)
        if position > store.last_position():
            raise ForeignCursor(cursor=typed, last=store.last_position())
        return position
    if colon and POSITION.fullmatch(number) and epoch.isalnum() and "-" not in epoch:
        raise ForeignCursor(cursor=typed, last=store.last_position())
    moment = read(typed)
    return moment if isinstance(moment, Problem) else store.position_at(moment)
