"""Every rule that is declared is carried by something, and what is cited is declared."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.carried import how_carried
from lifecycle.language.checks.subject import Subject
from lifecycle.problems import Problem

REFUSING = frozenset({"guard", "invariant", "who", "permission", "prohibition"})
"""Kinds of rule that must refuse something; showing them is not enough."""


def rules(subject: Subject) -> Iterator[Problem]:
    """Yield `unknown-rule`, `rule-not-carried`, `rule-only-shown` and `waived-but-carried`."""
    declared = subject.text.rules
    lost = subject.definition.is_broken("rules")
    for rule, at in subject.cited():
        if rule not in declared and not lost and not subject.from_part(at):
            yield subject.problem("unknown-rule", at, name=rule, known=sorted(declared))
    carried = how_carried(subject.definition)
    for rule, body in declared.items():
        ways = carried[rule]
        at = f"rules.{rule}"
        if not ways.places:
            if not body.waived and not subject.may_be_lost(rule):
                yield subject.problem("rule-not-carried", at, key=True, level="warning", name=rule)
        elif body.waived:
            yield subject.problem("waived-but-carried", at, key=True, level="warning", name=rule)
        elif body.kind in REFUSING and body.strength == "must" and not (ways.refuses or ways.happens or ways.measured):
            yield subject.problem("rule-only-shown", at, key=True, level="warning", name=rule)
