"""What surely has a value where: fields that every way to a state asks for, rows' required columns, tables decided.

A forward analysis over the leaves of each machine; values that a step may clear count as unknown behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from lifecycle.language import behaviour
from lifecycle.language.definition import Definition
from lifecycle.language.flatten import HISTORY, Flat
from lifecycle.language.names import Site
from lifecycle.language.relations import Relations, starts_in
from lifecycle.language.settled import always_in

Known = frozenset[str]
NOTHING: Known = frozenset()
Acting = behaviour.Step | behaviour.Opening | behaviour.Effects


@dataclass(frozen=True, slots=True)
class Change:
    """Names that surely have a value after something happened, and names that may have lost theirs."""

    gained: Known = NOTHING
    lost: Known = NOTHING

    def after(self, known: Known) -> Known:
        return (known - self.lost) | self.gained

    def then(self, later: Change) -> Change:
        return Change(later.after(self.gained), (self.lost - later.gained) | later.lost)


class Facts:
    """The answers for one workflow; each machine is walked when first asked about."""

    def __init__(self, definition: Definition, flats: Mapping[str, Flat], relations: Relations) -> None:
        self.text = definition.text
        self.flats = flats
        self.relations = relations
        self._leaves: dict[str, Mapping[str, Known]] = {}
        self._parents: dict[str, Known] = {}

    def at(self, site: Site) -> Known:
        """Return the names that surely have a value at a site."""
        row = self._row(site)
        if site.opening and site.step:
            return row | self._opening(site)
        known = _shared(self._case(site.kinds)) | row
        if not site.machine:
            return known
        flat = self.flats[site.machine]
        known |= self._parent(site.machine)
        if site.owner is None:
            return known | meet(self.leaves(site.machine)[leaf] for leaf in flat.living())
        if not site.step:
            return known | meet(self.leaves(site.machine)[leaf] for leaf in flat.under(site.owner))
        return known | self._step(flat, site.owner, site.step, after=site.after)

    def _opening(self, site: Site) -> Known:
        opening = self.text.cases[site.kinds[0]].opens[site.step]
        asked = self.asked(opening)
        return self.change(opening).after(asked) if site.after else asked

    def _step(self, flat: Flat, owner: str, name: str, *, after: bool) -> Known:
        step = flat.states[owner].steps[name] if owner else flat.machine.anywhere[name]
        leaves = [leaf for leaf in flat.under(owner) if flat.offers(leaf).get(name, ("", None))[1] is step]
        known = meet(self.leaves(flat.name)[leaf] for leaf in leaves) | self._before(flat, owner, name)
        known |= self.asked(step)
        return self.change(step).after(known) if after else known

    def behind(self, flat: Flat, steps: Iterable[str]) -> Known:
        """Return the names that surely have a value once any of these steps of a machine was taken."""
        owners = ((owner, name) for owner, name, _ in flat.steps() if name in frozenset(steps))
        return meet(self._step(flat, owner, name, after=True) for owner, name in owners)

    def _before(self, flat: Flat, owner: str, name: str) -> Known:
        """Return what the steps that an ordered state puts before this one bring."""
        order = flat.states[owner].order if owner else None
        if order is None or not order.variants:
            return NOTHING
        befores = [steps[: steps.index(name)] for steps in order.variants.values() if name in steps]
        return meet(self._brought(flat.states[owner], before) for before in befores)

    def _brought(self, state: behaviour.State, names: Iterable[str]) -> Known:
        known = NOTHING
        for name in names:
            step = state.steps.get(name)
            if step is not None and not step.optional and step.when is None:
                known = self.change(step).after(known)
        return known

    def leaves(self, machine: str) -> Mapping[str, Known]:
        """Return what is surely known in each leaf of a machine."""
        if machine not in self._leaves:
            self._leaves[machine] = self._walked(self.flats[machine])
        return self._leaves[machine]

    def _walked(self, flat: Flat) -> Mapping[str, Known]:
        known: dict[str, Known] = {}
        start = flat.initial.get(flat.machine.start)
        if not start:
            return dict.fromkeys(flat.leaves, NOTHING)
        case = self._case(self.relations.kinds[flat.name])
        begin = self._crossing(flat, "", start).after(meet(self._starts(flat.name)) | case)
        pending = [(start, begin)]
        while pending:
            leaf, arriving = pending.pop()
            met = known[leaf] & arriving if leaf in known else arriving
            if known.get(leaf) == met:
                continue
            known[leaf] = met
            pending.extend(self._onwards(flat, leaf, met))
        return {leaf: known.get(leaf, NOTHING) for leaf in flat.leaves}

    def _onwards(self, flat: Flat, leaf: str, known: Known) -> Iterator[tuple[str, Known]]:
        for name, (owner, step) in flat.offers(leaf).items():
            change = self.change(step)
            behind = change.after(known | self._before(flat, owner, name))
            for target in step.to.values():
                reached = flat.initial.get(flat.resolve(target, owner)) if target != HISTORY else None
                if reached:
                    yield reached, self._crossing(flat, leaf, reached).after(behind)
                elif change.lost:
                    yield from ((back, self._everything - change.lost) for back in flat.living())
            if not step.to:
                yield leaf, known - change.lost
        path = leaf
        while path:
            state = flat.states[path]
            reached = flat.initial.get(flat.resolve(state.complete.to, path)) if state.complete else None
            if reached:
                names = [tuple(v) for v in state.order.variants.values()] if state.order else []
                behind = known | meet(self._brought(state, steps) for steps in names or [tuple(state.steps)])
                yield reached, self._crossing(flat, leaf, reached).after(behind)
            path = path.rpartition(".")[0]

    def _crossing(self, flat: Flat, source: str, target: str) -> Change:
        """Return what leaving one leaf and entering another changes; "" for the source is the start."""
        outside = [path for path in around(source) if target.startswith(f"{path}.")]
        left = [path for path in around(source) if path not in outside]
        entered = [path for path in reversed(around(target)) if path not in outside]
        effects = [one for path in left for one in flat.states[path].exit]
        effects.extend(one for path in entered for one in flat.states[path].enter)
        change = Change()
        for one in effects:
            change = change.then(self.change(one))
        return change

    @cached_property
    def _everything(self) -> Known:
        outputs = (output for outputs in self._outputs.values() for output in outputs)
        return frozenset((*map(self._named, self.text.fields), *outputs))

    def _starts(self, machine: str) -> Iterator[Known]:
        """Yield what an instance surely knows at its start, for every way in which it is started."""
        for entry in self.text.cases.values():
            for opening in entry.opens.values():
                for started, _, body in starts_in(opening):
                    if started == machine:
                        own = self.change(opening).after(self.asked(opening))
                        yield self._given(body) | frozenset(name for name in own if not name.startswith("decision."))
        for flat in self.flats.values():
            elements: list[Acting] = [step for _, _, step in flat.steps()]
            elements.extend(one for state in flat.states.values() for one in (*state.enter, *state.exit))
            elements.extend(flat.ladder_effects())
            for element in elements:
                yield from (self._given(body) for started, _, body in starts_in(element) if started == machine)
        if self.text.machines[machine].starts is not None:
            yield NOTHING

    def _given(self, body: behaviour.StartBody) -> Known:
        values = frozenset(f"data.{name}" for name, written in body.set.items() if not _may_be_null(written))
        return values | frozenset(f"data.{name}" for name in self._required_columns(body.each))

    def _required_columns(self, each: str | None) -> tuple[str, ...]:
        head, _, name = (each or "").removeprefix("=").strip().partition(".")
        if head == "lists" and name in self.text.lists:
            return tuple(column for column, one in self.text.lists[name].columns.items() if one.required)
        entry = self.text.fields.get(name) if head in ("form", "data", "case") else None
        if entry is None or not isinstance(entry.of, dict):
            return ()
        return tuple(column for column, shape in entry.of.items() if shape.required)

    def _row(self, site: Site) -> Known:
        if site.each is None:
            return NOTHING
        text = getattr(site.each, "text", None)
        columns = (*self._required_columns(text), *always_in(self.text, text))
        return frozenset(("it", "it.id", "it.key", "it.state", "it.final", *(f"it.{name}" for name in columns)))

    def _case(self, kinds: tuple[str, ...]) -> Known:
        """Return the fields of the case that every opening of these kinds asks for."""
        openings = (opening for kind in kinds for opening in self.text.cases[kind].opens.values())
        return _shared(meet(self.change(opening).after(self.asked(opening)) for opening in openings))

    def _parent(self, machine: str) -> Known:
        if machine not in self._parents:
            self._parents[machine] = NOTHING  # a machine that starts itself asks while it is answered
            self._parents[machine] = frozenset(
                f"parent.{name[5:]}" for name in meet(self._starters(machine)) if name.startswith("data.")
            )
        return self._parents[machine]

    def _starters(self, machine: str) -> Iterator[Known]:
        for entry in self.text.cases.values():
            for opening in entry.opens.values():
                yield from (NOTHING for started, _, _ in starts_in(opening) if started == machine)
        starts = self.text.machines[machine].starts
        upon = starts.upon if starts else ()
        if starts is not None and starts.all:
            yield NOTHING
        for flat in self.flats.values():
            for owner, name, step in flat.steps():
                if f"{flat.name}.{name}" in upon or any(started == machine for started, _, _ in starts_in(step)):
                    yield self._step(flat, owner, name, after=True)
            if any(started == machine for effects in flat.ladder_effects() for started, _, _ in starts_in(effects)):
                yield meet(self.leaves(flat.name)[leaf] for leaf in flat.living())
            for path, state in flat.states.items():
                for effects in (*state.enter, *state.exit):
                    if any(started == machine for started, _, _ in starts_in(effects)):
                        yield meet(self.leaves(flat.name)[leaf] for leaf in flat.under(path))

    def asked(self, act: behaviour.Step | behaviour.Opening) -> Known:
        """Return the names that a form makes sure of."""
        return frozenset(self._named(name) for name, item in act.form.items() if item.needed)

    def change(self, element: Acting) -> Change:
        """Return what a step, an opening or an entry effect changes for sure."""
        gained: set[str] = set()
        lost: set[str] = set()
        if not isinstance(element, behaviour.Effects):
            gained |= self.asked(element)
            gained |= {output for table in element.decide for output in self._outputs.get(table, ())}
        always = not isinstance(element, behaviour.Effects) or element.when is None
        frozen = (entry for entry in (() if isinstance(element, behaviour.Effects) else element.freeze))
        gained |= {self._named(name) for entry in frozen for name, one in entry.items() if one.when is None}
        for body in element.set:
            for name, written in body.values.items():
                if _may_be_null(written):
                    lost.add(self._named(name))
                    gained.discard(self._named(name))
                elif body.when is None and always:
                    gained.add(self._named(name))
                    lost.discard(self._named(name))
        return Change(frozenset(gained), frozenset(lost))

    @cached_property
    def _outputs(self) -> Mapping[str, frozenset[str]]:
        return {
            name: meet(
                frozenset(f"decision.{name}.{output}" for output in outputs)
                for outputs in (*(row.then for row in table.rows), *(() if table.default is None else (table.default,)))
            )
            for name, table in self.text.tables.items()
        }

    def _named(self, name: str) -> str:
        entry = self.text.fields.get(name)
        return f"case.{name}" if entry is not None and entry.scope == "case" else f"data.{name}"


def around(path: str) -> list[str]:
    """Return a state and those around it, inner first."""
    parts = path.split(".") if path else []
    return [".".join(parts[:number]) for number in range(len(parts), 0, -1)]


def meet(ways: Iterable[Known]) -> Known:
    """Return what all ways have in common; nothing when there is none."""
    common: Known | None = None
    for way in ways:
        common = way if common is None else common & way
    return common or NOTHING


def _shared(known: Known) -> Known:
    return frozenset(name for name in known if name.startswith("case."))


def _may_be_null(written: object) -> bool:
    """Whether a value may turn out null: it says so, or copies a name as it is."""
    if not isinstance(written, str) or not written.startswith("="):
        return False
    text = written[1:].strip()
    return "null" in text or text.replace(".", "").replace("_", "").isalnum()
