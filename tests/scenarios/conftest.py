"""Brings the steps of scenarios to pytest-bdd, and gives each scenario its own stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import signature
from pathlib import Path

import pytest
from pytest_bdd import parsers, step
from pytest_bdd.parser import Feature, Scenario, Step

from lifecycle.app import folders, library
from lifecycle.engine import Workflows
from lifecycle.settings import Settings
from tests.scenarios import (
    acting,
    asking,
    covering,
    figuring,
    keeping,
    ledgers,
    papers,
    people,
    proving,
    scheduling,
    seeing,
    settling,
    telling,
    timing,
)
from tests.scenarios.phrases import PHRASES
from tests.scenarios.stage import Stage

ROOT = Path(__file__).parents[2]
STEP_MODULES = (
    acting,
    asking,
    covering,
    figuring,
    keeping,
    ledgers,
    papers,
    people,
    proving,
    scheduling,
    seeing,
    settling,
    telling,
    timing,
)
"""Named, so that their phrases are there before the loop below."""

CONFIG: list[pytest.Config] = []
"""Of the present run: the hook for tags is not given one."""

for one in PHRASES:
    for regex in one.patterns:
        step(parsers.re(regex))(one.function)


@pytest.fixture(scope="session")
def workflows() -> Workflows:
    """Every workflow of the checkout, read and compiled once for all scenarios."""
    return library(folders(Settings(workflows=ROOT / "workflows")))


@pytest.fixture
def stage(tmp_path: Path, workflows: Workflows) -> Iterator[Stage]:
    told = Stage(folder=tmp_path, workflows=workflows)
    yield told
    told.engine.close()


def pytest_configure(config: pytest.Config) -> None:
    CONFIG.append(config)


def pytest_bdd_apply_tag(tag: str, function: Callable[..., object]) -> object:
    """Register a tag as a marker when it comes: nobody lists the rules a second time for pytest."""
    for config in CONFIG[-1:]:
        config.addinivalue_line("markers", f"{tag}: shown by a scenario")
    getattr(pytest.mark, tag)(function)
    return True


def pytest_bdd_before_step_call(
    request: pytest.FixtureRequest, feature: Feature, step: Step, step_func: Callable[..., object]
) -> None:
    """Tell the stage how the step is said; a table that the step does not take is an error, not decoration."""
    told = request.getfixturevalue("stage")
    told.said_with = step.type
    told.lang = "zh" if feature.language.startswith("zh") else "en"
    assert step.datatable is None or "datatable" in signature(step_func).parameters, f"takes no table: {step.name}"


def pytest_bdd_after_scenario(request: pytest.FixtureRequest, scenario: Scenario) -> None:
    """Fail a scenario that ends on a refusal of which it does not speak."""
    told: Stage = request.getfixturevalue("stage")
    told.settle()
