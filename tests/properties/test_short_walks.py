"""Walks of every shipped workflow, few and without aim: no step stumbles, and the walks lead somewhere."""

from __future__ import annotations

import pytest

from lifecycle.app import shipped
from tests.effort import share_of
from tests.walks.aims import aims_of
from tests.walks.exploring import Explorer
from tests.walks.reach import listed
from tests.walks.world import SHIPPED, shipped_workflow

WALKS = share_of(400, at_least=30)
NAMES = sorted({file.stem for file in shipped().glob("*.yaml")} - {*SHIPPED})


@pytest.mark.parametrize("name", NAMES)
def test_no_step_stumbles_on_a_walk(name: str):
    workflow = shipped_workflow(name)
    explorer = Explorer(workflow, aims_of(workflow), listed(name), seed=1)
    for _ in range(WALKS):
        explorer.walk()
    assert list(explorer.witness.faults) == []
    assert len(explorer.witness.edges) > len(explorer.arrows) / 4
