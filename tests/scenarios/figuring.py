"""Steps about figures: what they come to, and whether their targets are met."""

from __future__ import annotations

from fractions import Fraction

from lifecycle.core.seeing import Line
from lifecycle.core.seeing.amounts import number_of
from lifecycle.core.workflow import Kpi
from lifecycle.terminal import sheets
from lifecycle.terminal.door import Door
from projections.kpis import sheet
from tests.scenarios.phrases import phrase
from tests.scenarios.stage import Stage
from tests.scenarios.timing import length_of
from tests.scenarios.titles import named


@phrase('指标"<指标>"为"<值>"', 'the figure "<kpi>" is "<value>"')
def figure_is(stage: Stage, kpi: str, value: str) -> None:
    compare(stage, kpi, newest(stage, kpi), value)


@phrase('指标"<指标>"在"<周期>"为"<值>"', 'the figure "<kpi>" of "<period>" is "<value>"')
def figure_of_period_is(stage: Stage, kpi: str, period: str, value: str) -> None:
    compare(stage, kpi, [line for line in lines(stage, kpi) if line.period == period], value)


@phrase('指标"<指标>"中"<组>"为"<值>"', 'the figure "<kpi>" is "<value>" for "<group>"')
def figure_of_group_is(stage: Stage, kpi: str, group: str, value: str) -> None:
    compare(stage, kpi, [line for line in newest(stage, kpi) if group_text(stage, kpi, line) == group], value)


@phrase('指标"<指标>"没有值', 'the figure "<kpi>" has no value')
def figure_has_none(stage: Stage, kpi: str) -> None:
    found = [line.value for line in newest(stage, kpi)]
    assert not any(found), f"{kpi} is {found}"


@phrase('指标"<指标>"达标', 'the figure "<kpi>" meets its target')
def figure_is_met(stage: Stage, kpi: str) -> None:
    assert [line.met for line in newest(stage, kpi)] == [True], f"{kpi}: {newest(stage, kpi)}"


@phrase('指标"<指标>"未达标', 'the figure "<kpi>" misses its target')
def figure_is_missed(stage: Stage, kpi: str) -> None:
    assert [line.met for line in newest(stage, kpi)] == [False], f"{kpi}: {newest(stage, kpi)}"


@phrase('指标"<指标>"另计"<另计>"为<数>', 'the figure "<kpi>" counts "<apart>" apart: <number>')
def counted_apart(stage: Stage, kpi: str, apart: str, number: str) -> None:
    declared = kpi_of(stage, kpi)
    [name] = named("count apart", apart, ((one.name, one.titles) for one in declared.apart))
    found = [line.apart[name] for line in newest(stage, kpi)]
    assert found == [int(number)], f"{apart} of {kpi} is {found}"


@phrase('指标"<指标>"有<数>个无值', 'the figure "<kpi>" leaves out <number> without a value')
def without_value(stage: Stage, kpi: str, number: str) -> None:
    found = [line.without for line in newest(stage, kpi)]
    assert found == [int(number)], f"{kpi} leaves out {found}"


def kpi_of(stage: Stage, title: str) -> Kpi:
    [name] = named("figure", title, ((kpi.name, kpi.titles) for kpi in stage.workflow.kpis.values()))
    return stage.workflow.kpis[name]


def lines(stage: Stage, title: str) -> list[Line]:
    kpi = kpi_of(stage, title)
    found = sheet(stage.engine, stage.workflow, [kpi]).figures[kpi.name]
    assert not found.unjudged, f"{title}: {found.unjudged}"
    return list(found.lines)


def newest(stage: Stage, title: str) -> list[Line]:
    """Return the lines of the present period, one for each group."""
    found = lines(stage, title)
    return [line for line in found if line.first == found[-1].first] if found else []


def group_text(stage: Stage, title: str, line: Line) -> str:
    kpi = kpi_of(stage, title)
    machine = kpi.counted[0].happening.machine
    door = Door(lang=stage.lang)
    pairs = zip(kpi.group, line.group, strict=False)
    return " / ".join(sheets.cell_text(door, stage.workflow, column, value, machine) for column, value in pairs)


def compare(stage: Stage, title: str, found: list[Line], value: str) -> None:
    assert len(found) == 1, f"{title} has {len(found)} lines there: {[(line.period, line.group) for line in found]}"
    kpi = kpi_of(stage, title)
    if kpi.unit == "duration":
        wanted: Fraction | None = Fraction(int(length_of(value).total_seconds()))
    else:
        wanted = number_of(kpi.unit, value)
    shown = found[0].value
    told = None if shown is None else number_of(kpi.unit, shown)
    assert wanted is not None, f"{value} is no value of {title}"
    assert told == wanted, f"{title} is {shown}"
