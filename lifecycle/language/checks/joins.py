"""A join waits for its children: not for an empty set, and on every way to the end."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.behaviour import StartBody
from lifecycle.language.checks.subject import Subject
from lifecycle.language.outline import Effect, MachineSite, StepSite
from lifecycle.language.sites import ExpressionSite, place_inside
from lifecycle.problems import Problem


def empty_joins(subject: Subject) -> Iterator[Problem]:
    """Yield the warning `join-of-empty`: `all_final('lines')` holds, too, when no line was ever started."""
    plurals = {body.plural: name for name, body in subject.text.machines.items() if body.plural}
    for site in subject.expressions:
        for found in site.reading.arguments:
            if found.function != "all_final" or found.literal not in plurals:
                continue
            if found.literal in {name.partition(".")[0] for name in site.names}:
                continue
            starts = [
                effect
                for effect in subject.outline.effects
                if effect.what == "start" and effect.name == plurals[found.literal]
            ]
            if not any(_surely_some(subject, effect, site) for effect in starts):
                where = place_inside(subject.outline, site, found.offset)
                yield Problem(code="join-of-empty", level="warning", where=where, values={"plural": found.literal})


def _surely_some(subject: Subject, effect: Effect, site: ExpressionSite) -> bool:
    """Return whether an effect starts at least one child before the join is asked."""
    if effect.conditional or not isinstance(effect.body, StartBody):
        return False
    if effect.body.each is not None:
        head, _, name = effect.body.each.removeprefix("=").strip().partition(".")
        item = effect.step.form.get(name) if effect.step is not None and head in ("form", "data") else None
        if item is None or not item.needed:
            return False
    if effect.step is None or not effect.machine or effect.machine != site.machine:
        return True
    return _unavoidable(subject, effect.step, site)


def _unavoidable(subject: Subject, start: StepSite, site: ExpressionSite) -> bool:
    """Return whether every way from the start to the place of the join takes the starting step."""
    walks = subject.walks[start.machine]
    machine = subject.outline.machines[start.machine]
    goals = set(machine.leaves_under(site.step.owner)) if site.step is not None else set(machine.leaves)
    pending, seen = [walks.start], {walks.start}
    while pending:
        leaf = pending.pop()
        for act, reached in walks.taken.get(leaf, ()):
            if act is not start and reached not in seen:
                seen.add(reached)
                pending.append(reached)
    return not seen & goals


def forgotten_children(subject: Subject) -> Iterator[Problem]:
    """Yield the warning `child-forgotten`: one way to the end waits for the children, another does not."""
    for site in subject.outline.machines.values():
        starts = [e for e in subject.outline.effects if e.what == "start" and e.machine == site.name and e.step]
        for child in dict.fromkeys(effect.name for effect in starts):
            plural = subject.text.machines[child].plural if child in subject.text.machines else None
            asking = _asking(subject, site, plural) if plural else frozenset[str]()
            if not plural or not asking:
                continue
            for effect in starts:
                if effect.name == child and effect.step is not None:
                    yield from _ways_past(subject, site, effect.step, plural, asking)


def _asking(subject: Subject, site: MachineSite, plural: str) -> frozenset[str]:
    """Return the paths of the steps whose conditions look at the children."""
    found: set[str] = set()
    for expression in subject.expressions:
        if expression.machine != site.name or expression.step is None:
            continue
        literals = {a.literal for a in expression.reading.arguments if a.function == "all_final"}
        if plural in literals or plural in {name.partition(".")[0] for name in expression.names}:
            found.add(expression.step.at)
    return frozenset(found)


def _ways_past(
    subject: Subject, site: MachineSite, start: StepSite, plural: str, asking: frozenset[str]
) -> Iterator[Problem]:
    walks = subject.walks[site.name]
    pending = [reached for taken in walks.taken.values() for act, reached in taken if act is start]
    seen = set(pending)
    while pending:
        leaf = pending.pop()
        for act, reached in walks.taken.get(leaf, ()):
            if act.at in asking or reached in seen:
                continue
            seen.add(reached)
            pending.append(reached)
            if site.states[reached].state.final is not None:
                at = f"{act.at}.to"
                yield subject.problem(
                    "child-forgotten", at, level="warning", step=act.name, plural=plural, machine=site.name
                )
