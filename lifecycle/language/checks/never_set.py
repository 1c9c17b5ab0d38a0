"""Data is read only where something before it may have set it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lifecycle.language.behaviour import StartBody
from lifecycle.language.checks.subject import Subject
from lifecycle.language.outline import StepSite
from lifecycle.language.sites import ExpressionSite, place_inside
from lifecycle.problems import Problem

Sets = Mapping[str, frozenset[str]]


def reads_before_set(subject: Subject) -> Iterator[Problem]:
    """Yield `read-before-set`: a field that no step, effect or opening before this place can have filled.

    Only fields of the dictionary are judged; `parent.`, `link.` and shared guards are left alone.
    """
    if subject.definition.broken:
        return
    fields = subject.text.fields
    shared = filled_of_case(subject)
    before = {name: _before(subject, name) for name in subject.outline.machines}
    for site in subject.expressions:
        if site.step is None and not site.machine:
            continue
        for read in site.reading.reads:
            head, _, rest = read.name.partition(".")
            field = rest.partition(".")[0]
            if field not in fields or head not in ("data", "case"):
                continue
            is_shared = fields[field].scope == "case"
            if (head == "case" and not is_shared) or (head == "data" and is_shared):
                continue
            known = shared if is_shared else _known(subject, site, before)
            if known is not None and field not in known:
                where = place_inside(subject.outline, site, read.offset)
                yield Problem(code="read-before-set", where=where, values={"name": read.name})


def _known(subject: Subject, site: ExpressionSite, before: Mapping[str, Sets]) -> frozenset[str] | None:
    """Return the fields of the instance that may be set where the expression stands."""
    own = frozenset(site.step.form) if site.step is not None else frozenset[str]()
    if not site.machine:
        return own | _set_by(subject, site.step) if site.step is not None else None
    machine = subject.outline.machines.get(site.machine)
    if machine is None:
        return None
    leaves = machine.leaves
    if site.step is not None:
        leaves = machine.leaves_under(site.step.owner)
        own |= _set_by(subject, site.step)
    return own.union(*(before[site.machine][leaf] for leaf in leaves))


def _set_by(subject: Subject, act: StepSite) -> frozenset[str]:
    return frozenset(effect.name for effect in subject.outline.effects if effect.step is act and effect.what == "set")


def _before(subject: Subject, machine: str) -> Sets:
    """Return leaf -> fields that may be set while an instance is in it."""
    site, walks = subject.outline.machines[machine], subject.walks[machine]
    every = frozenset(subject.text.fields)
    if walks.unsure or not walks.start:
        return dict.fromkeys(site.leaves, every)
    entered = frozenset(
        effect.name
        for effect in subject.outline.effects
        if effect.machine == machine and effect.step is None and effect.what == "set"
    )

    brought = {act.at: frozenset(act.form) | _set_by(subject, act) for act in site.steps}
    ticked = {leaf: _proofs(subject, machine, leaf) for leaf in site.leaves}
    found = {leaf: frozenset[str]() for leaf in site.leaves}
    found[walks.start] = _given_at_start(subject, machine)
    for leaf in site.leaves:
        found[leaf] |= entered | ticked[leaf]
    pending = list(site.leaves)
    while pending:
        leaf = pending.pop()
        arrivals: dict[str, frozenset[str]] = {leaf: found[leaf]}
        for act, reached in walks.taken[leaf]:
            arrivals[reached] = arrivals.get(reached, frozenset()) | found[leaf] | brought[act.at]
        for reached in walks.after[leaf]:
            arrivals[reached] = arrivals.get(reached, frozenset()) | found[leaf]
        for reached, fields in arrivals.items():
            if not fields <= found[reached]:
                found[reached] |= fields
                pending.append(reached)
    return found


def _proofs(subject: Subject, machine: str, leaf: str) -> frozenset[str]:
    fields: set[str] = set()
    path = leaf
    while path:
        checklist = subject.text.checklists.get(subject.outline.machines[machine].states[path].state.checklist or "")
        fields |= {item.proof for item in checklist.items.values() if item.proof} if checklist else set()
        path = path.rpartition(".")[0]
    return frozenset(fields)


def _given_at_start(subject: Subject, machine: str) -> frozenset[str]:
    """Return what an instance may have from its first moment: its starter's form, values and rows."""
    given: set[str] = set()
    for effect in subject.outline.effects:
        if effect.what != "start" or effect.name != machine or not isinstance(effect.body, StartBody):
            continue
        given |= set(effect.body.set)
        if effect.kind and effect.step is not None:
            given |= set(effect.step.form) | _set_by(subject, effect.step)
        given |= set(subject.row_fields(effect.body.each))
    return frozenset(given)


def filled_of_case(subject: Subject) -> frozenset[str]:
    """Return the fields of the case that anything may fill."""
    filled = {name for act in subject.outline.acts for name in act.form}
    filled |= {effect.name for effect in subject.outline.effects if effect.what == "set"}
    filled |= {name for effect in subject.outline.effects for name in effect.form}
    filled |= {name for kind in subject.text.cases.values() for name in (*kind.data, kind.key_ or "")}
    return frozenset(filled | {item.proof or "" for c in subject.text.checklists.values() for item in c.items.values()})
