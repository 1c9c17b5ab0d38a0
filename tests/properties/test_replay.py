"""Replay equals live on the shipped workflows, through the engine and its store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.app import folders, library
from lifecycle.audit.verify import state_bytes, verify_case
from lifecycle.core.case import Case, Facts, fold, offers
from lifecycle.core.events import stamp
from lifecycle.core.figures import in_force
from lifecycle.engine import Engine, Workflows
from lifecycle.settings import Settings
from lifecycle.store import open_store
from tests.contracts.controls import Counted, ToldClock
from tests.effort import share_of
from tests.properties.acting import People

SHIPPED = Path(__file__).parents[2] / "workflows"
NAMES = sorted(path.stem for path in SHIPPED.glob("*.yaml"))
SEEDS = st.integers(0, 10**6)
"""Not `st.randoms`: a life draws more than hypothesis shrinks."""
LIVES = settings(max_examples=share_of(200, at_least=4))


@dataclass
class World:
    """One store for all examples: each opens cases of its own."""

    path: Path
    clock: ToldClock
    workflows: Workflows
    opened: int = 0

    def engine(self) -> Engine:
        self.opened += 1
        store = open_store(f"sqlite:{self.path}", clock=self.clock, randomness=Counted(seed=b"%d" % self.opened))
        ids = Random(self.opened)
        return Engine(store, self.workflows, clock=self.clock, new_id=lambda: UUID(int=ids.getrandbits(128)))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    path = tmp_path_factory.mktemp("replay") / "store.db"
    return World(path, ToldClock(), library(folders(Settings(workflows=SHIPPED))))


@pytest.fixture(scope="module")
def engine(world: World) -> Iterator[Engine]:
    engine = world.engine()
    yield engine
    engine.close()


def lived(world: World, engine: Engine, name: str, seed: int) -> People:
    """Let people work on some cases of a workflow."""
    people = People(engine, world.clock, engine.figures(name)[0], Random(seed))
    for _ in range(25):
        people.act()
    return people


@pytest.mark.parametrize("name", NAMES)
@LIVES
@given(seed=SEEDS)
def test_the_folded_state_after_reload_is_byte_equal_to_the_live_one(
    world: World, engine: Engine, name: str, seed: int
) -> None:
    people = lived(world, engine, name, seed)
    other = world.engine()
    for number in people.cases:
        live, _ = engine.case(number)
        history = other.history(number)
        assert state_bytes(fold(live.id, (recorded.event for recorded in history))) == state_bytes(live)
        assert state_bytes(other.case(number)[0]) == state_bytes(live)
        assert [recorded.revision for recorded in history] == list(range(1, len(history) + 1))
        assert verify_case(other, number).findings == []
    other.close()


@pytest.mark.parametrize("name", NAMES)
@LIVES
@given(seed=SEEDS)
def test_sending_every_command_again_adds_nothing_and_answers_the_same(
    world: World, engine: Engine, name: str, seed: int
) -> None:
    people = lived(world, engine, name, seed)
    before = engine.store.last_position()
    for command, answer in people.done:
        assert engine.execute(command) == replace(answer, repeated=True)
    assert engine.store.last_position() == before


@pytest.mark.parametrize("name", NAMES)
@LIVES
@given(seed=SEEDS)
def test_any_prefix_of_a_history_is_a_valid_case(world: World, engine: Engine, name: str, seed: int) -> None:
    people = lived(world, engine, name, seed)
    facts = Facts(settings=in_force(people.workflow, engine.figures(name)[1]))
    for number in people.cases:
        history = engine.history(number)
        case = Case(id=history[0].event.stream)
        for end in range(1, len(history) + 1):
            case = fold(case.id, (recorded.event for recorded in history[:end]))
            assert state_bytes(Case.from_json(case.id, case.to_json())) == state_bytes(case)
            offered = offers(people.workflow, case, facts, None, stamp(world.clock()))
            assert {offer.instance for offer in offered} <= {one.id for one in case.live()}
        replayed = engine.replay(number, at=world.clock())
        assert set(replayed.instances) == set(case.instances)
