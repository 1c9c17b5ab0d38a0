"""Effects: values set, papers moved, entries posted, machines started, ... people told, in the order of the law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lifecycle.core import workflow as core
from lifecycle.core.values import FieldType
from lifecycle.core.workflow import Condition, Field, Formula
from lifecycle.core.workflow.ledgers import is_currency
from lifecycle.core.workflow.notices import CASE
from lifecycle.language import behaviour
from lifecycle.language.compile_people import assigns_of, aways_of, qualifies_of, releases_of
from lifecycle.language.compile_series import records_of
from lifecycle.language.compiling import Compiler, Written, both
from lifecycle.language.conditions import Column, Surroundings
from lifecycle.language.names import Site, given
from lifecycle.language.papers import NO_STAGES
from lifecycle.language.relations import row_columns
from lifecycle.language.vocabulary import ASSIGNEE

ROLE = FieldType(name="role")

Acting = behaviour.Acting


def effects_of(
    compiler: Compiler, element: Acting, site: Site, path: str, when: Condition | None = None
) -> tuple[core.Effect, ...]:
    """Return the effects of an element.

    when   a condition of all of them
    """
    return (
        *_freezes(compiler, element, site, path, when),
        *_sets(compiler, element, site, path, when),
        *_assignments(compiler, element, site, path, when),
        *records_of(compiler, element, site, path, when),
        *_settlements(compiler, element, site, path, when),
        *_papers(compiler, element, site, path, when),
        *_posts(compiler, element, site, path, when),
        *_starts(compiler, element, site, path, when),
        *_sends(compiler, element, site, path, when),
        *opens_of(compiler, element.open, site, path, when),
        *_notices(compiler, element, site, path, when),
        *aways_of(compiler, element, site, path, when),
        *qualifies_of(compiler, element, site, path, when),
    )


def _assignments(
    compiler: Compiler, element: Acting, site: Site, path: str, when: Condition | None
) -> Iterator[core.Assign | core.Release]:
    """Yield who is assigned and released; an opening has no instance for anybody to be assigned to."""
    if not isinstance(element, behaviour.Opening):
        yield from assigns_of(compiler, element, site, path, when)
        yield from releases_of(compiler, element, site, path, when)


def entries_of(
    compiler: Compiler, entries: tuple[behaviour.Effects, ...], site: Site, path: str
) -> tuple[core.Effect, ...]:
    """Return the effects of `enter` or `exit`."""
    found: list[core.Effect] = []
    for number, effects in enumerate(entries):
        at = compiler.nth(path, number)
        when = compiler.when(effects.when, compiler.around(site), at)
        found.extend(effects_of(compiler, effects, given(site, effects.when), at, when))
    return tuple(found)


def _freezes(
    compiler: Compiler, element: Acting, site: Site, path: str, when: Condition | None
) -> Iterator[core.Freeze]:
    """Yield what a step or an opening keeps of views and figures."""
    for number, entry in enumerate(() if isinstance(element, behaviour.Effects) else element.freeze):
        for name, body in entry.items():
            at = f"{compiler.nth(f'{path}.freeze', number)}.{name}"
            field = compiler.field(name)
            known = {**compiler.text.views, **compiler.text.kpis}
            compiler.unresolved |= (body.view or body.kpi) not in known
            if field is not None:
                yield core.Freeze(
                    field=field,
                    view=body.view or "",
                    kpi=body.kpi or "",
                    period=body.period,
                    when=both(when, compiler.when(body.when, compiler.around(site), at)),
                    where=compiler.definition.key_place(at),
                )


def _sets(compiler: Compiler, element: Acting, site: Site, path: str, when: Condition | None) -> Iterator[core.Set]:
    for number, body in enumerate(element.set):
        at = compiler.nth(f"{path}.set", number)
        yield core.Set(
            values=_values(compiler, body.values, compiler.around(given(site, body.when)), at),
            when=both(when, compiler.when(body.when, compiler.around(site), at)),
        )


def _values(
    compiler: Compiler, values: Mapping[str, Written], around: Surroundings, path: str
) -> dict[str, tuple[Field, Formula]]:
    found: dict[str, tuple[Field, Formula]] = {}
    for name, written in values.items():
        field = compiler.field(name)
        if field is not None:
            found[name] = field, compiler.formula(written, field.type, around, f"{path}.{name}", personal=field.pii)
    return found


def _settlements(
    compiler: Compiler, element: Acting, site: Site, path: str, when: Condition | None
) -> Iterator[core.Settle]:
    """Yield the settlements drawn up; an opening has no instance to hold their rows."""
    for number, entry in enumerate(() if isinstance(element, behaviour.Opening) else element.settle):
        for name, body in entry.items():
            at = compiler.nth(f"{path}.settle", number)
            at = f"{at}.{name}" if f"{at}.{name}" in compiler.definition.places.values else at
            compiler.unresolved |= name not in compiler.text.settlements
            around = compiler.around(given(site, body.when))
            short = f"{at}.period" if f"{at}.period" in compiler.definition.places.values else at
            yield core.Settle(
                settlement=name,
                period=None if body.period is None else compiler.formula(body.period, None, around, short),
                provisional=body.provisional,
                when=both(when, compiler.when(body.when, compiler.around(site), at)),
                where=compiler.definition.place(at),
            )


def _papers(
    compiler: Compiler, element: Acting, site: Site, path: str, when: Condition | None
) -> Iterator[core.MovePaper]:
    for number, entry in enumerate(element.papers):
        for written, body in entry.items():
            at = f"{compiler.nth(f'{path}.papers', number)}.{written}"
            name = written.removesuffix("?")
            paper = compiler.text.papers.get(name)
            compiler.unresolved |= paper is None or body.to not in (*paper.stages, *NO_STAGES)
            yield core.MovePaper(
                paper=name,
                to=body.to,
                revise=body.revise,
                sign=body.sign,
                if_issued=written != name,
                when=both(when, compiler.when(body.when, compiler.around(site), at)),
                where=compiler.definition.key_place(at),
            )


def _posts(compiler: Compiler, element: Acting, site: Site, path: str, when: Condition | None) -> Iterator[core.Post]:
    for number, entry in enumerate(element.post):
        for name, body in entry.items():
            at = f"{compiler.nth(f'{path}.post', number)}.{name}"
            ledger = compiler.text.ledgers.get(name)
            compiler.unresolved |= ledger is None
            each, inner = compiler.each(body.each, given(site, body.when), at)
            around = compiler.around(inner)
            parties = {
                who: None if role is None else compiler.formula(role, ROLE, around, f"{at}.{who}")
                for who, role in (("payer", body.payer), ("payee", body.payee))
            }
            amount = amount_type(ledger.unit) if ledger else None
            yield core.Post(
                ledger=name,
                verb=body.verb,
                amount=compiler.formula(body.amount, amount, around, f"{at}.{body.verb}"),
                key=None if body.key_ is None else compiler.formula(body.key_, None, around, f"{at}.key"),
                payer=parties["payer"],
                payee=parties["payee"],
                each=each,
                when=both(when, compiler.when(body.when, compiler.around(site), at)),
                where=compiler.definition.key_place(at),
            )


def amount_type(unit: str) -> FieldType:
    """Return the type of an amount in a unit."""
    return FieldType(name="money", currency=unit) if is_currency(unit) else FieldType(name="integer")


def _starts(compiler: Compiler, element: Acting, site: Site, path: str, when: Condition | None) -> Iterator[core.Start]:
    for number, entry in enumerate(element.start):
        for machine, body in entry.items():
            at = f"{compiler.nth(f'{path}.start', number)}.{machine}"
            compiler.unresolved |= machine not in compiler.text.machines
            each, inner = compiler.each(body.each, given(site, body.when), at)
            columns = (compiler.fields[name] for name in row_columns(compiler.definition, body.each))
            own = {field.name: (field, Column(field.name)) for field in columns if not field.shared}
            yield core.Start(
                machine=machine,
                each=each,
                key=body.key_ or "",
                again=body.again,
                data={**own, **_values(compiler, body.set, compiler.around(inner), f"{at}.set")},
                when=both(when, compiler.when(body.when, compiler.around(site), at)),
                where=compiler.definition.key_place(at),
            )


def _sends(compiler: Compiler, element: Acting, site: Site, path: str, when: Condition | None) -> Iterator[core.Send]:
    for number, entry in enumerate(element.send):
        for link, body in entry.items():
            at = f"{compiler.nth(f'{path}.send', number)}.{link}"
            own = compiler.when(body.when, compiler.around(site), at)
            around = compiler.around(given(site, body.when))
            for step, values in body.steps.items():
                form = _values(compiler, values, around, f"{at}.{step}")
                yield core.Send(
                    link=link,
                    step=step,
                    form={name: formula for name, (_, formula) in form.items()},
                    when=both(when, own),
                    where=compiler.definition.key_place(f"{at}.{step}"),
                )


def opens_of(
    compiler: Compiler, opens: behaviour.Opens, site: Site, path: str, when: Condition | None
) -> Iterator[core.Open]:
    """Yield the cases that an element opens. when: a condition of all of them."""
    for number, entry in enumerate(opens):
        for kind, body in entry.items():
            at = f"{compiler.nth(f'{path}.open', number)}.{kind}"
            found = compiler.text.cases.get(kind)
            opening = body.opening or next(iter(found.opens), "") if found else ""
            compiler.unresolved |= found is None or opening not in found.opens
            form = _values(compiler, body.form, compiler.around(given(site, body.when)), f"{at}.form")
            yield core.Open(
                kind=kind,
                opening=opening,
                form={name: formula for name, (_, formula) in form.items()},
                link=body.link or "",
                when=both(when, compiler.when(body.when, compiler.around(site), at)),
                where=compiler.definition.key_place(at),
            )


def _notices(
    compiler: Compiler, element: Acting, site: Site, path: str, when: Condition | None
) -> Iterator[core.Notify]:
    for number, body in enumerate(element.notify):
        at = compiler.nth(f"{path}.notify", number)
        around = compiler.around(given(site, body.when))
        shown = body.shows(compiler.text.texts)
        known = {*compiler.fields, *body.with_, CASE}
        named = [name for name in body.who if not name.startswith("=") and name != ASSIGNEE]
        compiler.unresolved |= not body.words(compiler.text.texts) or not known.issuperset(shown)
        yield core.Notify(
            roles=tuple(name for name in named if name not in compiler.text.audiences),
            audiences=tuple(dict.fromkeys(name for name in named if name in compiler.text.audiences)),
            assignee=ASSIGNEE in body.who,
            asked=tuple(
                compiler.expression(name, None, around, compiler.nth(f"{at}.who", nth))
                for nth, name in enumerate(body.who)
                if name.startswith("=")
            ),
            text=body.named,
            words=body.words(compiler.text.texts),
            fields={
                name: compiler.fields[name] for name in shown if name in compiler.fields and name not in body.with_
            },
            given={
                name: (
                    copied := _copied(compiler, written),
                    compiler.formula(written, None, around, f"{at}.with.{name}", personal=bool(copied and copied.pii)),
                )
                for name, written in body.with_.items()
            },
            when=both(when, compiler.when(body.when, compiler.around(site), at)),
            where=compiler.definition.place(at),
        )


def _copied(compiler: Compiler, written: Written) -> Field | None:
    """Return the field that a value copies as it is ("=data.visit_at"), whose type then says how it is shown."""
    head, _, name = str(written).removeprefix("=").strip().partition(".")
    field = compiler.fields.get(name)
    shared = {"data": False, "case": True}.get(head)
    return field if field is not None and shared == field.shared and str(written).startswith("=") else None
