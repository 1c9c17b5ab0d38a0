"""Figures as numbers, and as people write and read them: counts, percentages, lengths, money, plain numbers."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction

from lifecycle.core.events import Json
from lifecycle.core.lengths import length_text, parse_length
from lifecycle.core.workflow.seeing import Measure


def number_of(unit: Measure, stored: Json) -> Fraction | None:
    """Return a stored or written value as a number; None when it is no value of the unit.

    Lengths are seconds, percentages parts of one ("98%" or 98), money whole units of the currency.
    """
    if stored is None or isinstance(stored, bool):
        return None
    text = str(stored).strip()
    if unit == "duration":
        negative = text.startswith("-")
        length = parse_length(text.removeprefix("-"))
        if length is None:
            return None
        return Fraction(length // timedelta(microseconds=1), -1_000_000 if negative else 1_000_000)
    try:
        if unit == "percent":
            return Fraction(Decimal(text.removesuffix("%"))) / 100
        return Fraction(Decimal(text.partition(" ")[0] if unit == "money" else text))
    except InvalidOperation:
        return None


def text_of(unit: Measure, value: Fraction, currency: str = "", digits: int = 2) -> str:
    """Return a number as it is shown and kept: "7", "66.7%", "90m", "12.50 CNY", "4.25"; halves are rounded up.

    digits  of the currency's minor unit
    """
    if unit == "duration":
        seconds = int(rounded(abs(value), 0))
        return f"{'-' if value < 0 and seconds else ''}{length_text(timedelta(seconds=seconds))}"
    if unit == "percent":
        return f"{plain(rounded(value * 100, 1))}%"
    if unit == "money":
        return f"{rounded(value, digits):.{digits}f} {currency}"
    return plain(rounded(value, 0 if unit == "count" else 4))


def rounded(value: Fraction, digits: int) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def middle(values: list[Fraction], percent: int) -> Fraction:
    """Return the value that so many percent of the sorted values do not exceed (nearest rank); of 50 the median.

    values  at least one
    """
    ordered = sorted(values)
    if percent == 50 and len(ordered) % 2 == 0:
        half = len(ordered) // 2
        return (ordered[half - 1] + ordered[half]) / 2
    rank = -(-percent * len(ordered) // 100)
    return ordered[max(rank, 1) - 1]
