"""`$history` has somewhere to go back to."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.behaviour import Step
from lifecycle.language.checks.subject import Subject
from lifecycle.language.outline import HISTORY
from lifecycle.language.walks import came_from
from lifecycle.problems import Problem


def histories(subject: Subject) -> Iterator[Problem]:
    """Yield `history-nowhere` for a way back from states that nothing but the start enters."""
    for name, site in subject.outline.machines.items():
        walks = subject.walks[name]
        for step in site.steps:
            if not isinstance(step.step, Step) or HISTORY not in step.step.to.values() or walks.unsure:
                continue
            if not any(came_from(walks.after, leaf) for leaf in site.leaves_under(step.owner)):
                condition = next(key for key, target in step.step.to.items() if target == HISTORY)
                at = f"{step.at}.to.{condition}" if subject.keys(f"{step.at}.to") else f"{step.at}.to"
                yield subject.problem("history-nowhere", at, step=step.name, machine=name)
