"""The figures of the issue, one function each: what is measured, against what, and which ratio is wanted."""

from __future__ import annotations

import gc
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import clocks, peer, raw
from benchmarks.measure import Figure, rates, times
from benchmarks.ours import Ours
from benchmarks.ours import done as answered
from benchmarks.path import STEPS, form_of, with_deadlines
from lifecycle.clocks.business import due_at, open_time


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """How much is measured.

    rounds   of which the median is taken
    cases    taken through the path in one round
    at_once  callers at once
    repeats  loads in one round
    events   folded; also of the long case's notes
    idle     cases before and after, between which memory is compared
    grown    cases in the store, between which the cost of a command is compared
    instants of business time in one round
    clocked  cases that run, each with two deadlines; due: those of them on which something is due in one round
    """

    rounds: int = 5
    cases: int = 10
    at_once: int = 100
    repeats: int = 200
    events: int = 20_000
    notes: int = 5_000
    idle: tuple[int, int] = (500, 3_000)
    grown: tuple[int, int] = (1_000, 10_000)
    instants: int = 20_000
    clocked: int = 5_000
    due: int = 500


TINY = Sizes(rounds=1, cases=1, at_once=3, repeats=2, events=130, notes=20, idle=(5, 20), grown=(5, 20), instants=50,
            clocked=10, due=2)  # fmt: skip
FULL = Sizes(
    rounds=7, cases=20, events=100_000, idle=(1_000, 10_000), grown=(1_000, 100_000), clocked=50_000, due=1_000
)


def one_caller(folder: Path, sizes: Sizes) -> list[Figure]:
    """One command at a time, against one insert per commit and against the peer."""
    ours = Ours(folder)
    theirs, tuned = peer.application(folder / "peer.db"), peer.application(folder / "tuned.db", tuned=True)
    ours.one_at_a_time(1)
    size = raw.size_of_event(ours.path)
    found = rates(
        {
            "raw": lambda: raw.commits(ours.path, sizes.cases * (len(STEPS) + 1), size),
            "ours": lambda: ours.one_at_a_time(sizes.cases),
            "peer": lambda: peer.one_at_a_time(theirs, sizes.cases),
            "tuned": lambda: peer.one_at_a_time(tuned, sizes.cases),
        },
        sizes.rounds,
    )
    ours.close()
    return [
        rate("one command at a time", found["ours"], "one insert per commit", found["raw"], 0.4),
        rate("one command at a time", found["ours"], "peer", found["peer"], 1.5),
        rate("one command at a time", found["ours"], "peer with its cache", found["tuned"], 0.0),
    ]


def many_callers(folder: Path, sizes: Sizes) -> list[Figure]:
    """A hundred submissions at once, against the better of the peer's ways."""
    ours, theirs = Ours(folder), peer.application(folder / "peer.db")
    peer.one_at_a_time(theirs, 1)
    opened = [ours.open_all(sizes.at_once) for _ in range(2 * sizes.rounds)]
    repairs = [[theirs.open(f"C-{n}") for n in range(sizes.at_once)] for _ in range(sizes.rounds)]
    found = rates(
        {
            "submitted": lambda: ours.submitted(opened.pop()),
            "loop": lambda: ours.submitted_from_a_loop(opened.pop()),
            "one": lambda: peer.one_at_a_time(theirs, sizes.cases),
            "threads": lambda: peer.threads(theirs, repairs.pop()),
        },
        sizes.rounds,
    )
    ours.close()
    better = max(("one", "threads"), key=found.__getitem__)
    other = {"one": "peer, one caller", "threads": f"peer, {sizes.at_once} threads"}[better]
    return [
        rate(f"{sizes.at_once} submitted at once", found["submitted"], other, found[better], 6),
        rate(f"{sizes.at_once} tasks of one loop", found["loop"], other, found[better], 6),
    ]


