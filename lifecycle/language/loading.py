"""A workflow by its name: read, parts put in, defined."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lifecycle.language.define import define
from lifecycle.language.definition import Definition
from lifecycle.language.folders import SUFFIX, Bundle, Folder, MemoryFolder, OneFile
from lifecycle.language.reader import MOST_PROBLEMS
from lifecycle.language.resolve import resolve
from lifecycle.language.tree import MapNode
from lifecycle.problems import Problem, UnknownWorkflow


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """What came of a workflow's text, before the checks.

    definition, tree  None when the text could not be read as a map at all
    bundle            the texts as they were read, for publication
    problems          of reading, inclusion and shape; the workflow's own file first, each in file order
    """

    definition: Definition | None
    tree: MapNode | None
    bundle: Bundle
    problems: tuple[Problem, ...]


def load(name_or_path: str, folder: Folder) -> Loaded:
    """Return a workflow of a folder by its name, or a file by its path ("drafts/repair.yaml").

    Raises  UnknownWorkflow when there is no such file
    """
    if name_or_path.endswith(SUFFIX):
        one = OneFile(Path(name_or_path), folder)
        return _loaded(one.name, one)
    return _loaded(name_or_path, folder)


def load_bundle(bundle: Bundle) -> Loaded:
    """Return a workflow from the texts that were published."""
    return _loaded(bundle.name, MemoryFolder(bundle.texts))


def _loaded(name: str, folder: Folder) -> Loaded:
    content = folder.read(name)
    if content is None:
        raise UnknownWorkflow(workflow=name, known=list(folder.names()))
    resolved = resolve(name, content, folder)
    bundle = Bundle(name=name, texts=resolved.texts)
    problems = resolved.problems
    definition = None
    if resolved.tree is not None:
        definition, faults = define(resolved.tree, resolved.cited)
        problems = definition.notes(in_file_order((*problems, *faults), folder.file(name)))
    else:
        problems = in_file_order(problems, folder.file(name))
    return Loaded(definition=definition, tree=resolved.tree, bundle=bundle, problems=problems)


def in_file_order(problems: Iterable[Problem], first: str) -> tuple[Problem, ...]:
    """Return problems without repetitions, those of one file first, each file's in its order; at most the first 200."""
    unique = {(p.code, p.where.file, p.where.line, p.where.column, p.where.path): p for p in problems}
    ordered = sorted(unique.values(), key=lambda p: (p.where.file != first, p.where.file, p.where.line, p.where.column))
    if len(ordered) <= MOST_PROBLEMS:
        return tuple(ordered)
    # errors before warnings: what forbids publication must never be the part that is left out
    foremost = sorted(range(len(ordered)), key=lambda number: ordered[number].level != "error")[:MOST_PROBLEMS]
    shown = [ordered[number] for number in sorted(foremost)]
    values = {"count": len(ordered) - MOST_PROBLEMS}
    return (*shown, Problem(code="more-problems", level="note", where=shown[-1].where, values=values))
