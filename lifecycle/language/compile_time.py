"""Deadlines and the lengths of timed steps: what they listen to, how long they give, the effects of their marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lifecycle.core import workflow as core
from lifecycle.core.case.measures import WORKDAYS
from lifecycle.core.lengths import parse_length
from lifecycle.core.values import FieldType
from lifecycle.language import behaviour
from lifecycle.language.compile_effects import entries_of
from lifecycle.language.compiling import Compiler, Written
from lifecycle.language.conditions import Literal, Surroundings
from lifecycle.language.flatten import Flat
from lifecycle.language.names import Site

DURATION = FieldType(name="duration")
DATETIME = FieldType(name="datetime")
ENTERED = re.compile(r"entered\('(.+)'\)")


def length_of(compiler: Compiler, written: Written, clock: str | None, around: Surroundings, path: str) -> core.Length:
    """Return a length: a literal duration or "2 workdays", or an expression that gives a duration."""
    measured = clock or core.ELAPSED
    compiler.unresolved |= measured != core.ELAPSED and measured not in compiler.text.calendars
    if isinstance(written, str) and WORKDAYS.fullmatch(written.strip()):
        return core.Length(formula=Literal(written, written.strip()), clock=measured)
    return core.Length(formula=compiler.formula(written, DURATION, around, path), clock=measured)


def deadlines_of(compiler: Compiler, flat: Flat) -> tuple[core.Deadline, ...]:
    """Return the deadlines of a machine: its own, then those of its states."""
    return tuple(
        deadline_of(compiler, flat, owner, name, one, f"{place_of(flat, owner)}.deadlines.{name}")
        for owner, name, one in flat.deadlines()
    )


def place_of(flat: Flat, owner: str) -> str:
    return flat.places[owner] if owner else f"machines.{flat.name}"


def deadline_of(
    compiler: Compiler, flat: Flat, owner: str, name: str, one: behaviour.Deadline, path: str
) -> core.Deadline:
    site = Site(machine=flat.name, kinds=compiler.relations.kinds[flat.name], owner=owner or None)
    around = begun_around(compiler, flat, one, site)
    lengths = tuple(
        length_of(compiler, given.length, given.clock or one.clock, around, f"{path}.within") for given in one.within
    )
    if one.every is not None:
        lengths = (length_of(compiler, one.every, one.clock, around, f"{path}.every"),)
    return core.Deadline(
        name=name,
        titles=one.titles,
        machine=flat.name,
        owner=owner,
        leaving="met" if owner and not one.stop else "cancelled",
        start=cues_of(compiler, flat, owner, one.start) or (begin_of(owner),),
        stop=cues_of(compiler, flat, owner, one.stop),
        cancel=cues_of(compiler, flat, owner, one.cancel),
        restart=cues_of(compiler, flat, owner, one.restart),
        pause=tuple(filter(None, (flat.resolve(state, owner) for state in one.pause))),
        within=lengths,
        due=None if one.due is None else compiler.expression(one.due, DATETIME, around, f"{path}.due"),
        opens=None if one.opens is None else compiler.expression(one.opens, DATETIME, around, f"{path}.opens"),
        target=one.target,
        who=one.who or "",
        when=compiler.when(one.when, around, path),
        every=one.every is not None,
        while_=None if one.while_ is None else compiler.condition(one.while_, compiler.around(site), f"{path}.while"),
        ladder=tuple(
            rung_of(compiler, mark, effects, site, f"{path}.ladder.{mark}") for mark, effects in one.ladder.items()
        ),
        rules=one.rules,
        where=compiler.definition.key_place(path),
    )


def begun_around(compiler: Compiler, flat: Flat, one: behaviour.Deadline, site: Site) -> Surroundings:
    """Return what may be read where a deadline is measured, with what surely has a value once it has begun."""
    starts = tuple(cue for cue in one.start if cue.isidentifier())
    surely = len(starts) == len(one.start)
    return Surroundings(
        lambda: compiler.names.environment(site),
        lambda: compiler.facts.at(site) | (compiler.facts.behind(flat, starts) if surely else frozenset()),
        () if one.when is None else (one.when,),
    )


def begin_of(owner: str) -> core.Cue:
    return core.Cue(kind="entered", name=owner) if owner else core.Cue(kind="start")


def cues_of(compiler: Compiler, flat: Flat, owner: str, written: tuple[str, ...]) -> tuple[core.Cue, ...]:
    return tuple(cue for one in written for cue in cue_of(compiler, flat, owner, one))


def cue_of(compiler: Compiler, flat: Flat, owner: str, written: str) -> Iterator[core.Cue]:
    """Yield what one cue stands for; nothing for a state that the checker reports as unknown."""
    if written == "$start":
        yield core.Cue(kind="start")
    elif found := ENTERED.fullmatch(written):
        path = flat.resolve(found[1], owner) or (found[1] if found[1] in flat.states else "")
        compiler.unresolved |= not path
        if path:
            yield core.Cue(kind="entered", name=path)
    elif "." in written:
        yield core.Cue(kind="step", name=written, own=written.partition(".")[0] == flat.name)
    else:
        yield core.Cue(kind="step", name=f"{flat.name}.{written}")


def rung_of(compiler: Compiler, mark: str, effects: tuple[behaviour.Effects, ...], site: Site, path: str) -> core.Rung:
    carried = entries_of(compiler, effects, site, path)
    if mark.endswith("%"):
        return core.Rung(name=mark, percent=int(mark[:-1]), effects=carried)
    offset = parse_length(mark[1:])
    assert offset is not None  # its pattern has seen to it
    return core.Rung(name=mark, offset=-offset if mark.startswith("-") else offset, effects=carried)
