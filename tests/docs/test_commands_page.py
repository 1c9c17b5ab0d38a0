"""The page of commands says what the program itself says."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

TOOL = Path(__file__).parent.parent.parent / "tools" / "commands.py"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_of_commands_is_the_help_of_the_program(lang: str) -> None:
    spec = importlib.util.spec_from_file_location("commands_page", TOOL)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    written = (tool.FOLDER / tool.PAGES[lang]).read_text(encoding="utf-8")
    assert written == tool.page(lang), "run: python tools/commands.py"
