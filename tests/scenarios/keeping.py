"""Steps that change lists, and say what series read."""

from __future__ import annotations

from collections.abc import Mapping

from lifecycle.audit.series import holders_of
from lifecycle.core.events import Actor
from lifecycle.core.lists import ChangeRow
from lifecycle.core.parsing import accept
from lifecycle.core.values import Misfit
from lifecycle.core.workflow import Listing, Series
from lifecycle.problems import Refusal
from tests.scenarios.phrases import phrase
from tests.scenarios.stage import Stage
from tests.scenarios.titles import lists_of, series_of


@phrase('列表"<列表>"中"<行>"的"<列>"定为"<值>"', 'the list "<list>" gives "<row>" the "<column>" "<value>"')
def gives(stage: Stage, list: str, row: str, column: str, value: str) -> None:
    listing = listed(stage, list)
    titled = {title: name for name, titles in listing.columns.items() for title in (name, *titles.values())}
    change(stage, listing, row, {titled.get(column, column): value})


@phrase('列表"<列表>"去掉"<行>"', 'the list "<list>" drops "<row>"')
def drops(stage: Stage, list: str, row: str) -> None:
    change(stage, listed(stage, list), row, None)


@phrase('读数"<读数>"为"<值>"', 'the series "<series>" reads "<value>"')
def reads(stage: Stage, series: str, value: str) -> None:
    one = declared(stage, series)
    held = {name.partition("/")[2] for name in stage.case.readings if name.startswith(f"{one.name}/")}
    assert len(held) == 1, f"the case has readings of {series} for {sorted(held)}"
    reads_for(stage, series, held.pop(), value)


@phrase('读数"<读数>"中"<归属>"为"<值>"', 'the series "<series>" reads "<value>" for "<key>"')
def reads_for(stage: Stage, series: str, key: str, value: str) -> None:
    one = declared(stage, series)
    latest = holders_of(stage.engine.store, stage.workflow, one)
    wanted = accept(one.type, value, stage.zone)
    assert not isinstance(wanted, Misfit), f"{value} is no value of {series}"
    assert key in latest, f"{series} has readings of {list(latest)}"
    assert latest[key]["value"] == wanted, f"{series} of {key} reads {latest[key]['value']}"


def change(stage: Stage, listing: Listing, key: str, values: Mapping[str, str] | None) -> None:
    """Change a row; it has to be possible."""
    command = ChangeRow(
        id=str(stage.new_id()),
        workflow=stage.workflow.name,
        list=listing.name,
        key=key,
        values=values,
        actor=Actor(role=listing.kept_by[0] if listing.kept_by else "operator"),
    )
    answer = stage.engine.change_row(command)
    assert not isinstance(answer, Refusal), f"refused: {stage.said(answer)}"


def listed(stage: Stage, title: str) -> Listing:
    return stage.workflow.lists[lists_of(stage.workflow, title)[0]]


def declared(stage: Stage, title: str) -> Series:
    return stage.workflow.series[series_of(stage.workflow, title)[0]]
