"""Why not: every reason that stands against a step, and what can happen now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from lifecycle.core.case.assigning import assign_reasons
from lifecycle.core.case.commands import Facts
from lifecycle.core.case.guards import weigh
from lifecycle.core.case.measuring import record_reasons
from lifecycle.core.case.papering import paper_reasons, with_crossing
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.state import Case, Instance
from lifecycle.core.events import PRIVATE, Actor, Json, Personal, instant
from lifecycle.core.parsing import accept
from lifecycle.core.staff import DIRECTORY, STAFF
from lifecycle.core.values import FieldType, Misfit
from lifecycle.core.workflow import Condition, Failure, FormField, Machine, Opening, State, Step, Who, Workflow
from lifecycle.core.workflow.titles import act_title
from lifecycle.problems import Place, Reason, Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A typed form, read: the values that fit, and what stands against the others."""

    values: Mapping[str, Json]
    reasons: tuple[Reason, ...]
    lacking: frozenset[str]


def read_form(fields: tuple[FormField, ...], typed: Mapping[str, Json], workflow: Workflow, scope: Snapshot) -> Form:
    """Return the accepted values of a form, merged with what is stored for the question of what lacks."""
    values: dict[str, Json] = {}
    reasons: list[Reason] = []
    lacking: set[str] = set()
    known = {one.field.name: one for one in fields}
    zone = ZoneInfo(workflow.zone)
    for name, raw in typed.items():
        if name not in known:
            nearby = tuple(known) or tuple(workflow.fields)
            reasons.append(
                Reason(code="field-unknown", where=Place(path=name), values={"field": name, "known": nearby})
            )
            continue
        wanted = known[name].field
        if isinstance(raw, PRIVATE):
            values[name] = raw
            continue
        value = accept(wanted.type, raw, zone)
        if isinstance(value, Misfit):
            lacking.add(name)
            reasons.append(
                Reason(
                    code=value.code,
                    where=Place(path=f"{name}.{value.path}" if value.path else name),
                    values={"field": name, "title": wanted.titles, **value.values},
                    required=wanted.type.name,
                )
            )
        elif value is not None:
            values[name] = Personal(value) if wanted.pii else value
            for path, listed, stranger in strangers(wanted.type, value, name, scope):
                lacking.add(name)
                told = {"field": name, "title": wanted.titles, "list": listed, "value": stranger}
                known_keys = tuple(scope.rows_of(listed))
                reasons.append(Reason(code="not-listed", where=Place(path=path), values={**told, "known": known_keys}))
    merged = scope.but(form=values)  # it sees what is put into the form below
    for name, one in known.items():
        if one.default is not None and name not in values and stored(merged, one) is None:
            value = one.default.value(merged)
            if value is not None and not isinstance(value, Failure):
                values[name] = Personal(value) if one.field.pii else value
    for name, one in known.items():
        if name in values or one.required is False or one.worded or name in lacking or stored(merged, one) is not None:
            continue
        wanted_now = one.required if isinstance(one.required, bool) else one.required.holds(merged) is not False
        if wanted_now:
            lacking.add(name)
            reasons.append(
                Reason(
                    code="field-missing",
                    where=Place(path=name, file=one.where.file, line=one.where.line, column=one.where.column),
                    values={"field": name, "title": one.field.titles},
                    required=one.field.type.name,
                )
            )
    return Form(values=values, reasons=tuple(reasons), lacking=frozenset(lacking))


def strangers(type: FieldType, value: Json, path: str, scope: Snapshot) -> Iterator[tuple[str, str, str]]:
    """Yield (path, list, value) of every value that must be the key of a list's row and is none."""
    if type.listed:
        if scope.row(type.listed, str(value)) is None:
            yield path, type.listed, str(value)
        return
    for number, member in enumerate(value if type.name == "list" else (), start=1):
        if type.of is not None:
            yield from strangers(type.of, member, f"{path}.{number}", scope)
        for name, inner in type.row.items():
            if name in member:
                yield from strangers(inner, member[name], f"{path}.{number}.{name}", scope)


def stored(scope: Snapshot, one: FormField) -> Json:
    return scope.shared(one.field.name) if one.field.shared else scope.data(one.field.name)


