"""Lengths of time as people write them: "30m", "24h", "1h30m", "PT30M"; kept in one form, "30m"."""

from __future__ import annotations

import re
from datetime import timedelta

SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
LONGEST_SECONDS = 100 * 366 * 86_400
SHORT = re.compile(r"(?:(\d{1,5})w)?(?:(\d{1,6})d)?(?:(\d{1,7})h)?(?:(\d{1,9})m)?(?:(\d{1,10})s)?", re.ASCII)
ISO = re.compile(
    r"P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,9})M)?(?:(\d{1,10})S)?)?",
    re.ASCII,
)


def parse_length(text: str) -> timedelta | None:
    """Return the length that a text names; None when it names none.

    text     "1w2d3h4m5s" with any of its parts in that order, or ISO 8601 without years and months;
             a day is 24 hours; at most 100 years
    """
    compact = "".join(text.split())
    found = SHORT.fullmatch(compact.lower()) or ISO.fullmatch(compact.upper())
    if found is None or not any(found.groups()):
        return None
    seconds = sum(int(part or 0) * SECONDS[unit] for part, unit in zip(found.groups(), "wdhms", strict=True))
    return timedelta(seconds=seconds) if seconds <= LONGEST_SECONDS else None


def length_text(length: timedelta) -> str:
    """Return the one stored form: the largest of d, h, m, s that divides the length, "90m", "1d", "0s".

    length   not negative, whole seconds
    """
    seconds = int(length.total_seconds())
    unit = next((unit for unit in "dhm" if seconds and seconds % SECONDS[unit] == 0), "s")
    return f"{seconds // SECONDS[unit]}{unit}"
