"""From a definition to the compiled workflow that decisions see.

Expressions and arrows are compiled when they are first used, so that a command pays only for the steps that it
looks at; `Compilation.problems` compiles every expression, with what is surely known where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lifecycle.clocks.calendar import Calendar
from lifecycle.core import workflow as core
from lifecycle.core.events import Json
from lifecycle.core.values import FieldType, Misfit
from lifecycle.language import behaviour, dictionary
from lifecycle.language.calendars import compiled as calendar_of
from lifecycle.language.cells import cell_of
from lifecycle.language.compile_coverage import coverage_of
from lifecycle.language.compile_derived import derived_of
from lifecycle.language.compile_kpis import kpi_of
from lifecycle.language.compile_ledgers import ledger_of
from lifecycle.language.compile_machines import machine_of
from lifecycle.language.compile_papers import paper_of
from lifecycle.language.compile_people import pool_of
from lifecycle.language.compile_schedules import schedule_of
from lifecycle.language.compile_seeing import audience_of, view_of
from lifecycle.language.compile_series import series_of
from lifecycle.language.compile_settlements import settlement_of
from lifecycle.language.compile_steps import expectations_of, opening_of
from lifecycle.language.compiling import Compiler, Written
from lifecycle.language.definition import Definition
from lifecycle.language.fieldtypes import lists_type, type_named
from lifecycle.language.lists import ListEntry
from lifecycle.language.names import Site, given
from lifecycle.problems import Problem


@dataclass(frozen=True)
class Compilation:
    """What compiling a definition gives.

    workflow   None when the text names what is not there, or a literal does not fit its type
    """

    workflow: core.Workflow | None
    compiler: Compiler

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Literals that do not fit and the faults of expressions, each at its place. Asking compiles them all.

        Names that are not declared (states, roles, tables ...) are not among them: the checks report those.
        """
        return (*self.compiler.problems, *self.compiler.expression_problems())


def compile_workflow(definition: Definition, digest: str = "") -> Compilation:
    """Return the compiled workflow of a definition.

    digest   SHA-256 (hex) of the bundle: the text with all its parts
    """
    compiler = Compiler(definition)
    text = definition.text
    compiler.tables = {name: _table(compiler, name, table) for name, table in text.tables.items()}
    workflow = core.Workflow(
        name=text.workflow,
        version=text.version,
        zone=text.zone,
        titles=text.titles,
        digest=digest,
        settings=compiler.settings,
        calendars=_calendars(compiler),
        fields=compiler.fields,
        lists={name: _listing(compiler, name, one) for name, one in text.lists.items()},
        series={name: series_of(compiler, name, one) for name, one in text.series.items()},
        roles=_roles(compiler),
        tables=compiler.tables,
        checklists={name: _checklist(compiler, name, one) for name, one in text.checklists.items()},
        papers={name: paper_of(compiler, name, one) for name, one in text.papers.items()},
        pools={name: pool_of(compiler, name, one) for name, one in text.pools.items()},
        ledgers={name: ledger_of(compiler, name, one) for name, one in text.ledgers.items()},
        settlements={name: settlement_of(compiler, name, one) for name, one in text.settlements.items()},
        kinds={name: _kind(compiler, name, one) for name, one in text.cases.items()},
        machines={name: machine_of(compiler, flat) for name, flat in compiler.flats.items()},
        schedules={name: schedule_of(compiler, name, one) for name, one in text.schedules.items()},
        coverage={name: coverage_of(compiler, name, one) for name, one in text.coverage.items()},
        invariants=tuple(_invariant(compiler, name, one) for name, one in text.invariants.items()),
        rules={number: rule.titles for number, rule in text.rules.items()},
        views={name: view_of(compiler, name, one) for name, one in text.views.items()},
        audiences={name: audience_of(compiler, name, one) for name, one in text.audiences.items()},
        kpis={name: kpi_of(compiler, name, one) for name, one in text.kpis.items()},
        derived={name: derived_of(compiler, name, one) for name, one in text.derived.items()},
    )
    sound = not compiler.unresolved and not compiler.problems
    return Compilation(workflow if sound else None, compiler)


def _roles(compiler: Compiler) -> dict[str, core.Role]:
    return {
        name: core.Role(
            name=name,
            titles=role.titles,
            party=role.party,
            corrects=role.corrects,
            within=compiler.field(role.within) if role.within else None,
            where=compiler.definition.key_place(f"roles.{name}"),
        )
        for name, role in compiler.text.roles.items()
    }


def _listing(compiler: Compiler, name: str, entry: ListEntry) -> core.Listing:
    """Return a list with the rows of the text."""
    path = f"lists.{name}"
    type = lists_type(compiler.definition, name)
    compiler.unresolved |= entry.key_ not in entry.columns or not entry.columns.keys() >= {
        c for r in entry.rows for c in r
    }
    words, fields = compiler.text.words, compiler.text.fields
    titled = {column: fields.get(column) or words.get(column) for column in entry.columns}
    return core.Listing(
        name=name,
        titles=entry.titles,
        key=entry.key_,
        type=type,
        columns={column: one.titles if one else {} for column, one in titled.items()},
        rows=tuple(
            {
                column: compiler.literal(value, type.row[column], f"{path}.rows.{number}.{column}")
                for column, value in row.items()
                if column in type.row
            }
            for number, row in enumerate(entry.rows)
        ),
        kept_by=entry.kept_by,
        rules=entry.rules,
        where=compiler.definition.key_place(path),
    )


def _calendars(compiler: Compiler) -> dict[str, Calendar]:
    text = compiler.text
    found = {name: calendar_of(name, entry, text.zone) for name, entry in text.calendars.items()}
    compiler.unresolved |= None in found.values()
    return {name: calendar for name, calendar in found.items() if calendar is not None}


