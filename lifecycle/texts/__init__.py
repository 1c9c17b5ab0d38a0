"""Everything that the program itself says, in Chinese and English: two catalogues with equal keys.

A catalogue has sections (`problems`, `reasons`, `errors`, `terminal`, `labels`, `hints`, `causes`, `help`, `click`); an
entry has a `text` and may have a `hint` and, for a problem, an `explain`. A place for a value is a name in braces:
"{step}".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

Lang = Literal["zh", "en"]
Kind = Literal["text", "hint", "explain"]

LANGUAGES: Final[tuple[Lang, ...]] = ("zh", "en")
SPOKEN: Final = ("problems", "reasons", "errors", "terminal", "labels", "hints", "causes", "help", "click")
"""The sections, in the order in which a code without a section is looked for."""

PLACE: Final = re.compile(r"\{([a-z_]+)\}")
ANSWERS: Final[dict[bool, Mapping[str, str]]] = {True: {"zh": "是", "en": "yes"}, False: {"zh": "否", "en": "no"}}


@cache
def catalogue(lang: Lang) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return section -> code -> kind -> text of one language, read once from the package."""
    content = (resources.files(__name__) / f"{lang}.toml").read_text(encoding="utf-8")
    return tomllib.loads(content)


def entry(code: str, lang: Lang, section: str = "") -> Mapping[str, str]:
    """Return the texts of a code.

    section  "" takes the first of `SPOKEN` that has the code
    Raises   KeyError when no section has it: a code without words is a fault of the program
    """
    for name in (section,) if section else SPOKEN:
        found = catalogue(lang).get(name, {}).get(code)
        if found is not None:
            return found
    raise KeyError(f"{section or 'any section'}: no text for {code!r} in {lang}")


def say(code: str, lang: Lang, values: Mapping[str, object], kind: Kind = "text", *, section: str = "") -> str:
    """Return the words of a code with its values filled in; "" for a hint or an explanation that it does not have.

    values   a value that is itself {"zh": .., "en": ..} is shown in the language, a list as a list of words;
             a place whose value is not given stays as it is written, "{step}"
    section  "problems", "reasons", "errors" ... where a code stands in several; "" takes the first that has it
    Raises   KeyError for an unknown code
    """
    found = entry(code, lang, section)
    pattern = found["text"] if kind == "text" else found.get(kind, "")
    return PLACE.sub(lambda place: word(values[place[1]], lang) if place[1] in values else place[0], pattern)


def word(value: object, lang: Lang) -> str:
    """Return a value as a person reads it in a sentence; "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return ANSWERS[value][lang]
    if isinstance(value, Mapping):
        return _titled(value, lang)
    if isinstance(value, (list, tuple, set, frozenset)):
        members = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        return ("、" if lang == "zh" else ", ").join(word(member, lang) for member in members)
    return str(value)


def _titled(value: Mapping[Any, object], lang: Lang) -> str:
    if value and set(value) <= set(LANGUAGES):
        return str(value.get(lang) or next(iter(value.values())))
    comma = "，" if lang == "zh" else ", "
    return comma.join(f"{name}={word(inner, lang)}" for name, inner in value.items())


def places(pattern: str) -> frozenset[str]:
    """Return the names of the values that a text has a place for."""
    return frozenset(PLACE.findall(pattern))


def every_entry(lang: Lang) -> Iterator[tuple[str, str, str, str]]:
    """Yield (section, code, kind, text) of a whole catalogue, in its order."""
    for section, codes in catalogue(lang).items():
        for code, kinds in codes.items():
            for kind, text in kinds.items():
                yield section, code, kind, text
