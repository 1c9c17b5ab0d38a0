"""Assignment as effect: people and things of a pool taken under a name, in turn or by hand, and given back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from lifecycle.core.case.commands import OpenCase, TakeStep
from lifecycle.core.case.eligible import Candidate, Ground, Why, ground_of
from lifecycle.core.case.papering import foreseen, reads_any
from lifecycle.core.case.refused import Refused
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.events import Actor, Json, Personal
from lifecycle.core.roster import ACQUAINTANCE, ROSTER, roster_name
from lifecycle.core.workflow import Assign, Call, Effect, Failure, Record, Release
from lifecycle.core.workflow.people import Pool, Turn
from lifecycle.core.workflow.titles import bearer_title, pool_title, qualification_title
from lifecycle.problems import Reason, Text

if TYPE_CHECKING:
    from lifecycle.core.case.effects import Changes

EXHAUSTED = "exhausted"
"""What a pool raises when it has nobody: the event `<pool>.exhausted`, and a finding."""


def assign_reasons(
    calls: Iterable[Call],
    effects: tuple[Effect, ...],
    scope: Snapshot,
    written: Mapping[str, str],
    silent: frozenset[str] = frozenset(),
) -> Iterator[Reason]:
    """Yield what stands against the people whom a step names by hand.

    written  reasons given, by the assignment's name
    silent   fields that nobody was asked for yet: what depends on them says nothing
    """
    named = [effect for effect in effects if isinstance(effect, Assign) and effect.pool is not None and effect.person]
    if not named:
        return
    scope = foreseen(calls, effects, scope)
    for effect in named:
        assert effect.person is not None
        if reads_any(effect.person.reads, silent):
            continue
        if effect.when is None or effect.when.holds(scope) is True:
            yield from hand_reasons(effect, scope, written.get(effect.name, ""))


def overridable(effects: Iterable[Effect]) -> tuple[str, ...]:
    """Return the names of assignments and series for which a written reason may be given."""
    return tuple(effect.name for effect in effects if isinstance(effect, Assign | Record) and effect.override)


def hand_reasons(effect: Assign, scope: Snapshot, written: str) -> Iterator[Reason]:
    """Yield what stands against those named by hand, unless a written reason lets the actor go on."""
    assert effect.pool is not None
    people = named_by_hand(effect, scope)
    if not people:
        if effect.pool.turn == "by_hand":
            yield Reason(
                code="assignee-missing",
                where=effect.where,
                rules=effect.pool.rules,
                values=titled(effect.pool, effect, scope),
            )
        return
    ground = ground_of(effect, scope)
    against = [(person, why) for person in people for why in ground.against(person)]
    if not against or (may_override(effect, scope.actor) and written.strip()):
        return
    for person, why in against:
        yield Reason(
            code=f"assignee-{why.code.replace('_', '-')}",
            where=effect.where,
            rules=effect.pool.rules,
            actual=person,
            values={"person": person, "what": what_lacks(why, scope), **titled(effect.pool, effect, scope)},
        )
    if may_override(effect, scope.actor):
        yield Reason(code="assignee-overridable", where=effect.where, values={"guard": effect.name})


def titled(pool: Pool, effect: Assign, scope: Snapshot) -> dict[str, Text | str]:
    """Return pool and assignment as a reason names them."""
    return {
        "pool": pool_title(scope.workflow, pool.name),
        "assignment": bearer_title(scope.workflow, effect.name),
    }


def what_lacks(why: Why, scope: Snapshot) -> Text | str:
    return qualification_title(scope.workflow, why.what) if why.code in ("lacks", "expired") else why.what


def may_override(effect: Assign, actor: Actor) -> bool:
    return bool({"self", actor.role, *actor.helpers} & set(effect.override))


def named_by_hand(effect: Assign, scope: Snapshot) -> list[str]:
    """Return whom the assignment's formula names: nobody, one, or several.

    Raises  Refused when it has no answer
    """
    if effect.person is None:
        return []
    value = effect.person.value(scope)
    if isinstance(value, Failure):
        raise failed(effect, effect.person.text, value)
    people = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(str(person) for person in people if person not in (None, "")))


def failed(effect: Assign, formula: str, failure: Failure) -> Refused:
    values = {"formula": formula, "failure": failure.text}
    return Refused(Reason(code="effect-failed", where=effect.where, values=values))


def assign(changes: Changes, effect: Assign) -> None:
    """Carry out the effect: release who bore the name, choose, and tell the roster.

    Raises  Refused when somebody named by hand does not qualify, or a formula has no answer
    """
    command = changes.command
    given = command.reasons if isinstance(command, OpenCase | TakeStep) else {}
    written = given.get(effect.name, "").strip()
    if effect.pool is not None and effect.person is not None:
        against = next(hand_reasons(effect, changes.scope, written), None)
        if against is not None:
            raise Refused(against)
    apart = changes.scope
    let_go(changes, effect.name, replaced=True)
    entry, turns = chosen(effect, changes.scope, apart, written)
    if effect.pool is not None:
        enter_in_roster(changes, effect.pool, entry, turns)
    changes.leave("assigned", entry)
    changes.scope = changes.scope.with_assigned(effect.name, entry if entry["people"] else None)
    note_lack(changes, effect, entry)


def chosen(effect: Assign, scope: Snapshot, before: Snapshot, written: str) -> tuple[dict[str, Json], list[str]]:
    """Return the assignment for the event: who, by which turn, who was passed over and why, how many lack.

    With it, in order, whose turns are over by it; nobody's when somebody was named.

    before  the scope in which those whom it must keep apart from still bear their names
    """
    assert scope.instance is not None
    entry: dict[str, Json] = {"is": "assigned", "name": effect.name, "of": scope.instance.id}
    people = named_by_hand(effect, before)
    if effect.pool is None:
        return {**entry, "people": people, "turn": "named"}, []
    turns: list[str] = []
    entry["pool"] = effect.pool.name
    if people:
        ground = ground_of(effect, before)
        against = [why.to_json(person) for person in people for why in ground.against(person)]
        entry.update({"people": people, "turn": "by_hand"})
        if against:
            entry.update({"against": against, "reason": Personal(written)})
    else:
        found, turns = in_turn(ground_of(effect, scope, before), effect.wanted)
        entry.update(found)
    if effect.team:
        entry["team"] = seated(effect, entry["people"])
    lacking = effect.wanted - len(entry["people"])
    if lacking > 0:
        entry["lacking"] = lacking
    return entry, turns


def in_turn(ground: Ground, wanted: int) -> tuple[dict[str, Json], list[str]]:
    """Return who is taken, with those before them in the turn who were passed over; and whose turns are over.

    A turn is over for those whom the round has come to and taken. Where the pool says so it is lost for those whom it
    has passed over, unless nobody was taken: then the round has not moved.
    """
    found: list[Candidate] = []
    passed: list[tuple[Candidate, Why]] = []
    over: list[str] = []
    turn = ground.pool.turn
    for candidate, way in ground.order():
        if len(found) == wanted:
            break
        why: Why | None = next(ground.against(candidate.id), None)
        if why is None:
            found.append(candidate)
            turn = way if len(found) == 1 else turn
        else:
            passed.append((candidate, why))
        if why is None or loses_turn(ground.pool, way, why):
            over.append(candidate.id)
    moved = bool(found) and turn == "round_robin"
    entry: dict[str, Json] = {"people": [one.id for one in found], "turn": turn, "of_all": ground.size}
    if passed:
        lost = set(over) if moved else set()
        entry["passed"] = [{**why.to_json(one.id), **({"lost": True} if one.id in lost else {})} for one, why in passed]
    if turn == "least_load" and found:
        entry["loads"] = [one.load for one in found]
    return entry, over if moved else []


def loses_turn(pool: Pool, way: Turn, why: Why) -> bool:
    """Return whether who is passed over has had their turn; people of another unit do not stand in this round."""
    return pool.passed == "lost" and way == "round_robin" and why.code != "elsewhere"


def seated(effect: Assign, people: list[str]) -> dict[str, list[str]]:
    """Return who has which place in the team; whoever is more than its places stands in the last one."""
    seats: dict[str, list[str]] = {}
    rest = list(people)
    for slot in effect.team:
        seats[slot.name], rest = rest[: slot.count], rest[slot.count :]
    seats[effect.team[-1].name].extend(rest)
    return {name: seated_there for name, seated_there in seats.items() if seated_there}


def enter_in_roster(changes: Changes, pool: Pool, entry: dict[str, Json], turns: list[str]) -> None:
    """Tell the pool's roster who has one open job more, and whose turns are over."""
    people, scope = entry["people"], changes.scope
    if not people:
        return
    told = {"people": people, "as": entry["name"], "of": entry["of"]}
    if entry["turn"] == "round_robin":
        told["in_turn"] = True
        if turns != people:
            told["turns"] = turns
    roster = roster_name(scope.workflow.name, pool.name)
    changes.record_beside(ROSTER, roster, "assigned", {"roster": told})
    if pool.turn == "last" and scope.case.customer is not None:
        name = f"{roster}/{scope.case.subject}"
        if scope.facts.beside.now(ACQUAINTANCE, name).person != people[0]:
            changes.record_beside(ACQUAINTANCE, name, "made", {"acquaintance": {"person": people[0]}})


