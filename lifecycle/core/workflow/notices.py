"""Notices: who is told what by an effect, compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lifecycle.core.workflow.conditions import Condition, Formula
from lifecycle.core.workflow.dictionary import Field
from lifecycle.problems import NOWHERE, Place, Text

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
CASE = "case"
"""The placeholder of the case number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Notify:
    """Effect: somebody is to be told something. The event records the intent; messages go out after the commit.

    roles     roles and parties that are told; assignee: those who bear a name in the instance, too
    asked     formulas of roles or people
    audiences sets of customers that are told, each customer once
    text      name of the text, "" for words in place
    words     by language, with placeholders
    fields    placeholder -> field that it shows
    given     placeholder -> formula, and the field that the formula copies, if it copies one
    """

    roles: tuple[str, ...] = ()
    assignee: bool = False
    asked: tuple[Formula, ...] = ()
    audiences: tuple[str, ...] = ()
    text: str = ""
    words: Text = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)
    given: Mapping[str, tuple[Field | None, Formula]] = field(default_factory=dict)
    when: Condition | None = None
    where: Place = NOWHERE


def placeholders(words: Text) -> tuple[str, ...]:
    """Return the placeholders of a text in all its languages, in order of appearance."""
    return tuple(dict.fromkeys(name for text in words.values() for name in PLACEHOLDER.findall(text)))
