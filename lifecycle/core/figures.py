"""The figures that an organisation sets in use: a change of a workflow's setting is an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from lifecycle.core.events import Actor, Event, Json, stamp
from lifecycle.core.parsing import accept
from lifecycle.core.values import Misfit
from lifecycle.core.workflow import Workflow
from lifecycle.problems import Place, Reason, Refusal

SHAPE = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """The values set so far, by name; a setting that is not here has its default.

    since  name -> stored instant at which it was set last
    """

    values: Mapping[str, Json] = field(default_factory=dict)
    since: Mapping[str, str] = field(default_factory=dict)
    revision: int = 0

    def to_json(self) -> dict[str, Json]:
        return {"values": dict(self.values), "since": dict(self.since), "revision": self.revision}

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> Figures:
        return cls(values=document["values"], since=document["since"], revision=document["revision"])


@dataclass(frozen=True, kw_only=True, slots=True)
class SetFigure:
    """Set a setting of a workflow."""

    id: str
    workflow: str
    name: str
    value: Json
    actor: Actor
    via: str = ""


@lru_cache(maxsize=1_000)
def stream_of(store: UUID, workflow: str) -> UUID:
    """Return the stream of a workflow's figures in a store."""
    return uuid5(store, f"settings/{workflow}")


def in_force(workflow: Workflow, figures: Figures) -> dict[str, Json]:
    """Return every setting's value: what was set, else its default."""
    return {name: figures.values.get(name, setting.default) for name, setting in workflow.settings.items()}


def decide(
    workflow: Workflow, figures: Figures, command: SetFigure, stream: UUID, now: datetime
) -> list[Event] | Refusal:
    """Return the event `setting.changed`, nothing when the value stands already, or a refusal."""
    setting = workflow.settings.get(command.name)
    if setting is None:
        reason = Reason(code="unknown-setting", values={"setting": command.name, "known": tuple(workflow.settings)})
        return Refusal(reasons=(reason,))
    value = accept(setting.type, command.value, ZoneInfo(workflow.zone))
    if isinstance(value, Misfit) or value is None:
        code = value.code if isinstance(value, Misfit) else "field-missing"
        values = value.values if isinstance(value, Misfit) else {}
        where = Place(path=command.name)
        given = {"field": command.name, "title": setting.titles, **values}
        return Refusal(reasons=(Reason(code=code, where=where, values=given),))
    before = figures.values.get(command.name, setting.default)
    if value == before:
        return []
    return [
        Event.ordered(
            command,
            "setting.changed",
            stream,
            now,
            zone=workflow.zone,
            workflow=(workflow.name, workflow.version),
            changes={"setting": {"name": command.name, "value": value, "before": before}},
        )
    ]


def evolve(figures: Figures, event: Event) -> Figures:
    """Return the figures after the event."""
    change = event.changes["setting"]
    return Figures(
        values={**figures.values, change["name"]: change["value"]},
        since={**figures.since, change["name"]: stamp(event.occurred_at)},
        revision=figures.revision + 1,
    )


def followed(workflow: Workflow, figures: Figures) -> dict[str, str]:
    """Return when settings that running clocks follow were set last: "settings.<name>" -> stored instant."""
    return {
        f"settings.{name}": figures.since[name]
        for name, setting in workflow.settings.items()
        if setting.follows and name in figures.since
    }
