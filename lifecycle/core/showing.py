"""Stored values as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta, tzinfo
from typing import Final

from lifecycle.core.events import instant
from lifecycle.core.lengths import SECONDS, parse_length
from lifecycle.core.values import FieldType, Json
from lifecycle.problems import Text

ANSWERS: Mapping[bool, Text] = {True: {"zh": "是", "en": "yes"}, False: {"zh": "否", "en": "no"}}
UNITS: Final[Mapping[str, Text]] = {
    "d": {"zh": "天", "en": "d"},
    "h": {"zh": "小时", "en": "h"},
    "m": {"zh": "分钟", "en": "min"},
    "s": {"zh": "秒", "en": "s"},
}
MINUTES_BESIDE: Final = "分"
"""Minutes in Chinese beside hours or seconds: 3小时20分, but 20分钟."""


def show(type: FieldType, stored: Json, lang: str, zone: tzinfo) -> str:
    """Return a stored value in words: choices by title, instants in a zone; "" when it is unset.

    lang   "zh" or "en"; a missing title falls back to the other language, then to the value
    zone   in which instants are shown, to the minute
    """
    if stored is None:
        return ""
    if type.name == "boolean":
        return ANSWERS[bool(stored)][lang]
    if type.name == "choice":
        titles = type.choices.get(stored, {})
        return titles.get(lang) or next(iter(titles.values()), str(stored))
    if type.name == "datetime":
        return f"{instant(stored).astimezone(zone):%Y-%m-%d %H:%M}"
    if type.name == "duration":
        length = parse_length(stored)
        return str(stored) if length is None else show_length(length, lang)
    if type.name == "attachment":
        name, at, digest = str(stored).rpartition("@")
        return name if at else digest[:19]
    if type.name == "list":
        return _members(type, stored, lang, zone)
    if type.unit:
        return f"{stored} {type.unit.get(lang) or next(iter(type.unit.values()))}"
    return str(stored)


def show_length(length: timedelta, lang: str, *, measured: bool = False) -> str:
    """Return a length of time in words: "2天", "3小时20分", "2 d", "3 h 20 min"; one below nothing with its sign.

    measured  one that came about, not one that somebody laid down: from an hour on, seconds are left out
    """
    seconds = int(abs(length) / timedelta(seconds=1))
    if measured and seconds >= SECONDS["h"]:
        seconds -= seconds % SECONDS["m"]
    parts: dict[str, int] = {}
    for unit in UNITS:
        count, rest = divmod(seconds, SECONDS[unit])
        if count or (unit == "s" and not parts):
            parts[unit] = count
        seconds = rest
    sign = "-" if length < timedelta() and any(parts.values()) else ""
    if lang != "zh":
        return sign + " ".join(f"{count} {UNITS[unit][lang]}" for unit, count in parts.items())
    beside = {"m": MINUTES_BESIDE} if parts.keys() & {"h", "s"} else {}
    return sign + "".join(f"{count}{beside.get(unit, UNITS[unit][lang])}" for unit, count in parts.items())


def unit_behind(unit: str, titles: Text) -> Text | str:
    """Return a unit as it stands behind a number, " km": by language where it has titles."""
    if titles:
        return {lang: f" {title}" for lang, title in titles.items()}
    return f" {unit}" if unit else ""


def _members(type: FieldType, stored: Json, lang: str, zone: tzinfo) -> str:
    comma = "、" if lang == "zh" else ", "
    if not type.row:
        return comma.join(show(type.of or FieldType(name="text"), member, lang, zone) for member in stored)
    rows = (
        comma.join(f"{name}={show(inner, row[name], lang, zone)}" for name, inner in type.row.items() if name in row)
        for row in stored
    )
    return "; ".join(rows)
