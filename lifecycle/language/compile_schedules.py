"""Schedules: their recurrence, members, and what they open and send."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.core import workflow as core
from lifecycle.language.calendars import is_zone
from lifecycle.language.compile_effects import opens_of
from lifecycle.language.compiling import Compiler
from lifecycle.language.names import Site, given
from lifecycle.language.schedules import ScheduleEntry, recurrence_of


def schedule_of(compiler: Compiler, name: str, entry: ScheduleEntry) -> core.Schedule:
    """Return a schedule; its formulas see the case of a member, or no case."""
    path = f"schedules.{name}"
    kind = compiler.text.cases.get(entry.per or "")
    compiler.unresolved |= entry.per is not None and (kind is None or kind.key_ is None)
    compiler.unresolved |= entry.calendar is not None and entry.calendar not in compiler.text.calendars
    zone = compiler.text.zone if is_zone(compiler.text.zone) else "UTC"  # the checker reports one that is none
    everyone = Site(kinds=(entry.per,) if entry.per and kind is not None else ())
    site = given(everyone, entry.where)
    where = None if entry.where is None else compiler.condition(entry.where, compiler.around(everyone), f"{path}.where")
    return core.Schedule(
        name=name,
        rule=recurrence_of(entry, zone),
        titles=entry.titles,
        calendar=entry.calendar or "",
        per=entry.per or "",
        only=where,
        opens=tuple(opens_of(compiler, entry.open, site, path, None)),
        sends=tuple(_sends(compiler, entry, site, path)),
        missed=entry.missed,
        rules=entry.rules,
        where=compiler.definition.key_place(path),
    )


def _sends(compiler: Compiler, entry: ScheduleEntry, site: Site, path: str) -> Iterator[core.Told]:
    for step, values in entry.send.items():
        at = f"{path}.send.{step}"
        form = {
            name: compiler.formula(written, field.type, compiler.around(site), f"{at}.{name}", personal=field.pii)
            for name, written in values.items()
            if (field := compiler.field(name)) is not None
        }
        yield core.Told(step=step, form=form, where=compiler.definition.key_place(at))
