"""Whatever people and the clock did with names and papers, and whichever promises turn out kept: the books agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from hypothesis import event, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from lifecycle.core.case import Case, Instance, folded
from lifecycle.core.events import Json
from lifecycle.core.register import REGISTER
from lifecycle.core.roster import ROSTER
from tests.effort import share_of
from tests.unit.core.controls import CASE, Told, given, opened, small, taken

TEXT = """
roles: {clerk: {}, buyer: {party: true}, fitter: {}}
pools: {ring: {role: fitter, passed: lost}, crew: {role: fitter, turn: least_load}}
papers: {slip: {zh: "单", en: "Slip", number: "S-{serial:03}", stages: {issued: {}, checked: {optional: true}}}}
cases: {matter: {machines: [job, chase], opens: {opened: {by: clerk, start: job}}}}
machines:
  job:
    start: open
    anywhere:
      answered: {by: clerk, recorded_afterwards: true}
      visited: {by: clerk, recorded_afterwards: true}
      sent: {by: clerk, assign: {fitter: ring}}
      manned: {by: clerk, assign: {fitter: crew}}
      freed: {by: clerk, release: fitter}
      wrote: {by: clerk, papers: {slip: {to: issued, when: "NOWHERE"}}}
      checked: {by: clerk, papers: {slip: {to: checked, when: "ISSUED"}}}
      dropped: {by: clerk, papers: {"slip?": void}}
      revised: {by: clerk, papers: {slip: {to: issued, revise: true, when: "CHECKED"}}}
      closed: {by: clerk, to: over}
    states: {open: {}, over: {final: done}}
    deadlines:
      contact: {stop: [answered], within: 20m, ladder: {100%: {FIRST}, +10m: {SECOND}, +30m: {THIRD}}}
      visit: {stop: [visited], within: 25m, ladder: {100%: {THIRD}, +10m: {FIRST}, +25m: {SECOND}}}
  chase:
    start: due
    many: true
    plural: chases
    states:
      due:
        enter: {assign: {caller: ring}, papers: {slip: issued}}
        steps: {called: {by: clerk, to: over}, handed: {by: clerk, assign: {caller: crew}}}
      over: {final: done}
"""
WORDS = {
    "NOWHERE": "paper.slip.stage == null || paper.slip.stage == 'void'",
    "ISSUED": "paper.slip.stage == 'issued'",
    "CHECKED": "paper.slip.stage == 'checked'",
}
EFFECTS = (
    "assign: {fitter: ring}",
    'assign: {fitter: crew}, papers: {slip: {to: issued, when: "NOWHERE"}}',
    "release: fitter, papers: {'slip?': void}",
    'papers: {slip: {to: checked, when: "ISSUED"}}, start: chase',
    "papers: [{'slip?': void}, {slip: issued}], assign: [{fitter: ring}, {helper: crew}]",
    'papers: {slip: {to: issued, revise: true, when: "CHECKED"}}, release: helper',
)
ACTS = ("sent", "manned", "freed", "wrote", "checked", "dropped", "revised", "chase/1.called", "chase/1.handed")
VARIANTS = share_of(100, at_least=12)
CREW = [("added", {"person": name, "roles": {"small": ["fitter"]}}) for name in ("li", "ma", "wu")]


def drawn(random: Random) -> str:
    text = TEXT
    for place in ("FIRST", "SECOND", "THIRD"):
        text = text.replace(place, random.choice(EFFECTS))
    for word, condition in WORDS.items():
        text = text.replace(word, condition)
    return text


def lived(told: Told, random: Random) -> Iterator[Told]:
    """Yield the case as it goes on for two hours; what is refused did not happen."""
    for minute in sorted(random.sample(range(2, 120), random.randint(3, 9))):
        told = replace(told, minute=max(minute, told.minute)).tick().told
        act = random.choice((*ACTS, *ACTS, "closed"))
        if random.random() < 0.4:
            late = taken(random.choice(("answered", "visited")), ago=random.randint(1, max(told.minute - 1, 1)))
            told = told.when(late).told
        else:
            told = told.when(taken(act)).told
        yield told


def jobs(case: Case, pool: str) -> Counter[str]:
    """Return who bears how many names of a pool."""
    found: Counter[str] = Counter()
    for one in case.instances.values():
        for name, duty in one.duties.items():
            if duty.get("pool") == pool and not duty.get("over"):
                found.update(one.assigned[name])
    return found


def numbers(case: Case) -> dict[str, str]:
    """Return the stage of every paper that has a number."""
    line = [
        one
        for each in case.instances.values()
        for kept in each.papers.values()
        for one in (*kept.get("before", ()), kept)
    ]
    assert len({one["number"] for one in line}) == len(line), "no number stands on two papers"
    return {one["number"]: one["stage"] for one in line}


def handed_on(one: Instance) -> Json:
    papers = {
        name: {part: value for part, value in paper.items() if part not in ("before", "number")}
        for name, paper in one.papers.items()
        if paper["stage"] != "void"
    }
    return dict(one.assigned), dict(one.duties), papers


@settings(max_examples=share_of(3_000, at_least=60), deadline=None)
@examples(random=st.randoms(use_true_random=False))
def test_rosters_and_registers_agree_with_the_case_and_so_does_its_replay_by_time(random: Random) -> None:
    begun = given(small(drawn(Random(random.randint(1, VARIANTS)))), opened()).with_staff(*CREW)
    for told in lived(begun, random):
        for pool in told.workflow.pools:
            assert dict(told.beside_now(ROSTER, f"small/{pool}").open) == jobs(told.case, pool)
        register, stages = told.beside_now(REGISTER, "small/slip"), numbers(told.case)
        assert (register.serial, register.voided) == (len(stages), [*stages.values()].count("void"))
        then = folded(CASE, told.history, told.now, None)
        living = [one for one in told.case.instances.values() if one.outcome != "withdrawn"]
        assert [handed_on(then.instances[one.id]) for one in living] == [handed_on(one) for one in living]
    event(f"withdrew {told.case.happened.get('deadline.breach_withdrawn', 0)} breaches")
