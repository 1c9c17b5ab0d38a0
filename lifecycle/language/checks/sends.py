"""What is sent to a linked case is received there, and what waits to be received is sent."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.behaviour import Step
from lifecycle.language.checks.subject import Subject
from lifecycle.problems import Problem

RECEIVED = "received."


def _linked(subject: Subject, kind: str, link: str) -> str:
    """Return the kind that a link leads to; "" for none."""
    case = subject.text.cases.get(kind)
    return case.links[link].case if case is not None and link in case.links else ""


def unreceived(subject: Subject) -> Iterator[Problem]:
    """Yield `send-unreceived`, `sent-field-not-asked` and the warning `never-sent`."""
    text = subject.text
    sent: set[str] = set()
    for effect in subject.outline.effects:
        if effect.what not in ("send", "tell"):
            continue
        link, _, step = effect.name.rpartition(".")
        sent.add(step)
        kinds = subject.outline.kinds_of(effect.machine) if effect.machine else (effect.kind,)
        for kind in kinds:
            target = kind if effect.what == "tell" else _linked(subject, kind, link)
            if target not in text.cases:
                continue
            receivers = [
                act
                for act in subject.outline.steps
                if act.machine in text.cases[target].machines
                and isinstance(act.step, Step)
                and f"{RECEIVED}{step}" in act.step.upon
            ]
            if not receivers and not subject.definition.broken:
                yield subject.problem("send-unreceived", effect.at, key=True, step=step, kind=target)
                break
            asked = {name for act in receivers for name in act.form}
            for name in effect.form:
                if receivers and name not in asked and name in text.fields:
                    at = f"{effect.at}.{name}"
                    yield subject.problem("sent-field-not-asked", at, key=True, field=name, step=step, kind=target)
    for act in subject.outline.steps:
        if not isinstance(act.step, Step):
            continue
        for mention in subject.outline.mentions(act.step.upon, f"{act.at}.upon"):
            step = mention.name.removeprefix(RECEIVED)
            if step != mention.name and step not in sent and not subject.definition.broken:
                yield subject.problem("never-sent", mention.path, level="warning", step=step)
