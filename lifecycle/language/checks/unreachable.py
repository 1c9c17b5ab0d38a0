"""Every state of a machine can be reached from its start."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.checks.subject import Subject
from lifecycle.problems import Problem


def unreachable_states(subject: Subject) -> Iterator[Problem]:
    """Yield `unreachable-state` for the outermost states that no path from the start enters."""
    for name, site in subject.outline.machines.items():
        walks = subject.walks[name]
        if not walks.start or walks.unsure or subject.definition.is_broken(site.at):
            continue
        reached = walks.reachable()
        lost = {path for path in site.states if not reached.intersection(site.leaves_under(path))}
        for path in site.states:
            if path in lost and path.rpartition(".")[0] not in lost:
                yield subject.problem("unreachable-state", site.states[path].at, key=True, state=path, machine=name)
