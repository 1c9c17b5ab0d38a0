"""Every state of a matter leads on to a final one: no traps, no circles without an exit, no machine without an end."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.checks.subject import Subject
from lifecycle.language.outline import MachineSite
from lifecycle.problems import Problem


def traps(subject: Subject) -> Iterator[Problem]:
    """Yield `trap-state`, `livelock` and `no-final-state`.

    A machine that only keyed kinds run (a dossier outlives its matters) needs no end.
    """
    for name, site in subject.outline.machines.items():
        if not _must_end(subject, name):
            continue
        walks = subject.walks[name]
        finals = [leaf for leaf in site.leaves if site.states[leaf].state.final is not None]
        stuck = [leaf for leaf in site.leaves if leaf not in finals and not _ways_out(subject, site, leaf)]
        for leaf in stuck:
            yield subject.problem("trap-state", site.states[leaf].at, key=True, state=leaf, machine=name)
        if not finals and not stuck and not walks.unsure and not subject.definition.is_broken(site.at):
            yield subject.problem("no-final-state", site.at, key=True, machine=name)
            continue
        unsure = [leaf for leaf in site.leaves if leaf in walks.unsure or _broken(subject, site, leaf)]
        ending = walks.leading_to([*finals, *stuck, *unsure])
        seen: set[str] = set()
        for leaf in site.leaves:
            if leaf not in ending and leaf not in seen and leaf in walks.reachable():
                circle = walks.reachable([leaf])
                seen |= circle | walks.leading_to([leaf])
                at = site.states[leaf].at
                yield subject.problem("livelock", at, key=True, state=leaf, machine=name, states=sorted(circle))


def _must_end(subject: Subject, machine: str) -> bool:
    kinds = [subject.text.cases[kind] for kind in subject.outline.kinds_of(machine)]
    return not kinds or any(kind.key_ is None for kind in kinds)


def _ways_out(subject: Subject, site: MachineSite, leaf: str) -> bool:
    walks = subject.walks[site.name]
    return bool(walks.after[leaf] - {leaf}) or leaf in walks.unsure or _broken(subject, site, leaf)


def _broken(subject: Subject, site: MachineSite, leaf: str) -> bool:
    path = leaf
    while path:
        if subject.definition.is_broken(site.states[path].at):
            return True
        path = path.rpartition(".")[0]
    return subject.definition.is_broken(f"{site.at}.anywhere")