def who_reasons(
    who: Who, workflow: Workflow, scope: Snapshot, where: Place, rules: tuple[str, ...]
) -> Iterator[Reason]:
    """Yield what stands against the actor: role, helper, person, comparison of persons."""
    actor = scope.actor
    if actor.role not in workflow.roles:
        yield Reason(code="unknown-role", where=where, values={"role": actor.role, "known": tuple(workflow.roles)})
        return
    allowed = who.roles
    if who.role is not None:
        named = who.role.value(scope)
        allowed = () if named is None or isinstance(named, Failure) else (named,)
    if actor.role not in allowed:
        yield Reason(
            code="wrong-role",
            where=where,
            values={
                "role": workflow.roles[actor.role].titles,
                "allowed": [workflow.roles[r].titles for r in allowed if r in workflow.roles],
            },
            rules=rules,
            actual=actor.role,
            required=list(allowed),
        )
    elif workflow.roles[actor.role].party and not any(role in who.recorders for role in actor.helpers):
        yield Reason(
            code="helper-missing",
            where=where,
            values={
                "role": workflow.roles[actor.role].titles,
                "allowed": [workflow.roles[r].titles for r in who.recorders],
            },
            rules=rules,
            actual=sorted(actor.helpers),
            required=list(who.recorders),
        )
    if who.person is not None:
        person = who.person.value(scope)
        if isinstance(person, Failure) or person is None or person != actor.person:
            yield Reason(
                code="wrong-person",
                where=where,
                rules=rules,
                actual=actor.person or None,
                required=None if isinstance(person, Failure) else person,
            )
    yield from assignee_reasons(who, workflow, scope, where, rules)
    for step in who.same_as:
        others = scope.people_of(step)
        if not actor.person or actor.person not in others:
            yield Reason(
                code="same-person-needed",
                where=where,
                values={"step": titled(step, workflow, scope)},
                rules=rules,
                actual=actor.person or None,
                required=told(others),
            )
    for step in who.apart_from:
        others = scope.people_of(step)
        unknown = scope.ever(step) and scope.actor_of(step) is None
        if unknown or (others and (not actor.person or actor.person in others)):
            yield Reason(
                code="other-person-needed",
                where=where,
                values={"step": titled(step, workflow, scope)},
                rules=rules,
                actual=actor.person or None,
                required=None,
            )


def titled(name: str, workflow: Workflow, scope: Snapshot) -> Text | str:
    """Return the title of a step, or of a name that is borne, as the present instance knows it."""
    return act_title(workflow, workflow.machines[scope.instance.machine], name) if scope.instance else name


def told(people: tuple[str, ...]) -> Json:
    """Return people as a reason names them: nobody, the one, or all."""
    return None if not people else people[0] if len(people) == 1 else list(people)


def assignee_reasons(
    who: Who, workflow: Workflow, scope: Snapshot, where: Place, rules: tuple[str, ...]
) -> Iterator[Reason]:
    """Yield what stands against the actor as assignee, and as member of the unit that the role is bound to."""
    actor = scope.actor
    role = workflow.roles[actor.role]
    acting = set(actor.helpers.values()) if role.party else {actor.person}
    if who.assignee:
        assignees = scope.assignees()
        if not (acting - {""}) & assignees:
            yield Reason(
                code="not-assignee" if assignees else "nobody-assigned",
                where=where,
                rules=rules,
                actual=told(tuple(sorted(acting - {""}))),
                required=told(tuple(sorted(assignees))),
            )
    if role.within is not None:
        unit = scope.current(role.within)
        person = scope.facts.beside.now(STAFF, DIRECTORY).people.get(actor.person)
        if unit not in (None, "") and (person is None or person.unit != str(unit)):
            yield Reason(
                code="wrong-unit",
                where=where,
                values={"role": role.titles or role.name},
                rules=rules,
                actual=person.unit if person else None,
                required=unit,
            )


def order_reasons(step: Step, state: State, one: Instance, scope: Snapshot) -> Iterator[Reason]:
    """Yield what the order of the state's steps says against this one."""
    if state.order is None or step.owner != state.path:
        return
    if scope.done(step.name) and not step.repeat:
        yield Reason(
            code="already-taken", where=step.where, values={"step": step.titles or step.name}, rules=step.rules
        )
    sequence = sequence_of(state, one, scope)
    if step.name not in sequence:
        return
    steps = {each.name: each for each in state.steps}
    for name in sequence[: sequence.index(step.name)]:
        before = steps[name]
        if before.optional or scope.done(name) or not applies(before.when, scope):
            continue
        yield Reason(
            code="order-before",
            where=step.where,
            values={"step": step.titles or step.name, "before": before.titles or name},
            rules=step.rules,
            required=name,
        )


