"""Papers as effect and guard: what stands against moving one, and the change that moving it leaves in the event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lifecycle.core import register
from lifecycle.core.case.evolve import ancestry, around
from lifecycle.core.case.papers import Issued, after, lives, proposes
from lifecycle.core.case.refused import Refused
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.state import Instance
from lifecycle.core.case.tables import consult
from lifecycle.core.events import Actor, Json, stamp
from lifecycle.core.register import REGISTER
from lifecycle.core.workflow import Call, Effect, Failure, Field, Machine, Set, Step
from lifecycle.core.workflow.papers import DECLINE, VOID, MovePaper, Paper, Stage
from lifecycle.problems import Reason

if TYPE_CHECKING:
    from lifecycle.core.case.effects import Changes


def paper_reasons(
    calls: Iterable[Call], effects: tuple[Effect, ...], scope: Snapshot, silent: frozenset[str] = frozenset()
) -> Iterator[Reason]:
    """Yield everything that the papers of a step say against it, each paper as the one before it leaves it.

    silent  fields that nobody was asked for yet: what depends on them says nothing
    """
    if not any(isinstance(effect, MovePaper) for effect in effects):
        return
    scope = foreseen(calls, effects, scope)
    for effect in effects:
        if not isinstance(effect, MovePaper) or not asked(effect, scope, silent):
            continue
        against = tuple(reasons_against(effect, scope, silent))
        yield from against
        if not against:
            paper = scope.workflow.papers[effect.paper]
            entry = entry_of(paper, effect, scope)
            scope = scope.with_paper(paper, after(scope.paper_now(paper), entry, stamp(scope.now)))


def with_crossing(step: Step, machine: Machine, one: Instance) -> tuple[Effect, ...]:
    """Return the effects of a step and of the states that it surely leaves and enters."""
    if not machine.moves_papers_between or len(step.to) != 1 or step.to[0].state in ("", "$history"):
        return step.effects
    target = machine.arrows.fire(one.state, f"{step.name}#0")
    if target is None:
        return step.effects
    outside = [path for path in ancestry(one.state) if around(path, target) and path != target]
    left = (machine.states[path].exit for path in ancestry(one.state) if path not in outside)
    entered = (machine.states[path].enter for path in reversed(ancestry(target)) if path not in outside)
    return (*step.effects, *(effect for effects in (*left, *entered) for effect in effects))


def foreseen(calls: Iterable[Call], effects: Iterable[Effect], scope: Snapshot) -> Snapshot:
    """Return what conditions of effects will see: the tables' answers and the values set, as far as there are any."""
    for call in calls:
        answer = consult(scope.workflow.tables[call.table], call, scope)
        if not isinstance(answer, Reason):
            scope = scope.but(decisions={**scope.decisions, call.table: answer["outputs"]})
    for effect in effects:
        if not isinstance(effect, Set) or (effect.when is not None and effect.when.holds(scope) is not True):
            continue
        for name, (_, formula) in effect.values.items():
            value = formula.value(scope)
            if not isinstance(value, Failure):
                scope = scope.with_derived({name: value})
    return scope


def asked(effect: MovePaper, scope: Snapshot, silent: frozenset[str]) -> bool:
    """Return whether a step moves the paper at all."""
    if effect.if_issued and not lives(scope.paper_now(scope.workflow.papers[effect.paper])):
        return False
    if effect.when is None:
        return True
    return not reads_any(effect.when.reads, silent) and effect.when.holds(scope) is True


def reads_any(names: Iterable[str], fields: frozenset[str]) -> bool:
    return bool(fields) and any(name.rpartition(".")[2] in fields for name in names)


