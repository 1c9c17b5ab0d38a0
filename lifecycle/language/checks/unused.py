"""What is declared is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lifecycle.language.behaviour import StartBody
from lifecycle.language.checks.arguments import OF_CALENDARS
from lifecycle.language.checks.deadlines import clocks_of
from lifecycle.language.checks.subject import Subject
from lifecycle.language.ledgers import LedgerEntry
from lifecycle.language.notices import NotifyBody
from lifecycle.language.people import AssignBody
from lifecycle.language.posts import PostBody
from lifecycle.problems import Problem


def never_used(subject: Subject) -> Iterator[Problem]:
    """Yield the warning `never-used` for settings, types, fields, roles, pools, tables, guards, texts, papers,
    calendars, ledgers, lists, series, settlements and units.

    What a part brought along is not judged: another file may use it.
    """
    text = subject.text
    used = {
        "setting": _settings(subject),
        "type": _types(subject),
        "field": _fields(subject),
        "role": _roles(subject),
        "pool": {effect.body.pool or "" for effect in subject.outline.effects if isinstance(effect.body, AssignBody)},
        "table": {
            *(name for act in subject.outline.acts for name in act.step.decide),
            *(name for entry in text.settlements.values() for name in entry.decide),
        },
        "guard": _guards(subject),
        "text": _texts(subject),
        "calendar": {
            *(name for _, name in subject.arguments(*OF_CALENDARS)),
            *(name for name, _ in clocks_of(subject)),
            *(kpi.clock for kpi in text.kpis.values() if kpi.clock),
            *(entry.calendar or "" for entry in text.schedules.values()),
        },
        "ledger": {
            *(effect.name for effect in subject.outline.effects if effect.what == "post"),
            *(name for _, name in subject.arguments("balance")),
            *(column.ledger or "" for entry in text.settlements.values() for column in entry.columns.values()),
        },
        "list": {
            *(name.split(".")[1] for _, name in subject.reads() if name.startswith("lists.")),
            *(name for _, name in subject.arguments("row")),
            *(field.from_ or "" for field in text.fields.values()),
        },
        "unit": {
            *(field.unit or "" for field in text.fields.values()),
            *(ledger.unit for ledger in text.ledgers.values()),
            *(series.unit for series in text.series.values()),
        },
        "series": {
            *(effect.name for effect in subject.outline.effects if effect.what == "record"),
            *(name.split(".")[1] for _, name in subject.reads() if name.startswith("series.")),
            *(name for _, name in subject.arguments("reading")),
        },
        "settlement": {effect.name for effect in subject.outline.effects if effect.what == "settle"},
        "label": {
            *(name for _, name in subject.arguments("label")),
            *(name.partition(".")[2] for _, name in subject.reads() if name.startswith("derived.")),
            *(word.removeprefix("-").partition(".")[2] for word in _words_seen(subject)),
        },
        "paper": {effect.name for effect in subject.outline.effects if effect.what == "paper"},
        "audience": {
            name
            for effect in subject.outline.effects
            if isinstance(effect.body, NotifyBody)
            for name in effect.body.who
        },
    }
    declared: dict[str, tuple[str, Mapping[str, object]]] = {
        "setting": ("settings", text.settings),
        "type": ("types", text.types),
        "field": ("fields", text.fields),
        "role": ("roles", text.roles),
        "pool": ("pools", text.pools),
        "table": ("tables", text.tables),
        "guard": ("guards", text.guards),
        "text": ("texts", text.texts),
        "calendar": ("calendars", text.calendars),
        "paper": ("papers", text.papers),
        "ledger": ("ledgers", text.ledgers),
        "list": ("lists", text.lists),
        "label": ("derived", text.derived),
        "series": ("series", text.series),
        "unit": ("units", text.units),
        "settlement": ("settlements", text.settlements),
        "audience": ("audiences", text.audiences),
    }
    for what, (section, names) in declared.items():
        for name in names:
            at = f"{section}.{name}"
            if name not in used[what] and not subject.from_part(at) and not subject.may_be_lost(name):
                yield subject.problem("never-used", at, key=True, level="warning", what=section, name=name)


def _settings(subject: Subject) -> set[str]:
    return {name.partition(".")[2] for _, name in subject.reads() if name.startswith("settings.")}


def _types(subject: Subject) -> set[str]:
    text = subject.text
    found = {field.is_ for field in text.fields.values()} | {setting.is_ for setting in text.settings.values()}
    for field in text.fields.values():
        if isinstance(field.of, str):
            found.add(field.of)
        elif field.of is not None:
            found.update(column.is_ for column in field.of.values())
    for listed in text.lists.values():
        found.update(column.is_ for column in listed.columns.values())
    for table in text.tables.values():
        found.update((*table.inputs.values(), *table.outputs.values()))
    return found


def _fields(subject: Subject) -> set[str]:
    text = subject.text
    found = {name for act in subject.outline.acts for name in act.form}
    for effect in subject.outline.effects:
        found.update(effect.form)
        if effect.what == "set":
            found.add(effect.name)
        if isinstance(effect.body, StartBody):
            found.update(effect.body.set)
        if isinstance(effect.body, NotifyBody):
            found.update(effect.body.shows(text.texts))
    for _, name in subject.reads():
        parts = name.split(".")
        found.update(parts[1:3])
    for kind in text.cases.values():
        found.update((*kind.data, kind.key_ or ""))
        found.update(link.by or "" for link in kind.links.values())
    for checklist in text.checklists.values():
        found.update(item.proof or "" for item in checklist.items.values())
    for paper in text.papers.values():
        found.update(paper.fields)
    found.update(role.within or "" for role in text.roles.values())
    found.update(part for word in _words_seen(subject) for part in word.removeprefix("-").split("."))
    for _, _, guard, _ in subject.outline.guards():
        found.update((*guard.reconcile.same, *guard.reconcile.equal) if guard.reconcile else ())
    found.update(name for listed in text.lists.values() for name, column in listed.columns.items() if not column.is_)
    for name, field in text.fields.items():
        if name in found and isinstance(field.of, dict):
            found.update(field.of)
    return found


def _words_seen(subject: Subject) -> Iterator[str]:
    """Yield the names by which views and figures show, order and group."""
    for view in subject.text.views.values():
        yield from (*view.columns, *view.order, *view.group)
    for kpi in subject.text.kpis.values():
        yield from (*kpi.group, *(kpi.of.group if kpi.of else ()))


def _roles(subject: Subject) -> set[str]:
    text = subject.text
    found: set[str] = {name for name, role in text.roles.items() if role.corrects}
    found.update(pool.role or "" for pool in text.pools.values())
    found.update(name for listed in text.lists.values() for name in listed.kept_by)
    found.update(name for series in text.series.values() if series.override for name in series.override.by)
    found.update(name for entry in text.settlements.values() for name in entry.everyone)
    for act in subject.outline.acts:
        found.update((*act.step.by, *act.step.with_))
    for _, _, guard, _ in subject.outline.guards():
        found.update(guard.override.by if guard.override else ())
    for checklist in text.checklists.values():
        found.update(name for item in checklist.items.values() for name in item.by)
    standing = [*text.expect.values(), *(body for kind in text.cases.values() for body in kind.expect.values())]
    for site in subject.outline.machines.values():
        standing.extend(site.machine.expect.values())
        for state in site.states.values():
            standing.extend(state.state.expect.values())
    found.update(body.owner or "" for body in standing)
    found.update(view.owner or "" for view in text.views.values())
    found.update(audience.party or "" for audience in text.audiences.values())
    for stage in (stage for paper in text.papers.values() for stage in paper.stages.values()):
        found.update((stage.holder or "", *(signer.role for signer in stage.signed_by)))
    found.update(guidance.for_ or "" for _, guidance in subject.outline.guidance())
    for body in (*text.ledgers.values(), *(effect.body for effect in subject.outline.effects)):
        if isinstance(body, LedgerEntry | PostBody):
            found.update((body.payer or "", body.payee or ""))
        if isinstance(body, NotifyBody):
            found.update(body.who)
    for table in text.tables.values():
        by_output = [of for of in table.outputs.items() if of[1] == "role"]
        outputs = [*(row.then for row in table.rows), *([table.default] if table.default else [])]
        found.update(str(then[name]) for name, _ in by_output for then in outputs if name in then)
    for site_of in subject.expressions:
        found.update(str(compared.literal) for compared in site_of.reading.comparisons)
    for effect in subject.outline.effects:
        first = effect.body.set if isinstance(effect.body, StartBody) else {}
        found.update(str(value) for value in (effect.value, *effect.form.values(), *first.values()))
    return found


def _guards(subject: Subject) -> set[str]:
    return {
        shared.removeprefix("guards.")
        for act in subject.outline.acts
        for shared in act.step.require.values()
        if isinstance(shared, str)
    }


def _texts(subject: Subject) -> set[str]:
    shown = {guidance.text or "" for _, guidance in subject.outline.guidance()}
    return shown | {effect.name for effect in subject.outline.effects if effect.what == "notify"}
