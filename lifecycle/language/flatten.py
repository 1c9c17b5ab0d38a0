"""Nested states made flat: dotted paths, the leaf that entering a state reaches, and every arrow between leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from lifecycle.language import behaviour

if TYPE_CHECKING:
    from lifecycle.machines.flat import FlatMachine

HISTORY = "$history"
Arrow = tuple[str, str, str]
"""Trigger, leaf that it leaves, leaf that it reaches."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Flat:
    """The states of one machine by path, in file order, those around a state before it.

    states   path -> the state as written
    places   path -> its path in the document, "machines.repair.states.working.states.inspecting"
    initial  path -> the leaf that entering it reaches; a leaf reaches itself; "" when its `start` is none of its states
    """

    name: str
    machine: behaviour.Machine
    states: Mapping[str, behaviour.State]
    places: Mapping[str, str]
    initial: Mapping[str, str]

    @property
    def leaves(self) -> tuple[str, ...]:
        return tuple(path for path, state in self.states.items() if not state.states)

    def living(self) -> tuple[str, ...]:
        """Return the leaves that are not final."""
        return tuple(path for path in self.leaves if not self.states[path].final)

    def under(self, path: str) -> tuple[str, ...]:
        """Return the leaves of a state; of the machine for "", final ones left out as nothing is open there."""
        if not path:
            return self.living()
        return tuple(leaf for leaf in self.leaves if leaf == path or leaf.startswith(f"{path}."))

    def resolve(self, target: str, owner: str) -> str:
        """Return the path of the state that `to` names: a sibling of the owner or of a state around it, inside
        the owner, or a path from the root; "" when there is none."""
        around = owner
        while around:
            around = around.rpartition(".")[0]
            path = f"{around}.{target}" if around else target
            if path in self.states:
                return path
        inner = f"{owner}.{target}"
        return next((path for path in (target, inner) if path in self.states), "")

    def steps(self) -> Iterator[tuple[str, str, behaviour.Step]]:
        """Yield (owner's path, name, step), those of `anywhere` last with owner ""."""
        for path, state in self.states.items():
            for name, step in state.steps.items():
                yield path, name, step
        for name, step in self.machine.anywhere.items():
            yield "", name, step

    def deadlines(self) -> Iterator[tuple[str, str, behaviour.Deadline]]:
        """Yield (path of the state that owns it, name, deadline), the machine's own first with owner ""."""
        for name, deadline in self.machine.deadlines.items():
            yield "", name, deadline
        for path, state in self.states.items():
            for name, deadline in state.deadlines.items():
                yield path, name, deadline

    def ladder_effects(self) -> Iterator[behaviour.Effects]:
        """Yield the effects of every mark of every deadline."""
        for _, _, deadline in self.deadlines():
            for entries in deadline.ladder.values():
                yield from entries

    def offers(self, leaf: str) -> dict[str, tuple[str, behaviour.Step]]:
        """Return the steps that a leaf offers, name -> (owner, step); an inner one hides those around it."""
        found: dict[str, tuple[str, behaviour.Step]] = {}
        path = leaf
        while path:
            for name, step in self.states[path].steps.items():
                found.setdefault(name, (path, step))
            path = path.rpartition(".")[0]
        if not self.states[leaf].final:
            for name, step in self.machine.anywhere.items():
                found.setdefault(name, ("", step))
        return found


def flatten(name: str, machine: behaviour.Machine) -> Flat:
    """Return a machine's states by path."""
    states: dict[str, behaviour.State] = {}
    places: dict[str, str] = {}

    def gather(inside: Mapping[str, behaviour.State], around: str, place: str) -> None:
        for own, state in inside.items():
            path = f"{around}.{own}" if around else own
            states[path], places[path] = state, f"{place}.states.{own}"
            gather(state.states, path, places[path])

    gather(machine.states, "", f"machines.{name}")
    initial = {path: _leaf(states, path) for path in states}
    return Flat(name=name, machine=machine, states=states, places=places, initial=initial)


def _leaf(states: Mapping[str, behaviour.State], path: str) -> str:
    while path in states and states[path].states:
        start = states[path].start or next(iter(states[path].states))
        path = f"{path}.{start}"
    return path if path in states else ""


def arrows_of(flat: Flat) -> tuple[Arrow, ...]:
    """Return every arrow, each trigger once for a leaf: branches, ends of ordered states, ways back."""
    found: dict[tuple[str, str], str] = {}
    back: list[tuple[str, str]] = []
    for leaf in flat.leaves:
        for name, (owner, step) in flat.offers(leaf).items():
            for number, target in enumerate(step.to.values()):
                if target == HISTORY:
                    back.append((name, leaf))
                    continue
                reached = flat.initial.get(flat.resolve(target, owner))
                if reached:
                    found[f"{name}#{number}", leaf] = reached
        for path in _around(leaf):
            complete = flat.states[path].complete
            reached = flat.initial.get(flat.resolve(complete.to, path)) if complete else None
            if reached:
                found[f"$complete:{path}", leaf] = reached
    for name, leaf in back:
        top = leaf.partition(".")[0]
        came = {source for (_, source), reached in found.items() if reached.partition(".")[0] == top and source != leaf}
        for source in flat.leaves:
            if source in came and not flat.states[source].final:
                found[f"{name}@{source}", leaf] = source
    return tuple((trigger, leaf, reached) for (trigger, leaf), reached in found.items())


def _around(leaf: str) -> Iterator[str]:
    while leaf:
        yield leaf
        leaf = leaf.rpartition(".")[0]


class LazyArrows:
    """The arrows of a machine, made into a flat machine when one is first followed (implements `Arrows`)."""

    def __init__(self, flat: Flat) -> None:
        self._states = flat

    @cached_property
    def flat(self) -> FlatMachine:
        """The flat machine behind it."""
        from lifecycle.machines.flat import Arrow as FlatArrow  # noqa: PLC0415 - most commands follow one machine only
        from lifecycle.machines.flat import FlatMachine  # noqa: PLC0415

        return FlatMachine(self._states.leaves, [FlatArrow(*arrow) for arrow in arrows_of(self._states)])

    def fire(self, source: str, trigger: str) -> str | None:
        return self.flat.fire(source, trigger)
