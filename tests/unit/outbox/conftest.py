"""Gives each test of the outbox a post room of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.outbox.controls import PostRoom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[PostRoom]:
    room = PostRoom(tmp_path)
    yield room
    room.close()
