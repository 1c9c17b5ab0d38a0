"""The key of a keyed kind belongs to the case, and every opening gives it."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.checks.subject import Subject
from lifecycle.problems import Problem


def kind_keys(subject: Subject) -> Iterator[Problem]:
    """Yield `key-not-shared`, `key-not-asked` and `link-key-of-plain-kind`."""
    fields = subject.text.fields
    for name, kind in subject.text.cases.items():
        field = fields.get(kind.key_ or "")
        if kind.key_ is not None and field is not None:
            if field.scope != "case":
                yield subject.problem("key-not-shared", f"cases.{name}.key", field=kind.key_, kind=name)
            for opening, body in kind.opens.items():
                if kind.key_ not in body.form or not body.form[kind.key_].needed:
                    at = f"cases.{name}.opens.{opening}"
                    yield subject.problem("key-not-asked", at, key=True, field=kind.key_, opening=opening)
        for link, body_of in kind.links.items():
            at = f"cases.{name}.links.{link}"
            target = subject.text.cases.get(body_of.case)
            if body_of.key_ is not None and target is not None and target.key_ is None:
                yield subject.problem("link-key-of-plain-kind", f"{at}.key", link=link, kind=body_of.case)
