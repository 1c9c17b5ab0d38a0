"""The first opening of the first kind asks nothing, so that a case can be opened with one word."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.checks.subject import Subject
from lifecycle.problems import Problem


def first_opening(subject: Subject) -> Iterator[Problem]:
    """Yield the warning `first-opening-asks` for each field that the first kind's first opening requires."""
    kind = next(iter(subject.text.cases), "")
    if not kind or subject.definition.is_broken(f"cases.{kind}"):
        return
    name = next(iter(subject.text.cases[kind].opens), "")
    if not name or subject.text.cases[kind].key_ is not None:
        return
    for field, item in subject.text.cases[kind].opens[name].form.items():
        if item.needed:
            at = f"cases.{kind}.opens.{name}.form.{field}"
            yield subject.problem("first-opening-asks", at, level="warning", field=field, opening=name)
