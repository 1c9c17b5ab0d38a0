"""Every test of this folder that asks for a `store` runs on each kind of store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lifecycle.store import SqliteStore, open_store
from tests.contracts.controls import Counted, ToldClock

STORES = ("sqlite",)


@pytest.fixture
def clock() -> ToldClock:
    return ToldClock()


@pytest.fixture(params=STORES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"{request.param}:{tmp_path / 'store.db'}"


@pytest.fixture
def opened(url: str, clock: ToldClock) -> Iterator[Callable[[], SqliteStore]]:
    """Open the same store again and again."""
    stores: list[SqliteStore] = []

    def again() -> SqliteStore:
        stores.append(open_store(url, clock=clock, randomness=Counted(seed=b"%d" % len(stores))))
        return stores[-1]

    yield again
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[[], SqliteStore]) -> SqliteStore:
    return opened()


@pytest.fixture(scope="session")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    """A store for properties that write nothing to the order."""
    path = tmp_path_factory.mktemp("shared") / "store.db"
    store = open_store(f"sqlite:{path}", clock=ToldClock(), randomness=Counted())
    yield store
    store.close()