def note_lack(changes: Changes, effect: Assign, entry: dict[str, Json]) -> None:
    """Open the finding that a pool had nobody, or too few; close it when the name is borne again."""
    pool = effect.pool
    if pool is None:
        return
    identity = f"{entry['of']}:{effect.name}:{EXHAUSTED}"
    if entry.get("lacking"):
        found = {"id": identity, "is": "opened", "name": f"{pool.name}.{EXHAUSTED}", "instance": entry["of"]}
        told = {"code": "pool-exhausted", "pool": pool.name, "assignment": effect.name, "count": entry["lacking"]}
        changes.findings.append({**found, **told, "rules": list(pool.rules)})
    elif identity in changes.scope.case.findings:
        changes.findings.append({"id": identity, "is": "closed"})


def release(changes: Changes, effect: Release) -> None:
    """Carry out the effect; nothing when nobody bears the name."""
    let_go(changes, effect.name)


def release_all(changes: Changes) -> None:
    """Give back everybody whom the present instance holds: it has ended. Their names stay with it."""
    for name in changes.scope.assignments():
        let_go(changes, name, ended=True)


def let_go(changes: Changes, name: str, *, replaced: bool = False, ended: bool = False) -> None:
    scope = changes.scope
    held = scope.assignment(name)
    if held is None or scope.instance is None or held.get("over"):
        return
    entry: dict[str, Json] = {"is": "released", "name": name, "of": scope.instance.id, "people": held["people"]}
    pool = held.get("pool", "")
    if pool:
        entry["pool"] = pool
        told = {"people": held["people"], "as": name, "of": scope.instance.id}
        changes.record_beside(ROSTER, roster_name(scope.workflow.name, pool), "released", {"roster": told})
    if replaced:
        entry["replaced"] = True
    if ended:
        entry["ended"] = True
    changes.leave("assigned", entry)
    changes.scope = scope.with_assigned(name, {**held, "over": True} if ended else None)


def raised(changes: Mapping[str, Json]) -> tuple[str, ...]:
    """Return the further events that an event's changes raise: `<pool>.exhausted`."""
    return tuple(
        dict.fromkeys(f"{entry['pool']}.{EXHAUSTED}" for entry in changes.get("assigned", ()) if entry.get("lacking"))
    )
