"""Deadlines name steps and states that are there, can be met once they have begun, and pause where somebody comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lifecycle.core.workflow import ELAPSED
from lifecycle.core.workflow.coverage import ENDED, PART_ENDED
from lifecycle.language.behaviour import Step
from lifecycle.language.checks.subject import Subject
from lifecycle.language.compile_time import ENTERED
from lifecycle.language.outline import DeadlineSite, MachineSite
from lifecycle.problems import Problem


def deadline_names(subject: Subject) -> Iterator[Problem]:
    """Yield `unknown-...` for what a deadline names and nothing declares, and `deadline-twice`."""
    for site in subject.outline.machines.values():
        seen: set[str] = set()
        for deadline in site.deadlines:
            if deadline.name in seen:
                yield subject.problem("deadline-twice", deadline.at, key=True, name=deadline.name, machine=site.name)
            seen.add(deadline.name)
            one = deadline.deadline
            for key, cues in (
                ("start", one.start),
                ("stop", one.stop),
                ("cancel", one.cancel),
                ("restart", one.restart),
            ):
                for mention in subject.outline.mentions(cues, f"{deadline.at}.{key}"):
                    yield from _cue(subject, site, deadline, mention.name, mention.path)
            for mention in subject.outline.mentions(one.pause, f"{deadline.at}.pause"):
                yield from _state(subject, site, deadline, mention.name, mention.path)
            known = [*subject.text.roles, "assignee"]
            if one.who is not None and one.who not in known and not subject.lost(one.who):
                yield subject.problem("unknown-role", f"{deadline.at}.who", name=one.who, known=sorted(known))


def clocks_of(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield (calendar, path) of every clock that a deadline or a timed step is measured by."""
    for act in subject.outline.steps:
        if isinstance(act.step, Step) and act.step.clock is not None:
            yield act.step.clock, f"{act.at}.clock"
    for site in subject.outline.machines.values():
        for deadline in site.deadlines:
            if deadline.deadline.clock is not None:
                yield deadline.deadline.clock, f"{deadline.at}.clock"
            for number, given in enumerate(deadline.deadline.within):
                if given.clock is not None:
                    at = subject.outline.many(f"{deadline.at}.within", number)
                    yield given.clock, f"{at}.clock"


def unknown_clocks(subject: Subject) -> Iterator[Problem]:
    """Yield `unknown-calendar` for a clock that is neither elapsed time nor a calendar."""
    known = (*subject.text.calendars, ELAPSED)
    for name, at in clocks_of(subject):
        if name not in known and not subject.lost(name):
            yield subject.problem("unknown-calendar", at, name=name, known=sorted(known))


def _cue(subject: Subject, site: MachineSite, deadline: DeadlineSite, cue: str, at: str) -> Iterator[Problem]:
    if cue == "$start":
        return
    if found := ENTERED.fullmatch(cue):
        yield from _state(subject, site, deadline, found[1], at)
        return
    owner, _, step = cue.rpartition(".")
    machine = owner or site.name
    text = subject.text
    if machine in text.cases:
        known, code, values = tuple(text.cases[machine].opens), "unknown-opening", {"kind": machine}
    elif machine in text.coverage:
        known, code, values = (ENDED, PART_ENDED), "unknown-step", {"machine": machine}
    elif machine in text.machines:
        known, code, values = subject.steps_of(machine), "unknown-step", {"machine": machine}
    else:
        names = sorted((*text.machines, *text.cases, *text.coverage))
        if not subject.lost(machine):
            yield subject.problem("unknown-machine", at, name=machine, known=names)
        return
    if step not in known and not subject.lost(step):
        found_problem = subject.problem(code, at, name=step, known=sorted(known))
        yield replace(found_problem, values={**found_problem.values, **values})


def _state(subject: Subject, site: MachineSite, deadline: DeadlineSite, name: str, at: str) -> Iterator[Problem]:
    if not site.target(deadline.owner, name) and name not in site.states and not subject.lost(name):
        known = sorted(site.states)
        problem = subject.problem("unknown-state", at, name=name, known=known)
        yield replace(problem, values={**problem.values, "machine": site.name, "step": deadline.name})


def deadline_walks(subject: Subject) -> Iterator[Problem]:
    """Yield `deadline-never-met`, `pause-never-entered`, `pause-never-left`, as far as the machine's graph is sure."""
    for name, site in subject.outline.machines.items():
        walks = subject.walks[name]
        if not walks.start or walks.unsure or subject.definition.is_broken(site.at):
            continue
        for deadline in site.deadlines:
            begun = _begun(subject, site, deadline)
            if begun is None:
                continue
            reached = walks.reachable(begun)
            if not _stoppable(site, deadline, reached):
                yield subject.problem("deadline-never-met", deadline.at, key=True, name=deadline.name, machine=name)
            for mention in subject.outline.mentions(deadline.deadline.pause, f"{deadline.at}.pause"):
                path = site.target(deadline.owner, mention.name) or mention.name
                if path in site.states and not reached.intersection(site.leaves_under(path)):
                    found = subject.problem("pause-never-entered", mention.path, name=deadline.name, machine=name)
                    yield replace(found, values={**found.values, "state": mention.name})
                elif path in site.states and not _left(site, deadline, walks.reachable(site.leaves_under(path))):
                    found = subject.problem("pause-never-left", mention.path, level="warning", name=deadline.name)
                    yield replace(found, values={**found.values, "state": mention.name, "machine": name})


def _begun(subject: Subject, site: MachineSite, deadline: DeadlineSite) -> frozenset[str] | None:
    """Return the leaves in which a deadline may have just begun; None when that cannot be said."""
    walks = subject.walks[site.name]
    one = deadline.deadline
    if not one.start:
        return frozenset(site.leaves_under(deadline.owner)) if deadline.owner else frozenset((walks.start,))
    found: set[str] = set()
    for cue in one.start:
        if cue == "$start":
            found.add(walks.start)
        elif entered := ENTERED.fullmatch(cue):
            path = site.target(deadline.owner, entered[1]) or entered[1]
            found.update(site.leaves_under(path))
        elif "." in cue:
            return None
        else:
            found.update(leaf for taken in walks.taken.values() for step, leaf in taken if step.name == cue)
    return frozenset(found) if found else None


def _left(site: MachineSite, deadline: DeadlineSite, reached: frozenset[str]) -> bool:
    """Return whether a clock that stands still may go on, or its promise may be kept, in what is reached from there."""
    pausing = {
        leaf
        for name in deadline.deadline.pause
        for leaf in site.leaves_under(site.target(deadline.owner, name) or name)
    }
    runs_on = any(leaf not in pausing and site.states[leaf].state.final is None for leaf in reached)
    return runs_on or _stoppable(site, deadline, reached)


def _stoppable(site: MachineSite, deadline: DeadlineSite, reached: frozenset[str]) -> bool:
    one = deadline.deadline
    if not one.stop:
        return bool(deadline.owner) or one.every is not None
    own = {cue for cue in one.stop if "." not in cue and "(" not in cue and cue != "$start"}
    if len(own) < len(one.stop):
        return True
    offered = {step.name for leaf in reached for step in site.offered(leaf)}
    ticked = {f"{s.state.checklist}_ticked" for p, s in site.states.items() if s.state.checklist}
    return bool(own & (offered | ticked))