def reasons_against(effect: MovePaper, scope: Snapshot, silent: frozenset[str] = frozenset()) -> Iterator[Reason]:
    """Yield what stands against moving a paper: its stage, and who signs."""
    paper = scope.workflow.papers[effect.paper]
    now = scope.paper_now(paper)
    if effect.to in (VOID, DECLINE):
        if not lives(now):
            yield reason("paper-none", paper, now, effect)
        elif effect.to == DECLINE and not proposes(now):
            yield reason("paper-nothing-proposed", paper, now, effect)
        return
    stage = paper.stages[effect.to]
    if not (effect.revise and lives(now)):
        before = place_before(paper, now, effect)
        if not paper.follows(before, paper.place_of(effect.to)):
            wanted = [
                one.titles or one.name
                for n, one in enumerate(paper.order)
                if paper.follows(n, paper.place_of(effect.to))
            ]
            past = lives(now) and before >= paper.place_of(effect.to)
            code = "paper-past" if past else "paper-out-of-order" if lives(now) else "paper-not-issued"
            yield reason(code, paper, now, effect, wanted=wanted)
    yield from signing_reasons(paper, stage, now, effect, scope, silent)


def place_before(paper: Paper, now: Issued | None, effect: MovePaper) -> int:
    """Return where the paper comes from: -1 when this issues one, also after an earlier one that is finished."""
    if now is None or not lives(now):
        return -1
    before = paper.place_of(now["stage"])
    return -1 if paper.finished(now["stage"]) and paper.place_of(effect.to) <= before else before


def signing_reasons(
    paper: Paper,
    stage: Stage,
    now: Issued | None,
    effect: MovePaper,
    scope: Snapshot,
    silent: frozenset[str],
) -> Iterator[Reason]:
    if any(one.when is not None and reads_any(one.when.reads, silent) for one in stage.signers):
        return
    done = signed_for(now, stage, effect)
    wanted = wanted_signers(stage, scope)
    if not set(wanted) - done:
        return
    roles = [one.role for one in stage.signers]
    signing = [role for role in present(effect, scope.actor) if role in roles]
    if not signing:
        yield reason(
            "paper-not-signer",
            paper,
            now,
            effect,
            actual=scope.actor.role,
            required=roles,
            signers=[titles_of(r, scope) for r in roles],
        )
    elif all(role in done for role in signing):
        missing = [role for role in wanted if role not in done]
        named = [titles_of(role, scope) for role in missing]
        yield reason("paper-signed-already", paper, now, effect, actual=signing, required=missing, missing=named)


def titles_of(role: str, scope: Snapshot) -> object:
    declared = scope.workflow.roles.get(role)
    return declared.titles or role if declared else role


def signed_for(now: Issued | None, stage: Stage, effect: MovePaper) -> set[str]:
    """Return the roles that have signed for a stage of the revision that it is about."""
    if now is None or effect.revise or not lives(now):
        return set()
    return {one["role"] for one in now["signed"] if one["stage"] == stage.name}


def wanted_signers(stage: Stage, scope: Snapshot) -> list[str]:
    """Return the roles that must sign as things are; a condition without an answer asks for the signature."""
    return [one.role for one in stage.signers if one.when is None or one.when.holds(scope) is not False]


def present(effect: MovePaper, actor: Actor) -> tuple[str, ...]:
    """Return the roles that sign by a step: the acting one, or those named that act or record in it."""
    if not effect.sign:
        return (actor.role,)
    return tuple(role for role in effect.sign if role == actor.role or role in actor.helpers)


def reason(
    code: str,
    paper: Paper,
    now: Issued | None,
    effect: MovePaper,
    *,
    actual: Json = None,
    required: Json = None,
    **values: object,
) -> Reason:
    stage = now["stage"] if now else ""
    target = paper.stages.get(effect.to)
    rules = (*paper.rules, *(target.rules if target else ()))
    return Reason(
        code=code,
        where=effect.where,
        rules=tuple(dict.fromkeys(rules)),
        actual=actual if actual is not None else stage or None,
        required=required if required is not None else effect.to,
        values={
            "paper": paper.titles or paper.name,
            "number": f" {now['number']}" if now and "number" in now else "",
            "stage": paper.stages[stage].titles or stage if stage in paper.stages else stage,
            "to": (target.titles or target.name) if target else effect.to,
            **values,
        },
    )


