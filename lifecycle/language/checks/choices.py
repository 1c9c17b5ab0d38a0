"""The ways of a choice in `to` exclude one another and leave no case without a way."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from lifecycle.language.behaviour import Step
from lifecycle.language.checks.finite import outcomes
from lifecycle.language.checks.subject import Subject
from lifecycle.language.outline import StepSite
from lifecycle.language.sites import ExpressionSite
from lifecycle.problems import Problem

OTHERWISE = "otherwise"


def branches(subject: Subject) -> Iterator[Problem]:
    """Yield `choice-incomplete`, `choice-overlaps` and `otherwise-never`, as far as the domains are finite."""
    ways: dict[str, list[ExpressionSite]] = {}
    for site in subject.expressions:
        if site.step is not None and site.at.startswith(f"{site.step.at}.to."):
            ways.setdefault(site.step.at, []).append(site)
    for act in subject.outline.steps:
        if act.at in ways and isinstance(act.step, Step):
            yield from _of_step(subject, act, act.step, ways[act.at])


def _of_step(subject: Subject, act: StepSite, step: Step, sites: list[ExpressionSite]) -> Iterator[Problem]:
    found = outcomes(subject, sites)
    if found is None:
        return
    answered = [outcome for outcome in found if None not in outcome]
    for first, second in combinations(range(len(sites)), 2):
        if step.to[sites[first].text] == step.to[sites[second].text]:
            continue
        if any(outcome[first] and outcome[second] for outcome in answered):
            yield subject.problem(
                "choice-overlaps",
                sites[second].at,
                key=True,
                level="warning",
                step=act.name,
                first=sites[first].text,
                second=sites[second].text,
            )
    open_ways = any(not any(outcome) for outcome in answered)
    if OTHERWISE not in step.to and open_ways:
        yield subject.problem("choice-incomplete", f"{act.at}.to", step=act.name)
    elif OTHERWISE in step.to and answered and len(answered) == len(found) and not open_ways:
        at = f"{act.at}.to.{OTHERWISE}"
        yield subject.problem("otherwise-never", at, key=True, level="warning", step=act.name)
