"""One name, one thing: what events, plurals and steps are called by is not ambiguous."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.checks.subject import Subject
from lifecycle.problems import Problem


def name_clashes(subject: Subject) -> Iterator[Problem]:
    """Yield `name-clash` for a name that two elements bear where only one may."""
    text = subject.text
    bearers: dict[str, str] = {}
    claims = [
        *((name, f"cases.{name}", True) for name in text.cases),
        *((name, f"machines.{name}", True) for name in text.machines),
        *((body.plural, f"machines.{name}.plural", False) for name, body in text.machines.items() if body.plural),
        *((name, f"types.{name}", True) for name in text.types),
        *((name, f"pools.{name}", True) for name in text.pools),
        *((name, f"coverage.{name}", True) for name in text.coverage),
    ]
    for name, at, key in claims:
        first = bearers.setdefault(name, at)
        if first != at and not (at.startswith("types.") and first.startswith("machines.")):
            yield subject.problem("name-clash", at, key=key, name=name, first=first)
    for name in text.audiences:
        if name in text.roles:  # `who` of a notice may be either
            yield subject.problem("name-clash", f"audiences.{name}", key=True, name=name, first=f"roles.{name}")
    for site in subject.outline.machines.values():
        steps = {step.name: step.at for step in site.steps}
        for effect, _ in subject.outline.assigned(site.name):
            if effect.name in steps:
                yield subject.problem("name-clash", effect.at, key=True, name=effect.name, first=steps[effect.name])


def step_clashes(subject: Subject) -> Iterator[Problem]:
    """Yield the warning `step-clash` for a step that hides another of its name in the same state."""
    for site in subject.outline.machines.values():
        told: set[str] = set()
        for leaf in site.leaves:
            seen: dict[str, str] = {}
            for step in site.offered(leaf):
                first = seen.setdefault(step.name, step.at)
                if first != step.at and first not in told:
                    told.add(first)
                    yield subject.problem(
                        "step-clash", first, key=True, level="warning", step=step.name, state=leaf, hidden=step.at
                    )
