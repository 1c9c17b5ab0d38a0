"""Where events are kept: one SQLite file in write-ahead mode, chained digests, personal values sealed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecycle.problems import StoreUnreachable

if TYPE_CHECKING:
    from lifecycle.store.sqlite import SqliteStore

__all__ = ["SqliteStore", "open_store"]


def open_store(
    url: str,
    *,
    clock: Callable[[], datetime],
    randomness: Callable[[int], bytes],
    keys: Path | None = None,
    master_key: bytes | None = None,
) -> SqliteStore:
    """Return the store that a URL names, made when it is not there yet.

    url         "sqlite:<path>"
    clock       -> now, aware
    randomness  n -> n random bytes, for keys and ids
    keys        file of the key store; None puts it beside the store
    master_key  any bytes that wrap the keys; None keeps them in a file that only its owner reads
    Raises      StoreUnreachable; NewerShape when a newer program made it
    """
    from lifecycle.store.sqlite import SqliteStore as Opened  # noqa: PLC0415

    scheme, colon, path = url.partition(":")
    if scheme != "sqlite" or not colon or not path:
        raise StoreUnreachable(reason="unknown-url", store=url)
    return Opened(Path(path.removeprefix("//")), clock=clock, randomness=randomness, keys=keys, master_key=master_key)


def __getattr__(name: str) -> Any:
    # Whoever needs only the port, and `--help` above all, does not wait for SQLite and the ciphers.
    if name == "SqliteStore":
        from lifecycle.store.sqlite import SqliteStore as Found  # noqa: PLC0415

        return Found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
