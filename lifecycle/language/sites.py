"""Every expression of a definition: its text, where it stands, and the step, machine or kind that it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lifecycle.expressions import syntax
from lifecycle.expressions.reading import Reading, read
from lifecycle.language.behaviour import Effects, Opening, StartBody, Step
from lifecycle.language.columns import inside
from lifecycle.language.coverage import ALL
from lifecycle.language.dictionary import Expectation, Guard, Invariant
from lifecycle.language.notices import NotifyBody
from lifecycle.language.outline import DeadlineSite, Effect, Outline, StepSite
from lifecycle.language.people import AssignBody, AwayBody, QualifyBody, ReleaseBody
from lifecycle.language.posts import PostBody
from lifecycle.language.seeing import column_path
from lifecycle.language.series import RecordBody
from lifecycle.language.settlements import SettleBody
from lifecycle.language.tree import ScalarNode, walk
from lifecycle.language.vocabulary import ASSIGNEE
from lifecycle.problems import Place


@dataclass(frozen=True, kw_only=True)
class ExpressionSite:
    """An expression.

    text       without the "=" of a value
    at         path of the scalar; for a condition of `to`, of the key
    use        "condition" or "value"
    step       the step or opening that it belongs to
    machine, kind  its context; "" both for shared guards
    row        whether it may read `it`
    """

    text: str
    at: str
    use: str
    step: StepSite | None = None
    machine: str = ""
    kind: str = ""
    row: bool = False

    @cached_property
    def reading(self) -> Reading:
        """What it reads; an empty reading when it is no expression at all (the compiler says so)."""
        try:
            return read(self.text, syntax.parse(self.text))
        except (RuntimeError, ValueError, RecursionError):
            return Reading()

    @property
    def names(self) -> tuple[str, ...]:
        """The dotted chains that it reads."""
        return tuple(dict.fromkeys(found.name for found in self.reading.reads))


def expressions_of(outline: Outline) -> Iterator[ExpressionSite]:
    """Yield every expression, in no particular order."""
    for name, guard in outline.text.guards.items():
        yield from _guard(guard, f"guards.{name}", None)
    for act in outline.acts:
        yield from _act(outline, act)
    for effect in outline.effects:
        yield from _effect(outline, effect)
    yield from _of_machines(outline)
    yield from _of_the_rest(outline)


def _of_machines(outline: Outline) -> Iterator[ExpressionSite]:
    for machine in outline.machines.values():
        for expected, body in machine.machine.expect.items():
            yield from _standing(body, f"{machine.at}.expect.{expected}", machine.name, "")
        for deadline in machine.deadlines:
            yield from _deadline(outline, deadline)
        for site in machine.states.values():
            for expected, body in site.state.expect.items():
                yield from _standing(body, f"{site.at}.expect.{expected}", machine.name, "")
            if site.state.order is not None and site.state.order.by is not None:
                yield _value(site.state.order.by, f"{site.at}.order.by", None, machine.name, "")
            for moment, listed in (("enter", site.state.enter), ("exit", site.state.exit)):
                for number, effects in enumerate(listed):
                    at = outline.many(f"{site.at}.{moment}", number)
                    yield from _whens(outline, effects, at, None, machine.name, "")


def _deadline(outline: Outline, site: DeadlineSite) -> Iterator[ExpressionSite]:
    one, at = site.deadline, site.at
    for key, text in (("when", one.when), ("while", one.while_)):
        if text is not None:
            yield ExpressionSite(text=text, at=f"{at}.{key}", use="condition", machine=site.machine)
    for key, text in (("due", one.due), ("opens", one.opens)):
        if text is not None:
            yield ExpressionSite(text=text, at=f"{at}.{key}", use="value", machine=site.machine)
    lengths = [(f"{at}.within", given.length) for given in one.within]
    for path, written in (*lengths, (f"{at}.every", one.every)):
        if isinstance(written, str) and written.startswith("="):
            yield _value(written, path, None, site.machine, "")
    for mark, listed in one.ladder.items():
        for number, effects in enumerate(listed):
            yield from _whens(outline, effects, outline.many(f"{at}.ladder.{mark}", number), None, site.machine, "")


def _of_the_rest(outline: Outline) -> Iterator[ExpressionSite]:
    for kind, case in outline.text.cases.items():
        for expected, body in case.expect.items():
            yield from _standing(body, f"cases.{kind}.expect.{expected}", "", kind)
        for name, link in case.links.items():
            if link.key_ is not None:
                yield _value(link.key_, f"cases.{kind}.links.{name}.key", None, "", kind)
    for name, top in outline.text.expect.items():
        yield from _standing(top, f"expect.{name}", top.machine or "", top.case or "")
    for name, invariant in outline.text.invariants.items():
        yield from _standing(invariant, f"invariants.{name}", invariant.machine or "", invariant.case or "")
    for name, paper in outline.text.papers.items():
        for stage, body_of in paper.stages.items():
            for number, signer in enumerate(body_of.signed_by):
                at = outline.many(f"papers.{name}.stages.{stage}.signed_by", number)
                if signer.when is not None:
                    yield ExpressionSite(text=signer.when, at=f"{at}.when", use="condition")
    yield from _of_pools(outline)
    yield from _ledgers(outline)
    yield from _views(outline)
    yield from _audiences(outline)
    yield from _settlements(outline)
    for name, series in outline.text.series.items():
        yield from _values({"key": series.key_}, f"series.{name}", None, "", "")
    yield from _kpis(outline)
    yield from _labels(outline)
    yield from _schedules(outline)
    yield from _coverage(outline)
    yield from _checklists(outline)


def _checklists(outline: Outline) -> Iterator[ExpressionSite]:
    for name, checklist in outline.text.checklists.items():
        for item, line in checklist.items.items():
            at = f"checklists.{name}.items.{item}"
            if line.when is not None:
                yield ExpressionSite(text=line.when, at=f"{at}.when", use="condition")
            if line.each is not None:
                yield _value(line.each, f"{at}.each", None, "", "")


def _ledgers(outline: Outline) -> Iterator[ExpressionSite]:
    for name, ledger in outline.text.ledgers.items():
        at, machine = f"ledgers.{name}", outline.poster(name)
        figures = {"key": ledger.key_, "payer": ledger.payer, "payee": ledger.payee}
        borders = {"floor": ledger.floor, "ceiling": ledger.ceiling, "renew.to": ledger.renew and ledger.renew.to}
        yield from _values({**figures, **borders}, at, None, machine, "")
        for mark, listed in ledger.ladder.items():
            for number, effects in enumerate(listed):
                yield from _whens(outline, effects, outline.many(f"{at}.ladder.{mark}", number), None, machine, "")


def _views(outline: Outline) -> Iterator[ExpressionSite]:
    for name, view in outline.text.views.items():
        at = f"views.{name}"
        machine, kind = (view.of, "") if view.of in outline.machines else ("", view.of)
        if view.where is not None:
            yield ExpressionSite(text=view.where, at=f"{at}.where", use="condition", machine=machine, kind=kind)
        for column, body in view.columns.items():
            if body.value is not None:
                yield _value(body.value, column_path(view.columns, f"{at}.columns", column, outline.nodes), None,
                             machine, kind)  # fmt: skip


def _audiences(outline: Outline) -> Iterator[ExpressionSite]:
    for name, audience in outline.text.audiences.items():
        if audience.where is not None:
            machine, kind = (audience.of, "") if audience.of in outline.machines else ("", audience.of)
            at = f"audiences.{name}.where"
            yield ExpressionSite(text=audience.where, at=at, use="condition", machine=machine, kind=kind)


def _reading(outline: Outline, effect: Effect, body: RecordBody) -> Iterator[ExpressionSite]:
    act, machine, kind = effect.step, effect.machine, effect.kind
    if body.when is not None:
        at = f"{effect.at}.when"
        yield ExpressionSite(text=body.when, at=at, use="condition", step=act, machine=machine, kind=kind)
    if isinstance(body.value, str) and body.value.startswith("="):
        spelled = f"{effect.at}.value"
        yield _value(body.value, spelled if spelled in outline.nodes else effect.at, act, machine, kind)
    yield from _values({"key": body.key_, "at": body.at, "source": body.source}, effect.at, act, machine, kind)


def _settlements(outline: Outline) -> Iterator[ExpressionSite]:
    """Yield the expressions of settlements: read in the machine or kind of the events, values and tables in the row."""
    for name, entry in outline.text.settlements.items():
        at = f"settlements.{name}"
        for one, column in entry.columns.items():
            path = f"{at}.columns.{one}"
            yield from _values({"value": column.value}, path, None, "", "", row=True)
            owners = {event.partition(".")[0] for event in column.events}
            owners |= {outline.poster(column.ledger)} if column.ledger else set()
            for owner in sorted(owners):
                machine = owner if owner in outline.text.machines else ""
                kind = owner if owner in outline.text.cases else ""
                written = {"sum": column.sum, "key": column.key_}
                yield from _values(written, path, None, machine, kind)
                if column.where is not None:
                    where = f"{path}.where"
                    yield ExpressionSite(text=column.where, at=where, use="condition", machine=machine, kind=kind)
                if column.key_ is None and entry.key_ is not None:
                    yield _value(entry.key_, f"{at}.key", None, machine, kind)
        for table, inputs in entry.decide.items():
            yield from _values(inputs, f"{at}.decide.{table}", None, "", "", row=True)


def _labels(outline: Outline) -> Iterator[ExpressionSite]:
    for name, label in outline.text.derived.items():
        machine, kind = (label.of, "") if label.of in outline.machines else ("", label.of)
        yield _value(label.value, f"derived.{name}.value", None, machine, kind)


def _kpis(outline: Outline) -> Iterator[ExpressionSite]:
    """Yield the expressions of figures; each is read where the first of its events happens."""
    for name, kpi in outline.text.kpis.items():
        at = f"kpis.{name}"
        own = kpi.counted_events()
        lines = [("where", kpi.where, own), ("share", kpi.share, own)]
        if kpi.of is not None:
            lines.append(("of.where", kpi.of.where, kpi.of.upon))
        lines.extend((f"apart.{one}.where", body.where, body.count) for one, body in kpi.apart.items())
        for key, text, events in lines:
            if text is not None:
                machine, kind = _happens_in(outline, events)
                yield ExpressionSite(text=text, at=f"{at}.{key}", use="condition", machine=machine, kind=kind)
        machine, kind = _happens_in(outline, own)
        yield from _values({"sum": kpi.sum, "average": kpi.average}, at, None, machine, kind)
        yield from _values({"at_least": kpi.at_least, "at_most": kpi.at_most}, at, None, "", "")
        groups = [(kpi.group, f"{at}.group", own)]
        if kpi.of is not None:
            groups.append((kpi.of.group, f"{at}.of.group", kpi.of.upon))
        for columns, path, events in groups:
            machine, kind = _happens_in(outline, events)
            for column, body in columns.items():
                if body.value is not None:
                    yield _value(body.value, column_path(columns, path, column, outline.nodes), None, machine, kind)


def _happens_in(outline: Outline, events: Sequence[str]) -> tuple[str, str]:
    """Return the machine, or the kind, in which the first of some events happens."""
    owner = next(iter(events), "").partition(".")[0]
    return (owner, "") if owner in outline.machines else ("", owner if owner in outline.text.cases else "")


def _schedules(outline: Outline) -> Iterator[ExpressionSite]:
    for name, entry in outline.text.schedules.items():
        at, kind = f"schedules.{name}", entry.per or ""
        if entry.where is not None:
            yield ExpressionSite(text=entry.where, at=f"{at}.where", use="condition", kind=kind)
        for number, opens in enumerate(entry.open):
            for opened, body in opens.items():
                if body.when is not None:
                    path = f"{outline.many(f'{at}.open', number)}.{opened}.when"
                    yield ExpressionSite(text=body.when, at=path, use="condition", kind=kind)


def _coverage(outline: Outline) -> Iterator[ExpressionSite]:
    for name, entry in outline.text.coverage.items():
        at, (unit, length) = f"coverage.{name}", entry.length
        yield from _values({"from": entry.from_, unit: length}, at, None, "", entry.of)
        for event, parts in entry.restart.items():
            if parts != ALL:
                machine, kind = _happens_in(outline, (event,))
                yield _value(parts, f"{at}.restart.{event}", None, machine, kind)


def place_inside(outline: Outline, site: ExpressionSite, offset: int) -> Place:
    """Return the place of a character of an expression, in its file."""
    node = outline.nodes.get(site.at)
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        shift = len(node.value) - len(site.text)
        return inside(node.place, node.style, node.value, offset + shift)
    key = outline.keys.get(site.at)
    if key is not None:
        return inside(key.place, key.style, key.value, offset)
    return outline.place(site.at)


def _act(outline: Outline, act: StepSite) -> Iterator[ExpressionSite]:
    step, at, kind = act.step, act.at, act.kind
    if isinstance(step, Step):
        yield from _triggers(act, step)
    for key, roles in (("by", step.by), ("with", step.with_)):
        for number, role in enumerate(roles):
            if role.startswith("="):
                yield _value(role, outline.many(f"{at}.{key}", number), act, act.machine, kind)
    for name, item in step.form.items():
        if item.required_when is not None:
            yield ExpressionSite(
                text=item.required_when,
                at=form_key(outline, at, name, "required_when"),
                use="condition",
                step=act,
                machine=act.machine,
                kind=kind,
            )
        if isinstance(item.default, str) and item.default.startswith("="):
            yield _value(item.default, form_key(outline, at, name, "default"), act, act.machine, kind)
    for name, guard in step.require.items():
        if isinstance(guard, Guard):
            yield from _guard(guard, f"{at}.require.{name}", act)
    for table, inputs in step.decide.items():
        yield from _values(inputs, f"{at}.decide.{table}", act, act.machine, kind)
    yield from _whens(outline, step, at, act, act.machine, kind)


def _triggers(act: StepSite, step: Step) -> Iterator[ExpressionSite]:
    at = act.at
    for key, text in (("when", step.when), ("always", step.always)):
        if text is not None:
            yield ExpressionSite(text=text, at=f"{at}.{key}", use="condition", step=act, machine=act.machine)
    if step.at is not None:
        yield ExpressionSite(text=step.at, at=f"{at}.at", use="value", step=act, machine=act.machine)
    if isinstance(step.after, str) and step.after.startswith("="):
        yield _value(step.after, f"{at}.after", act, act.machine, "")
    if step.is_ not in (None, ASSIGNEE):
        yield _value(str(step.is_), f"{at}.is", act, act.machine, "")
    for condition in step.to:
        if condition != "otherwise":
            yield ExpressionSite(
                text=condition, at=f"{at}.to.{condition}", use="condition", step=act, machine=act.machine
            )


def form_key(outline: Outline, at: str, field: str, key: str) -> str:
    """Return the path of a key of a form's field, whose list element has a number."""
    for path, _, _ in walk(outline.nodes.get(f"{at}.form") or outline.definition.tree, f"{at}.form"):
        if path.endswith((f".{field}.{key}", f".{field}!.{key}")):
            return path
    return f"{at}.form.{field}"


