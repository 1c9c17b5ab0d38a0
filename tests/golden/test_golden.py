"""Golden histories fold to the state they folded to when they were written, byte by byte, in any process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lifecycle.audit.verify import state_bytes
from lifecycle.core.workflow import Kind, Workflow
from lifecycle.core.workflow.acts import Open
from lifecycle.core.workflow.settlements import Settle
from tests.golden.files import FOLDER, RECORDED, files, fingerprint, folded, read, written_again
from tests.walks.world import shipped_workflow


def named(file: Path) -> str:
    return f"{file.parent.name}-{file.stem}"


@pytest.mark.parametrize("file", files(), ids=named)
def test_a_history_folds_to_the_state_that_was_kept(file: Path):
    golden = read(file)
    assert state_bytes(folded(golden)) == golden.state


@pytest.mark.parametrize("file", files(), ids=named)
def test_an_event_is_stored_as_it_was(file: Path):
    golden = read(file)
    assert written_again(golden) == golden.events


@pytest.mark.parametrize("file", files(), ids=named)
def test_a_golden_case_is_complete(file: Path):
    assert folded(read(file)).closed


@pytest.mark.parametrize("name", RECORDED)
def test_a_workflow_has_twenty_histories_of_every_kind_that_closes(name: str):
    goldens = [read(file) for file in files() if file.parent == FOLDER / name]
    workflow = shipped_workflow(name)
    closing = {kind.name for kind in workflow.kinds.values() if kind.closes}
    settling = {kind.name for kind in workflow.kinds.values() if does(workflow, kind, Settle)}
    assert len(goldens) >= 20
    assert closing - settling <= {golden.kind for golden in goldens} <= closing
    stored = b"".join(event for golden in goldens for event in golden.events)
    for part in (b'"corrects":', b'"note":', b'"findings":', b'"box":'):
        assert part in stored
    assert b'"opens":' in stored or not any(does(workflow, kind, Open) for kind in workflow.kinds.values())


def does(workflow: Workflow, kind: Kind, effect: type) -> bool:
    """Return whether a step of a kind's machines has such an effect. Few walks find a period that is over to settle."""
    machines = [workflow.machines[name] for name in kind.machines]
    steps = [
        step for one in machines for step in (*one.anywhere, *(s for state in one.states.values() for s in state.steps))
    ]
    return any(isinstance(each, effect) for step in steps for each in step.effects)


def test_overrides_are_among_the_histories():
    assert any(b'"overrides":' in event for file in files() for event in read(file).events)


@pytest.mark.parametrize("seed", ["0", "random"])
def test_another_process_folds_the_same_bytes(seed: str):
    found = subprocess.run(
        [sys.executable, "-m", "tests.golden.replay"],
        env={**os.environ, "PYTHONHASHSEED": seed},
        cwd=FOLDER.parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == fingerprint()
