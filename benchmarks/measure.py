"""How a figure is taken: both sides in turn, several rounds, the median; so that a busy machine hits both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One line of the table.

    ours, against  in `unit`; ratio as `wanted` means it: ours to the other for rates, the other way for times
    wanted         the least ratio; for `at_most` the greatest
    """

    name: str
    unit: str
    ours: float
    against: float
    other: str
    ratio: float
    wanted: float
    at_most: bool = False

    @property
    def met(self) -> bool:
        return self.ratio <= self.wanted if self.at_most else self.ratio >= self.wanted


def rates(sides: Mapping[str, Callable[[], int]], rounds: int) -> dict[str, float]:
    """Return how many a second each side does: the median of rounds in which the sides take turns."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            start = perf_counter()
            done = side()
            taken[name].append(done / (perf_counter() - start))
    return {name: median(each) for name, each in taken.items()}


def times(sides: Mapping[str, Callable[[], object]], rounds: int, repeats: int) -> dict[str, float]:
    """Return the microseconds that one call of each side takes: the median of rounds of some repeats."""

    def repeated(side: Callable[[], object]) -> Callable[[], int]:
        def run() -> int:
            for _ in range(repeats):
                side()
            return repeats

        return run

    found = rates({name: repeated(side) for name, side in sides.items()}, rounds)
    return {name: 1e6 / rate for name, rate in found.items()}


def table(figures: list[Figure]) -> str:
    """Return the figures as a table in Markdown."""
    lines = ["| figure | ours | against | ratio | wanted | |", "|---|---:|---:|---:|---:|---|"]
    for one in figures:
        sign = "<=" if one.at_most else ">="
        lines.append(
            f"| {one.name} | {one.ours:,.0f} {one.unit} | {one.other}: {one.against:,.0f} | {one.ratio:.2f} "
            f"| {sign} {one.wanted:g} | {'met' if one.met else 'NOT MET'} |"
        )
    return "\n".join(lines)
