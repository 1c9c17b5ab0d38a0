"""Generated walks of the shipped workflows: every arrow, every two in a row, every guard both ways.

Forms, persons and the order of acts are generated; `decide` alone says what happens. After each step the case is
folded again from its stored events, read back from JSON, and asked what can be done next.
"""

from __future__ import annotations

from functools import cache

import pytest

from tests.effort import EFFORT
from tests.walks.aims import aims_of
from tests.walks.exploring import Explorer
from tests.walks.reach import listed
from tests.walks.world import SHIPPED, shipped_workflow

ROUNDS = 16
FIRST_WALKS = 40
WALKS_OF_A_ROUND = 6
SEED = 1
SHORT = EFFORT in ("check", "test")

pytestmark = [
    pytest.mark.parametrize(
        "name", [pytest.param(name, marks=pytest.mark.xdist_group(f"walks-{name}")) for name in SHIPPED]
    )
]


@cache
def explored(name: str) -> Explorer:
    """Walk a workflow until everything in reach was shown, at most so many rounds; once per test process."""
    workflow = shipped_workflow(name)
    explorer = Explorer(workflow, aims_of(workflow), listed(name) if SHORT else listed(name).never(), SEED)
    for number in range(1, 1 + (ROUNDS if SHORT else ROUNDS * 4)):
        for _ in range(FIRST_WALKS if number == 1 else WALKS_OF_A_ROUND):
            explorer.walk()
        explorer.aim(excursions=8 * number)
        explorer.weigh(excursions=4 * number)
        if not (explorer.lacking() or explorer.untaken() or explorer.unweighed()):
            break
    return explorer


def test_every_arrow_is_taken_or_listed_as_out_of_reach(name: str):
    explorer = explored(name)
    shown = explorer.witness.edges
    assert explorer.untaken() == []
    assert [arrow for arrow in shown if explorer.out.never().arrow(*arrow)] == [], "listed as out of reach, and reached"
    assert [arrow for arrow in shown if arrow[1] not in explorer.aims.edges[arrow[0]]] == [], "not in the machine"


def test_every_two_steps_in_a_row_are_taken_or_listed_as_out_of_reach(name: str):
    explorer = explored(name)
    assert explorer.lacking() == []
    shown = explorer.witness.pairs
    assert [pair for pair in shown if explorer.out.never().pair(pair)] == [], "listed as out of reach, and reached"


def test_every_guard_holds_and_refuses_with_its_own_words_and_rules(name: str):
    explorer = explored(name)
    assert explorer.unweighed() == []
    shown = explorer.witness.weighings
    assert [each for each in shown if explorer.out.never().guard(each)] == [], "listed as out of reach, and reached"


def test_no_step_stumbles_and_every_state_survives_its_json(name: str):
    explorer = explored(name)
    assert list(explorer.witness.faults) == []


def test_the_list_of_what_is_out_of_reach_names_only_what_there_is(name: str):
    explorer = explored(name)
    assert list(listed(name).idle(explorer.aims)) == []
