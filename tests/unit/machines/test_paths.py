"""What can be reached, what is a trap, and walks that show every arrow and every pair of arrows."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lifecycle.machines.flat import Arrow
from lifecycle.machines.paths import Walk, covering_walks, reachable, shortest, simple_walks, traps

ARROWS = (
    Arrow("confirmed", "reported", "confirmed"),
    Arrow("held", "confirmed", "on_hold"),
    Arrow("rearranged", "on_hold", "confirmed"),
    Arrow("noted", "confirmed", "confirmed"),
    Arrow("closed", "confirmed", "closed"),
    Arrow("lost", "on_hold", "limbo"),
    Arrow("stirred", "limbo", "limbo"),
    Arrow("left", "island", "closed"),
)
STATES = ("reported", "confirmed", "on_hold", "limbo", "island", "closed")
FINALS = ("closed",)


def triggers(walk: Walk) -> list[str]:
    return [arrow.trigger for arrow in walk]


def test_states_that_no_walk_reaches_are_not_reachable():
    assert reachable(ARROWS, "reported") == {"reported", "confirmed", "on_hold", "limbo", "closed"}
    assert reachable((), "reported") == {"reported"}


def test_a_shortest_walk_takes_the_first_arrow_of_equals():
    twice = (Arrow("slow", "a", "b"), Arrow("quick", "a", "c"), Arrow("one", "b", "d"), Arrow("two", "c", "d"))
    assert triggers(shortest(twice, "a")["d"]) == ["slow", "one"]


def test_a_state_from_which_no_end_can_be_reached_is_a_trap():
    assert traps(STATES, ARROWS, FINALS) == ("limbo",)
    assert traps(STATES, ARROWS, ()) == STATES


def test_simple_walks_enter_no_state_twice_and_stop_at_the_limit():
    assert [triggers(walk) for walk in simple_walks(ARROWS, "reported", FINALS, limit=9)] == [["confirmed", "closed"]]
    ladder = [Arrow(f"{side}{at}", f"s{at}", f"s{at + 1}") for at in range(20) for side in "ab"]
    assert len(list(simple_walks(ladder, "s0", ("s20",), limit=50))) == 50


def test_covering_walks_take_every_arrow_and_every_pair_that_can_be_taken():
    walks = covering_walks(ARROWS, "reported", FINALS)
    assert {arrow.trigger for walk in walks for arrow in walk} == {arrow.trigger for arrow in ARROWS} - {"left"}
    pairs = {(one.trigger, other.trigger) for walk in walks for one, other in pairwise(walk)}
    assert {("held", "rearranged"), ("rearranged", "held"), ("noted", "noted"), ("stirred", "stirred")} <= pairs


STATE = st.sampled_from("abcdef")


@given(
    st.lists(
        st.builds(Arrow, st.sampled_from("xyz"), STATE, STATE), max_size=14, unique_by=lambda a: (a.trigger, a.source)
    ),
    st.sets(STATE, max_size=2),
)
def test_covering_walks_are_walks_and_leave_nothing_out(arrows: list[Arrow], finals: set[str]):
    arrows = [arrow for arrow in arrows if arrow.source not in finals]
    walks = covering_walks(arrows, "a", finals)
    for walk in walks:
        assert walk[0].source == "a"
        assert all(one.target == other.source for one, other in pairwise(walk))
    near = reachable(arrows, "a")
    wanted = {(one, other) for one in arrows for other in arrows if one.source in near and one.target == other.source}
    assert {pair for walk in walks for pair in pairwise(walk)} >= wanted
    assert {arrow for walk in walks for arrow in walk} == {arrow for arrow in arrows if arrow.source in near}


@given(
    st.lists(
        st.builds(Arrow, st.sampled_from("xyz"), STATE, STATE), max_size=14, unique_by=lambda a: (a.trigger, a.source)
    ),
    st.sets(STATE, max_size=2),
)
def test_a_trap_is_exactly_a_state_that_reaches_no_end(arrows: list[Arrow], finals: set[str]):
    expected = tuple(state for state in "abcdef" if not reachable(arrows, state) & finals)
    assert traps("abcdef", arrows, finals) == expected
