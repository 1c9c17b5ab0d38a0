"""Steps that happen by themselves come to rest."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.behaviour import Step
from lifecycle.language.checks.subject import Subject
from lifecycle.language.outline import StepSite
from lifecycle.language.people import AssignBody
from lifecycle.problems import Problem


def event_loops(subject: Subject) -> Iterator[Problem]:
    """Yield `event-loop` once for each circle of `upon` steps and starting machines that fire one another.

    A step that takes from a pool may find it empty, and fires `<pool>.exhausted` then.
    """
    raised: dict[str, tuple[str, ...]] = {}
    for effect in subject.outline.effects:
        if effect.step is not None and isinstance(effect.body, AssignBody) and effect.body.pool is not None:
            raised[effect.step.at] = (*raised.get(effect.step.at, ()), f"{effect.body.pool}.exhausted")
    listeners: dict[str, list[StepSite]] = {}
    for act in subject.outline.steps:
        if isinstance(act.step, Step):
            for event in act.step.upon:
                listeners.setdefault(event, []).append(act)
    told: set[str] = set()
    for first in subject.outline.steps:
        if not first.automatic or first.at in told:
            continue
        circle = _circle(first, listeners, raised)
        if circle:
            told.update(act.at for act in circle)
            events = [act.event for act in circle]
            yield subject.problem("event-loop", first.at, key=True, step=first.name, events=[*events, first.event])


def _circle(
    first: StepSite, listeners: dict[str, list[StepSite]], raised: dict[str, tuple[str, ...]]
) -> list[StepSite]:
    """Return the steps of a circle that begins and ends with a step; [] when there is none."""
    pending: list[list[StepSite]] = [[first]]
    seen: set[str] = set()
    while pending:
        trail = pending.pop()
        events = (trail[-1].event, *raised.get(trail[-1].at, ()))
        for follower in (listener for event in events for listener in listeners.get(event, ())):
            if follower is first:
                return trail
            if follower.at not in seen:
                seen.add(follower.at)
                pending.append([*trail, follower])
    return []


def restless_conditions(subject: Subject) -> Iterator[Problem]:
    """Yield `always-repeats` (a step that stays and changes nothing that its condition reads) and `set-in-loop`.

    `set-in-loop` is a value derived from itself by a step that fires again and again.
    """
    for site in subject.expressions:
        act = site.step
        if act is None or not isinstance(act.step, Step) or site.at != f"{act.at}.always" or act.step.to:
            continue
        read = {name.partition(".")[2] for name in site.names if name.startswith(("data.", "case."))}
        asked = {found.literal for found in site.reading.arguments if found.function in ("done", "ever", "count")}
        changed = {effect.name for effect in subject.outline.effects if effect.step is act and effect.what == "set"}
        if act.name in asked or (not site.reading.reads and not asked):
            continue
        if not read & changed:
            yield subject.problem("always-repeats", f"{act.at}.always", step=act.name)
        for other in subject.expressions:
            if other.step is act and other.at.startswith(f"{act.at}.set"):
                name = other.at.rpartition(".")[2]
                if {f"data.{name}", f"case.{name}"} & set(other.names):
                    yield subject.problem("set-in-loop", other.at, level="warning", step=act.name, field=name)
