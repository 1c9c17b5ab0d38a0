"""Stored values as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from lifecycle.core.events import instant
from lifecycle.core.values import FieldType, Json
from lifecycle.problems import Text

ANSWERS: Mapping[bool, Text] = {True: {"zh": "是", "en": "yes"}, False: {"zh": "否", "en": "no"}}
UNITS: Mapping[str, Text] = {
    "d": {"zh": "天", "en": "d"},
    "h": {"zh": "小时", "en": "h"},
    "m": {"zh": "分钟", "en": "min"},
    "s": {"zh": "秒", "en": "s"},
}


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
        return f"{stored[:-1]} {UNITS[stored[-1]][lang]}"
    if type.name == "attachment":
        name, at, digest = str(stored).rpartition("@")
        return name if at else digest[:19]
    if type.name == "list":
        return _members(type, stored, lang, zone)
    if type.unit:
        return f"{stored} {type.unit.get(lang) or next(iter(type.unit.values()))}"
    return str(stored)


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
