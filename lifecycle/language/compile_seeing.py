"""Views and audiences: whose rows they have, and what their columns and conditions read of a row."""

from __future__ import annotations

from lifecycle.core import workflow as core
from lifecycle.core.seeing.words import COVERAGE_WORDS, DEADLINE_WORDS, ROW_WORDS
from lifecycle.core.values import FieldType
from lifecycle.language.compiling import Compiler, Placed
from lifecycle.language.conditions import Surroundings
from lifecycle.language.fieldtypes import type_named
from lifecycle.language.names import Site, given
from lifecycle.language.seeing import STANDARD_COLUMNS, AudienceEntry, ColumnBody, ViewEntry, column_path
from lifecycle.language.shown import Shown
from lifecycle.problems import Problem, Text

NO_BODY = ColumnBody()


def view_of(compiler: Compiler, name: str, entry: ViewEntry) -> core.View:
    """Return a view; what it reads stands in a site of its own, which sees one row."""
    path = f"views.{name}"
    machine, kind = owner_of(compiler, entry.of)
    site = row_site(compiler, machine, kind)
    columns = columns_of(compiler, given(site, entry.where), entry.columns, f"{path}.columns")
    standard = columns or columns_of(compiler, site, dict.fromkeys(STANDARD_COLUMNS, NO_BODY), f"{path}.columns")
    known = {column.name: column for column in columns}

    def named(word: str, key: str, number: int) -> core.Column:
        at = compiler.nth(f"{path}.{key}", number)
        found = known.get(word)
        if found is None:
            return column_of(compiler, site, word, NO_BODY, at, grouping=True)
        impersonal(compiler, site, found, at)
        return found

    return core.View(
        name=name,
        titles=entry.titles,
        machine=machine,
        kind=kind,
        only=None if entry.where is None else compiler.condition(entry.where, compiler.around(site), f"{path}.where"),
        columns=standard,
        order=tuple(
            core.Sorting(column=named(word.removeprefix("-"), "order", number), falling=word.startswith("-"))
            for number, word in enumerate(entry.order)
        ),
        group=tuple(named(word, "group", number) for number, word in enumerate(entry.group)),
        owner=entry.owner or "",
        limit=entry.limit,
        rules=entry.rules,
        where=compiler.definition.key_place(path),
    )


def audience_of(compiler: Compiler, name: str, entry: AudienceEntry) -> core.Audience:
    """Return an audience; its condition sees one row, as a view's does."""
    path = f"audiences.{name}"
    machine, kind = owner_of(compiler, entry.of)
    around = compiler.around(row_site(compiler, machine, kind))
    return core.Audience(
        name=name,
        titles=entry.titles,
        machine=machine,
        kind=kind,
        only=None if entry.where is None else compiler.condition(entry.where, around, f"{path}.where"),
        party=entry.party or "",
        rules=entry.rules,
        where=compiler.definition.key_place(path),
    )


def owner_of(compiler: Compiler, of: str) -> tuple[str, str]:
    """Return the machine or the kind whose rows are meant; the other is ""."""
    machine = of if of in compiler.text.machines else ""
    kind = of if of in compiler.text.cases and not machine else ""
    compiler.unresolved |= not machine and not kind
    return machine, kind


def row_site(compiler: Compiler, machine: str, kind: str) -> Site:
    """Return the site of what reads one row: an instance of a machine, or a case of a kind."""
    kinds = compiler.relations.kinds.get(machine, ()) if machine else (kind,) if kind else ()
    return Site(machine=machine, kinds=kinds, row=True)


def columns_of(compiler: Compiler, site: Site, columns: dict[str, ColumnBody], path: str) -> tuple[core.Column, ...]:
    paths = compiler.definition.places.values
    return tuple(
        column_of(compiler, site, name, body, column_path(columns, path, name, paths)) for name, body in columns.items()
    )


def column_of(
    compiler: Compiler, site: Site, name: str, body: ColumnBody, path: str, *, grouping: bool = False
) -> core.Column:
    """Return a column: of an expression under a name of its own, or of a name that rows have.

    grouping  rows are put together or ordered by it: it cannot be personal, for such values are sealed
    """
    around = compiler.around(site)
    words = compiler.text.words.get(name)
    titles = body.titles or (words.titles if words else {})
    type = None if body.is_ is None else type_named(compiler.definition, body.is_)
    if body.value is None:
        dotted, own, of = meant(compiler, name)
        if dotted not in around.environment.names:
            compiler.problems.append(unknown(compiler, around, name, path))
        found = core.Column(name=name, titles=titles or own, reads=dotted, type=type or of)
        if grouping:
            impersonal(compiler, site, found, path)
        return found
    bare = body.value.removeprefix("=").strip()
    if bare in around.environment.names:
        _, own, of = meant(compiler, bare)
        found = core.Column(name=name, titles=titles or own, reads=bare, type=type or of)
        if grouping:
            impersonal(compiler, site, found, path)
        return found
    made = Shown(body.value, expect=type, around=around, customs=compiler.customs)
    compiler.expressions.append(Placed(made, path))
    return core.Column(name=name, titles=titles, value=made, type=type)


def impersonal(compiler: Compiler, site: Site, column: core.Column, path: str) -> None:
    """Report a personal name where rows are put together or ordered by it."""
    of = compiler.around(site).environment.names.get(column.reads)
    if of is not None and of.personal:
        where = compiler.definition.place(path)
        compiler.problems.append(Problem(code="personal-read", where=where, values={"name": column.reads}))


def meant(compiler: Compiler, name: str) -> tuple[str, Text, FieldType | None]:
    """Return the dotted name that a word of a row stands for, with its titles and type as far as it is a field."""
    if name in ROW_WORDS:
        return name, {}, ROW_WORDS[name]
    field = compiler.fields.get(name)
    if field is not None:
        return f"{'case' if field.shared else 'data'}.{name}", field.titles, field.type
    head, _, rest = name.partition(".")
    label = compiler.text.derived.get(rest) if head == "derived" else None
    if label is not None:
        return name, label.titles, type_named(compiler.definition, label.is_)
    field = compiler.fields.get(rest.rpartition(".")[2])
    if head in ("data", "case", "parent", "link", "paper") and field is not None:
        return name, field.titles, field.type
    if head == "deadline":
        return name, {}, DEADLINE_WORDS.get(rest.partition(".")[2])
    if head == "coverage":
        return name, {}, COVERAGE_WORDS.get(rest.partition(".")[2])
    return name, {}, None


def unknown(compiler: Compiler, around: Surroundings, name: str, path: str) -> Problem:
    known = sorted((*around.environment.names, *compiler.fields))
    return Problem(code="unknown-column", where=compiler.definition.place(path), values={"name": name, "known": known})
