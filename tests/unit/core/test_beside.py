"""Aggregates beside cases, as one command sees and changes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from lifecycle.core.beside import Aggregate, Beside
from lifecycle.core.events import Event, Json

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@dataclass(frozen=True)
class Tally:
    total: int = 0
    revision: int = 0

    def to_json(self) -> dict[str, Json]:
        return {"total": self.total, "revision": self.revision}

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> Tally:
        return cls(**document)


def added(tally: Tally, event: Event) -> Tally:
    return Tally(total=tally.total + event.changes["by"], revision=tally.revision + 1)


TALLY = Aggregate(name="tally", shape=1, blank=Tally, read=Tally.from_json, evolve=added)


def add(beside: Beside, name: str, by: int) -> None:
    event = Event(type="tally.added", stream=beside.stream(TALLY, name), occurred_at=NOON, changes={"by": by})
    beside.record(TALLY, name, event)


def test_an_aggregate_is_read_once_and_seen_with_what_the_command_changed() -> None:
    asked: list[str] = []

    def load(aggregate: Aggregate[Tally], name: str) -> tuple[UUID, Tally]:
        asked.append(name)
        return UUID(int=len(asked)), Tally(total=10, revision=3)

    beside = Beside(load)
    assert beside.now(TALLY, "a").total == 10
    add(beside, "a", 5)
    assert beside.now(TALLY, "a") == Tally(total=15, revision=4)
    assert asked == ["a"]
    assert {stream: len(changed.events) for stream, changed in beside.changed.items()} == {UUID(int=1): 1}


def test_what_was_added_since_a_mark_is_taken_back_and_what_came_before_stays() -> None:
    beside = Beside()
    add(beside, "a", 1)
    mark = beside.mark()
    add(beside, "a", 2)
    add(beside, "b", 3)
    beside.back_to(mark)
    assert beside.now(TALLY, "a") == Tally(total=1, revision=1)
    assert beside.now(TALLY, "b") == Tally()
    assert [event.changes["by"] for changed in beside.changed.values() for event in changed.events] == [1]


def test_aggregates_of_one_name_have_streams_of_their_own() -> None:
    beside = Beside()
    assert beside.stream(TALLY, "a") != beside.stream(TALLY, "b")
