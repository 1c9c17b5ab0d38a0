"""Coverage: the days and lengths that its case gives, the parts that an event renews."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lifecycle.core import workflow as core
from lifecycle.core.values import FieldType
from lifecycle.language.compiling import Compiler
from lifecycle.language.coverage import ALL, CoverageEntry
from lifecycle.language.names import Site

DATE = FieldType(name="date")
INTEGER = FieldType(name="integer")
PARTS = FieldType(name="list", of=FieldType(name="text"))


def coverage_of(compiler: Compiler, name: str, entry: CoverageEntry) -> core.Coverage:
    """Return a coverage; its days and lengths are read in the case, renewed parts in the event's instance."""
    path = f"coverage.{name}"
    compiler.unresolved |= entry.of not in compiler.text.cases
    site = Site(kinds=(entry.of,) if entry.of in compiler.text.cases else ())
    unit, written = entry.length
    type = DATE if unit == "until" else INTEGER
    return core.Coverage(
        name=name,
        titles=entry.titles,
        kind=entry.of,
        begins=compiler.expression(entry.from_, DATE, compiler.around(site), f"{path}.from"),
        length=compiler.formula(written, type, compiler.around(site), f"{path}.{unit}"),
        unit=unit,
        extended_by=tuple(_states(compiler, entry)),
        restart=dict(_restarts(compiler, entry, site, path)),
        cancel=frozenset(entry.cancel),
        rules=entry.rules,
        where=compiler.definition.key_place(path),
    )


def _states(compiler: Compiler, entry: CoverageEntry) -> Iterator[tuple[str, str]]:
    for named in entry.extended_by:
        machine, _, state = named.partition(".")
        known = machine in compiler.flats and state in compiler.flats[machine].states
        compiler.unresolved |= not known
        yield machine, state


def _restarts(
    compiler: Compiler, entry: CoverageEntry, site: Site, path: str
) -> Iterator[tuple[str, core.Formula | None]]:
    for event, parts in entry.restart.items():
        owner = event.partition(".")[0]
        machine = owner if owner in compiler.text.machines else ""
        form = compiler.form_types(compiler.relations.carried((event,)))
        around = compiler.around(replace(site, machine=machine, form=form))
        at = f"{path}.restart.{event}"
        yield event, None if parts == ALL else compiler.expression(parts, PARTS, around, at)