def _whens(
    outline: Outline, holder: Step | Opening | Effects, at: str, act: StepSite | None, machine: str, kind: str
) -> Iterator[ExpressionSite]:
    """Yield the conditions of effects."""

    def condition(text: str | None, path: str) -> Iterator[ExpressionSite]:
        if text is not None:
            yield ExpressionSite(text=text, at=path, use="condition", step=act, machine=machine, kind=kind)

    if isinstance(holder, Effects):
        yield from condition(holder.when, f"{at}.when")
    for path, text in _freezing(outline, holder, at):
        yield from condition(text, path)
    for number, sets in enumerate(holder.set):
        yield from condition(sets.when, f"{outline.many(f'{at}.set', number)}.when")
    for number, starts in enumerate(holder.start):
        for name, start in starts.items():
            yield from condition(start.when, f"{outline.many(f'{at}.start', number)}.{name}.when")
    for number, papers in enumerate(holder.papers):
        for name, moved in papers.items():
            yield from condition(moved.when, f"{outline.many(f'{at}.papers', number)}.{name}.when")
    for number, posts in enumerate(holder.post):
        for name, posted in posts.items():
            yield from condition(posted.when, f"{outline.many(f'{at}.post', number)}.{name}.when")
    for number, opens in enumerate(holder.open):
        for name, opened in opens.items():
            yield from condition(opened.when, f"{outline.many(f'{at}.open', number)}.{name}.when")
    for number, notice in enumerate(holder.notify):
        yield from condition(notice.when, f"{outline.many(f'{at}.notify', number)}.when")
    for number, sends in enumerate(holder.send):
        for name, send in sends.items():
            yield from condition(send.when, f"{outline.many(f'{at}.send', number)}.{name}.when")


