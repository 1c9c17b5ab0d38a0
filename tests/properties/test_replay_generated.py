"""Replay equals live on workflows drawn at random, and every prefix of a history is a case."""

from __future__ import annotations

from random import Random

from hypothesis import given as examples
from hypothesis import strategies as st

from lifecycle.audit.verify import state_bytes
from lifecycle.core.case import Case, Facts, fold, offers
from lifecycle.core.events import Json, stamp
from tests.properties.generated import drawn
from tests.unit.core.controls import CASE, Act, Told, corrected, given, opened, small, taken

RANDOM = st.randoms(use_true_random=False)


def typed(random: Random, names: list[str]) -> dict[str, Json]:
    values: dict[str, Json] = {
        "cost": random.choice(["0", "2", "3", "7", "9", "x"]),
        "word": random.choice(["a", " ", "b"]),
        "lines": [{"line_no": str(n)} for n in random.sample(range(4), random.randint(0, 3))],
        "items": random.sample(["swept", "aired"], random.randint(1, 2)),
    }
    return {name: values[name] for name in names if random.random() < 0.8}


def some_act(told: Told, random: Random) -> Act:
    """Return an act that the case offers, a correction, or something that it hardly offers."""
    if random.random() < 0.1:
        revision = random.randint(1, told.case.revision)
        return corrected(revision, withdraw=random.random() < 0.5, **typed(random, ["cost", "word"]))
    if random.random() < 0.1:
        return taken(random.choice(["s0_0", "ended", "job/1.left"]), ago=random.choice([None, 1, 2]))
    offered = random.choice([*told.offers().values(), None])
    if offered is None:
        return taken("noted", word="z")
    by = random.choice([*offered.step.who.roles, "expert"]) + ":" + random.choice(["li", "ma"])
    reasons = {"few": "for once"} if random.random() < 0.3 and any(g.override for g in offered.step.require) else {}
    form = typed(random, [one.field.name for one in offered.step.form])
    return taken(f"{offered.instance}.{offered.step.name}", by, reasons=reasons, **form)


def lived(random: Random) -> Told:
    """Return a case of a workflow drawn at random after some acts; `when` compares each replay with the live fold."""
    told = given(small(drawn(random))).when(opened(word="a", cost=random.choice(["0", "1", "2"]))).told
    for _ in range(random.randint(0, 10)):
        if told.case.revision:
            told = told.when(some_act(told, random)).told
    return told


@examples(random=RANDOM)
def test_the_fold_of_a_history_is_byte_equal_to_the_live_state(random: Random) -> None:
    told = lived(random)
    assert state_bytes(fold(CASE, (recorded.event for recorded in told.history))) == state_bytes(told.case)


@examples(random=RANDOM)
def test_any_prefix_of_a_history_is_a_valid_case(random: Random) -> None:
    told = lived(random)
    for end in range(1, len(told.history) + 1):
        case = fold(CASE, (recorded.event for recorded in told.history[:end]))
        assert case.revision == end
        for one in case.instances.values():
            assert one.state in told.workflow.machines[one.machine].states
            assert "" in one.entered
        assert state_bytes(Case.from_json(CASE, case.to_json())) == state_bytes(case)
        assert offers(told.workflow, case, Facts(), None, stamp(told.now)) is not None


@examples(random=RANDOM)
def test_folding_changes_no_case_that_was_handed_out(random: Random) -> None:
    told = lived(random)
    cases = [fold(CASE, (each.event for each in told.history[:end])) for end in range(len(told.history) + 1)]
    before = [state_bytes(case) for case in cases]
    for case in cases:
        fold(CASE, (each.event for each in told.history))
        Told(told.workflow, case=case, history=told.history[: case.revision], minute=99).when(taken("noted", word="q"))
    assert [state_bytes(case) for case in cases] == before
