"""Steps and openings: who, form, guards, tables, effects, ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from lifecycle.core import workflow as core
from lifecycle.core.values import FieldType
from lifecycle.core.workflow.papers import VOID
from lifecycle.language import behaviour
from lifecycle.language.compile_effects import effects_of
from lifecycle.language.compile_time import DATETIME, length_of
from lifecycle.language.compiling import Compiler
from lifecycle.language.conditions import Surroundings
from lifecycle.language.dictionary import Expectation, Guard, Guidance, Reconcile, Require
from lifecycle.language.flatten import HISTORY, Flat
from lifecycle.language.names import Site, given
from lifecycle.language.vocabulary import ASSIGNEE

OTHERWISE = "otherwise"
ROLE = FieldType(name="role")
STAFF = FieldType(name="staff")


def step_of(compiler: Compiler, flat: Flat, owner: str, name: str, step: behaviour.Step) -> core.Step:
    """Return a step of a machine.

    owner  path of the state that owns it; "" for `anywhere`
    """
    path = f"{flat.places[owner]}.steps.{name}" if owner else f"machines.{flat.name}.anywhere.{name}"
    carried = compiler.relations.carried(step.upon) if step.upon else ()
    site = Site(
        machine=flat.name,
        kinds=compiler.relations.kinds[flat.name],
        form=compiler.form_types((*step.form, *carried)),
        owner=owner,
        step=name,
        given=() if step.always is None else (step.always,),
    )
    before = compiler.around(site)
    site = given(site, step.when)
    around = compiler.around(site)
    behind = given(replace(site, after=True), *_held(step.require))
    return core.Step(
        name=name,
        event=f"{flat.name}.{name}",
        owner=owner,
        titles=step.titles,
        trigger=_trigger(step),
        upon=step.upon,
        always=None if step.always is None else compiler.condition(step.always, before, f"{path}.always"),
        after=None if step.after is None else length_of(compiler, step.after, step.clock, before, f"{path}.after"),
        at=None if step.at is None else compiler.expression(step.at, DATETIME, before, f"{path}.at"),
        when=compiler.when(step.when, before, path),
        who=_who(compiler, step, around, path),
        form=_form(compiler, step.form, around, path),
        require=guards_of(compiler, step.require, site, path),
        decide=calls_of(compiler, step.decide, around, path),
        effects=effects_of(compiler, step, behind, path),
        to=_branches(compiler, flat, owner, step, compiler.around(behind), path),
        recorded_afterwards=step.recorded_afterwards,
        optional=step.optional,
        repeat=step.repeat,
        rules=step.rules,
        where=compiler.definition.key_place(path),
    )


def _trigger(step: behaviour.Step) -> Literal["by", "upon", "always", "after", "at"]:
    if step.always is not None:
        return "always"
    if step.after is not None:
        return "after"
    if step.at is not None:
        return "at"
    return "upon" if step.upon else "by"


def opening_of(compiler: Compiler, kind: str, name: str, opening: behaviour.Opening) -> core.Opening:
    """Return an opening of a kind."""
    path = f"cases.{kind}.opens.{name}"
    site = Site(kinds=(kind,), opening=True, form=compiler.form_types(tuple(opening.form)), step=name)
    around = compiler.around(site)
    return core.Opening(
        name=name,
        event=f"{kind}.{name}",
        titles=opening.titles,
        who=_who(compiler, opening, around, path),
        form=_form(compiler, opening.form, around, path),
        require=guards_of(compiler, opening.require, site, path),
        decide=calls_of(compiler, opening.decide, around, path),
        effects=effects_of(compiler, opening, given(replace(site, after=True), *_held(opening.require)), path),
        recorded_afterwards=opening.recorded_afterwards,
        guidance=guidance_of(compiler, opening.guidance),
        rules=opening.rules,
        where=compiler.definition.key_place(path),
    )


def guidance_of(compiler: Compiler, guidance: tuple[Guidance, ...]) -> tuple[core.Guidance, ...]:
    """Return what staff are shown: texts in place, and those of `texts` by their names."""
    found: list[core.Guidance] = []
    for one in guidance:
        entry = compiler.text.texts.get(one.text) if one.text else None
        compiler.unresolved |= one.text is not None and entry is None
        titles: Mapping[str, str] = entry.titles if entry else {}
        found.append(
            core.Guidance(
                text={**titles, **one.titles},
                role=one.for_ or "",
                reviewed=one.reviewed and (entry is None or entry.reviewed),
                rules=(*one.rules, *(entry.rules if entry else ())),
            )
        )
    return tuple(found)


def guards_of(compiler: Compiler, require: Require, site: Site, path: str) -> tuple[core.Guard, ...]:
    """Return the guards of a step; a shared one is compiled with the names of the step that asks for it."""
    found: list[core.Guard] = []
    for name, written in require.items():
        if isinstance(written, Guard):
            found.append(_guard(compiler, name, written, site, f"{path}.require.{name}"))
            continue
        shared = compiler.text.guards.get(written.removeprefix("guards."))
        compiler.unresolved |= shared is None
        if shared is not None:
            found.append(_guard(compiler, name, shared, site, written))
    return tuple(found)


def _guard(compiler: Compiler, name: str, guard: Guard, site: Site, path: str) -> core.Guard:
    each, inner = compiler.each(guard.each, given(site, guard.when), path)
    around = compiler.around(inner)
    return core.Guard(
        name=name,
        that=None if guard.that is None else compiler.condition(guard.that, around, f"{path}.that"),
        otherwise=guard.else_.titles if guard.else_ else {},
        each=each,
        suggest=compiler.expression(guard.suggest, None, around, f"{path}.suggest") if guard.suggest else None,
        failing=guard.failing,
        until=guard.until,
        override=guard.override.by if guard.override else (),
        checklist=guard.checklist or "",
        reconcile=reconciliation(compiler, guard.reconcile) if guard.reconcile else None,
        when=compiler.when(guard.when, compiler.around(site), path),
        rules=guard.rules,
        where=compiler.definition.key_place(path),
    )


def reconciliation(compiler: Compiler, reconcile: Reconcile) -> core.Reconciliation:
    """Return what must agree."""
    papers = compiler.text.papers
    for written, stage in reconcile.papers.items():
        paper = papers.get(written.removesuffix("?"))
        compiler.unresolved |= paper is None or stage not in (*paper.stages, VOID)
    compiler.unresolved |= any(name not in compiler.fields for name in reconcile.same)
    return core.Reconciliation(
        papers=tuple(
            core.Wanted(paper=written.removesuffix("?"), stage=stage, if_issued=written.endswith("?"))
            for written, stage in reconcile.papers.items()
        ),
        same=reconcile.same,
        equal=tuple(field for name in reconcile.equal if (field := compiler.field(name)) is not None),
    )


def _held(require: Require) -> tuple[str, ...]:
    """Return the conditions that hold behind a step's guards: nobody gets past them."""
    guards = (guard for guard in require.values() if isinstance(guard, Guard))
    return tuple(
        guard.that
        for guard in guards
        if guard.that and not (guard.when or guard.each or guard.override) and guard.failing == "refuse"
    )


