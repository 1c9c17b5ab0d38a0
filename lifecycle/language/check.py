"""Checks a definition: names, expressions, graphs, decisions, rules; every problem at once."""

from __future__ import annotations

from collections.abc import Iterable

from lifecycle.language.checks import CHECKS, Subject
from lifecycle.language.compile import Compilation, compile_workflow
from lifecycle.language.definition import Definition
from lifecycle.language.reports import in_order
from lifecycle.problems import Problem


def check(definition: Definition, compilation: Compilation | None = None) -> tuple[Problem, ...]:
    """Return every problem of a definition beyond those of its text, in file order, each once.

    compilation  of the same definition, if the caller has it; else it is made here
    """
    compiled = compilation or compile_workflow(definition)
    subject = Subject(definition, compiled.compiler.facts)
    found: list[Problem] = list(compiled.problems)
    for rule in CHECKS:
        found.extend(rule(subject))
    return definition.notes(in_order(_without_echoes(found)))


def _without_echoes(problems: Iterable[Problem]) -> list[Problem]:
    """Leave out what only repeats, in other words, a wrong name reported at the same place."""
    found = list(problems)
    named = {(p.where.file, p.where.line, p.where.column) for p in found if p.code.startswith("unknown-")}
    return [
        p for p in found if p.code.startswith("unknown-") or (p.where.file, p.where.line, p.where.column) not in named
    ]
