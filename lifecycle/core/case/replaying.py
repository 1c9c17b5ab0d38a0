"""A case as it was at an instant, as far as was known: corrections count, what was withdrawn did not happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from lifecycle.core.case.evolve import evolve, fold
from lifecycle.core.case.state import Case
from lifecycle.core.events import Event, Json, Recorded, in_order


def folded(stream: UUID, history: Sequence[Recorded], at: datetime | None, position: int | None) -> Case:
    """Return a case as it was at `at`, as far as was known at `position`.

    With neither it is the live fold, in order of revision. Else the events happened in (occurred_at, revision)
    order, a correction known by then gives its values to the event that it corrects, and what the clock did and a late
    entry showed to be wrong has not happened.
    """
    known = [recorded for recorded in history if position is None or recorded.position <= position]
    if at is None:
        return fold(stream, (recorded.event for recorded in known))
    case = Case(id=stream)
    for recorded in in_order(with_corrections(without_withdrawn(known))):
        if recorded.event.occurred_at <= at:
            # The case counts as it did when the event was recorded: provenance names stored revisions.
            case = case.copy()
            case.revision = recorded.revision - 1
            case = evolve(case, recorded.event)
    return case


def with_corrections(known: Sequence[Recorded]) -> list[Recorded]:
    """Return a history in which corrected events hold what is known of them now, and corrections do nothing more."""
    values: dict[int, dict[str, Json]] = {}
    withdrawn: set[int] = set()
    for recorded in known:
        correction = recorded.event.changes.get("corrects")
        if correction:
            values.setdefault(correction["revision"], {}).update(correction.get("values", {}))
            if "withdrawn" in correction:
                withdrawn.add(correction["revision"])
    return [
        replace(each, event=mended(each.event, values.get(each.revision, {}), each.revision in withdrawn))
        if each.revision in values or "corrects" in each.event.changes
        else each
        for each in known
    ]


def mended(event: Event, values: Mapping[str, Json], withdrawn: bool) -> Event:
    """Return an event with some of the values that it gave replaced; a withdrawn one is no evidence of its step."""
    changes = {name: change for name, change in event.changes.items() if name != "corrects"}
    for part in ("form", "set"):
        if part in changes:
            changes[part] = {name: values.get(name, value) for name, value in changes[part].items()}
    if withdrawn:
        changes["withdrawn"] = True
    return replace(event, changes=changes)


def withdrawn(known: Sequence[Recorded]) -> set[int]:
    """Return the revisions of what the withdrawals in a history took back."""
    return {revision for each in known for revision in each.event.changes.get("withdraws", {}).get("revisions", ())}


def gives_back(event: Event) -> bool:
    """Return whether an event takes back what others did."""
    return "withdraws" in event.changes


Key = tuple[str, str]
"""Whose paper or name it is (an instance, or "" for the case), and which."""

HANDED_ON = ("papers", "assigned")
"""Changes that people may take up from the clock: what they have touched stays."""


def key_of(entry: Mapping[str, Json]) -> Key:
    """Return what an entry of `papers` or `assigned` is about."""
    return entry.get("of", ""), entry["paper"] if "paper" in entry else entry["name"]


def touched(event: Event, part: str, gone: bool) -> set[Key]:
    """Return the papers or names that an event touched. The end of an instance is none, unless it is `gone` itself."""
    return {key_of(entry) for entry in event.changes.get(part, ()) if gone or not entry.get("ended")}


def without_withdrawn(known: Sequence[Recorded]) -> list[Recorded]:
    """Return a history without what the clock did and a late entry showed to be wrong.

    A case that such an event opened and instances that it started were there, until they were ended; papers and names
    that people took up from it before it was withdrawn are as they found them. Nothing else of it happened.
    """
    gone = withdrawn(known)
    if not gone:
        return list(known)
    left = left_alone(known, gone)
    kept: list[Recorded] = []
    for each in known:
        changes = each.event.changes
        if each.revision in gone:
            there = {part: changes[part] for part in ("opened", "started") if part in changes}
            taken_up = {
                part: [entry for entry in changes.get(part, ()) if (each.revision, part, key_of(entry)) in left]
                for part in HANDED_ON
            }
            changes = {name: rest for name, rest in {**there, **taken_up}.items() if rest}
            if changes:
                kept.append(replace(each, event=each.event.with_changes({**changes, **NO_STEP})))
        elif gives_back(each.event):
            kept.append(replace(each, event=each.event.with_changes(ending(changes))))
        else:
            kept.append(each)
    return kept


def left_alone(known: Sequence[Recorded], gone: set[int]) -> set[tuple[int, str, Key]]:
    """Return (revision, part, key) of papers and names in withdrawn events that were not taken back."""
    withdrawals = [each for each in known if gives_back(each.event)]
    by = {revision: each for each in withdrawals for revision in each.event.changes["withdraws"]["revisions"]}
    found: set[tuple[int, str, Key]] = set()
    for part in HANDED_ON:
        later: dict[Key, list[int]] = {}
        for each in reversed(known):
            for key in touched(each.event, part, each.revision in gone):
                since = later.setdefault(key, [])
                if each.revision in gone:
                    back = by[each.revision]
                    if not any(one < back.revision for one in since) and not stays_whole(back, part, key):
                        continue
                    found.add((each.revision, part, key))
                elif gives_back(each.event):
                    continue
                since.append(each.revision)
    return found


def stays_whole(back: Recorded, part: str, key: Key) -> bool:
    """Return whether a withdrawal left something as it was although nobody has touched it since."""
    kept = (entry for entry in back.event.changes.get("kept", ()) if entry["what"] == part and "revision" not in entry)
    return any((entry["of"], entry["name"]) == key for entry in kept)


NO_STEP: Mapping[str, Json] = {"withdrawn": True}
"""Marks an event that is no evidence of a step."""


def ending(changes: Mapping[str, Json]) -> dict[str, Json]:
    """Return of a withdrawal's changes how the instances end that the withdrawn events had started."""
    ended = {entry["of"] for entry in changes.get("ended", ())}
    clocks = {
        part: [entry for entry in changes.get(part, ()) if entry.get("instance") in ended]
        for part in ("deadlines", "timers")
    }
    over = [entry for entry in changes.get("assigned", ()) if entry.get("ended")]
    return {
        name: change for name, change in {"ended": changes.get("ended"), **clocks, "assigned": over}.items() if change
    }
