"""Figures: what they count, in what each condition and value is read, what their targets are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.core import workflow as core
from lifecycle.core.seeing.amounts import number_of
from lifecycle.core.values import FieldType
from lifecycle.expressions.values import minor_digits
from lifecycle.language.compile_seeing import column_of, meant
from lifecycle.language.compiling import Compiler, Placed, Written, both
from lifecycle.language.conditions import Literal, Surroundings
from lifecycle.language.kpis import BETWEEN, ApartBody, KpiEntry, OfBody
from lifecycle.language.names import Site
from lifecycle.language.seeing import Columns, column_path
from lifecycle.language.shown import Shown
from lifecycle.problems import Problem

if TYPE_CHECKING:
    from lifecycle.core.workflow.seeing import Measure

NO_OF = OfBody(upon=())


def kpi_of(compiler: Compiler, name: str, entry: KpiEntry) -> core.Kpi:
    """Return a figure."""
    path = f"kpis.{name}"
    of = entry.of or NO_OF
    unit, currency, type = value_of(compiler, entry)
    reader = Reader(compiler, path, entry, of, type)
    counted, base = reader.counted()
    begun = BETWEEN.fullmatch(entry.measure) if entry.measure else None
    return core.Kpi(
        name=name,
        titles=entry.titles,
        way="ratio" if unit == "percent" else entry.way,  # type: ignore[arg-type]  # `share` is a ratio
        counted=counted,
        of=base,
        since=(happening_of(compiler, begun[1]),) if begun else (),
        show=entry.show,
        clock=entry.clock or core.ELAPSED,
        pause=tuple((state.partition(".")[0], state.partition(".")[2]) for state in entry.pause),
        unit=unit,
        currency=currency,
        digits=minor_digits(currency),
        per=entry.per or "",
        apart=tuple(reader.apart(one, body) for one, body in entry.apart.items()),
        at_least=target_of(compiler, entry.at_least, unit, f"{path}.at_least"),
        at_most=target_of(compiler, entry.at_most, unit, f"{path}.at_most"),
        compare=entry.compare or "",
        once=entry.once or "",
        rules=entry.rules,
        where=compiler.definition.key_place(path),
    )


def value_of(compiler: Compiler, entry: KpiEntry) -> tuple[Measure, str, FieldType | None]:
    """Return the unit that a figure is given in, its currency, and the type of the value that is summed."""
    if entry.way == "measure":
        return "duration", "", None
    if entry.way == "share" or (entry.way == "count" and entry.of is not None):
        return "percent", "", None
    written = entry.sum or entry.average
    if written is None:
        return "count", "", None
    if entry.unit == "duration":
        return "duration", "", FieldType(name="duration")
    if entry.unit is not None:
        return "money", entry.unit, FieldType(name="money", currency=entry.unit)
    _, _, type = meant(compiler, written.removeprefix("=").strip())
    if type is not None and type.name in ("money", "duration"):
        return type.name, type.currency, type
    return "number", "", type if type is not None and type.name == "integer" else FieldType(name="number")


class Reader:
    """Reads what a figure counts, each event in its own surroundings."""

    def __init__(self, compiler: Compiler, path: str, entry: KpiEntry, of: OfBody, type: FieldType | None) -> None:
        self.compiler = compiler
        self.path = path
        self.entry = entry
        self.of = of
        self.type = type
        self.of_path = f"{path}.of" if f"{path}.of.upon" in compiler.definition.places.values else ""

    def counted(self) -> tuple[tuple[core.Tallied, ...], tuple[core.Tallied, ...]]:
        """Return what is counted, and what it is a share of."""
        entry, of, path = self.entry, self.of, self.path
        where = (entry.where, f"{path}.where")
        narrower = (of.where, f"{self.of_path}.where")
        group = (entry.group, f"{path}.group")
        of_group = (of.group, f"{self.of_path}.group") if of.group else group
        if entry.way == "count":
            base = tuple(self.one(name, [narrower], of_group) for name in of.upon)
            return tuple(self.one(name, [where], group) for name in entry.count), base
        if entry.way == "measure":
            end = BETWEEN.fullmatch(entry.measure or "")
            return (self.one(end[2], [where], group),) if end else (), ()
        if entry.way == "share":
            share = (entry.share, f"{path}.share")
            base = tuple(self.one(name, [where, narrower], of_group) for name in of.upon)
            return tuple(self.one(name, [where, narrower, share], of_group) for name in of.upon), base
        value = (entry.sum or entry.average or "", f"{path}.{entry.way}")
        return tuple(self.one(name, [where, narrower], of_group, value) for name in of.upon), ()

    def apart(self, name: str, body: ApartBody) -> core.Apart:
        at = f"{self.path}.apart.{name}"
        counted = tuple(self.one(event, [(body.where, f"{at}.where")], ({}, "")) for event in body.count)
        return core.Apart(name=name, titles=body.titles, counted=counted)

    def one(
        self,
        event: str,
        conditions: list[tuple[str | None, str]],
        group: tuple[Columns, str],
        value: tuple[str, str] | None = None,
    ) -> core.Tallied:
        """Return one event as it is counted; what is written for several is read in the surroundings of each."""
        compiler = self.compiler
        happening = happening_of(compiler, event)
        site, around = surroundings_of(compiler, happening)
        only: core.Condition | None = None
        for text, path in conditions:
            if text is not None:
                only = both(only, compiler.condition(text, around, path))
        columns, at = group
        paths = compiler.definition.places.values
        made = None
        if value is not None:
            made = Shown(value[0], expect=self.type, around=around, customs=compiler.customs)
            compiler.expressions.append(Placed(made, value[1]))
        return core.Tallied(
            happening=happening,
            only=only,
            group=tuple(
                column_of(compiler, site, name, body, column_path(columns, at, name, paths), grouping=True)
                for name, body in columns.items()
            ),
            value=made,
        )


def happening_of(compiler: Compiler, event: str) -> core.Happening:
    """Return what an event's name stands for; no workflow comes out where nothing bears it."""
    owner, _, rest = event.partition(".")
    name, _, word = rest.partition(".")
    text = compiler.text
    if word:
        compiler.unresolved |= name not in compiler.relations.deadlines.get(owner, ())
        return core.Happening(what="deadline", name=name, machine=owner, word=word)
    if owner == "finding":
        return core.Happening(what="finding", name=name)
    if owner in text.cases and name == "closed" and name not in text.cases[owner].opens:
        return core.Happening(what="closed", name=owner)
    if owner in text.machines:
        return core.Happening(what="step", name=event, machine=owner)
    compiler.unresolved |= owner not in text.cases
    return core.Happening(what="step", name=event)


