"""Series: the readings of one holder, and whose readings there are."""

from __future__ import annotations

from lifecycle.core.beside import stream_of
from lifecycle.core.events import Json, stamp
from lifecycle.core.series import SERIES, name_of
from lifecycle.core.workflow import Series, Workflow
from lifecycle.store.port import Store
from lifecycle.store.standing import head_case


def holders_of(store: Store, workflow: Workflow, series: Series) -> dict[str, Json]:
    """Return holder -> its latest reading that some case recorded, in the order of cases."""
    found: dict[str, Json] = {}
    for entry in store.cases(workflow.name):
        for name, reading in head_case(store, entry.id).readings.items():
            kind, _, holder = name.partition("/")
            if kind == series.name and (holder not in found or found[holder]["at"] <= reading["at"]):
                found[holder] = reading
    return found


def readings_of(store: Store, workflow: Workflow, series: Series, holder: str) -> list[dict[str, Json]]:
    """Return every reading of a holder as it was recorded, earliest first: also by whom, when, and in which case."""
    stream = stream_of(store.meta.id, SERIES, name_of(workflow.name, series.name, holder))
    found = [
        {
            **{name: value for name, value in event.changes["reading"].items() if name not in ("series", "of", "unit")},
            "case": event.case,
            "by": {"role": event.by.role, "person": event.by.person},
            "recorded_at": stamp(recorded.recorded_at),
        }
        for recorded in store.read(stream)
        for event in (recorded.event,)
    ]
    return sorted(found, key=lambda one: str(one["at"]))
