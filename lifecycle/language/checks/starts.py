"""Every machine is run by a kind of case and started by something; every kind is opened by something."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.checks.subject import Subject
from lifecycle.problems import Problem


def idle_machines(subject: Subject) -> Iterator[Problem]:
    """Yield `machine-never-started`, `machine-in-no-kind` and `machine-not-of-kind`."""
    started = {effect.name for effect in subject.outline.effects if effect.what == "start"}
    for name, site in subject.outline.machines.items():
        if not subject.outline.kinds_of(name):
            yield subject.problem("machine-in-no-kind", site.at, key=True, machine=name)
        elif name not in started and site.machine.starts is None and not subject.definition.broken:
            yield subject.problem("machine-never-started", site.at, key=True, machine=name)
    for effect in subject.outline.effects:
        kinds = subject.outline.kinds_of(effect.machine) if effect.machine else (effect.kind,)
        if effect.what != "start" or effect.name not in subject.text.machines:
            continue
        for kind in kinds:
            if kind in subject.text.cases and effect.name not in subject.text.cases[kind].machines:
                if subject.outline.kinds_of(effect.name):
                    yield subject.problem("machine-not-of-kind", effect.at, key=True, machine=effect.name, kind=kind)
                break


def idle_kinds(subject: Subject) -> Iterator[Problem]:
    """Yield `kind-never-opened` and `kind-without-machines`."""
    for name, kind in subject.text.cases.items():
        at = f"cases.{name}"
        if subject.definition.is_broken(at):
            continue
        if not kind.opens:
            yield subject.problem("kind-never-opened", at, key=True, kind=name)
        if not kind.machines and kind.key_ is None:
            yield subject.problem("kind-without-machines", at, key=True, level="warning", kind=name)
