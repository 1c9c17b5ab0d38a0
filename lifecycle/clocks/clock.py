"""The clock that is passed in. Only here is the machine's own clock read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns now: aware, UTC."""


def system_clock() -> datetime:
    """Return the machine's present time, aware, UTC."""
    return datetime.now(UTC)


def fixed_clock(at: datetime) -> Clock:
    """Return a clock that stands still.

    at   aware, any zone
    """
    if at.tzinfo is None:
        raise ValueError(f"a clock needs an aware time, and {at.isoformat()} has no zone")
    standing = at.astimezone(UTC)
    return lambda: standing
