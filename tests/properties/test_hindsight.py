"""Recorded afterwards or in time: a case comes to stand alike, and goes on alike; promises of others are left alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from hypothesis import event, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from lifecycle.core.case import Instance, folded
from lifecycle.core.events import Json
from lifecycle.core.ledger import LEDGER
from lifecycle.core.roster import ROSTER
from lifecycle.core.staff import DIRECTORY, STAFF
from tests.effort import share_of
from tests.unit.core.controls import CASE, Act, Told, given, opened, small, taken

TEXT = """
fields:
  late: {is: boolean}
  told: {is: integer}
  word: {is: text}
  limit: {is: duration}
  nods: {is: integer}
  gone: {is: boolean}
roles: {clerk: {}, buyer: {party: true}, fitter: {}, caller: {}}
pools:
  fitters: {role: fitter, turn: least_load}
  scouts: {role: fitter}
  callers: {role: caller}
papers: {slip: {zh: "单", en: "Slip", number: "S-{serial:03}", stages: {issued: {}, checked: {}}}}
ledgers: {fine: {unit: CNY, payer: clerk, payee: buyer, zh: "罚", en: "Fine"}}
cases:
  matter: {machines: [job, twin, echo, chase], opens: {opened: {by: clerk, start: [job, twin, echo]}}}
machines:
  job:
    start: open
    expect: {calm: {that: "data.late != true", else: {zh: "迟", en: "Late"}}}
    states:
      open:
        steps:
          answered: {by: clerk, recorded_afterwards: true, set: {word: answered}ANSWER}
          graded: {by: clerk, form: [limit], recorded_afterwards: true}
          held: {by: clerk, recorded_afterwards: true, to: waiting}
          sent: {by: clerk, recorded_afterwards: true}
TIMER
      waiting: {steps: {resumed: {by: clerk, to: open}}}
      aside: {}
      due: {enter: {set: {late: true}, assign: {keeper: callers}, start: chase}, steps: {sunk: {after: 45m, to: lost}}}
      lost: {final: lost}
      over: {final: done}
    deadlines:
      contact: {CONTACT, stop: [answered], PAUSE
        ladder: {100%: {RUNG}, +15m: {set: {told: 200}, LATER, post: {fine: {owe: "1.00"}}}}}
      whole: {within: 80m, stop: [answered], ladder: {100%: {post: {fine: {owe: "7.00"}}}}}
      visit:
        start: sent
        stop: [twin.eyed]
        within: 40m
        ladder: {100%: {set: {gone: true}, assign: {scout: scouts}}, +5m: {post: {fine: {owe: "0.50"}}}}
  twin:
    start: open
    states: {open: {steps: {eyed: {by: clerk, form: [word]}}}}
    deadlines: {eye: {every: 25m, stop: [eyed], ladder: {100%: {set: {late: true}, post: {fine: {owe: "0.10"}}}}}}
  echo:
    start: quiet
    states: {quiet: {steps: {heard: {upon: job.fell_due, to: loud}}}, loud: {}}
  chase:
    many: true
    plural: chases
    start: due
    states:
      due: {enter: {assign: {caller: callers}, papers: {slip: issued}}, steps: {called: {by: clerk, to: over}}}
      over: {final: done}
    deadlines: {call: {stop: [called], within: 20m, ladder: {100%: {post: {fine: {owe: "5.00"}}}}}}
