"""Prints problems: text for people, JSON for programs, SARIF 2.1.0 for editors and code hosts.

The words come in from outside (`Words`): a problem carries code and values only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Protocol
from urllib.parse import quote

from lifecycle.problems import Level, Problem

RANKS: dict[Level, int] = {"error": 0, "warning": 1, "note": 2}
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


class Words(Protocol):
    """What a problem says in one language."""

    def text(self, problem: Problem) -> str:
        """Return the one sentence that states fact and values."""

    def hint(self, problem: Problem) -> str:
        """Return what to do about it; "" when there is nothing to say."""

    def explain(self, code: str) -> str:
        """Return the paragraph of the reference about a code."""

    def label(self, name: str) -> str:
        """Return a fixed word of the report: "error", "warning", "note", "hint"."""


def in_order(problems: Iterable[Problem], first: str = "") -> tuple[Problem, ...]:
    """Return the problems, each once, by file, line and column; the gravest first where places are equal.

    first  the file whose problems come before those of others
    """
    unique = {(p.code, p.where, str(p.values)): p for p in problems}
    return tuple(sorted(unique.values(), key=lambda p: _rank(p, first)))


def _rank(problem: Problem, first: str) -> tuple[bool, str, int, int, int, str]:
    where = problem.where
    return where.file != first, where.file, where.line, where.column, RANKS[problem.level], problem.code


def as_text(problems: Sequence[Problem], words: Words) -> str:
    """Return a paragraph per problem: place, level, code, sentence; the offending line; the hint."""
    return "".join(_paragraph(problem, words) for problem in problems)


def as_json(problems: Sequence[Problem], words: Words) -> list[dict[str, Any]]:
    """Return one flat object per problem, the same fields as in the text form."""
    return [
        {
            "code": problem.code,
            "level": problem.level,
            "text": words.text(problem),
            "hint": words.hint(problem),
            "file": problem.where.file,
            "line": problem.where.line,
            "column": problem.where.column,
            "path": problem.where.path,
            "rules": list(problem.rules),
        }
        for problem in problems
    ]


def as_sarif(problems: Sequence[Problem], words: Words, *, version: str) -> str:
    """Return a SARIF 2.1.0 log with one run.

    version  of this program
    """
    codes = sorted({problem.code for problem in problems})
    driver = {
        "name": "lifecycle",
        "version": version,
        "rules": [_rule(code, words) for code in codes],
    }
    log = {
        "$schema": _SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [_result(problem, codes.index(problem.code), words) for problem in problems],
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _paragraph(problem: Problem, words: Words) -> str:
    place = str(problem.where)
    head = f"{place}: " if place else ""
    lines = [f"{head}{words.label(problem.level)} {problem.code}: {words.text(problem)}"]
    if problem.where.source.strip():
        lines.append(f"    {problem.where.source.strip()}")
    hint = words.hint(problem)
    if hint:
        lines.append(f"  {words.label('hint')}: {hint}")
    return "\n".join(lines) + "\n"


def _rule(code: str, words: Words) -> dict[str, Any]:
    explanation = words.explain(code)
    return {
        "id": code,
        **({"fullDescription": {"text": explanation}} if explanation else {}),
    }


def _result(problem: Problem, index: int, words: Words) -> dict[str, Any]:
    hint = words.hint(problem)
    sentence = words.text(problem)
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": problem.level,
        "message": {"text": f"{sentence}\n{words.label('hint')}: {hint}" if hint else sentence},
    }
    if problem.where.file:
        physical: dict[str, Any] = {"artifactLocation": {"uri": quote(problem.where.file)}}
        if problem.where.line:
            region = {"startLine": problem.where.line, "startColumn": max(problem.where.column, 1)}
            physical["region"] = {
                **region,
                **({"snippet": {"text": problem.where.source}} if problem.where.source else {}),
            }
        location: dict[str, Any] = {"physicalLocation": physical}
        if problem.where.path:
            location["logicalLocations"] = [{"fullyQualifiedName": problem.where.path}]
        result["locations"] = [location]
    if problem.rules:
        result["properties"] = {"rules": list(problem.rules)}
    return result
