"""A flat machine leads where its arrows lead, for every thread alike, and refuses what would be lost silently."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.machines.flat import Arrow, FlatMachine, UnsoundMachine

STATES = ("reported", "confirmed", "on_hold", "dispatched", "closed")
ARROWS = (
    Arrow("confirmed", "reported", "confirmed"),
    Arrow("held", "reported", "on_hold"),
    Arrow("held", "confirmed", "on_hold"),
    Arrow("rearranged@reported", "on_hold", "reported"),
    Arrow("rearranged@confirmed", "on_hold", "confirmed"),
    Arrow("completed#0", "confirmed", "closed"),
    Arrow("completed#1", "confirmed", "dispatched"),
    Arrow("noted", "dispatched", "dispatched"),
)


def test_a_trigger_leads_where_its_arrow_leads():
    machine = FlatMachine(STATES, ARROWS)
    assert {(arrow, machine.fire(arrow.source, arrow.trigger)) for arrow in ARROWS} == {
        (arrow, arrow.target) for arrow in ARROWS
    }


@pytest.mark.parametrize(
    ("source", "trigger"),
    [
        ("reported", "completed#0"),
        ("closed", "confirmed"),
        ("reported", "to_closed"),
        ("nowhere", "held"),
        ("reported", ""),
    ],
)
def test_a_trigger_that_no_arrow_has_there_leads_nowhere(source: str, trigger: str):
    assert FlatMachine(STATES, ARROWS).fire(source, trigger) is None


def test_triggers_are_listed_in_the_order_of_the_arrows():
    machine = FlatMachine(STATES, ARROWS)
    assert machine.triggers_from("confirmed") == ("held", "completed#0", "completed#1")
    assert machine.triggers_from("closed") == ()


@pytest.mark.parametrize(
    "name",
    ["trigger", "state", "standing", "may_go", "is_closed", "on_enter_closed", "报修", "a b", "__init__", "step:"],
)
def test_names_that_the_library_uses_itself_are_names_like_any_other(name: str):
    machine = FlatMachine((name, "other"), (Arrow(name, name, "other"), Arrow("back", "other", name)))
    assert machine.fire(name, name) == "other"
    assert machine.fire("other", "back") == name


@pytest.mark.parametrize(
    ("states", "arrows"),
    [
        (("a", "a"), ()),
        (("a", ""), ()),
        (("a", "*"), ()),
        (("a", "="), ()),
        (("a",), (Arrow("go", "a", ""),)),
        (("a",), (Arrow("go", "a", "="),)),
        (("a",), (Arrow("go", "*", "a"),)),
        (("a",), (Arrow("go", "a", "b"),)),
        (("a",), (Arrow("go", "b", "a"),)),
        (("a",), (Arrow("", "a", "a"),)),
        (("a", "b"), (Arrow("go", "a", "a"), Arrow("go", "a", "b"))),
        (("a", "b"), (Arrow("go", "a", "b"), Arrow("go", "a", "b"))),
    ],
)
def test_what_the_library_would_get_wrong_silently_is_refused(states: tuple[str, ...], arrows: tuple[Arrow, ...]):
    with pytest.raises(UnsoundMachine):
        FlatMachine(states, arrows)


def test_four_threads_that_fire_at_once_do_not_disturb_one_another():
    ring = tuple(f"s{number}" for number in range(7))
    machine = FlatMachine(ring, [Arrow("next", one, ring[(at + 1) % 7]) for at, one in enumerate(ring)])

    def run(start: int) -> int:
        at = ring[start]
        wrong = 0
        for _ in range(2_000):
            expected = ring[(ring.index(at) + 1) % 7]
            at = machine.fire(at, "next") or ""
            wrong += at != expected
        return wrong

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(run, range(4))) == [0, 0, 0, 0]


NAMES = st.text(min_size=1, max_size=5).filter(lambda name: name not in ("*", "="))


@given(st.lists(NAMES, min_size=1, max_size=6, unique=True), st.data())
def test_any_sound_machine_fires_exactly_its_arrows(states: list[str], data: st.DataObject):
    pairs = st.tuples(st.sampled_from("xyz"), st.sampled_from(states))
    arrows = [
        Arrow(trigger, source, target)
        for (trigger, source), target in data.draw(st.dictionaries(pairs, st.sampled_from(states), max_size=8)).items()
    ]
    machine = FlatMachine(states, arrows)
    led = {(source, trigger): machine.fire(source, trigger) for source in states for trigger in "xyz"}
    assert {key: target for key, target in led.items() if target is not None} == {
        (arrow.source, arrow.trigger): arrow.target for arrow in arrows
    }
