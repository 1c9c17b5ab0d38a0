"""Lists: rows of the text that are whole and of different keys, columns that there are, nothing personal."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.expressions import syntax
from lifecycle.expressions.syntax import Call, Const, Select
from lifecycle.language.checks.subject import Subject
from lifecycle.language.lists import ListEntry
from lifecycle.language.sites import ExpressionSite, place_inside
from lifecycle.problems import Problem


def lists(subject: Subject) -> Iterator[Problem]:
    """Yield `unknown-list-column`, `list-column-missing`, `list-key-twice` and `list-personal`."""
    for name, entry in subject.text.lists.items():
        yield from _rows(subject, name, entry)
    for site in subject.expressions:
        yield from _columns_read(subject, site)


def _rows(subject: Subject, name: str, entry: ListEntry) -> Iterator[Problem]:
    at, known = f"lists.{name}", sorted(entry.columns)
    if entry.key_ not in entry.columns:
        yield subject.problem("unknown-list-column", f"{at}.key", name=entry.key_, list=name, known=known)
    fields = subject.text.fields
    for column, shape in entry.columns.items():
        if not shape.is_ and column in fields and fields[column].pii:
            yield subject.problem("list-personal", f"{at}.columns", name=column)
    needed = [entry.key_, *(column for column, shape in entry.columns.items() if shape.required)]
    keys: set[str] = set()
    for number, row in enumerate(entry.rows):
        path = f"{at}.rows.{number}"
        for column in row:
            if column not in entry.columns:
                told = f"{path}.{column}"
                yield subject.problem("unknown-list-column", told, key=True, name=column, list=name, known=known)
        for column in dict.fromkeys(needed):
            if column not in row and column in entry.columns:
                yield subject.problem("list-column-missing", path, name=column, list=name)
        key = str(row.get(entry.key_))
        if entry.key_ in row and key in keys:
            yield subject.problem("list-key-twice", f"{path}.{entry.key_}", name=key, list=name)
        keys.add(key)


def _columns_read(subject: Subject, site: ExpressionSite) -> Iterator[Problem]:
    """Yield the columns that `row('list', key).column` asks for and the list does not have."""
    if "row(" not in site.text:
        return
    try:
        nodes = list(syntax.walk(syntax.parse(site.text)))
    except (RuntimeError, ValueError, RecursionError):
        return  # no expression at all: the compiler says so
    for node in nodes:
        match node:
            case Select(operand=Call(function="row", args=(Const(value=str(name)), _)), field=column):
                entry = subject.text.lists.get(name)
                if entry is not None and column not in entry.columns:
                    where = place_inside(subject.outline, site, node.offset + 1)
                    values = {"name": column, "list": name, "known": sorted(entry.columns)}
                    yield Problem(code="unknown-list-column", where=where, values=values)
