"""Which state of a machine may follow which, as far as its text says: the graph that the checks walk.

The compiled machine knows this exactly; this one is read from the definition, so that a file with one wrong
name still gets all its other problems. A wrong target with a near name counts as that name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lifecycle.language.behaviour import Step
from lifecycle.language.outline import HISTORY, MachineSite, StepSite, near


@dataclass(frozen=True, kw_only=True, slots=True)
class Walks:
    """The graph of a machine's leaves.

    after    leaf -> leaves that one step leads to (staying is not listed)
    taken    leaf -> (step, leaf that it leads to; the same leaf when it stays)
    unsure   leaves with a way out whose target nothing declares
    start    "" when the machine's start is unknown
    """

    start: str
    after: Mapping[str, frozenset[str]]
    taken: Mapping[str, tuple[tuple[StepSite, str], ...]]
    unsure: frozenset[str]

    def reachable(self, origins: Iterable[str] | None = None) -> frozenset[str]:
        """Return the leaves that can be reached from some leaves (from the start), these included."""
        pending = [self.start] if origins is None else list(origins)
        seen = {leaf for leaf in pending if leaf}
        while pending:
            for leaf in self.after.get(pending.pop(), ()):
                if leaf not in seen:
                    seen.add(leaf)
                    pending.append(leaf)
        return frozenset(seen)

    def leading_to(self, goals: Iterable[str]) -> frozenset[str]:
        """Return the leaves from which one of the goals can be reached, the goals included."""
        before: dict[str, set[str]] = {}
        for leaf, nexts in self.after.items():
            for follower in nexts:
                before.setdefault(follower, set()).add(leaf)
        pending = list(goals)
        seen = set(pending)
        while pending:
            for leaf in before.get(pending.pop(), ()):
                if leaf not in seen:
                    seen.add(leaf)
                    pending.append(leaf)
        return frozenset(seen)


def walks_of(site: MachineSite) -> Walks:
    """Return the graph of a machine."""
    plain: dict[str, set[str]] = {leaf: set() for leaf in site.leaves}
    taken: dict[str, list[tuple[StepSite, str]]] = {leaf: [] for leaf in site.leaves}
    unsure: set[str] = set()
    returns: list[tuple[str, StepSite]] = []
    for leaf in site.leaves:
        for step in site.offered(leaf):
            for target in targets(step):
                if target == HISTORY:
                    returns.append((leaf, step))
                elif not target:
                    taken[leaf].append((step, leaf))
                else:
                    reached = _reached(site, step.owner or leaf, target)
                    if reached:
                        plain[leaf].add(reached)
                        taken[leaf].append((step, reached))
                    else:
                        unsure.add(leaf)
        for complete in _completions(site, leaf):
            if reached := _reached(site, *complete):
                plain[leaf].add(reached)
            else:
                unsure.add(leaf)
    after = {leaf: set(nexts) for leaf, nexts in plain.items()}
    for leaf, step in returns:
        for source in came_from(plain, leaf):
            after[leaf].add(source)
            taken[leaf].append((step, source))
    return Walks(
        start=_reached(site, "", site.machine.start),
        after={leaf: frozenset(nexts) for leaf, nexts in after.items()},
        taken={leaf: tuple(steps) for leaf, steps in taken.items()},
        unsure=frozenset(unsure),
    )


def targets(step: StepSite) -> tuple[str, ...]:
    """Return the targets that a step names; ("",) for one that stays."""
    return tuple(step.step.to.values()) or ("",) if isinstance(step.step, Step) else ()


def came_from(after: Mapping[str, Iterable[str]], leaf: str) -> tuple[str, ...]:
    """Return the leaves to which `$history` may lead back: those with a way into the outermost state."""
    top = leaf.partition(".")[0]

    def inside(other: str) -> bool:
        return other.partition(".")[0] == top

    return tuple(source for source, nexts in after.items() if source != leaf and any(map(inside, nexts)))


def _reached(site: MachineSite, owner: str, name: str) -> str:
    path = site.target(owner, name)
    if not path:
        path = near(name, [*site.states])
    return site.initial(path) if path else ""


def _completions(site: MachineSite, leaf: str) -> Iterable[tuple[str, str]]:
    path = leaf
    while path:
        complete = site.states[path].state.complete
        if complete is not None:
            yield path, complete.to
        path = path.rpartition(".")[0]
