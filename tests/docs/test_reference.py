"""The generated pages of the reference are what the program says."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from lifecycle.texts import catalogue

TOOL = Path(__file__).parents[2] / "tools" / "reference.py"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference_pages", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["problems.md", "workflow.schema.json"])
def test_a_generated_page_is_up_to_date(tool: ModuleType, name: str) -> None:
    made = {path.name: (path, text) for path, text in tool.pages().items()}
    path, text = made[name]
    assert path.read_text("utf-8") == text, "run: python tools/reference.py"


def test_every_problem_has_its_heading(tool: ModuleType) -> None:
    headings = re.findall(r"^## (\S+)$", (tool.REFERENCE / "problems.md").read_text("utf-8"), flags=re.M)
    assert headings == sorted(catalogue("en")["problems"])