def loading(folder: Path, sizes: Sizes) -> list[Figure]:
    """Load and decide, on a short case and on a long one, against the peer's load of twelve events."""
    ours, theirs = Ours(folder), peer.application(folder / "peer.db")
    short = ours.walked(len(STEPS) - 1)
    long = ours.walked(2)
    ours.noted(long, sizes.notes)
    repair = theirs.open("C-1")
    for number in range(len(STEPS) - 1):
        theirs.step(repair, number, form_of(number))
    found = times(
        {
            "short": lambda: ours.load_and_decide(short, len(STEPS) - 1),
            "long": lambda: ours.load_and_decide(long, 2),
            "peer": lambda: theirs.repository.get(repair),
        },
        sizes.rounds,
        sizes.repeats,
    )
    ours.close()
    other = "peer, load of 12 events"
    return [
        time("load and decide, case of 12 events", found["short"], other, found["peer"], 1 / 3),
        time(f"load and decide, case of {sizes.notes:,} events", found["long"], other, found["peer"], 1 / 3),
    ]


def folding(folder: Path, sizes: Sizes) -> list[Figure]:
    """Count by state and day over all stored events."""
    ours, theirs = Ours(folder), peer.application(folder / "peer.db")
    peer.filled(theirs, sizes.events)
    cases = ours.open_all(-(-sizes.events // (len(STEPS) + 1)))
    for number in range(len(STEPS)):
        for start in range(0, len(cases), 500):
            ours.app.engine.execute_all([ours.step(case, number) for case in cases[start : start + 500]])
    found = rates({"ours": lambda: counted(ours.events()), "peer": lambda: counted(peer.events(theirs))}, sizes.rounds)
    ours.close()
    return [rate(f"fold of {sizes.events:,} events", found["ours"], "peer", found["peer"], 3)]


def counted(events: Iterable[tuple[str, str]]) -> int:
    """Fold the counts by state and by day; return how many events there were."""
    counts: Counter[tuple[str, str]] = Counter(events)
    return counts.total()


def memory(folder: Path, sizes: Sizes) -> list[Figure]:
    """Bytes that stay in memory per case that nobody touches any more."""
    ours = Ours(folder)
    few, many = sizes.idle
    ours.open_all(few)
    gc.collect()
    tracemalloc.start()
    objects, held = len(gc.get_objects()), tracemalloc.get_traced_memory()[0]
    ours.open_all(many - few)
    gc.collect()
    objects, held = len(gc.get_objects()) - objects, tracemalloc.get_traced_memory()[0] - held
    tracemalloc.stop()
    ours.close()
    per_case = objects / (many - few)
    return [
        Figure(
            name=f"objects kept from {few:,} to {many:,} cases ({held:,} bytes)",
            unit="objects",
            ours=objects,
            against=many - few,
            other="cases",
            ratio=per_case,
            wanted=0.1,
            at_most=True,
        )
    ]


def growth(folder: Path, sizes: Sizes) -> list[Figure]:
    """The cost of a command in a store of few cases and of many."""
    few, many = sizes.grown
    small, large = Ours(folder / "few"), Ours(folder / "many")
    small.open_all(few)
    large.open_all(many)
    found = rates(
        {"few": lambda: small.one_at_a_time(sizes.cases), "many": lambda: large.one_at_a_time(sizes.cases)},
        sizes.rounds,
    )
    small.close()
    large.close()
    return [time(f"a command at {many:,} cases", 1e6 / found["many"], f"at {few:,}", 1e6 / found["few"], 1.2)]


def business_time(_: Path, sizes: Sizes) -> list[Figure]:
    """Due times and open time of an office in China, against loops from day to day."""
    starts = clocks.starts(sizes.instants)
    pairs = [(start, clocks.due_by_days(start, clocks.WITHIN)) for start in starts]
    assert [due_at(clocks.OFFICE, start, clocks.WITHIN) for start in starts] == [due for _, due in pairs]

    def counted_of(calls: Iterable[object]) -> int:
        return sum(1 for _ in calls)

    found = rates(
        {
            "due": lambda: counted_of(due_at(clocks.OFFICE, start, clocks.WITHIN) for start in starts),
            "due by days": lambda: counted_of(clocks.due_by_days(start, clocks.WITHIN) for start in starts),
            "open": lambda: counted_of(open_time(clocks.OFFICE, start, end) for start, end in pairs),
            "open by days": lambda: counted_of(clocks.open_by_days(start, end) for start, end in pairs),
        },
        sizes.rounds,
    )
    other = "a loop from day to day"
    return [
        rate("due times", found["due"], other, found["due by days"], 4),
        rate("open time between instants", found["open"], other, found["open by days"], 4),
        rate("due times", found["due"], "the promise", 50_000, 1),
        rate("open time between instants", found["open"], "the promise", 50_000, 1),
    ]


def deadlines(folder: Path, sizes: Sizes) -> list[Figure]:
    """The same path with three deadlines and with none."""
    none = Ours(folder / "none")
    three = Ours(folder / "three", with_deadlines(folder / "workflows"))
    calls = {name: side.one_at_a_time for name, side in (("none", none), ("three", three))}
    for call in calls.values():
        call(1)
    found = rates({name: lambda call=call: call(sizes.cases) for name, call in calls.items()}, sizes.rounds)
    groups = {side: [side.open_all(sizes.at_once) for _ in range(sizes.rounds)] for side in (none, three)}
    at_once = rates(
        {
            "none": lambda: none.submitted(groups[none].pop()),
            "three": lambda: three.submitted(groups[three].pop()),
        },
        sizes.rounds,
    )
    none.close()
    three.close()
    return [
        rate("one command at a time, three deadlines", found["three"], "no deadline", found["none"], 0.8),
        rate(
            f"{sizes.at_once} submitted at once, three deadlines", at_once["three"], "no deadline", at_once["none"], 0.8
        ),
    ]


def ticks(folder: Path, sizes: Sizes) -> list[Figure]:
    """A tick with many things due and with none, in a store in which many deadlines run."""
    told = [datetime(2026, 3, 2, 1, tzinfo=UTC)]
    ours = Ours(folder, with_deadlines(folder / "workflows"), clock=lambda: told[0])
    engine, opened = ours.app.engine, list[list[str]]()
    for _ in range(-(-sizes.clocked // sizes.due)):
        told[0] += timedelta(seconds=1)
        opened.append(ours.open_all(sizes.due))
    running = sum(len(group) for group in opened) * running_on(ours, opened[0][0])
    told[0] = datetime(2026, 3, 2, 2, tzinfo=UTC)

    def due() -> int:
        told[0] += timedelta(seconds=1)
        done = engine.run_due(told[0] + timedelta(microseconds=1)).done
        assert done == sizes.due
        return done

    def steps() -> int:
        """Take the first step of cases on which nothing is due any more, as many at once."""
        group = [ours.step(case, 0) for case in opened.pop(0)]
        return len([answered(answer) for answer in engine.execute_all(group)])

    rounds = min(sizes.rounds, sizes.clocked // sizes.due)
    found = rates({"due": due, "steps": steps}, rounds)
    none = times({"none": engine.run_due}, rounds, sizes.repeats)
    ours.close()
    name = f"ticks with {sizes.due:,} due, {running:,} open deadlines"
    return [
        rate(name, found["due"], "the promise", 1_500, 1),
        rate(name, found["due"], "steps, as many at once", found["steps"], 0.66),
        time(f"a tick with none due, {running:,} open deadlines", none["none"], "the promise", 5_000, 1),
    ]


def running_on(ours: Ours, case: str) -> int:
    """Return how many deadlines run on a case."""
    instances = ours.app.engine.case(case)[0].instances.values()
    return sum(clock["state"] == "running" for one in instances for clock in one.clocks.values())


def rate(name: str, ours: float, other: str, against: float, wanted: float) -> Figure:
    return Figure(name=name, unit="/s", ours=ours, against=against, other=other, ratio=ours / against, wanted=wanted)


def time(name: str, ours: float, other: str, against: float, wanted: float) -> Figure:
    return Figure(
        name=name,
        unit="us",
        ours=ours,
        against=against,
        other=other,
        ratio=ours / against,
        wanted=round(wanted, 2),
        at_most=True,
    )


ALL: dict[str, Callable[[Path, Sizes], list[Figure]]] = {
    "one": one_caller,
    "many": many_callers,
    "load": loading,
    "fold": folding,
    "memory": memory,
    "growth": growth,
    "clocks": business_time,
    "deadlines": deadlines,
    "ticks": ticks,
}
