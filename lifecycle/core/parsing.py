"""From a typed text or a JSON value to the one stored form of its type, or why it does not fit."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Final

from lifecycle.core.events import stamp
from lifecycle.core.lengths import length_text, parse_length
from lifecycle.core.values import FieldType, Json, Misfit, TypeName

LARGEST: Final = 2**53
"""Beyond this a JSON reader may lose digits, so no stored integer or amount in minor units reaches it."""

DECIMAL = re.compile(r"[+-]?\d{1,18}(\.\d{1,12})?", re.ASCII)
INTEGER = re.compile(r"[+-]?\d{1,16}", re.ASCII)
AMOUNT = re.compile(r"[+-]?(\d{1,14}|\d{1,3}(,\d{3}){1,4})(\.\d{1,12})?", re.ASCII)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
NAMED_PERIOD = re.compile(r"(\d{4})(?:-(?:(\d\d)|Q([1-4])|W(\d\d)))?", re.ASCII)
TIME = re.compile(r"(\d{1,2}):(\d\d)(?::00)?", re.ASCII)
DATETIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:?\d\d)?", re.ASCII)
PHONE = re.compile(r"(\+?\d[\d-]*\d)(?:(?:ext\.?|x|转|#)(\d{1,6}))?", re.ASCII | re.IGNORECASE)
DIGEST = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
SIGNS = {"¥": "CNY", "元": "CNY", "$": "USD", "€": "EUR", "£": "GBP"}
MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "BHD": 3, "KWD": 3, "OMR": 3, "JOD": 3, "TND": 3}
"""Digits of a currency's minor unit (ISO 4217), where they are not two."""
ANSWERS = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}
ORDERED = frozenset(("number", "integer", "money", "duration", "date", "time", "datetime"))
JOINERS = "\u200c\u200d\u00ad"
EARLIEST_YEAR = 1900
LONGEST_NAME = 100

Reader = Callable[[FieldType, Json, tzinfo], Json | Misfit]


def accept(type: FieldType, typed: Json, zone: tzinfo) -> Json | Misfit:
    """Return the stored form of a value, None when nothing was given, or why it does not fit.

    typed    a text as typed on a command line, or a JSON value; None and blank text are nothing;
             a list also as JSON text, a list of plain values also separated by commas
    zone     in which a date and time without a zone is read
    Returns  never a float; accepting a stored form again gives the same
    """
    if typed is None or (isinstance(typed, str) and not typed.strip()):
        return None
    stored = READERS[type.name](type, typed, zone)
    if isinstance(stored, Misfit):
        return stored
    return _beyond_borders(type, stored, zone) or stored


def wrong(type: FieldType, **values: object) -> Misfit:
    return Misfit(code="field-wrong-type", values={"type": type.name, **values})


def comparable(type: FieldType, stored: Json) -> Decimal | timedelta | str:
    """Return a stored value in a form that orders as its type does."""
    if type.name in ("number", "integer", "money"):
        return Decimal(str(stored).split(" ")[0])
    if type.name == "duration":
        return parse_length(stored) or timedelta()
    return str(stored)


def _beyond_borders(type: FieldType, stored: Json, zone: tzinfo) -> Misfit | None:
    if not type.minimum and not type.maximum:
        return None
    for border, code, name in (
        (type.minimum, "value-too-small", "minimum"),
        (type.maximum, "value-too-large", "maximum"),
    ):
        if not border or type.name not in ORDERED:
            continue
        found = _edge(type.name, type.currency, border, zone)
        if found is None:
            continue  # a border that does not fit its own type is the checker's finding
        limit, edge = found
        value = comparable(type, stored)
        if (value < edge) if name == "minimum" else (value > edge):  # type: ignore[operator]  # both of one type
            return Misfit(code=code, values={name: limit})
    return None


@lru_cache(maxsize=1_000)
def _edge(name: TypeName, currency: str, border: str, zone: tzinfo) -> tuple[Json, Decimal | timedelta | str] | None:
    """Return a border in its stored form and as it orders; None when it does not fit its own type."""
    type = FieldType(name=name, currency=currency)
    limit = READERS[name](type, border, zone)
    return None if isinstance(limit, Misfit) else (limit, comparable(type, limit))


def _plain(typed: Json) -> str | None:
    """Return a text with full-width digits and signs made plain; None for anything that is not a text."""
    return unicodedata.normalize("NFKC", typed).strip() if isinstance(typed, str) else None


def _digits(typed: Json) -> str | None:
    """Return the decimal text of a text or a JSON number."""
    if isinstance(typed, int | float | Decimal) and not isinstance(typed, bool):
        number = Decimal(repr(typed) if isinstance(typed, float) else typed)
        # written out, 1e999999999 would fill the memory
        return format(number, "f") if number.is_finite() and abs(number.adjusted()) < 40 else ""
    return _plain(typed)


