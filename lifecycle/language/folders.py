"""Where workflow files and their parts are found."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lifecycle.language.source import LARGEST_BYTES

SUFFIX = ".yaml"
PARTS = "parts/"
"""Files under this folder are parts: they are put into workflows and are none themselves."""

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*(/[A-Za-z0-9_][A-Za-z0-9_-]*)*")


class Folder(Protocol):
    """Files by name: "window-repair", "parts/call-back"; a name has no suffix."""

    def read(self, name: str) -> bytes | None:
        """Return a file's content, at most one byte more than the largest allowed; None when there is no such file."""

    def names(self) -> tuple[str, ...]:
        """Return the names of the workflows, sorted."""

    def parts(self) -> tuple[str, ...]:
        """Return the names of the parts, sorted."""

    def file(self, name: str) -> str:
        """Return under which name people know the file."""


@dataclass(frozen=True, slots=True)
class DiskFolder:
    """Files below a folder of the disk."""

    root: Path

    def read(self, name: str) -> bytes | None:
        if not _NAME.fullmatch(name):
            return None
        try:
            with self._path(name).open("rb") as file:
                return file.read(LARGEST_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def names(self) -> tuple[str, ...]:
        return tuple(name for name in self._all() if not name.startswith(PARTS))

    def parts(self) -> tuple[str, ...]:
        return tuple(name for name in self._all() if name.startswith(PARTS))

    def file(self, name: str) -> str:
        return str(self._path(name))

    def _path(self, name: str) -> Path:
        return self.root / f"{name}{SUFFIX}"

    def _all(self) -> list[str]:
        found = (path.relative_to(self.root).with_suffix("").as_posix() for path in self.root.rglob(f"*{SUFFIX}"))
        return sorted(name for name in found if _NAME.fullmatch(name))


@dataclass(frozen=True, slots=True)
class MemoryFolder:
    """Files that are at hand: those of a published bundle, or of a test."""

    files: Mapping[str, str | bytes]

    def read(self, name: str) -> bytes | None:
        content = self.files.get(name)
        if isinstance(content, str):
            content = content.encode("utf-8", "surrogatepass")
        return None if content is None else content[: LARGEST_BYTES + 1]

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(name for name in self.files if not name.startswith(PARTS)))

    def parts(self) -> tuple[str, ...]:
        return tuple(sorted(name for name in self.files if name.startswith(PARTS)))

    def file(self, name: str) -> str:
        return f"{name}{SUFFIX}"


@dataclass(frozen=True, slots=True)
class Folders:
    """Several folders; the first that has a file gives it."""

    folders: tuple[Folder, ...]

    @classmethod
    def of(cls, roots: Sequence[Path]) -> Folders:
        """Return folders of the disk, in the order in which they are asked."""
        return cls(tuple(DiskFolder(root) for root in roots))

    def read(self, name: str) -> bytes | None:
        return next((content for folder in self.folders if (content := folder.read(name)) is not None), None)

    def names(self) -> tuple[str, ...]:
        return tuple(sorted({name for folder in self.folders for name in folder.names()}))

    def parts(self) -> tuple[str, ...]:
        return tuple(sorted({name for folder in self.folders for name in folder.parts()}))

    def file(self, name: str) -> str:
        having = (folder for folder in self.folders if folder.read(name) is not None)
        return next((folder.file(name) for folder in having), f"{name}{SUFFIX}")


@dataclass(frozen=True, slots=True)
class OneFile:
    """A file by its path, with the folder beside it and another one for its parts."""

    path: Path
    folder: Folder

    @property
    def name(self) -> str:
        return self.path.name.removesuffix(SUFFIX)

    def read(self, name: str) -> bytes | None:
        if name == self.name:
            try:
                with self.path.open("rb") as file:
                    return file.read(LARGEST_BYTES + 1)
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                return None
        return self._around().read(name)

    def names(self) -> tuple[str, ...]:
        return self._around().names()

    def parts(self) -> tuple[str, ...]:
        return self._around().parts()

    def file(self, name: str) -> str:
        return str(self.path) if name == self.name else self._around().file(name)

    def _around(self) -> Folders:
        return Folders((DiskFolder(self.path.parent), self.folder))


@dataclass(frozen=True, kw_only=True, slots=True)
class Bundle:
    """A workflow's text with all the parts that it was made of: what is published, under one digest.

    name   of the workflow's own file
    texts  file name -> text
    """

    name: str
    texts: Mapping[str, str]

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over names and texts, each with its length before it, the workflow's own file first."""
        hasher = hashlib.sha256()
        for name in (self.name, *sorted(other for other in self.texts if other != self.name)):
            for text in (name, self.texts[name]):
                content = text.encode("utf-8", "surrogatepass")
                hasher.update(len(content).to_bytes(8, "big") + content)
        return hasher.hexdigest()
