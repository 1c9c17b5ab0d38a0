"""The number pattern of a kind of case, or of a paper, can be read and belongs to it alone."""

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
    numbered = [(f"cases.{name}", kind.number) for name, kind in subject.text.cases.items()]
    numbered.extend((f"papers.{name}", paper.number) for name, paper in subject.text.papers.items())
    for element, pattern in numbered:
        if not pattern:
            continue
        at, name = f"{element}.number", element.partition(".")[2]
        places = _PLACE.findall(pattern)
        strange = [place for place in places if not _KNOWN.fullmatch(place)]
        rest = _PLACE.sub("", pattern)
        if strange or "{" in rest or "}" in rest or sum(place.startswith("serial") for place in places) != 1:
            yield subject.problem("bad-number-pattern", at, pattern=pattern)
            continue
        shape = _PLACE.sub(lambda place: "{" + place[1].partition(":")[0] + "}", pattern)
        first = seen.setdefault(shape, name)
        if first != name:
            yield subject.problem("number-shared", at, pattern=pattern, kind=name, other=first)