def _freezing(outline: Outline, holder: Step | Opening | Effects, at: str) -> Iterator[tuple[str, str | None]]:
    """Yield (path, condition) of what a step or an opening freezes."""
    for number, freezes in enumerate(() if isinstance(holder, Effects) else holder.freeze):
        here = outline.many(f"{at}.freeze", number)
        yield from ((f"{here}.{name}.when", frozen.when) for name, frozen in freezes.items())


def _effect(outline: Outline, effect: Effect) -> Iterator[ExpressionSite]:
    act, machine, kind = effect.step, effect.machine, effect.kind
    if effect.what == "set":
        yield from _values({effect.name: effect.value}, effect.at.rpartition(".")[0], act, machine, kind)
    yield from _values(
        effect.form, effect.at if effect.what in ("send", "tell") else f"{effect.at}.form", act, machine, kind
    )
    yield from _of_people(outline, effect.body, effect.at, act, machine, kind)
    if isinstance(effect.body, StartBody):
        if effect.body.each is not None:
            yield _value(effect.body.each, f"{effect.at}.each", act, machine, kind)
        yield from _values(effect.body.set, f"{effect.at}.set", act, machine, kind, row=True)
    if isinstance(effect.body, RecordBody):
        yield from _reading(outline, effect, effect.body)
    if isinstance(effect.body, SettleBody):
        if effect.body.when is not None:
            at = f"{effect.at}.when"
            yield ExpressionSite(text=effect.body.when, at=at, use="condition", step=act, machine=machine, kind=kind)
        spelled = f"{effect.at}.period"
        if isinstance(effect.body.period, str) and effect.body.period.startswith("="):
            yield _value(effect.body.period, spelled if spelled in outline.nodes else effect.at, act, machine, kind)
    if isinstance(effect.body, PostBody):
        body = effect.body
        if body.each is not None:
            yield _value(body.each, f"{effect.at}.each", act, machine, kind)
        written = {body.verb: body.amount, "key": body.key_, "payer": body.payer, "payee": body.payee}
        yield from _values(written, effect.at, act, machine, kind, row=body.each is not None)
    if isinstance(effect.body, NotifyBody):
        who = {mention.path: mention.name for mention in outline.mentions(effect.body.who, f"{effect.at}.who")}
        for path, name in who.items():
            if name.startswith("="):
                yield _value(name, path, act, machine, kind)
        yield from _values(effect.body.with_, f"{effect.at}.with", act, machine, kind)


