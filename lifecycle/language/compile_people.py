"""Pools, and the effects that assign, release, send away and qualify."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lifecycle.core import workflow as core
from lifecycle.core.values import FieldType
from lifecycle.core.workflow import Condition, Formula
from lifecycle.expressions import TEXT, ValueType, rows
from lifecycle.language import behaviour
from lifecycle.language.compiling import Compiler, Written, both
from lifecycle.language.conditions import Surroundings
from lifecycle.language.names import Site, given
from lifecycle.language.people import AssignBody, PoolEntry

INTEGER = FieldType(name="integer")
DATE = FieldType(name="date")


@dataclass(frozen=True)
class Things:
    """What the things of a pool look like, one by one."""

    columns: dict[str, ValueType]

    def rows(self) -> ValueType:
        return rows(self.columns)


def pool_of(compiler: Compiler, name: str, entry: PoolEntry) -> core.Pool:
    """Return a pool; what it asks of its people is compiled with the names of every step that takes from it."""
    compiler.unresolved |= entry.role is not None and entry.role not in compiler.text.roles
    compiler.unresolved |= entry.things is not None and entry.things not in compiler.text.cases
    return core.Pool(
        name=name,
        role=entry.role or "",
        kind=entry.things or "",
        turn=entry.turn,
        pass_over=entry.pass_over,
        passed=entry.passed,
        rules=entry.rules,
        where=compiler.definition.key_place(f"pools.{name}"),
    )


def assigns_of(
    compiler: Compiler, element: behaviour.Step | behaviour.Effects, site: Site, path: str, when: Condition | None
) -> Iterator[core.Assign]:
    """Yield the assignments of a step or an entry effect."""
    for number, entry in enumerate(element.assign):
        for name, body in entry.items():
            yield _assign(compiler, name, body, site, f"{compiler.nth(f'{path}.assign', number)}.{name}", when)


def _assign(
    compiler: Compiler, name: str, body: AssignBody, site: Site, at: str, when: Condition | None
) -> core.Assign:
    inner = given(site, body.when)
    around = compiler.around(inner)
    entry = compiler.text.pools.get(body.pool or "")
    compiler.unresolved |= body.pool is not None and entry is None
    short = f"{at}.person" if f"{at}.person" in compiler.definition.places.values else at
    made = core.Assign(
        name=name,
        person=None if body.person is None else compiler.expression(body.person, None, around, short),
        team=tuple(core.Slot(name=slot, count=count) for slot, count in body.team.items()),
        apart_from=body.apart_from,
        override=body.override.by if body.override else (),
        when=both(when, compiler.when(body.when, compiler.around(site), at)),
        where=compiler.definition.key_place(at),
    )
    if entry is None:
        return made
    pool = f"pools.{body.pool}"
    return replace(
        made,
        pool=pool_of(compiler, body.pool or "", entry),
        needs=tuple(
            _written(compiler, need, None, around, compiler.nth(f"{pool}.needs", n))
            for n, need in enumerate(entry.needs)
        ),
        unit=_unit(compiler, entry, around, pool),
        fits=_fits(compiler, entry, inner, pool),
        cap=None if entry.cap is None else _written(compiler, entry.cap, INTEGER, around, f"{pool}.cap"),
    )


def _unit(compiler: Compiler, entry: PoolEntry, around: Surroundings, pool: str) -> Formula | None:
    """Return the unit that a pool's people must belong to: as it says, else as its role is bound."""
    if entry.within is not None:
        return compiler.expression(entry.within, None, around, f"{pool}.within")
    role = compiler.text.roles.get(entry.role or "")
    bound = compiler.fields.get(role.within or "") if role else None
    if bound is None or role is None:
        return None
    text = f"={'case' if bound.shared else 'data'}.{bound.name}"
    return compiler.expression(text, None, around, f"roles.{entry.role}.within")


def _fits(compiler: Compiler, entry: PoolEntry, site: Site, pool: str) -> Condition | None:
    kind = compiler.text.cases.get(entry.things or "")
    if entry.where is None or kind is None:
        return None
    shared = {name: compiler.names.types[name] for name, one in compiler.fields.items() if one.shared}
    columns = {"key": TEXT, "state": TEXT, **shared}
    inner = replace(site, each=Things(columns))
    return compiler.condition(entry.where, compiler.around(inner), f"{pool}.where")


def releases_of(
    compiler: Compiler, element: behaviour.Step | behaviour.Effects, site: Site, path: str, when: Condition | None
) -> Iterator[core.Release]:
    """Yield the names that a step or an entry effect takes away."""
    for number, entry in enumerate(element.release):
        for name, body in entry.items():
            at = f"{compiler.nth(f'{path}.release', number)}.{name}"
            yield core.Release(
                name=name,
                when=both(when, compiler.when(body.when, compiler.around(site), at)),
                where=compiler.definition.key_place(at),
            )


def aways_of(
    compiler: Compiler, element: behaviour.Acting, site: Site, path: str, when: Condition | None
) -> Iterator[core.Away]:
    """Yield who is sent away, or comes back."""
    for number, body in enumerate(element.away):
        at = compiler.nth(f"{path}.away", number)
        around = compiler.around(given(site, body.when))
        yield core.Away(
            person=_written(compiler, body.person, None, around, f"{at}.person"),
            since=None if body.from_ is None else _written(compiler, body.from_, None, around, f"{at}.from"),
            until=None if body.to is None else _written(compiler, body.to, None, around, f"{at}.to"),
            back=body.back,
            when=both(when, compiler.when(body.when, compiler.around(site), at)),
            where=compiler.definition.place(at),
        )


def qualifies_of(
    compiler: Compiler, element: behaviour.Acting, site: Site, path: str, when: Condition | None
) -> Iterator[core.Qualify]:
    """Yield who gains a qualification, or loses it."""
    for number, body in enumerate(element.qualify):
        at = compiler.nth(f"{path}.qualify", number)
        around = compiler.around(given(site, body.when))
        yield core.Qualify(
            person=_written(compiler, body.person, None, around, f"{at}.person"),
            qualification=_written(compiler, body.as_, None, around, f"{at}.as"),
            until=None if body.until is None else _written(compiler, body.until, DATE, around, f"{at}.until"),
            lost=body.lost,
            when=both(when, compiler.when(body.when, compiler.around(site), at)),
            where=compiler.definition.place(at),
        )


def _written(compiler: Compiler, written: Written, type: FieldType | None, around: Surroundings, path: str) -> Formula:
    return compiler.formula(written, type, around, path)