def unprintable(text: str) -> str:
    """Return the first character that no kept text may hold, as "U+202E"; "" when there is none.

    Refused are control characters but the line feed, lone surrogates, the line and paragraph
    separators, and invisible formatting such as bidi overrides (joiners are letters' business).
    """
    if text.isprintable():
        return ""  # what is refused is never printable: the way of almost every text
    for character in text:
        category = unicodedata.category(character)
        if character != "\n" and (
            category in ("Cc", "Cs", "Zl", "Zp") or (category == "Cf" and character not in JOINERS)
        ):
            return f"U+{ord(character):04X}"
    return ""


def _text(type: FieldType, typed: Json, zone: tzinfo) -> Json | Misfit:
    if not isinstance(typed, str):
        return wrong(type)
    text = typed.replace("\r\n", "\n").strip()
    found = unprintable(text)
    if found:
        return Misfit(code="text-unprintable", values={"character": found})
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > type.longest:
        return Misfit(code="text-too-long", values={"longest": type.longest, "length": len(text)})
    return text


def _number(type: FieldType, typed: Json, zone: tzinfo) -> Json | Misfit:
    text = _digits(typed)
    if text is None or not DECIMAL.fullmatch(text):
        return wrong(type)
    return _canonical(text)


def _canonical(text: str) -> str:
    plain = format(Decimal(text), "f").removeprefix("+")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain == "-0" else plain


def _integer(type: FieldType, typed: Json, zone: tzinfo) -> Json | Misfit:
    if typed.__class__ is int:
        number = typed
    else:
        text = None if isinstance(typed, float) else _digits(typed)
        if text is None or not INTEGER.fullmatch(text):
            return wrong(type)
        number = int(text)
    if abs(number) >= LARGEST:
        return wrong(type)
    return number


def _boolean(type: FieldType, typed: Json, zone: tzinfo) -> Json | Misfit:
    if isinstance(typed, bool):
        return typed
    answer = ANSWERS.get((_plain(typed) or "").lower())
    return wrong(type) if answer is None else answer


def _choice(type: FieldType, typed: Json, zone: tzinfo) -> Json | Misfit:
    text = _plain(typed)
    if text is not None and text in type.choices:
        return text
    titled: dict[str, set[str]] = {}
    for value, titles in type.choices.items():
        for word in (value, *titles.values()):
            titled.setdefault(unicodedata.normalize("NFKC", word).strip().casefold(), set()).add(value)
    named = titled.get((text or "").casefold(), set())
    if len(named) == 1:
        return next(iter(named))
    near = difflib.get_close_matches((text or "").casefold(), titled, n=1, cutoff=0.6)
    suggestion = min(titled[near[0]]) if near else ""
    return Misfit(code="choice-unknown", values={"allowed": list(type.choices), "suggestion": suggestion})


def _money(type: FieldType, typed: Json, zone: tzinfo) -> Json | Misfit:
    currency = type.currency or "CNY"
    digits = MINOR_DIGITS.get(currency, 2)
    text = _digits(typed)
    if text is None:
        return wrong(type, currency=currency)
    amount, named = _without_currency(text)
    if not AMOUNT.fullmatch(amount) or named not in ("", currency):
        return wrong(type, currency=currency)
    minor = Decimal(amount.replace(",", "")).scaleb(digits)
    if minor != int(minor) or abs(minor) >= LARGEST:
        return wrong(type, currency=currency)
    return f"{Decimal(int(minor)).scaleb(-digits):.{digits}f} {currency}"


def _without_currency(text: str) -> tuple[str, str]:
    for sign, code in SIGNS.items():
        if text.startswith(sign) or text.endswith(sign):
            return text.strip(sign).strip(), code
    found = re.fullmatch(r"(?:([A-Za-z]{3})\s*)?([^A-Za-z]*?)(?:\s*([A-Za-z]{3}))?", text)
    if found is None or (found[1] and found[3]):
        return "", ""
    return found[2].strip(), (found[1] or found[3] or "").upper()


def _date(type: FieldType, typed: Json, zone: tzinfo) -> Json | Misfit:
    text = _plain(typed)
    if text is None or not DATE.fullmatch(text):
        return wrong(type)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return wrong(type)
    return text if day.year >= EARLIEST_YEAR else wrong(type)


def _time(type: FieldType, typed: Json, zone: tzinfo) -> Json | Misfit:
    found = TIME.fullmatch(_plain(typed) or "")
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return wrong(type)
    return time(int(found[1]), int(found[2])).strftime("%H:%M")


def _datetime(type: FieldType, typed: Json, zone: tzinfo) -> Json | Misfit:
    text = _plain(typed)
    if text is None or not DATETIME.fullmatch(text):
        return wrong(type)
    try:
        moment = datetime.fromisoformat(text.upper())
        aware = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return wrong(type)
    return stamp(aware) if aware.year >= EARLIEST_YEAR else wrong(type)


