"""Pools have somebody to give, and who is assigned can act where the file asks for them."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.behaviour import Step
from lifecycle.language.checks.subject import Subject
from lifecycle.language.outline import StepSite
from lifecycle.language.vocabulary import ASSIGNEE
from lifecycle.problems import Problem


def pools(subject: Subject) -> Iterator[Problem]:
    """Yield `pool-of-party`, `pool-unkeyed` and `by-hand-needs-person`: pools that nobody can be taken from."""
    text = subject.text
    for name, pool in text.pools.items():
        role = text.roles.get(pool.role or "")
        if role is not None and role.party:
            yield subject.problem("pool-of-party", f"pools.{name}.role", name=name, role=pool.role)
        kind = text.cases.get(pool.things or "")
        if kind is not None and kind.key_ is None and not subject.definition.is_broken(f"cases.{pool.things}.key"):
            yield subject.problem("pool-unkeyed", f"pools.{name}.things", name=name, kind=pool.things)
    for machine in subject.outline.machines:
        for effect, body in subject.outline.assigned(machine):
            taken = text.pools.get(body.pool or "")
            if taken is not None and taken.turn == "by_hand" and body.person is None:
                yield subject.problem("by-hand-needs-person", effect.at, key=True, name=effect.name, pool=body.pool)


def assigned_by_openings(subject: Subject) -> Iterator[Problem]:
    """Yield `assign-without-instance`: rungs of a ledger that an opening posts to, where nothing bears the name."""
    posts = [effect for effect in subject.outline.effects if effect.what == "post"]
    climbed = {effect.name for effect in posts if effect.kind and not effect.machine}
    while more := {effect.name for effect in posts if _rung_of(effect.at) in climbed} - climbed:
        climbed |= more
    for effect in subject.outline.effects:
        if effect.what == "assign" and _rung_of(effect.at) in climbed:
            yield subject.problem("assign-without-instance", effect.at, key=True, ledger=_rung_of(effect.at))


def _rung_of(path: str) -> str:
    """Return the ledger on whose ladder an effect stands; "" for any other."""
    parts = path.split(".")
    return parts[1] if parts[0] == "ledgers" and parts[2] == "ladder" else ""


def assignees(subject: Subject) -> Iterator[Problem]:
    """Yield `assignee-never`, `assignee-in-no-role` and `nobody-left`: acts of assignees that nobody can take."""
    for act in subject.outline.steps:
        step = act.step
        if not isinstance(step, Step) or step.is_ is None:
            continue
        given = {effect.name for effect, _ in subject.outline.assigned(act.machine)}
        meant = given if step.is_ == ASSIGNEE else given & {step.is_.removeprefix("=assigned.").partition(".")[0]}
        if step.is_ == ASSIGNEE and not given and not subject.may_be_lost("assign"):
            yield subject.problem("assignee-never", f"{act.at}.is", step=act.name, machine=act.machine)
        if not meant:
            continue
        if meant <= set(step.apart_from):
            yield subject.problem("nobody-left", f"{act.at}.apart_from", step=act.name, other=sorted(meant)[0])
        roles = _roles_of(subject, act, meant)
        if roles is not None and roles and not roles & set(_acting(subject, step)):
            acting = sorted(_acting(subject, step))
            yield subject.problem(
                "assignee-in-no-role", f"{act.at}.is", step=act.name, acting=acting, roles=sorted(roles)
            )


def _acting(subject: Subject, step: Step) -> tuple[str, ...]:
    """Return the roles whose people must be the assignee: those who act, those who record for a party."""
    roles = subject.text.roles
    parties = any(roles[name].party for name in step.by if name in roles)
    own = tuple(name for name in step.by if name not in roles or not roles[name].party)
    return (*own, *(step.with_ if parties else ()))


def _roles_of(subject: Subject, act: StepSite, names: set[str]) -> set[str] | None:
    """Return the roles from whose pools these names are given; None when some may be anybody."""
    found: set[str] = set()
    for effect, body in subject.outline.assigned(act.machine):
        if effect.name in names:
            pool = subject.text.pools.get(body.pool or "")
            if pool is None:
                return None
            found.add(pool.role or "")
    if any(name.startswith("=") for name in act.step.by):
        return None
    return found - {""}