def move(changes: Changes, effect: MovePaper) -> None:
    """Carry out the effect.

    Raises  Refused when the paper is not where it must be, or who acts does not sign it
    """
    scope = changes.scope
    paper = scope.workflow.papers[effect.paper]
    now = scope.paper_now(paper)
    if effect.if_issued and not lives(now):
        return
    against = next(reasons_against(effect, scope), None)
    if against is not None:
        raise Refused(against)
    entry = entry_of(paper, effect, scope)
    if entry["is"] == "issued" and paper.number:
        draw(changes, paper, entry)
    elif entry["is"] == "voided" and now and "number" in now:
        strike(changes, paper, now)
    changes.leave("papers", entry)
    changes.scope = scope.with_paper(paper, after(now, entry, stamp(scope.now)))


def draw(changes: Changes, paper: Paper, entry: dict[str, Json]) -> None:
    """Put the next number of the paper's register into the entry."""
    scope = changes.scope
    zone = scope.workflow.zone
    series = register.series_of(scope.workflow.name, paper.name, paper.number, scope.now, zone)
    serial = scope.facts.beside.now(REGISTER, series).serial + 1
    number = register.number_of(paper.number, serial, scope.now, zone)
    entry.update(number=number, series=series)
    told = {"series": series, "paper": paper.name, "serial": serial, "number": number}
    changes.record_beside(REGISTER, series, "numbered", {"register": told})


def strike(changes: Changes, paper: Paper, now: Issued) -> None:
    """Tell the register that a number counts no more."""
    told = {"series": now["series"], "paper": paper.name, "number": now["number"]}
    changes.record_beside(REGISTER, now["series"], "voided", {"register": told})


def entry_of(paper: Paper, effect: MovePaper, scope: Snapshot) -> dict[str, Json]:
    """Return what moving a paper changes, for the event; its number is drawn by who records it."""
    now = scope.paper_now(paper)
    entry: dict[str, Json] = {"paper": paper.name, "is": "moved"}
    if not paper.shared and scope.instance is not None:
        entry["of"] = scope.instance.id
    if lives(now) and now is not None and "number" in now:
        entry["number"] = now["number"]
    if effect.to == VOID or (effect.to == DECLINE and now and not now["force"]):
        return {**entry, "is": "voided"}
    if effect.to == DECLINE:
        return {**entry, "is": "declined"}
    stage, revision, force, done = paper.stages[effect.to], 1, 0, signed_for(now, paper.stages[effect.to], effect)
    if now is None or not lives(now) or (not effect.revise and place_before(paper, now, effect) < 0 and now["stage"]):
        entry["is"], done = "issued", set()
    else:
        revision, force = now["revision"], now["force"]
        if effect.revise:
            revision += force == revision
            entry.update({"is": "revised", "revision": revision})
    if stage.signers:
        wanted = wanted_signers(stage, scope)
        fresh = [role for role in present(effect, scope.actor) if signs(stage, role) and role not in done]
        entry["signing"] = stage.name
        if fresh:
            entry["signed"] = [signature(role, scope.actor) for role in fresh]
        if not set(wanted) <= done | set(fresh):
            return {**entry, "is": "signed"} if entry["is"] == "moved" else entry
        entry["signers"] = wanted
    entry["stage"] = stage.name
    if stage.holder:
        entry["holder"] = stage.holder
    if force != revision and paper.place_of(stage.name) >= paper.binding:
        entry["values"] = frozen(paper.fields, scope)
    return entry


def signs(stage: Stage, role: str) -> bool:
    return any(one.role == role for one in stage.signers)


def signature(role: str, actor: Actor) -> dict[str, Json]:
    """Return a signature: the role, who it was as far as that is known, and who recorded it."""
    own = role == actor.role
    person = actor.person if own else actor.helpers[role]
    signed: dict[str, Json] = {"role": role}
    if person:
        signed["person"] = person
    if own and actor.helpers:
        signed["with"] = dict(actor.helpers)
    return signed


def frozen(fields: Iterable[Field], scope: Snapshot) -> dict[str, Json]:
    """Return the values that stand on a paper; personal ones sealed, or on their way to it."""
    values = {field.name: scope.current(field) for field in fields}
    return {name: value for name, value in values.items() if value is not None}
