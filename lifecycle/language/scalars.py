"""What an unquoted scalar means: YAML 1.2 core types, and the traps of YAML 1.1 that we refuse."""

from __future__ import annotations

import re
from decimal import Decimal

from lifecycle.language.tree import Scalar

TRAPS = frozenset(
    spelling for word in ("on", "off", "yes", "no", "y", "n") for spelling in (word, word.upper(), word.capitalize())
)
"""Words that YAML 1.1 readers take for true or false."""

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
MOST_DIGITS = 40

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?")
_ODD = re.compile(
    r"[-+]?(0[0-9_]+|0o[0-7]+|0x[0-9a-fA-F_]+|0b[01_]+|[0-9][0-9_]*_[0-9_]*(\.[0-9_]*)?"
    r"|(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|\.(inf|Inf|INF))|\.(nan|NaN|NAN)"
)
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")


def trap_of(text: str) -> str:
    """Return the code of what makes an unquoted scalar ambiguous or null; "" when nothing does."""
    if text in NULLS:
        return "yaml-null"
    if text in TRAPS:
        return "yaml-ambiguous"
    if _SEXAGESIMAL.fullmatch(text):
        return "yaml-sexagesimal"
    if _DECIMAL.fullmatch(text):
        return "yaml-odd-number" if len(text) > MOST_DIGITS else ""
    return "yaml-odd-number" if _ODD.fullmatch(text) else ""


def value_of(text: str) -> Scalar:
    """Return the value of an unquoted scalar that is no trap."""
    if text in TRUTHS:
        return TRUTHS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    return text