def _table(compiler: Compiler, name: str, table: dictionary.Table) -> core.Table:
    path = f"tables.{name}"
    inputs = {one: type_named(compiler.definition, word) for one, word in table.inputs.items()}
    outputs = {one: type_named(compiler.definition, word) for one, word in table.outputs.items()}
    rows = []
    for number, row in enumerate(table.rows):
        at = f"{path}.rows.{number}"
        cells = {
            one: cell
            for one, written in row.cells.items()
            if (cell := _cell(compiler, inputs.get(one), written, f"{at}.{one}")) is not None
        }
        place = compiler.definition.place(at)
        rows.append(core.Row(cells=cells, outputs=_outputs(compiler, outputs, row.then, f"{at}.then"), where=place))
    default = table.default
    return core.Table(
        name=name,
        inputs=inputs,
        outputs=outputs,
        rows=tuple(rows),
        hit=table.hit,
        default=None if default is None else _outputs(compiler, outputs, default, f"{path}.default"),
        rules=table.rules,
        where=compiler.definition.key_place(path),
    )


def _cell(
    compiler: Compiler, type: FieldType | None, written: Written | tuple[Written, ...], path: str
) -> core.Cell | None:
    compiler.unresolved |= type is None
    if type is None:
        return None
    found = cell_of(type, written, compiler.customs.zone)
    if isinstance(found, Misfit):
        compiler.misfit(found, written, path)
        return None
    return found


def _outputs(
    compiler: Compiler, types: Mapping[str, FieldType], written: Mapping[str, Written], path: str
) -> dict[str, Json]:
    compiler.unresolved |= not written.keys() <= types.keys()
    known = {name: value for name, value in written.items() if name in types}
    return {name: compiler.literal(value, types[name], f"{path}.{name}") for name, value in known.items()}


def _checklist(compiler: Compiler, name: str, checklist: dictionary.Checklist) -> core.Checklist:
    """Return a checklist; its conditions see the machine that shows it."""
    showing = [flat.name for flat in compiler.flats.values() if any(s.checklist == name for s in flat.states.values())]
    machine = showing[0] if showing else ""
    site = Site(machine=machine, kinds=compiler.relations.kinds.get(machine, ()), opening=not machine)
    return core.Checklist(
        name=name,
        items={
            one: _item(compiler, one, item, site, f"checklists.{name}.items.{one}")
            for one, item in checklist.items.items()
        },
        titles=checklist.titles,
        rules=checklist.rules,
        where=compiler.definition.key_place(f"checklists.{name}"),
    )


def _item(compiler: Compiler, name: str, item: dictionary.Item, site: Site, path: str) -> core.Item:
    each, _ = compiler.each(item.each, given(site, item.when), path)
    return core.Item(
        name=name,
        titles=item.titles,
        when=compiler.when(item.when, compiler.around(site), path),
        by=tuple(role for role in item.by if not role.startswith("=")),
        proof=compiler.field(item.proof) if item.proof else None,
        each=each,
        rules=item.rules,
        where=compiler.definition.key_place(path),
    )


def _kind(compiler: Compiler, name: str, kind: behaviour.Kind) -> core.Kind:
    path = f"cases.{name}"
    site = Site(kinds=(name,))
    compiler.unresolved |= any(machine not in compiler.text.machines for machine in kind.machines)
    top = {one: expected for one, expected in compiler.text.expect.items() if expected.case == name}
    return core.Kind(
        name=name,
        titles=kind.titles,
        subject=kind.subject or "",
        key=kind.key_ or "",
        number=kind.number or f"{''.join(word[0] for word in name.split('_') if word).upper()}-{{year}}-{{serial:06}}",
        machines=kind.machines,
        openings={one: opening_of(compiler, name, one, opening) for one, opening in kind.opens.items()},
        links={one: _link(compiler, name, one, link) for one, link in kind.links.items()},
        expects=(
            *expectations_of(compiler, kind.expect, site, f"{path}.expect"),
            *expectations_of(compiler, top, site, "expect"),
        ),
        where=compiler.definition.key_place(path),
    )


def _link(compiler: Compiler, kind: str, name: str, link: behaviour.Link) -> core.Link:
    path = f"cases.{kind}.links.{name}"
    other = compiler.text.cases.get(link.case)
    compiler.unresolved |= other is None
    keyed = compiler.fields.get(other.key_ or "") if other else None
    around = compiler.around(Site(kinds=(kind,), opening=True))
    type = keyed.type if keyed else FieldType(name="text")
    return core.Link(
        name=name,
        kind=link.case,
        key=compiler.expression(link.key_, type, around, f"{path}.key") if link.key_ else None,
        field=link.by or "",
        where=compiler.definition.key_place(path),
    )


def _invariant(compiler: Compiler, name: str, invariant: dictionary.Invariant) -> core.Invariant:
    path = f"invariants.{name}"
    machine, kind = invariant.machine or "", invariant.case or ""
    compiler.unresolved |= bool(machine) and machine not in compiler.flats
    kinds = (kind,) if kind in compiler.text.cases else tuple(compiler.relations.kinds.get(machine, ()))
    if not machine and not kind:
        kinds = tuple(compiler.text.cases)
    site = Site(machine=machine if machine in compiler.flats else "", kinds=kinds)
    around = compiler.around(site)
    return core.Invariant(
        name=name,
        that=compiler.condition(invariant.that, compiler.around(given(site, invariant.when)), f"{path}.that"),
        otherwise=invariant.else_.titles,
        machine=machine,
        kind=kind,
        when=compiler.when(invariant.when, around, path),
        rules=invariant.rules,
        where=compiler.definition.key_place(path),
    )
