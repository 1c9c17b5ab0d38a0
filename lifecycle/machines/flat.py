"""One machine of a workflow version, flattened: which state a trigger leads to.

`transitions` is kept on a short lead (reliability, D11-D14): one machine per workflow version, shared by all
decisions; no models, no callbacks, no queue, no nesting. Each decision fires with a holder of its own, so
threads share nothing that changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transitions import Machine


@dataclass(frozen=True, slots=True)
class Arrow:
    """A transition. The trigger is any text: "confirmed", "completed#0" (a branch), "rearranged@confirmed"."""

    trigger: str
    source: str
    target: str


class UnsoundMachine(ValueError):
    """Arrows or states that `transitions` would accept and then silently get wrong; the checker reports them before."""


class _Holder:
    """What `transitions` calls a model: where one decision stands."""

    __slots__ = ("standing",)

    def __init__(self, standing: str) -> None:
        self.standing = standing


_RESERVED = frozenset(("", "*", "="))
"""Names that `transitions` reads as "internal", "every state" and "the same state"."""


class FlatMachine:
    """States and arrows between them, compiled once; safe to share between threads."""

    def __init__(self, states: Sequence[str], arrows: Iterable[Arrow]) -> None:
        """Compile.

        Raises  UnsoundMachine when a state is repeated or reserved, an arrow starts or ends nowhere, or two
                arrows leave the same state by the same trigger (the first would win silently)
        """
        self.states = tuple(states)
        self.arrows = tuple(arrows)
        _refuse_unsound(self.states, self.arrows)
        self._machine = Machine(
            model=None,
            states=list(self.states),
            initial=None,
            auto_transitions=False,
            queued=False,
            model_attribute="standing",
        )
        for arrow in self.arrows:
            self._machine.add_transition(_inside(arrow.trigger), arrow.source, arrow.target)
        self._known = frozenset((arrow.trigger, arrow.source) for arrow in self.arrows)
        self._reached: dict[tuple[str, str], str] = {}

    def fire(self, source: str, trigger: str) -> str | None:
        """Return the state that the trigger leads to from a state; None when no arrow does."""
        arrow = (trigger, source)
        reached = self._reached.get(arrow)
        if reached is not None or arrow not in self._known:
            return reached
        holder = _Holder(source)
        moved = self._machine.events[_inside(trigger)].trigger(holder)
        assert moved, "an arrow without conditions cannot be refused"
        # Without conditions it leads to the same state every time: `transitions` is asked once.
        self._reached[arrow] = holder.standing
        return holder.standing

    def triggers_from(self, source: str) -> tuple[str, ...]:
        """Return the triggers of the arrows that leave a state, in their order."""
        return tuple(arrow.trigger for arrow in self.arrows if arrow.source == source)


def _inside(trigger: str) -> str:
    """Return the trigger's name in `transitions`, where the bare name of the holder's attribute is refused."""
    return f"step:{trigger}"


def _refuse_unsound(states: tuple[str, ...], arrows: tuple[Arrow, ...]) -> None:
    known = frozenset(states)
    if len(known) != len(states):
        raise UnsoundMachine("a state is named twice")
    if known & _RESERVED:
        raise UnsoundMachine(f"no names of states: {sorted(known & _RESERVED)}")
    left: set[tuple[str, str]] = set()
    for arrow in arrows:
        if not arrow.trigger:
            raise UnsoundMachine(f"an arrow from {arrow.source!r} has no trigger")
        if arrow.source not in known or arrow.target not in known:
            raise UnsoundMachine(f"{arrow.trigger!r} leads from {arrow.source!r} to {arrow.target!r}")
        if (arrow.trigger, arrow.source) in left:
            raise UnsoundMachine(f"two arrows {arrow.trigger!r} leave {arrow.source!r}")
        left.add((arrow.trigger, arrow.source))
