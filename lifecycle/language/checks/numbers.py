"""The number pattern of a kind of case can be read and belongs to this kind alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lifecycle.language.checks.subject import Subject
from lifecycle.problems import Problem

_PLACE = re.compile(r"\{([^{}]*)\}")
_KNOWN = re.compile(r"year|month|day|serial(:0?[1-9]\d?)?")


def case_numbers(subject: Subject) -> Iterator[Problem]:
    """Yield `bad-number-pattern` and `number-shared`."""
    seen: dict[str, str] = {}
    for name, kind in subject.text.cases.items():
        if not kind.number:
            continue
        at = f"cases.{name}.number"
        places = _PLACE.findall(kind.number)
        strange = [place for place in places if not _KNOWN.fullmatch(place)]
        rest = _PLACE.sub("", kind.number)
        if strange or "{" in rest or "}" in rest or sum(place.startswith("serial") for place in places) != 1:
            yield subject.problem("bad-number-pattern", at, pattern=kind.number)
            continue
        shape = _PLACE.sub(lambda place: "{" + place[1].partition(":")[0] + "}", kind.number)
        first = seen.setdefault(shape, name)
        if first != name:
            yield subject.problem("number-shared", at, pattern=kind.number, kind=name, other=first)