"""
TIMERS = (
    "",
    "          fell_due: {after: 20m, to: due}",
    "          fell_due: {after: 20m, when: data.limit == null, to: due}",
    '          fell_due: {after: 35m, to: {"data.limit == null": due, otherwise: aside}}',
    '          reminded: {after: 15m, repeat: true, set: {nods: "=data.nods == null ? 1 : data.nods + 1"}}',
)
RUNGS = (
    "set: {late: true, told: 100}, start: chase",
    'post: {fine: {owe: "10.00"}}, start: chase',
    "set: {word: broken}",
    'assign: {fitter: fitters}, papers: {slip: {to: issued, when: "NOWHERE"}}',
    "release: fitter, papers: {'slip?': void}",
    "qualify: {person: \"='ma'\", as: gas}, away: {person: \"='li'\"}",
)
LATERS = (
    'assign: {fitter: fitters}, papers: {slip: {to: issued, when: "NOWHERE"}}',
    "assign: {helper: fitters}, papers: {slip: {to: checked, when: \"paper.slip.stage == 'issued'\"}}",
    "release: fitter, papers: {'slip?': void}",
    "qualify: {person: \"='wu'\", as: gas}",
)
NOWHERE = "paper.slip.stage == null || paper.slip.stage == 'void'"
CREW = [("added", {"person": name, "roles": {"small": ["fitter"]}}) for name in ("li", "ma", "wu")]
CREW.append(("added", {"person": "bo", "roles": {"small": ["caller"]}}))
WITHIN = ("within: 30m", "within: '=data.limit == null ? duration(\"30m\") : data.limit'", "every: 30m")
VARIANTS = share_of(150, at_least=12)
END = 100
"""Minute at which what is late is recorded at the latest; the clock has done everything by then."""


def drawn(random: Random) -> str:
    within = random.choice(WITHIN)
    timers = [timer for timer in TIMERS if "to:" not in timer] if within.startswith("every") else TIMERS
    text = TEXT.replace("TIMER", random.choice(timers)).replace("RUNG", random.choice(RUNGS)).replace("CONTACT", within)
    text = text.replace("LATER", random.choice(LATERS)).replace("NOWHERE", NOWHERE)
    text = text.replace("PAUSE", random.choice(["", "pause: [waiting],"]))
    return text.replace("ANSWER", random.choice([", to: over", ""]))


def acts(random: Random) -> Iterator[tuple[int, Act]]:
    """Yield the minutes at which the other machine is looked after, or the clock runs."""
    for minute in sorted(random.sample(range(2, END), random.randint(0, 5))):
        yield minute, random.choice([taken("eyed", word="seen"), Act("tick", "", {})])


def went(told: Told, doing: list[tuple[int, Act]], end: int) -> Told:
    for minute, act in doing:
        told = replace(told, minute=minute)
        told = told.tick().told if act.name == "tick" else told.when(act).told
    return replace(told, minute=end).tick().told


def seen(told: Told) -> Json:
    """Return what a case is and what it changed beside it, apart from the record of what was withdrawn."""
    accounts = {name: told.beside_now(LEDGER, f"small/{name}/M-1").balance for name in told.workflow.ledgers}
    living = [one for one in told.case.instances.values() if one.outcome != "withdrawn"]
    rosters = {name: told.beside_now(ROSTER, f"small/{name}") for name in told.workflow.pools}
    loads = {name: (one.open, one.given) for name, one in rosters.items()}
    crew = told.beside_now(STAFF, DIRECTORY).people.values()
    staff = [(one.id, one.qualifications, sorted(map(list, one.absences))) for one in crew]
    return accounts, loads, staff, sorted(told.case.findings), [standing(one) for one in living]


def standing(one: Instance) -> Json:
    clocks = {
        name: {part: clock.get(part) for part in ("state", "due", "breached", "stopped", "spent_us")}
        for name, clock in one.clocks.items()
        if clock["is"] != "cancelled"
    }
    data = {name: value for name, value in one.data.items() if value is not None}
    taken_steps = {name: entry["n"] for name, entry in one.taken.items()}
    return one.machine, one.state, one.outcome, data, clocks, dict(one.timers), taken_steps, handed_on(one)


def handed_on(one: Instance) -> Json:
    """Return the names and papers of an instance: what people may take up from the clock."""
    names = {name: (people, one.duties[name]) for name, people in one.assigned.items()}
    papers = {name: [paper[part] for part in PAPER] for name, paper in one.papers.items() if paper["stage"] != "void"}
    return names, papers


PAPER = ("stage", "revision", "force", "signed", "printed")
"""What a paper says, apart from its number: one that was withdrawn keeps its own for good."""


@settings(max_examples=share_of(2_000, at_least=50))
@examples(random=st.randoms(use_true_random=False))
def test_a_case_stands_alike_whether_an_entry_was_recorded_in_time_or_afterwards(random: Random) -> None:
    begun = given(small(drawn(Random(random.randint(1, VARIANTS)))), opened()).with_staff(*CREW)
    at, recorded = random.randint(2, 60), random.randint(61, END)
    graded = taken("graded", limit=random.choice(["50m", "70m"]))
    kept = random.choice([taken("answered"), graded, taken("held"), taken("sent")])
    others = [(minute, act) for minute, act in acts(random) if minute != at]
    before, after = ([one for one in others if (one[0] < recorded) is early] for early in (True, False))
    told = went(begun, sorted([*before, (at, kept)], key=lambda one: one[0]), recorded)
    if f"job.{kept.name}" not in told.case.happened:
        event("not offered at its time")
        return
    broken = [each.event for each in told.history if each.event.type == "deadline.breached"]
    ours = [each for each in broken if each.machine == "job/1" and each.changes["deadlines"][0]["id"] == "contact"]
    if ours and (ours[0].occurred_at <= replace(told, minute=at).now or told.one("job/1").final):
        event("broken all the same")
        return
    late = went(begun, before, recorded)
    late = late.when(replace(kept, ago=recorded - at)).told
    types = [each.event.type for each in late.history]
    event("withdrew a breach" if "deadline.breach_withdrawn" in types else "withdrew no breach")
    event("superseded a step" if "timer.superseded" in types else "superseded no step")
    for end in (END + 1, END + 500):
        told, late = went(told, after, end), went(late, after, end)
        assert seen(late) == seen(told)
        then = folded(CASE, late.history, late.now, None)
        living = [one for one in late.case.instances.values() if one.outcome != "withdrawn"]
        assert [handed_on(then.instances[one.id]) for one in living] == [handed_on(one) for one in living]
        after = []
