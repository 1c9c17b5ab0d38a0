"""Steps about coverage: from which to which day it runs, what puts it off, whether something is covered."""

from __future__ import annotations

from collections.abc import Mapping

from lifecycle.core.case.periods import covered
from lifecycle.core.events import Json
from tests.scenarios.phrases import phrase
from tests.scenarios.stage import Stage


def coverage_named(stage: Stage, title: str) -> str:
    """Return the name of the coverage of a title."""
    known = stage.workflow.coverage
    found = [one.name for one in known.values() if title in (one.name, *one.titles.values())]
    assert found, f"no coverage is called {title!r}; known: {[one.titles for one in known.values()]}"
    return found[0]


def period_of(stage: Stage, title: str, part: str = "") -> Mapping[str, Json]:
    """Return how the coverage of the case, or a part's own, stands."""
    name = coverage_named(stage, title)
    key = f"{name}/{part}" if part else name
    assert key in stage.case.coverage, f"{part or stage.case.number} has no {title} yet"
    return stage.case.coverage[key]


def same_days(period: Mapping[str, Json], first: str, end: str) -> None:
    assert (period["from"], period["until"]) == (first, end), f"it runs from {period['from']} to {period['until']}"


@phrase('"<保障期>"自"<日期>"至"<止>"', '"<coverage>" runs from "<day>" to "<end>"')
def runs(stage: Stage, coverage: str, day: str, end: str) -> None:
    same_days(period_of(stage, coverage), day, end)


@phrase('"<部件>"的"<保障期>"自"<日期>"至"<止>"', 'of "<part>", "<coverage>" runs from "<day>" to "<end>"')
def part_runs(stage: Stage, part: str, coverage: str, day: str, end: str) -> None:
    same_days(period_of(stage, coverage, part), day, end)


@phrase('"<保障期>"顺延了<数>天', '"<coverage>" was put off by <number> days')
def put_off(stage: Stage, coverage: str, number: str) -> None:
    lost = period_of(stage, coverage)["lost"]
    assert lost == int(number), f"it was put off by {lost} days"


@phrase('"<保障期>"尚未开始', '"<coverage>" has not begun')
def not_begun(stage: Stage, coverage: str) -> None:
    name = coverage_named(stage, coverage)
    assert name not in stage.case.coverage, f"it began on {stage.case.coverage[name]['from']}"


@phrase('在"<保障期>"内', 'it is within "<coverage>"')
def within(stage: Stage, coverage: str) -> None:
    assert is_covered(stage, coverage), f"it is not within {coverage}: {stage.case.coverage}"


@phrase('不在"<保障期>"内', 'it is not within "<coverage>"')
def not_within(stage: Stage, coverage: str) -> None:
    assert not is_covered(stage, coverage), f"it is within {coverage}: {stage.case.coverage}"


def is_covered(stage: Stage, coverage: str) -> bool:
    return covered(stage.case, coverage_named(stage, coverage), "", stage.now.astimezone(stage.zone).date())
