"""Machines: their states made flat, with steps, order, guidance and the steps that checklists bring along."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.core import workflow as core
from lifecycle.core.values import FieldType
from lifecycle.language import behaviour
from lifecycle.language.compile_effects import entries_of
from lifecycle.language.compile_steps import expectations_of, guidance_of, step_of
from lifecycle.language.compile_time import deadlines_of
from lifecycle.language.compiling import Compiler
from lifecycle.language.flatten import Flat, LazyArrows
from lifecycle.language.names import Site
from lifecycle.language.relations import TICKED


def machine_of(compiler: Compiler, flat: Flat) -> core.Machine:
    """Return a machine."""
    machine, path = flat.machine, f"machines.{flat.name}"
    site = Site(machine=flat.name, kinds=compiler.relations.kinds[flat.name])
    start = flat.initial.get(machine.start, "")
    compiler.unresolved |= not start
    return core.Machine(
        name=flat.name,
        titles=machine.titles,
        start=start,
        states={state: _state(compiler, flat, state) for state in flat.states},
        arrows=LazyArrows(flat),
        starts=machine.starts.upon if machine.starts else (),
        joins=machine.starts.all if machine.starts else (),
        many=machine.many,
        plural=machine.plural or "",
        anywhere=tuple(step_of(compiler, flat, "", name, step) for name, step in machine.anywhere.items()),
        expects=(
            *expectations_of(compiler, machine.expect, site, f"{path}.expect"),
            *_top_expectations(compiler, site),
        ),
        deadlines=deadlines_of(compiler, flat),
        phase=machine.phase or "",
        where=compiler.definition.key_place(path),
    )


def _top_expectations(compiler: Compiler, site: Site) -> tuple[core.Expectation, ...]:
    wanted = {name: one for name, one in compiler.text.expect.items() if one.machine == site.machine}
    return expectations_of(compiler, wanted, site, "expect")


def _state(compiler: Compiler, flat: Flat, path: str) -> core.State:
    state, place = flat.states[path], flat.places[path]
    site = Site(machine=flat.name, kinds=compiler.relations.kinds[flat.name], owner=path)
    steps = [step_of(compiler, flat, path, name, step) for name, step in state.steps.items()]
    if state.checklist:
        steps.extend(_ticking(compiler, flat, path, state.checklist))
    complete = flat.resolve(state.complete.to, path) if state.complete else ""
    compiler.unresolved |= not flat.initial[path] or (bool(state.complete) and not complete)
    return core.State(
        path=path,
        titles=state.titles,
        initial=flat.initial[path] if state.states else "",
        outcome=state.final or "",
        steps=tuple(steps),
        enter=entries_of(compiler, state.enter, site, f"{place}.enter"),
        exit=entries_of(compiler, state.exit, site, f"{place}.exit"),
        order=_order(compiler, state.order, site, place) if state.order else None,
        complete=complete,
        expects=expectations_of(compiler, state.expect, site, f"{place}.expect"),
        guidance=guidance_of(compiler, state.guidance),
        checklist=state.checklist or "",
        phase=_phase(flat, path),
        where=compiler.definition.key_place(place),
    )


def _phase(flat: Flat, path: str) -> str:
    """Return the phase of a state, of the nearest one around it that names one, or of the machine."""
    while path:
        phase = flat.states[path].phase
        if phase:
            return phase
        path = path.rpartition(".")[0]
    return flat.machine.phase or ""


def _order(compiler: Compiler, order: behaviour.Order, site: Site, place: str) -> core.Order:
    by = order.by
    return core.Order(
        variants=order.variants,
        by=compiler.expression(by, FieldType(name="text"), compiler.around(site), f"{place}.order.by") if by else None,
    )


def _ticking(compiler: Compiler, flat: Flat, path: str, name: str) -> Iterator[core.Step]:
    """Yield the step by which the items of a state's checklist are ticked."""
    checklist = compiler.text.checklists.get(name)
    compiler.unresolved |= checklist is None
    if checklist is None:
        return
    listed = {item: line.titles for item, line in checklist.items.items()}
    by_row = any(line.each is not None for line in checklist.items.values())
    item = FieldType(name="text") if by_row else FieldType(name="choice", choices=listed)
    items = core.Field(name="items", type=FieldType(name="list", of=item), titles={"zh": "项目", "en": "Items"})
    proofs = [line.proof for line in checklist.items.values() if line.proof]
    fields = [field for proof in dict.fromkeys(proofs) if (field := compiler.field(proof)) is not None]
    yield core.Step(
        name=f"{name}{TICKED}",
        event=f"{flat.name}.{name}{TICKED}",
        owner=path,
        titles=checklist.titles,
        who=core.Who(roles=_tickers(compiler, flat, path, name), recorders=_recorders(flat, path)),
        form=(core.FormField(field=items, required=True), *(core.FormField(field=field) for field in fields)),
        ticks=name,
        optional=True,
        repeat=True,
        rules=checklist.rules,
        where=compiler.definition.place(f"{flat.places[path]}.checklist"),
    )


def _tickers(compiler: Compiler, flat: Flat, path: str, name: str) -> tuple[str, ...]:
    """Return the roles that the items name; the roles that act in the state when none does."""
    items = compiler.text.checklists[name].items.values()
    named = [role for item in items for role in item.by if not role.startswith("=")]
    if len(named) < len(items):
        named.extend(_acting(flat, path) if any(not item.by for item in items) else ())
    return tuple(dict.fromkeys(named))


def _acting(flat: Flat, path: str) -> Iterator[str]:
    """Yield the roles that act in a state, in the states inside and around it, parties by who records for them."""
    for leaf in flat.under(path):
        for _, step in flat.offers(leaf).values():
            yield from (role for role in (*step.by, *step.with_) if not role.startswith("="))


def _recorders(flat: Flat, path: str) -> tuple[str, ...]:
    found = (role for leaf in flat.under(path) for _, step in flat.offers(leaf).values() for role in step.with_)
    return tuple(dict.fromkeys(role for role in found if not role.startswith("=")))
