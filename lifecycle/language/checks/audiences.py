"""Audiences: their rows have customers, their party is one, and no notice carries somebody's personal data to them."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.checks.subject import Subject
from lifecycle.language.fieldtypes import personal
from lifecycle.language.notices import NotifyBody
from lifecycle.language.outline import Effect
from lifecycle.problems import Problem

CUSTOMER = "customer"


def audiences(subject: Subject) -> Iterator[Problem]:
    """Yield `audience-without-customers`, `audience-not-a-party` and `audience-personal`."""
    text = subject.text
    for name, audience in text.audiences.items():
        at = f"audiences.{name}"
        kinds = subject.outline.kinds_of(audience.of) if audience.of in text.machines else (audience.of,)
        for kind in kinds:
            entry = text.cases.get(kind)
            if entry is not None and entry.subject not in (None, CUSTOMER):
                yield subject.problem(
                    "audience-without-customers", f"{at}.of", name=name, kind=kind, subject=entry.subject
                )
        role = text.roles.get(audience.party or "")
        if role is not None and not role.party:
            yield subject.problem("audience-not-a-party", f"{at}.party", name=audience.party)
    for effect in subject.outline.effects:
        if isinstance(effect.body, NotifyBody):
            yield from _personal(subject, effect, effect.body)


def _personal(subject: Subject, effect: Effect, body: NotifyBody) -> Iterator[Problem]:
    """Yield the placeholders by which a notice would tell every member something personal of the case that tells."""
    text = subject.text
    named = next((name for name in body.who if name in text.audiences), None)
    if named is None:
        return
    for shown in body.shows(text.texts):
        written = str(body.with_.get(shown, f"=data.{shown}"))
        field = text.fields.get(written.removeprefix("=").strip().rpartition(".")[2])
        if field is not None and personal(subject.definition, field) and written.startswith("="):
            at = f"{effect.at}.with.{shown}" if shown in body.with_ else f"{effect.at}.text"
            yield subject.problem("audience-personal", at, name=shown, audience=named)
