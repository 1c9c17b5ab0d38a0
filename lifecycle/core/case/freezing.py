"""Freezing: what a decision sees of many cases goes into its event, at a position, and is data from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from lifecycle.core.case.refused import Refused
from lifecycle.core.events import PRIVATE, Json
from lifecycle.core.parsing import accept
from lifecycle.core.values import Misfit
from lifecycle.core.workflow.seeing import Freeze
from lifecycle.problems import Reason

if TYPE_CHECKING:
    from lifecycle.core.case.effects import Changes

MOST_FROZEN = 500
"""Rows that one event may keep."""


def freeze(changes: Changes, effect: Freeze) -> None:
    """Give a list field the rows of a view, or the lines of a figure, and leave in the event where they come from.

    The event's `looked` says field, view or kpi, position of the newest event that was known, how many rows there
    were, the period, and the cases that could not be judged.
    Raises  Refused when there are too many, or when they do not fit the field
    """
    scope, field = changes.scope, effect.field
    seen = scope.facts.seen(effect, scope.actor, scope.now)
    if len(seen.rows) > MOST_FROZEN:
        values = {"name": effect.view or effect.kpi, "rows": len(seen.rows), "most": MOST_FROZEN}
        raise Refused(Reason(code="freeze-too-many", where=effect.where, values=values))
    rows = [{name: row.get(name) for name in field.type.row if kept(row.get(name))} for row in seen.rows]
    value = accept(field.type, rows, ZoneInfo(scope.workflow.zone))
    if isinstance(value, Misfit):
        told = {"name": effect.view or effect.kpi, "field": field.titles or field.name, "misfit": value.code}
        raise Refused(Reason(code="freeze-misfit", where=effect.where, values=told))
    changes.values[field.name] = value
    if field.shared:
        changes.shared.append(field.name)
    changes.scope = scope.with_derived({field.name: value})
    entry: dict[str, Json] = {
        "field": field.name,
        "view": effect.view,
        "kpi": effect.kpi,
        "period": seen.period,
        "position": seen.position,
        "rows": len(rows),
        "unjudged": list(seen.unjudged),
    }
    changes.leave("looked", {name: part for name, part in entry.items() if part or name in ("position", "rows")})


def kept(value: Json) -> bool:
    """Return whether a value can be kept: it is there, and nothing personal of another case."""
    return value is not None and not isinstance(value, PRIVATE)
