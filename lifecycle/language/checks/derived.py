"""Derived labels: fixed by events of their own, never worked out of themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lifecycle.language.checks.subject import Subject
from lifecycle.problems import Problem


def labels(subject: Subject) -> Iterator[Problem]:
    """Yield `label-loop` and `label-frozen-elsewhere`: labels without a value, or whose event never comes."""
    text = subject.text
    reads: dict[str, set[str]] = {name: set() for name in text.derived}
    asked = [(site, name.partition(".")[2]) for site, name in subject.reads() if name.startswith("derived.")]
    for site, name in (*asked, *subject.arguments("label")):
        owner = site.at.split(".")[1] if site.at.startswith("derived.") else ""
        if owner in reads:
            reads[owner].add(name)
    for name, label in text.derived.items():
        if name in reached(reads, name):
            yield subject.problem("label-loop", f"derived.{name}.value", name=name)
        owner = (label.frozen or "").partition(".")[0]
        ours = owner == label.of or label.of in subject.outline.kinds_of(owner)
        if not ours and (owner in text.machines or owner in text.cases):
            yield subject.problem("label-frozen-elsewhere", f"derived.{name}.frozen", name=label.frozen, of=label.of)


def reached(reads: Mapping[str, set[str]], start: str) -> set[str]:
    """Return the labels that one reads, and those that they read."""
    found: set[str] = set()
    pending = list(reads[start])
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(reads.get(name, ()))
    return found