def sequence_of(state: State, one: Instance, scope: Snapshot) -> tuple[str, ...]:
    """Return the variant in force: the one chosen on this stay, else the one that the data names."""
    order = state.order
    if order is None or not order.variants:
        return ()
    chosen = one.orders.get(state.path, "")
    if not chosen and order.by is not None:
        value = order.by.value(scope)
        chosen = "" if value is None or isinstance(value, Failure) else str(value)
    return order.variants.get(chosen, ())


def applies(when: Condition | None, scope: Snapshot) -> bool:
    return when is None or when.holds(scope) is True


def state_around(machine: Machine, step: Step) -> State | None:
    return machine.states.get(step.owner)


def time_reasons(
    occurred: str, one: Instance | None, step: Step | Opening, scope: Snapshot, typed_at: str
) -> Iterator[Reason]:
    """Yield what stands against the time at which the step is said to have happened. Times are stored instants."""
    now = typed_at
    if occurred > now:
        yield Reason(code="occurred-in-future", where=Place(path="occurred_at"), actual=occurred, required=now)
    earliest = one.at if one is not None and not step.recorded_afterwards else scope.case.opened_at
    if occurred < earliest:
        yield Reason(code="occurred-too-early", where=Place(path="occurred_at"), actual=occurred, required=earliest)
    elif not step.recorded_afterwards and (instant(now) - instant(occurred)).total_seconds() > LATE_SECONDS:
        yield Reason(code="recorded-too-late", where=Place(path="occurred_at"), actual=occurred, required=now)


LATE_SECONDS = 300
"""How far an ordinary step may lie back (language, section 3)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """One step that an instance has now, with what stands against it.

    allowed   whether somebody in that role can take it now, once the form is filled in
    applies   False: its `when` says that this case does not have the step
    """

    instance: str
    step: Step
    applies: bool
    reasons: tuple[Reason, ...]

    @property
    def allowed(self) -> bool:
        return self.applies and not self.reasons


def offers(workflow: Workflow, case: Case, scope_of: Facts, actor: Actor | None, now: str) -> list[Offer]:
    """Return every step of every live instance, in file order, with the reasons against it.

    actor None asks for no one in particular: each step is asked for by its own first role.
    Form fields are not asked for: a guard that reads one that is not stored keeps silent.
    """
    found: list[Offer] = []
    for one in case.instances.values():
        machine = workflow.machines[one.machine]
        for step in () if one.withdrawn else machine.steps_of(one.state):
            if step.trigger != "by":
                continue
            found.append(offer(workflow, case, one, step, scope_of, actor, now))
    return found


def offer(
    workflow: Workflow, case: Case, one: Instance, step: Step, facts: Facts, actor: Actor | None, now: str
) -> Offer:
    asking = actor or anybody(step, workflow)
    scope = Snapshot(workflow=workflow, case=case, instance=one, actor=asking, now=instant(now), facts=facts)
    if not applies(step.when, scope):
        return Offer(instance=one.id, step=step, applies=False, reasons=())
    lacking = frozenset(each.field.name for each in step.form if stored(scope, each) is None)
    typed = frozenset(each.field.name for each in step.form)
    silent = lacking | frozenset(
        name for name in typed if any(f"form.{name}" in g.that.reads for g in step.require if g.that)
    )
    reasons: list[Reason] = []
    machine = workflow.machines[one.machine]
    around = state_around(machine, step)
    if actor is not None:
        reasons.extend(who_reasons(step.who, workflow, scope, step.where, step.rules))
    if around is not None:
        reasons.extend(order_reasons(step, around, one, scope))
    reasons.extend(weigh(step.require, scope, {}, silent).reasons)
    reasons.extend(paper_reasons(step.decide, with_crossing(step, machine, one), scope, typed))
    reasons.extend(assign_reasons(step.decide, step.effects, scope, {}, typed))
    reasons.extend(record_reasons(step.decide, step.effects, scope, {}, typed))
    return Offer(instance=one.id, step=step, applies=True, reasons=tuple(reasons))


def anybody(step: Step, workflow: Workflow) -> Actor:
    role = step.who.roles[0] if step.who.roles else ""
    helpers = dict.fromkeys(step.who.recorders[:1], "")
    return Actor(role=role, helpers=helpers)
