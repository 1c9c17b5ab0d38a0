#!/usr/bin/env python3
"""Writes the generated pages of docs/reference: the list of problems, and the schema of workflow files.

usage: python tools/reference.py [--check]

With --check nothing is written; the exit status is 1 when a page is not what would be written.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from lifecycle.language.schema import schema_text
from lifecycle.texts import catalogue

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"

HEAD = """# Problems

What `lifecycle workflow check` and every reader of input can say. Each has a code that stays the same; the words are
given here in both languages. `{...}` stands for a value. `lifecycle explain CODE` prints one of them.

This page is made from the catalogue of texts by `tools/reference.py`.
"""


def pages() -> dict[Path, str]:
    """Return every generated page, by its path."""
    return {
        REFERENCE / "problems.md": "\n".join((HEAD, *_problems())),
        REFERENCE / "workflow.schema.json": schema_text(),
    }


def _problems() -> Iterator[str]:
    english, chinese = catalogue("en")["problems"], catalogue("zh")["problems"]
    for code in sorted(english):
        yield f"## {code}\n"
        yield _quoted(english[code], "hint")
        yield _quoted(chinese[code], "提示")
        prose, _, example = english[code].get("explain", "").strip().partition("\n\n")
        gloss = chinese[code].get("explain", "").strip().partition("\n\n")[0]
        yield from (f"{part}\n" for part in (prose, gloss) if part)
        if example:
            yield f"{example}\n"


def _quoted(texts: Mapping[str, str], hint: str) -> str:
    words = f"> {texts['text']}"
    return f"{words}\n>\n> {hint}: {texts['hint']}\n" if texts.get("hint") else f"{words}\n"


def main() -> int:
    made = pages()
    if "--check" in sys.argv[1:]:
        stale = [path for path, text in made.items() if not path.exists() or path.read_text("utf-8") != text]
        for path in stale:
            print(f"{path.name} is not up to date: run python tools/reference.py")
        return 1 if stale else 0
    for path, text in made.items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
