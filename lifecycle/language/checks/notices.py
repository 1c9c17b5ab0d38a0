"""Notices: every placeholder of a text names something, and what a notice gives is shown."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.core.workflow.notices import CASE, PLACEHOLDER
from lifecycle.language.checks.subject import Subject
from lifecycle.language.notices import NotifyBody
from lifecycle.problems import Problem


def placeholders_named(subject: Subject) -> Iterator[Problem]:
    """Yield `unknown-placeholder` in the text that has it, and `placeholder-missing` for what no text shows."""
    told: set[tuple[str, str]] = set()
    for effect in subject.outline.effects:
        body = effect.body
        if not isinstance(body, NotifyBody):
            continue
        known = (CASE, *subject.text.fields, *body.with_)
        texts = f"texts.{body.named}" if body.named else f"{effect.at}.text"
        words = body.words(subject.text.texts)
        for language, text in words.items():
            at = f"{texts}.{language}"
            for name in dict.fromkeys(PLACEHOLDER.findall(text)):
                if name not in known and (at, name) not in told and not subject.lost(name):
                    told.add((at, name))
                    yield subject.problem("unknown-placeholder", at, name=name, known=sorted(known))
        for name in body.with_:
            if words and name not in body.shows(subject.text.texts):
                yield subject.problem(
                    "placeholder-missing", f"{effect.at}.with.{name}", key=True, level="warning", name=name
                )
