"""How the machines and kinds of a workflow belong together: who starts whom, what each keeps, what events carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lifecycle.language import behaviour
from lifecycle.language.definition import Definition
from lifecycle.language.dictionary import Item
from lifecycle.language.flatten import Flat

TICKED = "_ticked"


@dataclass(frozen=True, kw_only=True, slots=True)
class Relations:
    """What follows from the whole text.

    parents   machine -> machines whose instances start its instances
    kinds     machine -> kinds of case that run it
    kept      machine -> instance fields that its forms and effects may fill
    forms     event type -> fields that it carries in its form
    papers    machine -> papers that its steps and states move
    assigned  machine -> names that it gives to people, places in teams as "crew.lead"; ladders of its ledgers too
    posts     machine -> ledgers that its steps and states post to
    deadlines machine -> its deadlines and those of its states, by name
    settles   machine -> settlements that its steps and states draw up
    """

    parents: Mapping[str, frozenset[str]]
    kinds: Mapping[str, tuple[str, ...]]
    kept: Mapping[str, frozenset[str]]
    forms: Mapping[str, tuple[str, ...]]
    machines: Mapping[str, tuple[str, ...]]
    papers: Mapping[str, frozenset[str]]
    assigned: Mapping[str, frozenset[str]]
    posts: Mapping[str, frozenset[str]]
    deadlines: Mapping[str, tuple[str, ...]]
    settles: Mapping[str, frozenset[str]]

    def visible(self, machine: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
        """Return the machines whose instances an expression sees by plural: children, and those of the case."""
        own = [child for child, parents in self.parents.items() if machine in parents]
        return tuple(dict.fromkeys((*own, *(name for kind in kinds for name in self.machines.get(kind, ())))))

    def carried(self, events: tuple[str, ...]) -> tuple[str, ...]:
        """Return the fields that any of these events carries."""
        return tuple(dict.fromkeys(name for event in events for name in self.forms.get(event, ())))


def relations_of(definition: Definition, flats: Mapping[str, Flat]) -> Relations:
    """Return how everything belongs together; names that the checker reports as unknown are left out."""
    text = definition.text
    parents: dict[str, set[str]] = {name: set() for name in text.machines}
    kept: dict[str, set[str]] = {name: set() for name in text.machines}
    forms: dict[str, tuple[str, ...]] = {}
    for kind, entry in text.cases.items():
        for name, opening in entry.opens.items():
            forms[f"{kind}.{name}"] = tuple(opening.form)
            for started, _, body in starts_in(opening):
                if started in kept:
                    kept[started].update((*opening.form, *(f for s in opening.set for f in s.values)))
                    kept[started].update(f for entry in opening.freeze for f in entry)
                    kept[started].update(_first_values(definition, body))
    for name, flat in flats.items():
        for _, step_name, step in flat.steps():
            forms[f"{name}.{step_name}"] = (*forms.get(f"{name}.{step_name}", ()), *step.form)
            kept[name].update((*step.form, *(f for s in step.set for f in s.values)))
            kept[name].update(f for entry in step.freeze for f in entry)
        for state in flat.states.values():
            if state.checklist:
                proofs = [item.proof for item in _items(definition, state.checklist) if item]
                forms[f"{name}.{state.checklist}{TICKED}"] = ("items", *(proof for proof in proofs if proof))
                kept[name].update(proof for proof in proofs if proof)
            kept[name].update(f for effects in (*state.enter, *state.exit) for s in effects.set for f in s.values)
        kept[name].update(f for effects in flat.ladder_effects() for s in effects.set for f in s.values)
        kept[name].update(f for effects in _climbed(definition, flat) for s in effects.set for f in s.values)
        for effects in (*_all_effects(flat), *_climbed(definition, flat)):
            for started, _, body in starts_in(effects):
                if started in parents:
                    parents[started].add(name)
                    kept[started].update(_first_values(definition, body))
    for name, machine in text.machines.items():
        for event in machine.starts.upon if machine.starts else ():
            starter = event.partition(".")[0]
            if starter in flats:
                parents[name].add(starter)
    return Relations(
        parents={name: frozenset(found) for name, found in parents.items()},
        kinds={
            name: tuple(kind for kind, entry in text.cases.items() if name in entry.machines) for name in text.machines
        },
        kept={name: frozenset(_of_instance(definition, found)) for name, found in kept.items()},
        forms=forms,
        machines={
            kind: tuple(name for name in entry.machines if name in text.machines) for kind, entry in text.cases.items()
        },
        papers={name: frozenset(_papers_moved(flat)) for name, flat in flats.items()},
        assigned={name: frozenset(_names_given(definition, flat)) for name, flat in flats.items()},
        posts={name: frozenset(_posted(flat)) for name, flat in flats.items()},
        deadlines={name: tuple(dict.fromkeys(one for _, one, _ in flat.deadlines())) for name, flat in flats.items()},
        settles={name: frozenset(_settled(flat)) for name, flat in flats.items()},
    )


def starts_in(
    effects: behaviour.Effects | behaviour.Step | behaviour.Opening,
) -> Iterator[tuple[str, int, behaviour.StartBody]]:
    """Yield (machine, number of the entry, how) of every `start`."""
    for number, entry in enumerate(effects.start):
        for name, body in entry.items():
            yield name, number, body


def _all_effects(flat: Flat) -> Iterator[behaviour.Effects | behaviour.Step]:
    for _, _, step in flat.steps():
        yield step
    for state in flat.states.values():
        yield from (*state.enter, *state.exit)
    yield from flat.ladder_effects()


def _climbed(definition: Definition, flat: Flat) -> Iterator[behaviour.Effects]:
    """Yield the effects on the ladders of the ledgers that a machine posts to, directly or by such a ladder."""
    waiting, known = list(_posted(flat)), set[str]()
    while waiting:
        name = waiting.pop()
        ledger = definition.text.ledgers.get(name)
        if name in known or ledger is None:
            continue
        known.add(name)
        for effects in (each for listed in ledger.ladder.values() for each in listed):
            yield effects
            waiting.extend(posted for entry in effects.post for posted in entry)


def _names_given(definition: Definition, flat: Flat) -> Iterator[str]:
    for effects in (*_all_effects(flat), *_climbed(definition, flat)):
        for entry in effects.assign:
            for name, body in entry.items():
                yield name
                yield from (f"{name}.{place}" for place in body.team)


def _papers_moved(flat: Flat) -> Iterator[str]:
    for effects in _all_effects(flat):
        yield from (name.removesuffix("?") for entry in effects.papers for name in entry)


def _posted(flat: Flat) -> Iterator[str]:
    for effects in _all_effects(flat):
        yield from (name for entry in effects.post for name in entry)


def _settled(flat: Flat) -> Iterator[str]:
    for effects in _all_effects(flat):
        yield from (name for entry in effects.settle for name in entry)


def _items(definition: Definition, checklist: str) -> list[Item]:
    listed = definition.text.checklists.get(checklist)
    return list(listed.items.values()) if listed else []


def row_columns(definition: Definition, each: str | None) -> tuple[str, ...]:
    """Return the columns of the list that `each` names as "=form.lines", that are fields of the dictionary."""
    head, _, name = (each or "").removeprefix("=").strip().partition(".")
    entry = definition.text.fields.get(name) if head in ("form", "data", "case") else None
    if entry is None or not isinstance(entry.of, dict):
        return ()
    return tuple(column for column in entry.of if column in definition.text.fields)


def _first_values(definition: Definition, body: behaviour.StartBody) -> tuple[str, ...]:
    return (*body.set, *row_columns(definition, body.each))


def _of_instance(definition: Definition, names: set[str]) -> Iterator[str]:
    fields = definition.text.fields
    return (name for name in names if name in fields and fields[name].scope == "instance")
