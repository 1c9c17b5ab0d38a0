"""Older shapes are brought forward one by one; newer and unknown ones are refused."""

from __future__ import annotations

import pytest

from lifecycle.core.events import Json
from lifecycle.problems import DamagedHistory, NewerShape
from lifecycle.store.upcast import upcast


def renamed(document: dict[str, Json]) -> dict[str, Json]:
    return {"name": document["title"], "v": document["v"]}


def doubled(document: dict[str, Json]) -> dict[str, Json]:
    return {**document, "name": document["name"] * 2}


UPCASTS = {1: renamed, 2: doubled}


def test_an_old_shape_passes_every_step_to_the_present_one() -> None:
    assert upcast({"v": 1, "title": "a"}, 7, upcasts=UPCASTS, shape=3) == {"v": 3, "name": "aa"}
    assert upcast({"v": 2, "name": "a"}, 7, upcasts=UPCASTS, shape=3) == {"v": 3, "name": "aa"}
    assert upcast({"v": 3, "name": "a"}, 7, upcasts=UPCASTS, shape=3) == {"v": 3, "name": "a"}


def test_a_newer_shape_is_refused() -> None:
    with pytest.raises(NewerShape) as raised:
        upcast({"v": 4}, 7, upcasts=UPCASTS, shape=3)
    assert raised.value.values == {"position": 7, "found": 4, "known": 3}


@pytest.mark.parametrize("document", [{}, {"v": None}, {"v": "1"}, {"v": True}, {"v": 0}, {"v": 1.0}])
def test_a_shape_that_is_no_number_is_damage(document: dict[str, Json]) -> None:
    with pytest.raises(DamagedHistory):
        upcast(document, 7)


def test_a_shape_without_a_way_forward_is_damage() -> None:
    with pytest.raises(DamagedHistory):
        upcast({"v": 1}, 7, upcasts={2: doubled}, shape=3)
