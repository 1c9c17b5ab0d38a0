"""What the generator cannot reach, listed by hand with a reason: `out_of_reach.toml`, kept exact by the tests.

[[furniture.arrow]]     # machine, step, and where two arrows share a step also `from` and `to`
[[furniture.pair]]      # machine, first, second, and where needed `from` (before the first) and `at` (between the two)
[[furniture.guard]]     # place, guard, answer

An entry with `rare = true` can be reached, but only by long walks: `make soak` asks for it, a shorter run does not.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.walks.aims import Aims, Weighing
from tests.walks.world import Edge

FILE = Path(__file__).with_name("out_of_reach.toml")

Pair = tuple[str, Edge, Edge]


@dataclass(frozen=True, kw_only=True)
class OutOfReach:
    """The listed entries of one workflow."""

    arrows: tuple[Mapping[str, Any], ...]
    pairs: tuple[Mapping[str, Any], ...]
    guards: tuple[Mapping[str, Any], ...]

    def arrow(self, machine: str, edge: Edge) -> bool:
        return any(is_arrow(entry, machine, edge) for entry in self.arrows)

    def pair(self, pair: Pair) -> bool:
        """Return whether a pair is listed, or holds an arrow that is."""
        machine, first, second = pair
        listed = any(is_pair(entry, pair) for entry in self.pairs)
        return listed or self.arrow(machine, first) or self.arrow(machine, second)

    def guard(self, weighing: Weighing) -> bool:
        return any(is_guard(entry, weighing) for entry in self.guards)

    def never(self) -> OutOfReach:
        """Return the entries that no walk may reach."""
        kept = [tuple(e for e in each if not e.get("rare")) for each in (self.arrows, self.pairs, self.guards)]
        return OutOfReach(arrows=kept[0], pairs=kept[1], guards=kept[2])

    def idle(self, aims: Aims) -> Iterator[Mapping[str, Any]]:
        """Yield the entries that name nothing of the workflow."""
        arrows = [(machine, edge) for machine, edges in aims.edges.items() for edge in edges]
        yield from (entry for entry in self.arrows if not any(is_arrow(entry, *each) for each in arrows))
        yield from (entry for entry in self.pairs if not any(is_pair(entry, each) for each in aims.pairs))
        yield from (entry for entry in self.guards if not any(is_guard(entry, each) for each in aims.weighings))


def listed(workflow: str) -> OutOfReach:
    entries = tomllib.loads(FILE.read_text(encoding="utf-8")).get(workflow, {})
    assert set(entries) <= {"arrow", "pair", "guard"}, f"unknown tables: {sorted(entries)}"
    lists = [tuple(entries.get(name, ())) for name in ("arrow", "pair", "guard")]
    assert all(entry.get("why") for each in lists for entry in each), "an entry needs its reason: why"
    return OutOfReach(arrows=lists[0], pairs=lists[1], guards=lists[2])


def is_arrow(entry: Mapping[str, Any], machine: str, edge: Edge) -> bool:
    return (
        entry["machine"] == machine
        and entry["step"] == edge.step
        and entry.get("from", edge.source) == edge.source
        and entry.get("to", edge.target) == edge.target
    )


def is_pair(entry: Mapping[str, Any], pair: Pair) -> bool:
    machine, first, second = pair
    return (
        entry["machine"] == machine
        and entry["first"] == first.step
        and entry["second"] == second.step
        and entry.get("from", first.source) == first.source
        and entry.get("at", first.target) == first.target
    )


def is_guard(entry: Mapping[str, Any], weighing: Weighing) -> bool:
    return (entry["place"], entry["guard"], entry["answer"]) == (weighing.place, weighing.guard, weighing.answer)
