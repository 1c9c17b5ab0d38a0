"""Guards: what refuses with words, what goes on with a written reason, what goes on and opens a finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lifecycle.core.case.reconciling import mismatches
from lifecycle.core.case.scope import Snapshot, open_items
from lifecycle.core.events import Actor, Json, Personal
from lifecycle.core.workflow import Condition, Failure, Guard
from lifecycle.problems import Place, Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighed:
    """What the guards of a step said: reasons that refuse, overrides used, findings marked or cured."""

    reasons: tuple[Reason, ...]
    overrides: tuple[Json, ...] = ()
    marks: tuple[Json, ...] = ()
    cured: tuple[str, ...] = ()


def weigh(
    guards: tuple[Guard, ...],
    scope: Snapshot,
    reasons_given: Mapping[str, str],
    lacking: frozenset[str],
    others: tuple[str, ...] = (),
) -> Weighed:
    """Return what the guards say on one snapshot; a guard that reads a lacking field keeps silent.

    others  names of what else in the step may be overridden with a written reason
    """
    refused: list[Reason] = []
    overrides: list[Json] = []
    marks: list[Json] = []
    cured: list[str] = []
    for guard in guards:
        if guard.when is not None and guard.when.holds(scope) is False:
            continue
        if reads_lacking(guard, lacking):
            continue
        against = list(guard_reasons(guard, scope, lacking))
        if not against:
            if guard.failing == "mark":
                cured.append(guard.name)
        elif any(reason.code == "guard-failed" for reason in against):
            # What could not be worked out is neither marked nor waved through: nobody knows what it would have said.
            refused.extend(against)
        elif guard.failing == "mark":
            lasting = {"until": guard.until} if guard.until == "case" else {}
            marks.append({"name": guard.name, "text": dict(guard.otherwise), "rules": list(guard.rules), **lasting})
        elif guard.override and may_override(guard, scope.actor):
            written = reasons_given.get(guard.name, "").strip()
            if written:
                overrides.append(
                    {
                        "guard": guard.name,
                        "reason": Personal(written),
                        "actual": against[0].actual,
                        "rules": list(guard.rules),
                    }
                )
            else:
                refused.extend(offered(guard, against))
        else:
            refused.extend(against)
    known = {*(guard.name for guard in guards if guard.override), *others}
    refused.extend(
        Reason(code="reason-unknown", where=Place(path=name), values={"guard": name, "known": tuple(known)})
        for name in reasons_given
        if name not in known
    )
    return Weighed(reasons=tuple(refused), overrides=tuple(overrides), marks=tuple(marks), cured=tuple(cured))


def offered(guard: Guard, against: list[Reason]) -> Iterator[Reason]:
    """Yield what stands against a step, and that a written reason would let the actor pass.

    The sentence of a condition says so itself; open items, or papers that do not agree, each keep their own words.
    """
    if guard.checklist or guard.reconcile is not None:
        yield from against
        yield Reason(code="guard-overridable", where=guard.where, rules=guard.rules, values={"guard": guard.name})
        return
    for reason in against:
        yield replace(reason, code="guard-overridable")


def guard_reasons(guard: Guard, scope: Snapshot, lacking: frozenset[str]) -> Iterator[Reason]:
    """Yield one reason if the guard is false, one per failing row, open item or thing that does not agree."""
    if guard.checklist:
        listed = scope.workflow.checklists[guard.checklist]
        for name in open_items(listed, scope):
            item = listed.items[name.partition("/")[0]]
            yield Reason(
                code="checklist-open",
                where=guard.where,
                values={
                    "checklist": listed.titles or listed.name,
                    "item": item.titles or item.name,
                    "row": name.partition("/")[2],
                },
                rules=(*guard.rules, *item.rules),
                actual=name,
            )
        return
    if guard.reconcile is not None:
        for found in mismatches(guard.reconcile, scope, lacking):
            yield Reason(
                code=found.code,
                where=guard.where,
                values={"guard": guard.name, **found.values},
                rules=(*guard.rules, *found.rules),
                actual=found.actual,
                required=found.required,
            )
        return
    if guard.that is None:
        return
    if guard.each is None:
        yield from one_reason(guard, guard.that, scope)
        return
    rows = guard.each.value(scope)
    if isinstance(rows, Failure):
        yield Reason(
            code="guard-failed",
            where=guard.where,
            values={"guard": guard.name, "failure": rows.text},
            rules=guard.rules,
        )
        return
    for number, row in enumerate(rows or (), start=1):
        for reason in one_reason(guard, guard.that, scope.with_item(row)):
            yield replace(reason, values={**reason.values, "row": number})


def one_reason(guard: Guard, that: Condition, scope: Snapshot) -> Iterator[Reason]:
    answer = that.holds(scope)
    if answer is True:
        return
    values: dict[str, object] = {"guard": guard.name}
    if isinstance(answer, Failure):
        yield Reason(
            code="guard-failed",
            text=guard.otherwise or None,
            where=guard.where,
            values={**values, "failure": answer.text},
            rules=guard.rules,
            required=that.text,
        )
        return
    if guard.suggest is not None:
        suggested = guard.suggest.value(scope)
        if suggested is not None and not isinstance(suggested, Failure):
            values["suggest"] = suggested
    yield Reason(
        code="guard",
        text=guard.otherwise or None,
        where=guard.where,
        values=values,
        rules=guard.rules,
        actual={name: scope.value(name) for name in that.reads},
        required=that.text,
    )


def reads_lacking(guard: Guard, lacking: frozenset[str]) -> bool:
    if not lacking or guard.that is None:
        return False
    reads = (*guard.that.reads, *(guard.each.reads if guard.each else ()))
    return any(
        name.partition(".")[0] in ("data", "form", "case") and name.partition(".")[2] in lacking for name in reads
    )


def may_override(guard: Guard, actor: Actor) -> bool:
    return (
        "self" in guard.override
        or actor.role in guard.override
        or any(role in guard.override for role in actor.helpers)
    )