def expectations_of(
    compiler: Compiler, expect: Mapping[str, Expectation], site: Site, path: str
) -> tuple[core.Expectation, ...]:
    """Return the standing soft conditions of a state, machine or kind."""
    around = compiler.around(site)
    return tuple(
        core.Expectation(
            name=name,
            that=compiler.condition(one.that, compiler.around(given(site, one.when)), f"{path}.{name}.that"),
            otherwise=one.else_.titles,
            owner=one.owner or "",
            when=compiler.when(one.when, around, f"{path}.{name}"),
            rules=one.rules,
            where=compiler.definition.key_place(f"{path}.{name}"),
        )
        for name, one in expect.items()
    )


def _who(compiler: Compiler, act: behaviour.Step | behaviour.Opening, around: Surroundings, path: str) -> core.Who:
    formula = next((number for number, role in enumerate(act.by) if role.startswith("=")), None)
    role = None
    if formula is not None:
        role = compiler.expression(act.by[formula], ROLE, around, compiler.nth(f"{path}.by", formula))
    person = act.is_ if isinstance(act, behaviour.Step) else None
    assignee = person == ASSIGNEE
    return core.Who(
        roles=_named(act.by),
        role=role,
        recorders=_named(act.with_),
        person=compiler.expression(person, STAFF, around, f"{path}.is") if person and not assignee else None,
        assignee=assignee,
        same_as=act.same_as if isinstance(act, behaviour.Step) else (),
        apart_from=act.apart_from if isinstance(act, behaviour.Step) else (),
    )


def _named(roles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(role for role in roles if not role.startswith("="))


def _form(compiler: Compiler, form: behaviour.Form, around: Surroundings, path: str) -> tuple[core.FormField, ...]:
    found: list[core.FormField] = []
    for number, (name, item) in enumerate(form.items()):
        field = compiler.field(name)
        if field is None:
            continue
        at = f"{path}.form.{number}.{name}"
        if f"{at}!" in compiler.definition.places.values:
            at = f"{at}!"
        required: bool | core.Condition = item.needed
        if item.required_when is not None and not item.needed:
            required = compiler.condition(item.required_when, around, f"{at}.required_when")
        default = item.default
        found.append(
            core.FormField(
                field=field,
                required=required,
                worded=item.must is not None and not item.required,
                default=None if default is None else compiler.formula(default, field.type, around, f"{at}.default"),
                where=compiler.definition.place(f"{path}.form.{name}"),
            )
        )
    return tuple(found)


def calls_of(compiler: Compiler, decide: behaviour.Decide, around: Surroundings, path: str) -> tuple[core.Call, ...]:
    found: list[core.Call] = []
    for table, inputs in decide.items():
        types = compiler.tables.get(table)
        compiler.unresolved |= types is None or types.inputs.keys() != inputs.keys()
        if types is None:
            continue
        found.append(
            core.Call(
                table=table,
                inputs={
                    name: compiler.formula(written, types.inputs[name], around, f"{path}.decide.{table}.{name}")
                    for name, written in inputs.items()
                    if name in types.inputs
                },
            )
        )
    return tuple(found)


def _branches(
    compiler: Compiler, flat: Flat, owner: str, step: behaviour.Step, around: Surroundings, path: str
) -> tuple[core.Branch, ...]:
    found: list[core.Branch] = []
    for text, target in step.to.items():
        state = target if target == HISTORY else flat.resolve(target, owner)
        compiler.unresolved |= not state
        when = None if text == OTHERWISE else compiler.condition(text, around, f"{path}.to", text)
        found.append(core.Branch(when=when, state=state))
    return tuple(found) or (core.Branch(when=None, state=""),)