def surroundings_of(compiler: Compiler, happening: core.Happening) -> tuple[Site, Surroundings]:
    """Return what may be read of something that happened: its instance or case, right after it."""
    text, relations = compiler.text, compiler.relations
    kind, _, step = happening.name.partition(".")
    if happening.machine in text.machines:
        machine = happening.machine
        fields = relations.forms.get(happening.name, ())
        site = Site(machine=machine, kinds=relations.kinds[machine], row=True, form=compiler.form_types(tuple(fields)))
        flat = compiler.flats[machine]

        def known() -> frozenset[str]:
            behind = compiler.facts.behind(flat, (step,)) if happening.what == "step" else frozenset[str]()
            return compiler.facts.at(site) | behind

        return site, Surroundings(lambda: compiler.names.environment(site), known)
    if happening.what == "step" and kind in text.cases and step in text.cases[kind].opens:
        fields = tuple(text.cases[kind].opens[step].form)
        site = Site(kinds=(kind,), opening=True, step=step, after=True, row=True, form=compiler.form_types(fields))
    else:
        kinds = (happening.name,) if happening.what == "closed" else tuple(text.cases)
        site = Site(kinds=kinds, row=True)
    return site, compiler.around(site)


def target_of(compiler: Compiler, written: Written | None, unit: Measure, path: str) -> core.Formula | None:
    """Return a target: a literal of the figure's unit, or an expression over settings."""
    if written is None:
        return None
    if isinstance(written, str) and written.startswith("="):
        made = Shown(written, expect=None, around=compiler.around(Site()), customs=compiler.customs)
        compiler.expressions.append(Placed(made, path))
        return made
    if number_of(unit, written) is None:
        values = {"value": str(written)[:80], "unit": unit}
        compiler.problems.append(Problem(code="kpi-target", where=compiler.definition.place(path), values=values))
    return Literal(str(written), str(written))
