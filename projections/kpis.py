"""Figures: what a workflow counts of what happened, by period and group, held against its targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from lifecycle.core.events import stamp
from lifecycle.core.seeing import Figures, Line, Tally
from lifecycle.core.seeing.periods import moved, start_of
from lifecycle.core.workflow import Kpi, Workflow
from lifecycle.core.workflow.seeing import Per
from lifecycle.engine import Engine

PERIODS_SHOWN = 12
"""How many periods are shown, up to the present one, when nobody says from when."""

MOST_PERIODS = 1_000
"""More periods than this are not shown at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """Figures of a workflow as they are read. at: the instant, position: the newest event that they know."""

    workflow: Workflow
    at: datetime
    position: int
    figures: Mapping[str, Figures]

    def to_json(self) -> dict[str, Any]:
        """Return the figures for programs."""
        return {
            "workflow": self.workflow.name,
            "version": self.workflow.version,
            "at": stamp(self.at),
            "position": self.position,
            "kpis": [
                {
                    "kpi": name,
                    "per": found.per,
                    "lines": [line_json(self.workflow.kpis[name], line) for line in found.lines],
                    "unjudged": [{"case": case, "text": text} for case, text in found.unjudged],
                }
                for name, found in self.figures.items()
            ],
        }


def line_json(kpi: Kpi, line: Line) -> dict[str, Any]:
    """Return a line for programs; what does not belong to this kind of figure is left out."""
    grouped = zip(kpi.group, line.group, strict=False)
    return {
        "period": line.period,
        **({"group": {column.name: value for column, value in grouped}} if kpi.group else {}),
        "value": line.value,
        "count": line.count,
        **({"of": line.of} if kpi.way == "ratio" else {}),
        **({"without": line.without} if kpi.way in ("sum", "average") else {}),
        **({"met": line.met} if kpi.at_least or kpi.at_most else {}),
        **({"before": line.before} if kpi.compare else {}),
        **({"apart": dict(line.apart)} if kpi.apart else {}),
    }


def sheet(
    engine: Engine,
    workflow: Workflow,
    kpis: Sequence[Kpi],
    *,
    per: Per | Literal[""] = "",
    since: datetime | None = None,
    until: datetime | None = None,
    at: datetime | None = None,
) -> Sheet:
    """Return figures as they are now, or with what was known at an instant.

    per           the period, instead of each figure's own
    since, until  the first and the last period are those in which these lie; the last 12 up to now when not given.
                  A figure without period counts what happened between them
    """
    store = engine.store
    position = store.last_position() if at is None else store.position_at(at)
    now = engine.clock() if at is None else at
    sight = engine.sight(None if at is None else position)
    tallies = [Tally(kpi, workflow.zone, per or kpi.per, since=since, until=until) for kpi in kpis]
    sight.count(workflow, tallies, now)
    scope = sight.settings_scope(workflow, now)
    zone = ZoneInfo(workflow.zone)
    found = {tally.kpi.name: tally.figures(scope, *borders(tally, zone, since, until, now)) for tally in tallies}
    return Sheet(workflow=workflow, at=now, position=position, figures=found)


def borders(
    tally: Tally, zone: ZoneInfo, since: datetime | None, until: datetime | None, now: datetime
) -> tuple[date | None, date | None]:
    """Return the first days of the first and the last period that are shown."""
    if not tally.per:
        return None, None
    last = start_of(tally.per, until or now, zone)
    if since is not None:
        return max(start_of(tally.per, since, zone), moved(tally.per, last, 1 - MOST_PERIODS)), last
    counted = [period for period, _ in tally.cells if period is not None]
    return max(min([*counted, last]), moved(tally.per, last, 1 - PERIODS_SHOWN)), last


def lines_of(found: Sheet) -> Iterator[tuple[Kpi, Line]]:
    """Yield every line with its figure."""
    for name, figures in found.figures.items():
        yield from ((found.workflow.kpis[name], line) for line in figures.lines)