def _of_people(
    outline: Outline, body: object, at: str, act: StepSite | None, machine: str, kind: str
) -> Iterator[ExpressionSite]:
    """Yield the expressions of an effect on people."""
    if not isinstance(body, AssignBody | ReleaseBody | AwayBody | QualifyBody):
        return
    if body.when is not None:
        yield ExpressionSite(text=body.when, at=f"{at}.when", use="condition", step=act, machine=machine, kind=kind)
    values: Mapping[str, object] = {}
    match body:
        case AssignBody() if body.person is not None:
            short = f"{at}.person" if f"{at}.person" in outline.nodes else at
            yield _value(body.person, short, act, machine, kind)
        case AwayBody():
            values = {"person": body.person, "from": body.from_, "to": body.to}
        case QualifyBody():
            values = {"person": body.person, "as": body.as_, "until": body.until}
    yield from _values(values, at, act, machine, kind)


def _of_pools(outline: Outline) -> Iterator[ExpressionSite]:
    """Yield the expressions of pools; like shared guards they stand in no machine of their own."""
    for name, pool in outline.text.pools.items():
        at = f"pools.{name}"
        needs = {outline.many(f"{at}.needs", number): need for number, need in enumerate(pool.needs)}
        for path, value in {**needs, f"{at}.cap": pool.cap, f"{at}.within": pool.within}.items():
            if isinstance(value, str) and value.startswith("="):
                yield _value(value, path, None, "", "")
        if pool.where is not None:
            yield ExpressionSite(text=pool.where, at=f"{at}.where", use="condition", row=True)


