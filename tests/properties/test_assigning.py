"""A thousand jobs through one pool with skills and absences: fair among equals, nobody away, replay gives the same.

Where a turn that is passed over is lost: between two turns of anybody everybody else had one, taken or lost.
"""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from lifecycle.core.events import Json, stamp
from lifecycle.core.roster import ROSTER
from lifecycle.core.staff import DIRECTORY, STAFF
from tests.effort import share_of
from tests.unit.core.controls import Told, given, opened, small, taken

POOL = """
fields: {skill: {is: text}}
roles: {clerk: {}, fitter: {}}
pools:
  fitters: {role: fitter, turn: TURN, needs: ["=data.skill"], pass_over: away}
  takers: {role: fitter, needs: ["=data.skill"], pass_over: away, passed: lost}
machines:
  job:
    start: new
    states:
      new:
        steps:
          sent: {by: clerk, form: [skill], assign: {fitter: fitters}}
          taken: {by: clerk, form: [skill], assign: {fitter: takers}}
          freed: {by: clerk, release: fitter}
          ended: {by: clerk, to: over}
      over: {final: done}
"""
JOBS = share_of(1000, at_least=60)
TWINS = ("a1", "a2", "a3")
"""Equally eligible all the time: the same skills, and they are away together."""
ORDER = ("a1", "b", "a2", "c", "d", "a3")


def staffed(turn: str) -> Told:
    told = given(small(POOL.replace("TURN", turn)), opened())
    people = {**{twin: ["gas", "power"] for twin in TWINS}, "b": ["gas"], "c": ["power"], "d": ["gas", "power"]}
    return told.with_staff(
        *(("added", {"person": p, "roles": {"small": ["fitter"]}, "skills": people[p]}) for p in ORDER)
    )


@pytest.mark.parametrize("turn", ["round_robin", "least_load"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_loads_of_equals_differ_by_one_at_most_and_nobody_away_is_taken(turn: str, seed: int) -> None:
    random, told = Random(seed), staffed(turn)
    jobs: Counter[str] = Counter()
    for _ in range(JOBS):
        told = stirred(told, random)
        skill = random.choice(["gas", "power", ""])
        came = told.when(taken("sent", **({"skill": skill} if skill else {})))
        assert came.reasons == ()
        entry = next(e for e in came.changes["assigned"] if e["is"] == "assigned")
        for person in entry["people"]:
            known = told.beside_now(STAFF, DIRECTORY).people[person]
            assert not known.is_away(told.now)
            needed = came.told.data().get("skill")
            assert needed is None or needed in known.qualifications
            jobs[person] += 1
        assert spread(jobs) <= 1, f"{jobs}"
        told = came.told.when(taken("freed")).told
    assert told.beside_now(ROSTER, "small/fitters").given == dict(jobs)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_between_two_turns_of_anybody_everybody_else_had_theirs_taken_or_lost(seed: int) -> None:
    random, told = Random(seed), staffed("round_robin")
    turns: list[str] = []
    for _ in range(JOBS):
        told = stirred(told, random)
        came = told.when(taken("taken", skill=random.choice(["gas", "power"])))
        entry = next(e for e in came.changes["assigned"] if e["is"] == "assigned")
        passed = [one["person"] for one in entry.get("passed", ())]
        assert [one.get("lost", False) for one in entry.get("passed", ())] == [bool(entry["people"])] * len(passed)
        turns += [*passed, *entry["people"]] if entry["people"] else []
        told = came.told.when(taken("freed")).told if entry["people"] else came.told
    assert turns == [turns[n % len(ORDER)] for n in range(len(turns))], "the round went out of its order"
    assert told.beside_now(ROSTER, "small/takers").turns == len(turns) > len(ORDER)


@pytest.mark.parametrize(("turn", "step"), [("round_robin", "sent"), ("least_load", "sent"), ("round_robin", "taken")])
def test_the_same_history_gives_the_same_names(turn: str, step: str) -> None:
    assert names(turn, step, seed=5) == names(turn, step, seed=5)


def names(turn: str, step: str, seed: int) -> list[Json]:
    random, told, found = Random(seed), staffed(turn), []
    for _ in range(share_of(200, at_least=20)):
        told = stirred(told, random)
        came = told.when(taken(step, skill=random.choice(["gas", "power"])))
        found.append(came.changes["assigned"])
        told = came.told
    return found


def spread(jobs: Counter[str]) -> int:
    return max(jobs[one] for one in TWINS) - min(jobs[one] for one in TWINS)


def stirred(told: Told, random: Random) -> Told:
    """Send somebody away or bring them back, now and then; the twins go together."""
    if random.random() > 0.2:
        return told
    who = random.choice([TWINS, ("b",), ("c",), ("d",)])
    people = told.beside_now(STAFF, DIRECTORY).people
    for person in who:
        if people[person].is_away(told.now):
            told = told.with_staff(("returned", {"person": person, "at": stamp(told.now)}))
        else:
            told = told.with_staff(("away", {"person": person, "from": stamp(told.now)}))
    return told
