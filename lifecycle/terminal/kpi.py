"""Figures: what a workflow counts, by period and group, and whether its targets are met."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from lifecycle.core.seeing import Line
from lifecycle.core.workflow import Kpi
from lifecycle.core.workflow.seeing import Per
from lifecycle.problems import ExitCode, Reason, Refusal
from lifecycle.terminal import answers, sheets
from lifecycle.terminal.door import Door
from lifecycle.terminal.root import spoken
from projections.kpis import Sheet, sheet


@click.command("kpi", help=spoken("kpi"))
@click.argument("kpi", metavar="WORKFLOW[.KPI]")
@click.option("--per", type=click.Choice(["day", "week", "month", "quarter", "year"]), help=spoken("option.per"))
@click.option("--from", "since", metavar="TIME", help=spoken("option.figures-from"))
@click.option("--until", metavar="TIME", help=spoken("option.figures-until"))
@click.option("--at", metavar="TIME", help=spoken("option.seen-at"))
@click.option("--csv", "as_csv", is_flag=True, help=spoken("option.csv"))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="PATH", help=spoken("option.output"))
@click.pass_obj
def kpi(
    door: Door,
    kpi: str,
    per: str | None,
    since: str | None,
    until: str | None,
    at: str | None,
    as_csv: bool,
    output: Path | None,
) -> None:
    name, _, short = kpi.partition(".")
    workflow, _ = door.app.engine.figures(name)
    if short and short not in workflow.kpis:
        reason = Reason(code="unknown-kpi", values={"name": short, "known": tuple(workflow.kpis)})
        answers.put_refusal(door, Refusal(reasons=(reason,)), workflow.zone)
        door.leave(ExitCode.REFUSED)
    wanted = [workflow.kpis[short]] if short else list(workflow.kpis.values())
    found = sheet(
        door.app.engine,
        workflow,
        wanted,
        per=cast(Per, per or ""),
        since=door.instant(since, "--from", workflow.zone) if since else None,
        until=door.instant(until, "--until", workflow.zone) if until else None,
        at=door.instant(at, "--at", workflow.zone) if at else None,
    )
    if door.as_json:
        door.put_json(found.to_json())
    elif as_csv:
        rows = [line for one in wanted for line in table(door, found, one, titled=True)]
        sheets.put_csv(door, [csv_headings(door), *rows], output)
    else:
        put_text(door, found)


def put_text(door: Door, found: Sheet) -> None:
    """Print each figure: its title and target, then a line for each period and group."""
    if not found.figures:
        door.say("kpi.none", workflow=found.workflow.name)
    for name, figures in found.figures.items():
        kpi = found.workflow.kpis[name]
        door.put(answers.titled(door, kpi.titles, name))
        lines = table(door, found, kpi)
        if not lines:
            door.say("kpi.nothing")
        for line in sheets.aligned(lines) if lines else ():
            door.put(f"  {line}")
        for case, text in figures.unjudged:
            door.say("kpi.unjudged", case=case, text=text)


def table(door: Door, found: Sheet, kpi: Kpi, *, titled: bool = False) -> list[list[str]]:
    """Return the lines of a figure as cells: period, group, value, what it is made of, target, comparison."""
    own = [answers.titled(door, kpi.titles, kpi.name)] if titled else []
    return [[*own, *cells(door, found, kpi, line)] for line in found.figures[kpi.name].lines]


def cells(door: Door, found: Sheet, kpi: Kpi, line: Line) -> list[str]:
    grouped = (
        sheets.cell_text(door, found.workflow, column, value, kpi.counted[0].happening.machine) or "-"
        for column, value in zip(kpi.group, line.group, strict=False)
    )
    met = "" if line.met is None else door.words.say("kpi.met" if line.met else "kpi.missed")
    before = door.words.say("kpi.before", value=value_text(door, kpi, line.before)) if kpi.compare else ""
    return [line.period, " / ".join(grouped), value_text(door, kpi, line.value), made_of(door, kpi, line), met, before]


def value_text(door: Door, kpi: Kpi, value: str | None) -> str:
    """Return a figure as people read it; "-" where there is nothing to work it out of."""
    if value is None:
        return "-"
    return sheets.length_of(door, value) if kpi.unit == "duration" else value


def made_of(door: Door, kpi: Kpi, line: Line) -> str:
    """Return what a figure is made of: its counts, and what stands beside it."""
    parts = []
    if kpi.way == "ratio":
        parts.append(f"{line.count} / {line.of}")
    elif kpi.way != "count":
        parts.append(f"n = {line.count - line.without}")
    if line.without:
        parts.append(door.words.say("kpi.without", count=line.without))
    for apart in kpi.apart:
        parts.append(f"{answers.titled(door, apart.titles, apart.name)}: {line.apart.get(apart.name, 0)}")
    return "; ".join(parts)


def csv_headings(door: Door) -> list[str]:
    return [
        door.words.say(f"kpi.{name}") for name in ("figure", "period", "group", "value", "made", "target", "compared")
    ]
