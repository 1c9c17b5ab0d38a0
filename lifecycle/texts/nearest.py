"""The word that a person probably meant."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

CLOSE_ENOUGH = 0.6
"""Share of equal letters from which a word is worth suggesting; "confirmd" and "confirmed" have 0.94."""


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate nearest to a word, None when none is near; of equally near ones the first in order."""
    shapes: dict[str, str] = {}
    for candidate in candidates:
        shapes.setdefault(_shape(candidate), candidate)
    near = difflib.get_close_matches(_shape(word), shapes, n=1, cutoff=CLOSE_ENOUGH)
    return shapes[near[0]] if near else None


def _shape(word: str) -> str:
    """Return a word without what people mix up: case, width, and the strokes between its parts."""
    return unicodedata.normalize("NFKC", word).casefold().replace("-", "_").replace(" ", "_")
