"""Where a reader stands: positions, cursors of this store, times; nothing foreign, nothing ahead, nothing guessed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lifecycle.clocks.typed import read_time
from lifecycle.problems import Problem
from lifecycle.stream.cursor import ForeignCursor, position_of
from tests.unit.engine.controls import Shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    shop = Shop(Path(tmp_path_factory.mktemp("cursor")))
    shop.opened()
    shop.opened()
    yield shop
    shop.close()


def read(typed: str) -> datetime | Problem:
    return read_time(typed, UTC)


def test_nothing_typed_is_the_beginning(shop: Shop) -> None:
    assert position_of("", shop.engine.store, read) == 0


@pytest.mark.parametrize("position", [0, 1, 3])
def test_a_position_and_a_cursor_of_this_store_are_taken_as_they_are(shop: Shop, position: int) -> None:
    store = shop.engine.store
    assert position_of(str(position), store, read) == position
    assert position_of(f"{store.meta.epoch}:{position}", store, read) == position


def test_a_cursor_of_another_store_or_epoch_is_refused(shop: Shop) -> None:
    with pytest.raises(ForeignCursor):
        position_of("0123456789abcdef:2", shop.engine.store, read)


def test_a_reader_ahead_of_the_store_is_refused(shop: Shop) -> None:
    store = shop.engine.store
    for typed in ("4", f"{store.meta.epoch}:4"):
        with pytest.raises(ForeignCursor) as refused:
            position_of(typed, store, read)
        assert refused.value.values["last"] == 3


def test_a_time_is_the_last_position_recorded_by_then(shop: Shop) -> None:
    store = shop.engine.store
    assert position_of("2026-03-02T01:00:00Z", store, read) == 2
    assert position_of("2026-03-02 01:01", store, read) == 3
    assert position_of("2026-03-01", store, read) == 0


@pytest.mark.parametrize("typed", ["yesterday", "-1", "1.5", "²", "٣", "²:²", "09:00", "1:2:3", ":", "12:", "9" * 5000])
def test_what_is_none_of_these_is_a_problem_or_a_foreign_cursor_never_a_crash(shop: Shop, typed: str) -> None:
    try:
        answer = position_of(typed, shop.engine.store, read)
    except ForeignCursor as foreign:
        answer = Problem(code=foreign.code)
    assert isinstance(answer, Problem)
