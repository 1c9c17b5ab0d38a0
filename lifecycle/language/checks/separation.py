"""Separation and binding of duty can be fulfilled: somebody is left, and the step named can have happened."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.behaviour import Step
from lifecycle.language.checks.subject import Subject
from lifecycle.language.outline import StepSite
from lifecycle.problems import Problem


def separation_of_duty(subject: Subject) -> Iterator[Problem]:
    """Yield `nobody-left` and `compared-never-taken`."""
    for act in subject.outline.steps:
        step = act.step
        if not isinstance(step, Step):
            continue
        for mention in subject.outline.mentions(step.apart_from, f"{act.at}.apart_from"):
            if mention.name in step.same_as:
                yield subject.problem("nobody-left", mention.path, step=act.name, other=mention.name)
        for key, names in (("same_as", step.same_as), ("apart_from", step.apart_from)):
            for mention in subject.outline.mentions(names, f"{act.at}.{key}"):
                if mention.name in subject.steps_of(act.machine) and not _may_precede(subject, mention.name, act):
                    yield subject.problem(
                        "compared-never-taken",
                        mention.path,
                        level="error" if key == "same_as" else "warning",
                        step=act.name,
                        other=mention.name,
                    )


def _may_precede(subject: Subject, first: str, then: StepSite) -> bool:
    walks = subject.walks[then.machine]
    site = subject.outline.machines[then.machine]
    if walks.unsure or not any(step.name == first for step in site.steps):
        return True
    after = [reached for taken in walks.taken.values() for step, reached in taken if step.name == first]
    if not after and any(step.name == first for step in site.steps if not step.owner):
        return True
    return bool(walks.reachable(after).intersection(site.leaves_under(then.owner)))
