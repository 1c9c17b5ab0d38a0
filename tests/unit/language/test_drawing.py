from pathlib import Path

import pytest

from lifecycle.language.checked import check_workflow
from lifecycle.language.drawing import graph_of
from lifecycle.language.folders import DiskFolder
from lifecycle.problems import UnknownWorkflow

WORKFLOW = check_workflow("clean", DiskFolder(Path(__file__).parent / "files")).workflow_or_problems()


def test_a_machine_is_drawn_with_titles_for_mermaid():
    drawn = graph_of(WORKFLOW, "mermaid", "part", "zh")
    assert "stateDiagram-v2" in drawn
    assert "waiting --> fitted : 装好" in drawn
    assert "fitted --> [*]" in drawn


def test_a_machine_is_drawn_for_dot():
    drawn = graph_of(WORKFLOW, "dot", "part", "en")
    assert drawn.startswith("digraph")
    assert "Waiting" in drawn


def test_all_machines_are_drawn_one_after_the_other():
    assert graph_of(WORKFLOW, "mermaid", "", "en").count("stateDiagram-v2") == 2


def test_a_machine_that_is_not_there_is_unknown():
    with pytest.raises(UnknownWorkflow):
        graph_of(WORKFLOW, "mermaid", "prt", "en")