def _duration(type: FieldType, typed: Json, zone: tzinfo) -> Json | Misfit:
    length = parse_length(_plain(typed) or "")
    return wrong(type) if length is None else length_text(length)


def _period(type: FieldType, typed: Json, zone: tzinfo) -> Json | Misfit:
    """Return a period by its name ("2026-03", "2026-Q1", "2026", "2026-W10") or by its first and last day."""
    text = (_plain(typed) or "").upper()
    named = NAMED_PERIOD.fullmatch(text)
    if named is not None:
        return text if _is_period(named) else wrong(type)
    days = [_date(type, end, zone) for end in text.split("/")]
    if len(days) != 2 or any(isinstance(day, Misfit) for day in days) or str(days[0]) > str(days[1]):
        return wrong(type)
    return f"{days[0]}/{days[1]}"


def _is_period(named: re.Match[str]) -> bool:
    year, month, week = int(named[1]), int(named[2] or 1), int(named[4] or 1)
    try:
        date(year, month, 1)
        date.fromisocalendar(year, week, 1)
    except ValueError:
        return False
    return year >= EARLIEST_YEAR


def _phone(type: FieldType, typed: Json, zone: tzinfo) -> Json | Misfit:
    found = PHONE.fullmatch(re.sub(r"[\s().]", "", (_plain(typed) or "").replace("ext.", "ext")))
    if found is None or not 5 <= sum(map(str.isdigit, found[0])) <= 20:
        return wrong(type)
    return f"{found[1]} ext {found[2]}" if found[2] else found[1]


def _name(type: FieldType, typed: Json, zone: tzinfo) -> Json | Misfit:
    if not isinstance(typed, str):
        return wrong(type)
    name = unicodedata.normalize("NFC", typed.strip())
    if unprintable(name) or any(character.isspace() for character in name) or len(name) > LONGEST_NAME:
        return wrong(type)
    return name


def _attachment(type: FieldType, typed: Json, zone: tzinfo) -> Json | Misfit:
    if not isinstance(typed, str):
        return wrong(type)
    name, _, digest = typed.strip().rpartition("@")
    name, digest = unicodedata.normalize("NFC", name.strip()).strip(), digest.strip().lower()
    if not DIGEST.fullmatch(digest) or unprintable(name) or set(name) & set("/\\\n") or len(name) > 200:
        return wrong(type)
    return f"{name}@{digest}" if name else digest


def _list(type: FieldType, typed: Json, zone: tzinfo) -> Json | Misfit:
    members = _members(type, typed)
    if not isinstance(members, list):
        return wrong(type)
    stored: list[Json] = []
    for place, member in enumerate(members, start=1):
        if type.row:
            value = _row(type, member, zone)
        else:
            value = accept(type.of or FieldType(name="text"), member, zone)
        if isinstance(value, Misfit):
            return Misfit(code=value.code, path=f"{place}.{value.path}".rstrip("."), values=value.values)
        if value is None:
            return Misfit(code="field-wrong-type", path=str(place), values={"type": type.name})
        stored.append(value)
    return stored


def _members(type: FieldType, typed: Json) -> Json:
    if not isinstance(typed, str):
        return typed
    if typed.lstrip().startswith("[") or type.row:
        try:
            return json.loads(typed, parse_float=Decimal, parse_constant=str)
        except (ValueError, RecursionError):
            return None
    return [part for part in re.split("[,\uff0c]", typed) if part.strip()]


def _row(type: FieldType, member: Json, zone: tzinfo) -> Json | Misfit:
    if not isinstance(member, Mapping):
        return wrong(FieldType(name="list"))
    for name in member:
        if name not in type.row:
            near = difflib.get_close_matches(str(name), type.row, n=1)
            return Misfit(
                code="row-field-unknown", values={"allowed": list(type.row), "suggestion": near[0] if near else ""}
            )
    stored: dict[str, Json] = {}
    for name, inner in type.row.items():
        value = accept(inner, member.get(name), zone)
        if isinstance(value, Misfit):
            return Misfit(code=value.code, path=f"{name}.{value.path}".rstrip("."), values=value.values)
        if value is not None:
            stored[name] = value
        elif name in type.required:
            return Misfit(code="row-field-missing", path=name, values={"field": name})
    return stored


READERS: Final[Mapping[str, Reader]] = {
    "text": _text,
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "choice": _choice,
    "money": _money,
    "date": _date,
    "time": _time,
    "datetime": _datetime,
    "duration": _duration,
    "period": _period,
    "phone": _phone,
    "staff": _name,
    "role": _name,
    "asset": _name,
    "ref": _name,
    "attachment": _attachment,
    "list": _list,
}
