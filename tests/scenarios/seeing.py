"""Steps about what people are shown of many cases: the rows of views."""

from __future__ import annotations

from lifecycle.core.events import Actor
from lifecycle.terminal import sheets
from lifecycle.terminal.door import Door
from projections.views import Page, page
from tests.scenarios.phrases import phrase
from tests.scenarios.stage import Stage, Table
from tests.scenarios.titles import named


@phrase('由<角色>"<人>"查看', '<role> "<person>" looks')
def looks(stage: Stage, role: str, person: str) -> None:
    stage.looking = stage.actor(role, person)


@phrase('视图"<视图>"列出"<所列>"', 'the view "<view>" lists "<listed>"')
def lists(stage: Stage, view: str, listed: str) -> None:
    found = shown(stage, view)
    for wanted in parts(listed):
        assert row_of(stage, found, wanted), f"{view} does not list {wanted}: {found[1:]}"


@phrase('视图"<视图>"不列出"<所列>"', 'the view "<view>" does not list "<listed>"')
def does_not_list(stage: Stage, view: str, listed: str) -> None:
    found = shown(stage, view)
    for wanted in parts(listed):
        assert not row_of(stage, found, wanted), f"{view} lists {wanted}: {found[1:]}"


@phrase('视图"<视图>"列出本案件', 'the view "<view>" lists this case')
def lists_this(stage: Stage, view: str) -> None:
    assert any(row.case.number == stage.case_number for row in seen(stage, view).rows), f"{view} does not list it"


@phrase('视图"<视图>"不列出本案件', 'the view "<view>" does not list this case')
def does_not_list_this(stage: Stage, view: str) -> None:
    assert not any(row.case.number == stage.case_number for row in seen(stage, view).rows), f"{view} lists it"


@phrase('视图"<视图>"有<数>行', 'the view "<view>" has <number> rows')
def has_so_many(stage: Stage, view: str, number: str) -> None:
    found = shown(stage, view)
    assert len(found) - 1 == int(number), f"{view} has {len(found) - 1} rows: {found[1:]}"


@phrase('视图"<视图>"如下:', 'the view "<view>" shows:', table=True)
def shows(stage: Stage, view: str, datatable: Table) -> None:
    headings, *rows = shown(stage, view)
    wanted, *lines = datatable
    missing = [title for title in wanted if title not in headings]
    assert not missing, f"{view} has no column {missing}; it has {headings}"
    columns = [headings.index(title) for title in wanted]
    told = [[stage.names.get(cell, cell) for cell in line] for line in lines]
    assert [[row[column] for column in columns] for row in rows] == told, f"{view} shows {rows}"


@phrase('标签"<标签>"为"<值>"', 'the label "<label>" is "<value>"')
def label_is(stage: Stage, label: str, value: str) -> None:
    [name] = named("label", label, ((one.name, one.titles) for one in stage.workflow.derived.values()))
    derived, case = stage.workflow.derived[name], stage.case
    ours = [one for one in case.instances.values() if one.machine == derived.machine] if derived.machine else [None]
    looker = stage.engine.sight().looker(Actor(role="system"), stage.now, links=True)
    found = [looker.scope(case, one).label(name) for one in ours]
    told = [sheets.typed_text(Door(lang=stage.lang), derived.type, one, stage.workflow.zone) for one in found]
    assert told[-1:] == [value], f"{label} is {told}"


def seen(stage: Stage, title: str) -> Page:
    [name] = named("view", title, ((view.name, view.titles) for view in stage.workflow.views.values()))
    found = page(stage.engine, stage.workflow, stage.workflow.views[name], stage.looking or Actor(role="system"))
    assert not found.unjudged, f"{title}: {found.unjudged}"
    return found


def shown(stage: Stage, title: str) -> Table:
    """Return a view as people read it: its headings, then its rows."""
    door, found = Door(lang=stage.lang), seen(stage, title)
    rows = [
        [
            sheets.cell_text(door, found.workflow, column, row.values[column.name], found.view.machine)
            for column in found.view.columns
        ]
        for row in found.rows
    ]
    return [[sheets.heading(door, column) for column in found.view.columns], *rows]


def parts(listed: str) -> list[str]:
    return [part.strip() for part in listed.replace("、", ";").split(";") if part.strip()]


def row_of(stage: Stage, found: Table, wanted: str) -> list[str]:
    """Return the row of a case of that name, or in which a column says just that; [] when there is none."""
    meant = stage.names.get(wanted, wanted)
    return next((row for row in found[1:] if meant in row), [])
