"""The composition root: store, clock, ids, workflows and engine, built from the settings."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from lifecycle.clocks.clock import Clock
from lifecycle.engine import Engine, Workflows
from lifecycle.engine.workflows import Source
from lifecycle.language.folders import Folder, Folders
from lifecycle.language.published import compile_published
from lifecycle.problems import StoreUnreachable
from lifecycle.settings import Settings
from lifecycle.store import SqliteStore, open_store

if TYPE_CHECKING:
    from lifecycle.outbox.delivery import Office


@dataclass(frozen=True, kw_only=True)
class App:
    """The program, put together."""

    settings: Settings
    store: SqliteStore
    workflows: Workflows
    engine: Engine
    folder: Folder


def build(settings: Settings, *, clock: Clock | None = None) -> App:
    """Return the program on its store.

    clock   instead of the settings' own, for a day that is played

    Raises  StoreUnreachable, NewerShape
    """
    clock = clock or settings.clock
    store = open_store(
        settings.store,
        clock=clock,
        randomness=secrets.token_bytes,
        keys=Path(settings.keys) if settings.keys else None,
        master_key=master_key(settings.master_key_file),
    )
    folder = folders(settings)
    workflows = library(folder)
    engine = Engine(store, workflows, clock=clock, new_id=Ids(clock))
    return App(settings=settings, store=store, workflows=workflows, engine=engine, folder=folder)


def office(app: App, say: Callable[[str], None]) -> Office | None:
    """Return what delivers notices; None when no address book is set, and they wait.

    say     takes a line, for receivers on the console
    Raises  InvalidInput with every fault of the address book
    """
    if app.settings.notify is None:
        return None
    # Mail is loaded by those who deliver.
    from lifecycle.outbox.book import CONSOLE, FILE, MAIL  # noqa: PLC0415
    from lifecycle.outbox.bookfile import read_book  # noqa: PLC0415
    from lifecycle.outbox.delivery import Office  # noqa: PLC0415
    from lifecycle.outbox.smtp import Mail  # noqa: PLC0415
    from lifecycle.outbox.ways import Console, File, Way  # noqa: PLC0415
    from lifecycle.texts import LANGUAGES  # noqa: PLC0415
    from lifecycle.texts import say as say_text  # noqa: PLC0415

    book = read_book(app.settings.notify, app.settings.smtp_password)
    ways: dict[str, Way] = {CONSOLE: Console(say)}
    if book.file is not None:
        ways[FILE] = File(book.file)
    if book.server is not None:
        ways[MAIL] = Mail(book.server, app.engine.clock)
    voided: dict[str, str] = {lang: say_text("notice.void", lang, {}, section="terminal") for lang in LANGUAGES}
    return Office(shell=app.engine, book=book, ways=ways, clock=app.engine.clock, voided=voided)


def library(folder: Folder) -> Workflows:
    """Return the workflows of a folder and of the stores that they were published in."""

    def read(name: str) -> Source | None:
        # Most commands meet published texts only; the checker is loaded for the others.
        from lifecycle.language.checked import publishable  # noqa: PLC0415

        found = publishable(name, folder)
        return Source(workflow=found.workflow, digest=found.digest, files=found.files) if found else None

    return Workflows(read, compile_published, folder.names)


def folders(settings: Settings) -> Folder:
    """Return where workflow files are read from: the designer's folder, then the shipped ones."""
    return Folders.of([as_seen(path) for path in (settings.workflows, shipped()) if path is not None])


def as_seen(path: Path) -> Path:
    """Return a path as a person in the working folder would write it."""
    here = Path.cwd()
    return path.resolve().relative_to(here) if path.resolve().is_relative_to(here) else path


def shipped() -> Path:
    """Return the folder of the shipped workflows: in the wheel beside this module, in a checkout beside the package."""
    installed = Path(__file__).parent / "shipped"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "workflows"


def master_key(path: Path | None) -> bytes | None:
    """Return the key that wraps the keys; None without a file.

    Raises  StoreUnreachable
    """
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise StoreUnreachable(reason="master-key", store=str(path)) from error


class Ids:
    """Makes UUIDv7: ordered by the clock's milliseconds, then random (RFC 9562)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self) -> UUID:
        milliseconds = int(self._clock().timestamp() * 1000) & (2**48 - 1)
        value = milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
        return UUID(int=value)
