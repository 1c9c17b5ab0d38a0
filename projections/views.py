"""Views: what a workflow shows of its cases, now or as it was at an instant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lifecycle.core.events import Actor, Json, stamp
from lifecycle.core.seeing import Row, Unjudged
from lifecycle.core.workflow import View, Workflow
from lifecycle.engine import Engine
from lifecycle.store.port import Erased


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A view as it is read: rows with their personal values opened, or `Erased` where their key is gone.

    at        the instant that it shows; position: the newest event that it knows
    total     rows that there are, more than `rows` where the view is limited
    unjudged  rows of which the condition gave no answer
    """

    workflow: Workflow
    view: View
    at: datetime
    position: int
    rows: tuple[Row, ...]
    total: int
    unjudged: tuple[Unjudged, ...]

    def groups(self) -> Iterator[tuple[tuple[Json, ...], list[Row]]]:
        """Yield rows by the values of the group's columns, in their order; one group for a view without."""
        members: list[Row] = []
        for row in self.rows:
            if members and row.group != members[0].group:
                yield members[0].group, members
                members = []
            members.append(row)
        if members:
            yield members[0].group, members

    def to_json(self) -> dict[str, Any]:
        """Return the page for programs: values as they are stored."""
        return {
            "workflow": self.workflow.name,
            "view": self.view.name,
            "at": stamp(self.at),
            "position": self.position,
            "total": self.total,
            "rows": [self.row_json(row) for row in self.rows],
            "unjudged": [{"case": one.case, "instance": one.instance, "text": one.text} for one in self.unjudged],
        }

    def row_json(self, row: Row) -> dict[str, Any]:
        values = {name: self.plain(value) for name, value in row.values.items()}
        grouped = zip(self.view.group, row.group, strict=True)
        return {
            "case": row.case.number,
            "instance": row.instance.id if row.instance else "",
            "values": values,
            **({"group": {one.name: self.plain(value) for one, value in grouped}} if self.view.group else {}),
        }

    def plain(self, value: Any) -> Any:
        return None if isinstance(value, Erased) else value


def owned(workflow: Workflow, role: str = "") -> Mapping[str, View]:
    """Return the views of a workflow that a role is shown: its own and those of everybody; all without a role."""
    return {name: view for name, view in workflow.views.items() if not role or view.owner in ("", role)}


def page(engine: Engine, workflow: Workflow, view: View, actor: Actor, at: datetime | None = None) -> Page:
    """Return a view as it is now, or as it was at an instant: with what was recorded by then, and no later."""
    store = engine.store
    position = store.last_position() if at is None else store.position_at(at)
    now = engine.clock() if at is None else at
    found = engine.sight(None if at is None else position).view(workflow, view, actor, now)
    rows = tuple(opened(engine, row) for row in found.rows)
    return Page(
        workflow=workflow,
        view=view,
        at=now,
        position=position,
        rows=rows,
        total=found.total,
        unjudged=found.unjudged,
    )


def opened(engine: Engine, row: Row) -> Row:
    """Return a row with its personal values readable, where their key still exists."""
    values = engine.store.open(dict(row.values))
    return Row(case=row.case, instance=row.instance, values=values, group=tuple(engine.store.open(list(row.group))))
