"""Questions about the graph of a machine: what can be reached, what is a trap, which walks show every arrow."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from lifecycle.machines.flat import Arrow

Walk = tuple[Arrow, ...]


def leaving(arrows: Iterable[Arrow]) -> dict[str, list[Arrow]]:
    """Return the arrows by the state that they leave, in their order."""
    found: dict[str, list[Arrow]] = {}
    for arrow in arrows:
        found.setdefault(arrow.source, []).append(arrow)
    return found


def reachable(arrows: Iterable[Arrow], start: str) -> frozenset[str]:
    """Return the states that can be reached from a state, itself among them."""
    return frozenset(shortest(arrows, start))


def shortest(arrows: Iterable[Arrow], start: str) -> dict[str, Walk]:
    """Return for every reachable state a shortest walk to it, the first in the order of the arrows."""
    onward = leaving(arrows)
    walks: dict[str, Walk] = {start: ()}
    pending = deque([start])
    while pending:
        state = pending.popleft()
        for arrow in onward.get(state, ()):
            if arrow.target not in walks:
                walks[arrow.target] = (*walks[state], arrow)
                pending.append(arrow.target)
    return walks


def traps(states: Iterable[str], arrows: Iterable[Arrow], finals: Collection[str]) -> tuple[str, ...]:
    """Return the states from which no final state can be reached, in their order."""
    backward = [Arrow(arrow.trigger, arrow.target, arrow.source) for arrow in arrows]
    inward = leaving(backward)
    good = set(finals)
    pending = list(finals)
    while pending:
        for arrow in inward.get(pending.pop(), ()):
            if arrow.target not in good:
                good.add(arrow.target)
                pending.append(arrow.target)
    return tuple(state for state in states if state not in good)


def simple_walks(arrows: Iterable[Arrow], start: str, finals: Collection[str], *, limit: int) -> Iterator[Walk]:
    """Yield the walks from the start to a final state that enter no state twice, at most `limit` of them."""
    onward = leaving(arrows)
    given = 0
    pending: list[tuple[str, Walk, frozenset[str]]] = [(start, (), frozenset((start,)))]
    while pending and given < limit:
        state, walk, seen = pending.pop()
        if state in finals:
            given += 1
            yield walk
            continue
        for arrow in reversed(onward.get(state, ())):
            if arrow.target not in seen:
                pending.append((arrow.target, (*walk, arrow), seen | {arrow.target}))


def covering_walks(arrows: Sequence[Arrow], start: str, finals: Collection[str]) -> tuple[Walk, ...]:
    """Return walks from the start that take every reachable arrow and every pair of arrows in a row.

    A walk takes as many new pairs as follow one another and then goes the shortest way to a final state,
    or stops where it stands when there is none (a trap, which the checker reports).
    """
    routes = shortest(arrows, start)
    onward = leaving(arrows)
    homes = {state: _home(arrows, state, finals) for state in routes}
    singles = {arrow for arrow in arrows if arrow.source in routes}
    pairs = {
        (first, second) for first in singles if first.target not in finals for second in onward.get(first.target, ())
    }
    walks: list[Walk] = []
    for first in [arrow for arrow in arrows if arrow in singles]:
        while first in singles or any((first, second) in pairs for second in onward.get(first.target, ())):
            walk = _extended((*routes[first.source], first), onward, pairs)
            walk = (*walk, *homes[walk[-1].target])
            singles.difference_update(walk)
            pairs.difference_update(pairwise(walk))
            walks.append(walk)
    return tuple(walks)


def _extended(walk: Walk, onward: Mapping[str, Sequence[Arrow]], pairs: set[tuple[Arrow, Arrow]]) -> Walk:
    new = set(pairs)
    while True:
        last = walk[-1]
        following = next((arrow for arrow in onward.get(last.target, ()) if (last, arrow) in new), None)
        if following is None:
            return walk
        new.discard((last, following))
        walk = (*walk, following)


def _home(arrows: Iterable[Arrow], state: str, finals: Collection[str]) -> Walk:
    if state in finals:
        return ()
    ways = shortest(arrows, state)
    return min((ways[final] for final in finals if final in ways), key=len, default=())
