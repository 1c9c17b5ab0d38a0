"""A party has no login: another role records its acts."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.checks.subject import Subject
from lifecycle.problems import Problem


def parties(subject: Subject) -> Iterator[Problem]:
    """Yield `party-without-recorder`, `recorder-is-party` and the warning `recorder-needless`."""
    roles = subject.text.roles
    for act in subject.outline.acts:
        by = [name for name in act.step.by if name in roles]
        acting = [name for name in by if roles[name].party]
        if acting and not act.step.with_ and not subject.definition.is_broken(f"{act.at}.with"):
            yield subject.problem("party-without-recorder", f"{act.at}.by", role=acting[0], step=act.name)
        for mention in subject.outline.mentions(act.step.with_, f"{act.at}.with"):
            if mention.name in roles and roles[mention.name].party:
                yield subject.problem("recorder-is-party", mention.path, role=mention.name, step=act.name)
        if act.step.with_ and by and len(by) == len(act.step.by) and not acting:
            yield subject.problem("recorder-needless", f"{act.at}.with", level="warning", role=by[0], step=act.name)
