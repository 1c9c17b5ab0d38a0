"""Ordered states have an end, and what belongs to an order stands in an ordered state."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.behaviour import Step
from lifecycle.language.checks.subject import Subject
from lifecycle.problems import Problem


def orders(subject: Subject) -> Iterator[Problem]:
    """Yield `complete-without-order`, `order-without-steps`, `order-never-complete` and `outside-order`."""
    for site in subject.outline.machines.values():
        for state in site.states.values():
            body = state.state
            if body.order is None:
                if body.complete is not None and not subject.definition.is_broken(f"{state.at}.order"):
                    yield subject.problem("complete-without-order", f"{state.at}.complete", key=True, state=state.path)
                continue
            if not body.steps:
                yield subject.problem("order-without-steps", f"{state.at}.order", key=True, state=state.path)
            for variant, names in body.order.variants.items():
                at = f"{state.at}.order.{variant}" if variant else f"{state.at}.order"
                steps = [body.steps[name] for name in names if name in body.steps]
                if steps and body.complete is not None and all(step.optional for step in steps):
                    yield subject.problem("order-never-complete", at, level="warning", state=state.path)
        for step in site.steps:
            if not isinstance(step.step, Step):
                continue
            ordered = step.owner and site.states[step.owner].state.order is not None
            comes_again = step.step.repeat and step.step.after is None  # by the clock, not in an order
            for key, given in (("optional", step.step.optional), ("repeat", comes_again)):
                if given and not ordered:
                    yield subject.problem(
                        "outside-order", f"{step.at}.{key}", key=True, level="warning", word=key, step=step.name
                    )
