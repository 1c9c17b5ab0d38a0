"""Checks a workflow: text, names, expressions, graphs, decisions, rules; every problem at once, in file order."""

from __future__ import annotations

from collections.abc import Iterable

from lifecycle.language.checks import CHECKS, Subject
from lifecycle.language.compile import Compilation, compile_workflow
from lifecycle.language.definition import Definition
from lifecycle.language.loading import Loaded
from lifecycle.language.outline import near
from lifecycle.language.reports import in_order
from lifecycle.problems import Problem

INCLUDED = "included-here"
"""The note behind a problem of a part: which line brought the part in."""

UNUSED = frozenset({"never-used", "rule-not-carried"})


def all_problems(loaded: Loaded, compilation: Compilation, more: Iterable[Problem] = ()) -> tuple[Problem, ...]:
    """Return every problem of a workflow's texts and definition: its own file first, each file in its order.

    compilation  of the loaded definition
    more         problems that the caller found itself
    """
    definition = compilation.compiler.definition
    of_text = [problem for problem in loaded.problems if problem.code != INCLUDED]
    found = (*of_text, *_found(definition, compilation), *more)
    return definition.notes(in_order(found, first=definition.tree.place.file))


def check(definition: Definition, compilation: Compilation | None = None) -> tuple[Problem, ...]:
    """Return every problem of a definition beyond those of its text, in file order, each once.

    compilation  of the same definition, if the caller has it; else it is made here
    """
    found = in_order(_found(definition, compilation or compile_workflow(definition)))
    return definition.notes(found)


def _found(definition: Definition, compilation: Compilation) -> list[Problem]:
    subject = Subject(definition, compilation.compiler.facts)
    found: list[Problem] = list(compilation.problems)
    for rule in CHECKS:
        found.extend(rule(subject))
    return _without_echoes(definition, found)


def _without_echoes(definition: Definition, problems: Iterable[Problem]) -> list[Problem]:
    """Leave out what only follows from a wrong name: another complaint at the same place, data that seems unset
    behind it, the name that was meant and now seems unused."""
    found = list(problems)
    wrong = [problem.where for problem in found if problem.code.startswith("unknown-")]
    places = {(place.file, place.line, place.column) for place in wrong}
    typed = [str(problem.values.get("name", "")) for problem in found if problem.code.startswith("unknown-")]
    unused = {str(problem.values["name"]): problem for problem in found if problem.code in UNUSED}
    meant = {near(name, unused) for name in typed}
    doubtful = {_element(place.path) for place in wrong} | {_element(path) for path in definition.broken}

    def is_echo(problem: Problem) -> bool:
        where = problem.where
        if problem.code.startswith("unknown-"):
            return False
        if (where.file, where.line, where.column) in places:
            return True
        if problem.code in UNUSED:
            return problem.values["name"] in meant
        return problem.code == "expression-untested-name" and _element(where.path) in doubtful

    return [problem for problem in found if not is_echo(problem)]


def _element(path: str) -> str:
    """Return the machine, kind, table ... in which a path stands."""
    return ".".join(path.split(".")[:2])
