"""Every session in the documentation is played, and answers what the page shows."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.docs.sessions import ROOT, Given, Typed, agrees, pages, play_page, read

PROGRAMS = Path(sys.executable).parent
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)#\s]+)(?:#[^)]*)?\)")


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", pages(), ids=named)
def test_a_page_shows_what_the_program_answers(page: Path, tmp_path: Path):
    differences = play_page(page, tmp_path, PROGRAMS)
    assert not differences, "\n\n".join(differences)


def test_both_readmes_play_the_same_commands():
    def commands(name: str) -> list[str]:
        return [part.command for part in read(ROOT / name) if isinstance(part, Typed)]

    assert commands("README.md") == commands("README.zh.md")
    assert any("case verify" in command for command in commands("README.md"))


@pytest.mark.parametrize("page", sorted([*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md")]), ids=named)
def test_a_page_links_only_to_what_is_there(page: Path):
    targets = [link["target"] for link in LINK.finditer(page.read_text(encoding="utf-8"))]
    lost = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert lost == []


def test_a_session_is_read_with_its_files_codes_and_outputs(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text(
        "# x\n\n```yaml\n# file: a.yaml\nworkflow: a\n```\n\n"
        "```console\n$ one \\\n>   two  # exit 1\nfirst ... line\n...\n$ three\n```\n\n```sh\nmake\n```\n",
        encoding="utf-8",
    )
    assert read(page) == [
        Given(name="a.yaml", text="# file: a.yaml\nworkflow: a\n"),
        Typed(line=9, command="one two", code=1, shown=("first ... line", "...")),
        Typed(line=13, command="three", code=0, shown=None),
    ]


@pytest.mark.parametrize(
    ("shown", "output", "expected"),
    [
        (("case ... opened",), "case WX-1 opened\n", True),
        (("case ... opened",), "case WX-1 closed\n", False),
        (("a", "...", "z"), "a\nb\nc\nz\n", True),
        (("a", "...", "z"), "a\nz\n", True),
        (("a",), "a\nb\n", False),
        (("a.c",), "abc\n", False),
    ],
)
def test_dots_stand_for_anything_and_nothing_else_does(shown: tuple[str, ...], output: str, expected: bool):
    assert agrees(shown, output) is expected
