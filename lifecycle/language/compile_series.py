"""Series and the effect `record`."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.core import workflow as core
from lifecycle.core.values import FieldType
from lifecycle.core.workflow import Condition
from lifecycle.language import behaviour
from lifecycle.language.compiling import Compiler, both
from lifecycle.language.fieldtypes import series_type, unit_titles
from lifecycle.language.names import Site, given
from lifecycle.language.series import SeriesEntry

DATETIME = FieldType(name="datetime")
TEXT = FieldType(name="text")


def series_of(compiler: Compiler, name: str, entry: SeriesEntry) -> core.Series:
    """Return a series; its key sees what openings see, for it is asked everywhere."""
    path = f"series.{name}"
    around = compiler.around(Site(kinds=tuple(compiler.text.cases), opening=True))
    return core.Series(
        name=name,
        titles=entry.titles,
        of=entry.of,
        key=None if entry.key_ is None else compiler.expression(entry.key_, None, around, f"{path}.key"),
        type=series_type(entry.is_),
        unit=entry.unit,
        unit_titles=unit_titles(compiler.definition, entry.unit),
        never_falls=entry.never_falls,
        override=entry.override.by if entry.override else (),
        rules=entry.rules,
        where=compiler.definition.key_place(path),
    )


def records_of(
    compiler: Compiler, element: behaviour.Acting, site: Site, path: str, when: Condition | None
) -> Iterator[core.Record]:
    """Yield the readings that an element records."""
    for number, entry in enumerate(element.record):
        for name, body in entry.items():
            at = f"{compiler.nth(f'{path}.record', number)}.{name}"
            declared = compiler.text.series.get(name)
            compiler.unresolved |= declared is None
            around = compiler.around(given(site, body.when))
            value = f"{at}.value" if f"{at}.value" in compiler.definition.places.values else at
            type = series_type(declared.is_) if declared else None
            yield core.Record(
                series=name,
                value=compiler.formula(body.value, type, around, value),
                key=None if body.key_ is None else compiler.formula(body.key_, None, around, f"{at}.key"),
                at=None if body.at is None else compiler.expression(body.at, DATETIME, around, f"{at}.at"),
                source=None if body.source is None else compiler.formula(body.source, TEXT, around, f"{at}.source"),
                override=declared.override.by if declared and declared.override else (),
                when=both(when, compiler.when(body.when, compiler.around(site), at)),
                where=compiler.definition.key_place(at),
            )
