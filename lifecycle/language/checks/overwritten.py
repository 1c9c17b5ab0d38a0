"""What a person types is not overwritten by the same step."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.checks.subject import Subject
from lifecycle.problems import Problem


def overwritten_forms(subject: Subject) -> Iterator[Problem]:
    """Yield the warning `set-overwrites-form`: a step asks for a field and then derives it, whatever was typed."""
    for effect in subject.outline.effects:
        if effect.what != "set" or effect.step is None or effect.conditional or effect.step.automatic:
            continue
        reads = {f"form.{effect.name}", f"data.{effect.name}", f"case.{effect.name}"}
        if effect.name in effect.step.form and not any(read in str(effect.value) for read in reads):
            yield subject.problem(
                "set-overwrites-form", effect.at, key=True, level="warning", field=effect.name, step=effect.step.name
            )
