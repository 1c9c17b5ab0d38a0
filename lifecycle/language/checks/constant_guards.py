"""A condition can be both true and false."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.checks.finite import outcomes
from lifecycle.language.checks.subject import Subject
from lifecycle.problems import Problem


def constant_conditions(subject: Subject) -> Iterator[Problem]:
    """Yield `always-false` (error: nothing gets through) and `always-true` (warning: it asks nothing).

    Looks at guards, `when`, `always`, expectations and invariants; choices of `to` are looked at as a whole.
    """
    for site in subject.expressions:
        if site.use != "condition" or site.at.rpartition(".")[2] not in ("that", "when", "always"):
            continue
        answers = {answer for (answer,) in outcomes(subject, [site]) or []}
        if answers == {False}:
            yield subject.problem("always-false", site.at, condition=site.text)
        elif answers == {True}:
            yield subject.problem("always-true", site.at, level="warning", condition=site.text)
