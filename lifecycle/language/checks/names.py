"""Every name that is used is declared: roles, fields, states, steps, machines, kinds, tables, texts ..."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from lifecycle.core.workflow.coverage import ENDED, PART_ENDED
from lifecycle.core.workflow.papers import VOID
from lifecycle.language.behaviour import OpenBody, Opening, StartBody, Step
from lifecycle.language.checks.subject import Subject
from lifecycle.language.dictionary import Guard, Reconcile, RowField
from lifecycle.language.ledgers import LedgerEntry
from lifecycle.language.notices import NotifyBody
from lifecycle.language.outline import HISTORY, Effect, MachineSite, StepSite
from lifecycle.language.papers import NO_STAGES, PaperMove
from lifecycle.language.people import AssignBody, ReleaseBody
from lifecycle.language.posts import PostBody
from lifecycle.language.series import RecordBody
from lifecycle.language.settlements import SettleBody
from lifecycle.language.vocabulary import ASSIGNEE, ROLE_WORDS, VALUE_TYPES
from lifecycle.problems import Problem


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """A name used. what: the ending of the code; known: what is declared; key: whether it stands as a key.

    values  more values for the code's sentence
    """

    what: str
    name: str
    at: str
    known: tuple[str, ...]
    key: bool = False
    values: Mapping[str, object] = field(default_factory=dict)


def unknown_names(subject: Subject) -> Iterator[Problem]:
    """Yield `unknown-<what>` for every name that nothing declares."""
    for use in _uses(subject):
        if use.name not in use.known and not subject.lost(use.name):
            known = sorted(dict.fromkeys(use.known))
            found = subject.problem(f"unknown-{use.what}", use.at, key=use.key, name=use.name, known=known)
            yield replace(found, values={**found.values, **use.values})


def _uses(subject: Subject) -> Iterator[Use]:
    text = subject.text
    yield from _guidance(subject)
    for kind, body in text.cases.items():
        at = f"cases.{kind}"
        for number, machine in enumerate(body.machines):
            yield Use(what="machine", name=machine, at=f"{at}.machines.{number}", known=tuple(text.machines))
        for number, shared in enumerate(body.data):
            yield _field(subject, shared, f"{at}.data.{number}")
        if body.key_ is not None:
            yield _field(subject, body.key_, f"{at}.key")
        for name, link in body.links.items():
            yield Use(what="kind", name=link.case, at=f"{at}.links.{name}.case", known=tuple(text.cases))
            if link.by is not None:
                yield _field(subject, link.by, f"{at}.links.{name}.by")
        yield from _owners(subject, body.expect.items(), at)
    for site in subject.outline.machines.values():
        yield from _machine(subject, site)
    for act in subject.outline.acts:
        yield from _act(subject, act)
    for effect in subject.outline.effects:
        yield from _effect(subject, effect)
    yield from _declarations(subject)


def _field(subject: Subject, name: str, at: str, *, key: bool = False) -> Use:
    return Use(what="field", name=name, at=at, known=tuple(subject.text.fields), key=key)


def _roles(subject: Subject, names: Iterable[str], at: str, *extra: str) -> Iterator[Use]:
    for mention in subject.outline.mentions(tuple(names), at):
        if not mention.name.startswith("="):
            known = (*subject.text.roles, *ROLE_WORDS.intersection(extra))
            yield Use(what="role", name=mention.name, at=mention.path, known=known)


def _owners(subject: Subject, expectations: Iterable[tuple[str, object]], at: str) -> Iterator[Use]:
    for name, body in expectations:
        owner = getattr(body, "owner", None)
        if owner is not None:
            yield from _roles(subject, (owner,), f"{at}.expect.{name}.owner" if at else f"expect.{name}.owner")


def _machine(subject: Subject, site: MachineSite) -> Iterator[Use]:
    machine, text = site.machine, subject.text
    states = tuple(site.states)
    if not site.target("", machine.start):
        yield Use(what="start", name=machine.start, at=f"{site.at}.start", known=states, values={"machine": site.name})
    if machine.starts is not None:
        for key, events in (("upon", machine.starts.upon), ("all", machine.starts.all)):
            for mention in subject.outline.mentions(events, f"{site.at}.starts.{key}"):
                yield from _event(subject, mention.name, mention.path)
    yield from _owners(subject, machine.expect.items(), site.at)
    for state in site.states.values():
        body = state.state
        if body.start is not None and body.states and body.start not in body.states:
            yield Use(
                what="start",
                name=body.start,
                at=f"{state.at}.start",
                known=tuple(body.states),
                values={"machine": state.path},
            )
        if body.complete is not None and not site.target(state.path, body.complete.to):
            yield Use(
                what="state",
                name=body.complete.to,
                at=f"{state.at}.complete.to",
                known=states,
                values={"machine": site.name, "step": "complete"},
            )
        if body.checklist is not None:
            yield Use(what="checklist", name=body.checklist, at=f"{state.at}.checklist", known=tuple(text.checklists))
        if body.order is not None:
            known = [*body.steps, *([f"{body.checklist}_ticked"] if body.checklist else [])]
            for variant, steps in body.order.variants.items():
                at = f"{state.at}.order.{variant}" if variant else f"{state.at}.order"
                for number, step in enumerate(steps):
                    yield Use(
                        what="step",
                        name=step,
                        at=f"{at}.{number}",
                        known=tuple(known),
                        values={"machine": site.name},
                    )
        yield from _owners(subject, body.expect.items(), state.at)


def _guidance(subject: Subject) -> Iterator[Use]:
    for at, one in subject.outline.guidance():
        if one.text is not None:
            at_text = f"{at}.text" if f"{at}.text" in subject.definition.places.values else at
            yield Use(what="text", name=one.text, at=at_text, known=tuple(subject.text.texts))
        if one.for_ is not None:
            yield from _roles(subject, (one.for_,), f"{at}.for")


def _event(subject: Subject, name: str, at: str) -> Iterator[Use]:
    owner, _, step = name.partition(".")
    text = subject.text
    if name == "removed" or owner == "received":
        return
    if owner in text.machines:
        yield Use(what="step", name=step, at=at, known=subject.steps_of(owner), values={"machine": owner})
    elif owner in text.pools:
        yield Use(what="step", name=step, at=at, known=("exhausted",), values={"machine": owner})
    elif owner in text.coverage:
        yield Use(what="step", name=step, at=at, known=(ENDED, PART_ENDED), values={"machine": owner})
    elif owner in text.cases:
        known = tuple(text.cases[owner].opens)
        yield Use(what="opening", name=step, at=at, known=known, values={"kind": owner})
    else:
        known = (*text.machines, *text.cases, *text.pools, *text.coverage)
        yield Use(what="machine", name=owner, at=at, known=known)


def _act(subject: Subject, act: StepSite) -> Iterator[Use]:
    step, at = act.step, act.at
    yield from _roles(subject, step.by, f"{at}.by", "system")
    yield from _roles(subject, step.with_, f"{at}.with")
    for name in step.form:
        yield _field(subject, name, f"{at}.form.{name}")
    for name, guard in step.require.items():
        if isinstance(guard, Guard):
            yield from _guard(subject, guard, f"{at}.require.{name}")
        else:
            shared = guard.removeprefix("guards.")
            yield Use(what="guard", name=shared, at=f"{at}.require.{name}", known=tuple(subject.text.guards))
    for name, inputs in step.decide.items():
        yield Use(what="table", name=name, at=f"{at}.decide.{name}", known=tuple(subject.text.tables), key=True)
        table = subject.text.tables.get(name)
        for given in inputs if table is not None else ():
            known = tuple(table.inputs) if table is not None else ()
            path = f"{at}.decide.{name}.{given}"
            yield Use(what="input", name=given, at=path, known=known, key=True, values={"table": name})
    if not isinstance(step, Step):
        return
    site = subject.outline.machines[act.machine]
    for key, steps in (("same_as", step.same_as), ("apart_from", step.apart_from)):
        for mention in subject.outline.mentions(steps, f"{at}.{key}"):
            assigned = (effect.name for effect, _ in subject.outline.assigned(act.machine))
            known = (*subject.steps_of(act.machine), *assigned)
            yield Use(what="step", name=mention.name, at=mention.path, known=known, values={"machine": act.machine})
    for mention in subject.outline.mentions(step.upon, f"{at}.upon"):
        yield from _event(subject, mention.name, mention.path)
    single = f"{at}.to" in subject.definition.places.values and not subject.keys(f"{at}.to")
    for condition, target in step.to.items():
        if target != HISTORY and not _has_target(site, act.owner, target):
            path = f"{at}.to" if single else f"{at}.to.{condition}"
            values = {"machine": act.machine, "step": act.name}
            yield Use(what="state", name=target, at=path, known=tuple(site.states), values=values)


def _has_target(site: MachineSite, owner: str, target: str) -> bool:
    if owner:
        return bool(site.target(owner, target))
    return any(site.target(leaf, target) for leaf in site.leaves)


def _guard(subject: Subject, guard: Guard, at: str) -> Iterator[Use]:
    if guard.checklist is not None:
        known = tuple(subject.text.checklists)
        yield Use(what="checklist", name=guard.checklist, at=f"{at}.checklist", known=known)
    if guard.reconcile is not None:
        yield from _reconciled(subject, guard.reconcile, f"{at}.reconcile")
    if guard.override is not None:
        yield from _roles(subject, guard.override.by, f"{at}.override.by", "self")


def _effect(subject: Subject, effect: Effect) -> Iterator[Use]:
    text = subject.text
    if effect.what == "set":
        yield _field(subject, effect.name, effect.at, key=True)
    elif isinstance(effect.body, AssignBody | ReleaseBody):
        yield from _assigned(subject, effect, effect.body)
    elif isinstance(effect.body, PaperMove):
        yield from _paper_moved(subject, effect, effect.body)
    elif isinstance(effect.body, RecordBody):
        yield Use(what="series", name=effect.name, at=effect.at, known=tuple(text.series), key=True)
    elif isinstance(effect.body, SettleBody):
        spelled = effect.at in subject.outline.keys
        yield Use(what="settlement", name=effect.name, at=effect.at, known=tuple(text.settlements), key=spelled)
    elif isinstance(effect.body, PostBody):
        yield Use(what="ledger", name=effect.name, at=effect.at, known=tuple(text.ledgers), key=True)
        yield from _parties(subject, effect.body, effect.at)
    elif isinstance(effect.body, NotifyBody):
        yield from _told(subject, effect, effect.body)
    elif effect.what == "start":
        yield Use(what="machine", name=effect.name, at=effect.at, known=tuple(text.machines), key=True)
        if isinstance(effect.body, StartBody):
            for name in effect.body.set:
                yield _field(subject, name, f"{effect.at}.set.{name}", key=True)
    elif effect.what == "send":
        link = effect.name.partition(".")[0]
        kinds = subject.outline.kinds_of(effect.machine) if effect.machine else (effect.kind,)
        known = tuple(name for kind in kinds if kind in text.cases for name in text.cases[kind].links)
        yield Use(what="link", name=link, at=effect.at.rpartition(".")[0], known=known, key=True)
        for name in effect.form:
            yield _field(subject, name, f"{effect.at}.{name}", key=True)
    elif isinstance(effect.body, OpenBody):
        yield from _opened(subject, effect, effect.body)


def _told(subject: Subject, effect: Effect, body: NotifyBody) -> Iterator[Use]:
    text = subject.text
    if effect.name:
        yield Use(what="text", name=effect.name, at=f"{effect.at}.text", known=tuple(text.texts))
    for mention in subject.outline.mentions(body.who, f"{effect.at}.who"):
        if not mention.name.startswith("="):
            known = (*text.roles, *text.audiences, ASSIGNEE)
            yield Use(what="recipient", name=mention.name, at=mention.path, known=known)


def _opened(subject: Subject, effect: Effect, body: OpenBody) -> Iterator[Use]:
    yield Use(what="kind", name=effect.name, at=effect.at, known=tuple(subject.text.cases), key=True)
    kind = subject.text.cases.get(effect.name)
    if kind is None:
        return
    if body.opening is not None:
        known = tuple(kind.opens)
        values = {"kind": effect.name}
        yield Use(what="opening", name=body.opening, at=f"{effect.at}.opening", known=known, values=values)
    if body.link is not None:
        yield Use(what="link", name=body.link, at=f"{effect.at}.link", known=tuple(kind.links))
    opening = kind.opens.get(body.opening or next(iter(kind.opens), ""))
    if isinstance(opening, Opening):
        for name in effect.form:
            known = tuple(opening.form)
            yield Use(what="field", name=name, at=f"{effect.at}.form.{name}", known=known, key=True)


def _assigned(subject: Subject, effect: Effect, body: AssignBody | ReleaseBody) -> Iterator[Use]:
    given = tuple(other.name for other, _ in subject.outline.assigned(effect.machine))
    values = {"machine": effect.machine}
    if isinstance(body, ReleaseBody):
        yield Use(what="assignment", name=effect.name, at=effect.at, known=given, key=True, values=values)
        return
    if body.pool is not None:
        at = f"{effect.at}.pool" if f"{effect.at}.pool" in subject.definition.places.values else effect.at
        yield Use(what="pool", name=body.pool, at=at, known=tuple(subject.text.pools))
    for mention in subject.outline.mentions(body.apart_from, f"{effect.at}.apart_from"):
        known = (*subject.steps_of(effect.machine), *given)
        yield Use(what="step", name=mention.name, at=mention.path, known=known, values=values)
    if body.override is not None:
        yield from _roles(subject, body.override.by, f"{effect.at}.override.by", "self")


def _pools(subject: Subject) -> Iterator[Use]:
    for name, pool in subject.text.pools.items():
        if pool.role is not None:
            yield from _roles(subject, (pool.role,), f"pools.{name}.role")
        if pool.things is not None:
            yield Use(what="kind", name=pool.things, at=f"pools.{name}.things", known=tuple(subject.text.cases))
    for name, role in subject.text.roles.items():
        if role.within is not None:
            yield _field(subject, role.within, f"roles.{name}.within")


def _parties(subject: Subject, body: PostBody | LedgerEntry, at: str) -> Iterator[Use]:
    for who, role in (("payer", body.payer), ("payee", body.payee)):
        if role is not None:
            yield from _roles(subject, (role,), f"{at}.{who}", "company")


def _paper_moved(subject: Subject, effect: Effect, body: PaperMove) -> Iterator[Use]:
    papers = subject.text.papers
    yield Use(what="paper", name=effect.name, at=effect.at, known=tuple(papers), key=True)
    if effect.name in papers:
        at = f"{effect.at}.to" if f"{effect.at}.to" in subject.definition.places.values else effect.at
        known = (*papers[effect.name].stages, *sorted(NO_STAGES))
        yield Use(what="stage", name=body.to, at=at, known=known, values={"paper": effect.name})
    yield from _roles(subject, body.sign, f"{effect.at}.sign")


def _reconciled(subject: Subject, body: Reconcile, at: str) -> Iterator[Use]:
    papers = subject.text.papers
    for written, stage in body.papers.items():
        name = written.removesuffix("?")
        yield Use(what="paper", name=name, at=f"{at}.papers.{written}", known=tuple(papers), key=True)
        if name in papers:
            known = (*papers[name].stages, VOID)
            yield Use(what="stage", name=stage, at=f"{at}.papers.{written}", known=known, values={"paper": name})
    for key in ("same", "equal"):
        for number, field_name in enumerate(getattr(body, key)):
            yield _field(subject, field_name, f"{at}.{key}.{number}")


def _papers(subject: Subject) -> Iterator[Use]:
    for name, paper in subject.text.papers.items():
        for number, field_name in enumerate(paper.fields):
            yield _field(subject, field_name, f"papers.{name}.fields.{number}")
        for stage, body in paper.stages.items():
            at = f"papers.{name}.stages.{stage}"
            if body.holder is not None:
                yield from _roles(subject, (body.holder,), f"{at}.holder")
            for number, signer in enumerate(body.signed_by):
                here = subject.outline.many(f"{at}.signed_by", number)
                here = f"{here}.role" if f"{here}.role" in subject.definition.places.values else here
                yield from _roles(subject, (signer.role,), here)


def _declarations(subject: Subject) -> Iterator[Use]:
    text = subject.text
    types = (*VALUE_TYPES, *text.types, *text.cases)
    for name, setting in text.settings.items():
        yield Use(what="type", name=setting.is_, at=f"settings.{name}.is", known=(*VALUE_TYPES, *text.types))
    yield from _fields(subject, types)
    for name, listed in text.lists.items():
        yield from _columns(subject, listed.columns, f"lists.{name}.columns", types)
        yield from _roles(subject, listed.kept_by, f"lists.{name}.kept_by")
    for name, series in text.series.items():
        if series.override is not None:
            yield from _roles(subject, series.override.by, f"series.{name}.override.by", "self")
    for name in text.tables:
        yield from _table(subject, name, types)
    yield from _papers(subject)
    yield from _pools(subject)
    yield from _schedules(subject)
    yield from _coverage(subject)
    for name, ledger in text.ledgers.items():
        yield from _parties(subject, ledger, f"ledgers.{name}")
    for name, label in text.derived.items():
        yield Use(what="machine", name=label.of, at=f"derived.{name}.of", known=(*text.machines, *text.cases))
        yield Use(what="type", name=label.is_, at=f"derived.{name}.is", known=types)
        if label.frozen is not None:
            yield from _event(subject, label.frozen, f"derived.{name}.frozen")
    for name, view in text.views.items():
        yield Use(what="machine", name=view.of, at=f"views.{name}.of", known=(*text.machines, *text.cases))
        if view.owner is not None:
            yield from _roles(subject, (view.owner,), f"views.{name}.owner")
    for name, audience in text.audiences.items():
        known = (*text.machines, *text.cases)
        yield Use(what="machine", name=audience.of, at=f"audiences.{name}.of", known=known)
        if audience.party is not None:
            yield from _roles(subject, (audience.party,), f"audiences.{name}.party")
    yield from _settlements(subject)
    yield from _shared(subject)


def _settlements(subject: Subject) -> Iterator[Use]:
    text = subject.text
    for name, entry in text.settlements.items():
        at = f"settlements.{name}"
        for one, column in entry.columns.items():
            if column.ledger is not None:
                known = tuple(text.ledgers)
                yield Use(what="ledger", name=column.ledger, at=f"{at}.columns.{one}.ledger", known=known)
            for key, events in (("count", column.count), ("of", column.of)):
                for mention in subject.outline.mentions(events, f"{at}.columns.{one}.{key}"):
                    yield from _event(subject, mention.name, mention.path)
        yield from _roles(subject, entry.everyone, f"{at}.everyone")
        if entry.rank is not None:
            known, values = tuple(entry.columns), {"settlement": name}
            yield Use(what="settlement-column", name=entry.rank.by, at=f"{at}.rank.by", known=known, values=values)
        for table, inputs in entry.decide.items():
            yield Use(what="table", name=table, at=f"{at}.decide.{table}", known=tuple(text.tables), key=True)
            declared = text.tables.get(table)
            for given in inputs if declared is not None else ():
                path, known = f"{at}.decide.{table}.{given}", tuple(declared.inputs) if declared else ()
                yield Use(what="input", name=given, at=path, known=known, key=True, values={"table": table})


def _fields(subject: Subject, types: tuple[str, ...]) -> Iterator[Use]:
    text = subject.text
    for name, entry in text.fields.items():
        yield Use(what="type", name=entry.is_, at=f"fields.{name}.is", known=types)
        if entry.unit is not None:
            yield Use(what="unit", name=entry.unit, at=f"fields.{name}.unit", known=tuple(text.units))
        if entry.from_ is not None:
            yield Use(what="list", name=entry.from_, at=f"fields.{name}.from", known=tuple(text.lists))
        if isinstance(entry.of, str):
            yield Use(what="type", name=entry.of, at=f"fields.{name}.of", known=types)
        if not isinstance(entry.of, str):
            yield from _columns(subject, entry.of or {}, f"fields.{name}.of", types)


def _columns(subject: Subject, columns: Mapping[str, RowField], at: str, types: tuple[str, ...]) -> Iterator[Use]:
    for column, row in columns.items():
        if row.is_:
            yield Use(what="type", name=row.is_, at=f"{at}.{column}", known=types)
        else:
            yield _field(subject, column, f"{at}.{column}")


def _schedules(subject: Subject) -> Iterator[Use]:
    text = subject.text
    for name, entry in text.schedules.items():
        at = f"schedules.{name}"
        if entry.per is not None:
            yield Use(what="kind", name=entry.per, at=f"{at}.per", known=tuple(text.cases))
        if entry.calendar is not None:
            yield Use(what="calendar", name=entry.calendar, at=f"{at}.calendar", known=tuple(text.calendars))
        for step, form in entry.send.items():
            yield from (_field(subject, given, f"{at}.send.{step}.{given}", key=True) for given in form)


def _coverage(subject: Subject) -> Iterator[Use]:
    text = subject.text
    for name, entry in text.coverage.items():
        at = f"coverage.{name}"
        yield Use(what="kind", name=entry.of, at=f"{at}.of", known=tuple(text.cases))
        for event in entry.restart:
            spelled = f"{at}.restart.{event}" in subject.outline.keys
            for use in _event(subject, event, f"{at}.restart.{event}" if spelled else f"{at}.restart"):
                yield replace(use, key=spelled)
        for mention in subject.outline.mentions(entry.cancel, f"{at}.cancel"):
            yield from _event(subject, mention.name, mention.path)


def _shared(subject: Subject) -> Iterator[Use]:
    text = subject.text
    for name, guard in text.guards.items():
        yield from _guard(subject, guard, f"guards.{name}")
    for name, checklist in text.checklists.items():
        for item, line in checklist.items.items():
            at = f"checklists.{name}.items.{item}"
            yield from _roles(subject, line.by, f"{at}.by")
            if line.proof is not None:
                yield _field(subject, line.proof, f"{at}.proof")
    for section, bodies in (("invariants", text.invariants), ("expect", text.expect)):
        for name, body in bodies.items():
            at = f"{section}.{name}"
            if body.machine is not None:
                yield Use(what="machine", name=body.machine, at=f"{at}.machine", known=tuple(text.machines))
            if body.case is not None:
                yield Use(what="kind", name=body.case, at=f"{at}.case", known=tuple(text.cases))
    yield from _owners(subject, text.expect.items(), "")


def _table(subject: Subject, name: str, types: tuple[str, ...]) -> Iterator[Use]:
    table, at = subject.text.tables[name], f"tables.{name}"
    for side, columns in (("inputs", table.inputs), ("outputs", table.outputs)):
        for column, of in columns.items():
            yield Use(what="type", name=of, at=f"{at}.{side}.{column}", known=types)
    values = {"table": name}
    for number, row in enumerate(table.rows):
        for cell in row.cells:
            path = f"{at}.rows.{number}.{cell}"
            yield Use(what="input", name=cell, at=path, known=tuple(table.inputs), key=True, values=values)
        for output in row.then:
            path = f"{at}.rows.{number}.then.{output}"
            yield Use(what="output", name=output, at=path, known=tuple(table.outputs), key=True, values=values)
    for output in table.default or ():
        yield Use(
            what="output", name=output, at=f"{at}.default.{output}", known=tuple(table.outputs), key=True, values=values
        )
