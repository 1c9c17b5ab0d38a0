"""The members of an audience: the customers of the rows that its condition takes, each once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lifecycle.core.case.state import Case
from lifecycle.core.seeing.rows import Looker, scopes_of
from lifecycle.core.workflow import Failure
from lifecycle.core.workflow.seeing import Audience


@dataclass(frozen=True, kw_only=True, slots=True)
class Members:
    """Who belongs to an audience.

    cases     subject -> number of the case that stands for that customer: the one of theirs that was opened last
              among those with such a row; in the order in which those cases were opened
    unjudged  cases of which the condition gave no answer for some row
    """

    cases: dict[str, str]
    unjudged: tuple[str, ...] = ()


def members_of(audience: Audience, cases: Iterable[Case], looker: Looker) -> Members:
    """Return the members of an audience over cases.

    cases  in the order in which they were opened
    """
    found: dict[str, str] = {}
    unjudged: list[str] = []
    for case in cases:
        answers = [
            True if audience.only is None else audience.only.holds(scope) for scope in scopes_of(audience, case, looker)
        ]
        if any(isinstance(answer, Failure) for answer in answers):
            unjudged.append(case.number)
        if any(answer is True for answer in answers):
            found.pop(case.subject, None)
            found[case.subject] = case.number
    return Members(cases=found, unjudged=tuple(unjudged))
