"""Settlements: their columns read where events happened, their values and tables read from the row."""

from __future__ import annotations

from collections.abc import Mapping

from lifecycle.core import workflow as core
from lifecycle.core.values import FieldType
from lifecycle.core.workflow import Formula
from lifecycle.expressions import ValueType
from lifecycle.language.compile_ledgers import posting_site
from lifecycle.language.compile_steps import calls_of
from lifecycle.language.compiling import Compiler
from lifecycle.language.conditions import Literal, Surroundings
from lifecycle.language.names import Site, given
from lifecycle.language.settled import RowsSoFar, column_type, columns_of
from lifecycle.language.settlements import COMPANY, ColumnEntry, SettlementEntry


def settlement_of(compiler: Compiler, name: str, entry: SettlementEntry) -> core.Settlement:
    """Return a settlement."""
    path = f"settlements.{name}"
    types = columns_of(compiler.definition, entry)
    seen = {"key": types["key"]}
    columns: list[core.RowColumn] = []
    for one, column in entry.columns.items():
        columns.append(_column(compiler, name, one, column, seen))
        seen[one] = types[one]
    rank = entry.rank
    if rank is not None:
        compiler.unresolved |= rank.by not in entry.columns
        seen["rank"] = types["rank"]
    compiler.unresolved |= any(role not in compiler.text.roles for role in entry.everyone)
    return core.Settlement(
        name=name,
        titles=entry.titles,
        every=entry.every,
        per=entry.per,
        columns=tuple(columns),
        everyone=entry.everyone,
        rank=None if rank is None else core.Ranking(by=rank.by, ties=rank.ties, lowest=rank.lowest),
        decide=calls_of(compiler, entry.decide, _row(compiler, name, seen), path),
        rules=entry.rules,
        where=compiler.definition.key_place(path),
    )


def _row(compiler: Compiler, settlement: str, seen: Mapping[str, ValueType]) -> Surroundings:
    """Return what may be read of a row whose columns so far are these."""
    return compiler.around(Site(each=RowsSoFar(dict(seen), f"=settlement.{settlement}.rows")))


def _column(
    compiler: Compiler, settlement: str, name: str, column: ColumnEntry, seen: Mapping[str, ValueType]
) -> core.RowColumn:
    path = f"settlements.{settlement}.columns.{name}"
    type = column_type(compiler.definition, column)
    value = posted = None
    if column.value is not None:
        value = compiler.expression(column.value, type, _row(compiler, settlement, seen), f"{path}.value")
    if column.ledger is not None:
        compiler.unresolved |= column.ledger not in compiler.text.ledgers
        around = compiler.around(posting_site(compiler, column.ledger))
        own = column.key_ is not None or compiler.text.settlements[settlement].per == COMPANY
        key = _key(compiler, settlement, column, path, around) if own else None
        posted = core.Posted(ledger=column.ledger, verbs=column.verb, key=key)
    return core.RowColumn(
        name=name,
        titles=column.titles,
        type=type,
        posted=posted,
        counted={event: _counted(compiler, settlement, column, path, type, event) for event in column.events},
        value=value,
        rules=column.rules,
        where=compiler.definition.key_place(path),
    )


def _counted(
    compiler: Compiler, settlement: str, column: ColumnEntry, path: str, type: FieldType, event: str
) -> core.Counted:
    around = _behind(compiler, event, None)
    narrowed = _behind(compiler, event, column.where)
    return core.Counted(
        amount=None if column.sum is None else compiler.expression(column.sum, type, narrowed, f"{path}.sum"),
        where=None if column.where is None else compiler.condition(column.where, around, f"{path}.where"),
        key=_key(compiler, settlement, column, path, narrowed),
    )


def _key(compiler: Compiler, settlement: str, column: ColumnEntry, path: str, around: Surroundings) -> Formula | None:
    entry = compiler.text.settlements[settlement]
    if column.key_ is not None:
        return compiler.expression(column.key_, None, around, f"{path}.key")
    if entry.per == COMPANY:
        return Literal(COMPANY, COMPANY)
    return (
        None if entry.key_ is None else compiler.expression(entry.key_, None, around, f"settlements.{settlement}.key")
    )


def _behind(compiler: Compiler, event: str, where: str | None) -> Surroundings:
    """Return what may be read of a case right after one of its events."""
    owner, _, name = event.partition(".")
    form = compiler.form_types(compiler.relations.forms.get(event, ()))
    if owner in compiler.flats:
        flat = compiler.flats[owner]
        site = given(Site(machine=owner, kinds=compiler.relations.kinds[owner], form=form), where)
        steps = frozenset(step for _, step, _ in flat.steps())
        if name not in steps:  # of a checklist; or of nothing, which the checker reports
            return compiler.around(site)
        return Surroundings(
            lambda: compiler.names.environment(site), lambda: compiler.facts.behind(flat, (name,)), site.given
        )
    if owner in compiler.text.cases and name in compiler.text.cases[owner].opens:
        return compiler.around(given(Site(kinds=(owner,), opening=True, form=form, step=name, after=True), where))
    compiler.unresolved = True
    return compiler.around(Site())
