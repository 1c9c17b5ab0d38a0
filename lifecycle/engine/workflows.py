"""Which workflow text a name stands for: the published version, the designer's folder, the shipped files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from lifecycle.core import publication
from lifecycle.core.publication import Publication
from lifecycle.core.workflow import Workflow
from lifecycle.problems import DamagedHistory, InvalidWorkflow, UnknownWorkflow
from lifecycle.store.port import Reads


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A workflow as read from a folder: its text and what it compiles to."""

    workflow: Workflow
    digest: str
    files: dict[str, str]


Read = Callable[[str], Source | None]
"""Read a workflow by name from the designer's folder, then from the shipped files; None when neither has it."""

Compile = Callable[[str, dict[str, str]], Workflow]
"""Compile a published bundle: (name, files) -> workflow."""


class Workflows:
    """The compiled workflows, each version once.

    read     finds unpublished texts; it raises InvalidWorkflow for one that does not check
    compile  compiles a published bundle without checking it again
    names    of the workflows that can be read, for "did you mean"
    """

    def __init__(self, read: Read, compile: Compile, names: Callable[[], Sequence[str]]) -> None:
        self._read = read
        self._compile = compile
        self._names = names
        self._compiled: dict[tuple[UUID, str, int], Workflow] = {}
        self._sources: dict[str, Source | None] = {}

    def names(self) -> Sequence[str]:
        return self._names()

    def undo(self, store_id: UUID, versions: Sequence[tuple[str, int]]) -> None:
        """Forget versions whose publication was rolled back: another text may come to stand under their numbers."""
        for name, version in versions:
            self._compiled.pop((store_id, name, version), None)

    def forget(self) -> None:
        """Read the folders again at the next question."""
        self._sources.clear()

    def source(self, name: str) -> Source | None:
        """Return the text that the folders have under a name.

        Raises  InvalidWorkflow
        """
        if name not in self._sources:
            self._sources[name] = self._read(name)
        return self._sources[name]

    def published(self, store: Reads, store_id: UUID, name: str, version: int) -> Workflow:
        """Return a published version, compiled.

        Raises  UnknownWorkflow
        """
        key = (store_id, name, version)
        if key not in self._compiled:
            files, digest = self.bundle(store, store_id, name, version)
            source = self._sources.get(name)
            if source is not None and source.digest == digest:
                self._compiled[key] = source.workflow
            else:
                self._compiled[key] = self._compile(name, files)
        return self._compiled[key]

    def bundle(self, store: Reads, store_id: UUID, name: str, version: int) -> tuple[dict[str, str], str]:
        """Return the files and the digest of a published version."""
        stream = publication.stream_of(store_id, name)
        standing = self.publication(store, store_id, name)
        revision = standing.revisions.get(version)
        if revision is None:
            raise UnknownWorkflow(workflow=name, version=version, known=tuple(standing.digests))
        recorded = next(iter(store.read(stream, after=revision - 1, upto=revision)), None)
        if recorded is None:
            raise DamagedHistory(position=0, workflow=name, version=version)
        change = recorded.event.changes["published"]
        return dict(change["files"]), change["digest"]

    def publication(self, store: Reads, store_id: UUID, name: str) -> Publication:
        head = store.head(publication.stream_of(store_id, name))
        if head is None:
            return Publication()
        if head.shape == publication.SHAPE:
            return Publication.from_json(head.state)
        standing = Publication()
        for recorded in store.read(head.stream):
            standing = publication.evolve(standing, recorded.event)
        return standing

    def wanted(self, store: Reads, store_id: UUID, name: str) -> tuple[int, Source | None]:
        """Return the version that a new case is opened under, and its text if that is still to be published.

        A folder's text of a higher version than the newest published one is published on first use; the same
        version with another text is the caller's to refuse.

        Raises  UnknownWorkflow, InvalidWorkflow
        """
        standing = self.publication(store, store_id, name)
        try:
            source = self.source(name)
        except InvalidWorkflow:
            if not standing.newest:
                raise
            source = None
        if source is None or source.workflow.version < standing.newest:
            if not standing.newest:
                raise UnknownWorkflow(workflow=name, known=tuple(self._names()))
            return standing.newest, None
        if standing.digests.get(source.workflow.version) == source.digest:
            return source.workflow.version, None
        return source.workflow.version, source