def _guard(guard: Guard, at: str, act: StepSite | None) -> Iterator[ExpressionSite]:
    machine, kind = (act.machine, act.kind) if act else ("", "")
    row = guard.each is not None
    for key, text in (("that", guard.that), ("when", guard.when)):
        if text is not None:
            yield ExpressionSite(
                text=text, at=f"{at}.{key}", use="condition", step=act, machine=machine, kind=kind, row=row
            )
    for key, value in (("each", guard.each), ("suggest", guard.suggest)):
        if value is not None:
            yield _value(value, f"{at}.{key}", act, machine, kind)


def _standing(body: Expectation | Invariant, at: str, machine: str, kind: str) -> Iterator[ExpressionSite]:
    yield ExpressionSite(text=body.that, at=f"{at}.that", use="condition", machine=machine, kind=kind)
    if body.when is not None:
        yield ExpressionSite(text=body.when, at=f"{at}.when", use="condition", machine=machine, kind=kind)


def _values(
    values: Mapping[str, object], at: str, act: StepSite | None, machine: str, kind: str, *, row: bool = False
) -> Iterator[ExpressionSite]:
    for name, value in values.items():
        if isinstance(value, str) and value.startswith("="):
            yield _value(value, f"{at}.{name}", act, machine, kind, row=row)


def _value(text: str, at: str, act: StepSite | None, machine: str, kind: str, *, row: bool = False) -> ExpressionSite:
    return ExpressionSite(text=text[1:], at=at, use="value", step=act, machine=machine, kind=kind, row=row)
