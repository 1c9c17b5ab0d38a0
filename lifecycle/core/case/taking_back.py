"""Taking back what withdrawn events gave beside values: names and their rosters, papers and their registers, staff.

What somebody has touched since stays as it is, and the event says whose touch it was (`kept`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecycle.core.case import staffing
from lifecycle.core.case.papers import KEPT_OF_EARLIER, Issued, lives
from lifecycle.core.case.replaying import Key, gives_back, key_of, touched, withdrawn
from lifecycle.core.case.state import Case, Instance
from lifecycle.core.events import Json, Recorded, stamp
from lifecycle.core.register import REGISTER
from lifecycle.core.roster import ACQUAINTANCE, ROSTER, roster_name
from lifecycle.core.workflow.papers import VOID

if TYPE_CHECKING:
    from lifecycle.core.case.withdrawing import Undoing

RESTORED = "restored"
"""How a name came to whom it is given back, and what happens to a paper that is put back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """How a name, or a paper, came to be as it is.

    before  the case before anything withdrawn touched it last
    undone  what withdrawn events did to it last and nobody has taken back yet, in order: (revision, entry)
    other   revision of what touched it since some of the group did, but is not withdrawn
    """

    before: Case
    undone: Sequence[tuple[int, Mapping[str, Json]]]
    other: int | None


def take_back(undoing: Undoing) -> None:
    """Take back names, papers and what the directory of staff was told; name what has to stay."""
    for key in moved(undoing, "assigned"):
        course = course_of(undoing, "assigned", key)
        if stands_free(undoing, "assigned", key, course):
            name_back(undoing, key, course)
    for key in moved(undoing, "papers"):
        course = course_of(undoing, "papers", key)
        if stands_free(undoing, "papers", key, course):
            paper_back(undoing, key, course)
    for revision, event in reversed([*undoing.events()]):
        for entry in reversed(event.changes.get("staff", ())):
            if not staffing.take_back(undoing.changes, entry):
                undoing.kept.append({"what": "staff", "person": entry["person"], "revision": revision})


def moved(undoing: Undoing, part: str) -> dict[Key, None]:
    """Return the names or papers that the withdrawn events touched, in order."""
    return dict.fromkeys(key_of(entry) for _, event in undoing.events() for entry in event.changes.get(part, ()))


def course_of(undoing: Undoing, part: str, key: Key) -> Course:
    """Return how a name or paper fared. What an earlier late entry took back counts neither for nor against it."""
    known = undoing.known
    gone = undoing.everything | withdrawn(known.history)
    ours = [one for one in known.history if key in touched(one.event, part, one.revision in gone)]
    settled = {*settled_before(known.history, ours, part, key)}
    last: list[Recorded] = []
    while ours and (ours[-1].revision in gone or gives_back(ours[-1].event)):
        last.insert(0, ours.pop())
    undone = [
        (one.revision, entry)
        for one in last
        if one.revision not in settled and not gives_back(one.event)
        for entry in one.event.changes[part]
        if key_of(entry) == key
    ]
    stays = any(one.revision in undoing.group for one in ours)
    before = known.before(last[0].revision) if last else known.case
    return Course(before=before, undone=undone, other=ours[-1].revision if stays else None)


def settled_before(history: Sequence[Recorded], ours: Sequence[Recorded], part: str, key: Key) -> Iterator[int]:
    """Yield the revisions of what earlier withdrawals took back of a name or paper: what came last before each.

    ours   what touched it
    """
    backs = [one for one in history if gives_back(one.event)]
    for back in backs:
        together = [b for b in backs if b.revision <= back.revision or b.event.command == back.event.command]
        gone = withdrawn(together)
        for one in reversed([each for each in ours if each.revision < back.revision]):
            if one.revision in gone:
                yield one.revision
            elif not gives_back(one.event) and key in touched(one.event, part, False):
                break


def stands_free(undoing: Undoing, part: str, key: Key, course: Course) -> bool:
    """Return whether this withdrawal takes something back; note what was touched since, or stays with others."""
    of, name = key
    if course.other is not None:
        undoing.kept.append({"what": part, "of": of, "name": name, "revision": course.other})
    latest = max((revision for revision, _ in course.undone if revision in undoing.everything), default=0)
    if latest not in undoing.group:
        return False
    if of and not goes_too(undoing, of) and of not in course.before.instances:
        undoing.kept.append({"what": part, "of": of, "name": name})
        return False
    return True


def goes_too(undoing: Undoing, of: str) -> bool:
    """Return whether an instance is withdrawn itself."""
    return of in undoing.ended or undoing.case.instances[of].withdrawn


# --- names and rosters --------------------------------------------------------------------------------------------


def name_back(undoing: Undoing, key: Key, course: Course) -> None:
    """Give a name back to who bore it before, and the rosters what they knew; a withdrawn instance keeps its names.

    In an instance that has ended since, nobody's job comes of it.
    """
    of, name = key
    now, before = undoing.case.instances[of], course.before.instances.get(of)
    borne = None if goes_too(undoing, of) else job_of(now, name)
    forget(undoing, key, course, borne)
    if goes_too(undoing, of):
        return
    again = job_of(before, name) if before is not None else None
    told: dict[str, Json] = {"name": name, "of": of}
    if name in now.assigned:
        pool = {part: value for part, value in now.duties.get(name, {}).items() if part == "pool"}
        replaced = {"replaced": True} if again is not None else {}
        people = list(now.assigned[name])
        undoing.changes.leave("assigned", {"is": "released", **told, "people": people, **pool, **replaced})
    if again is not None:
        undoing.changes.leave("assigned", {"is": "assigned", **told, **again, "turn": RESTORED})
        if undoing.parts.get(of, {}).get("outcome", now.outcome):
            undoing.changes.leave("assigned", {"is": "released", **told, "people": again["people"], "ended": True})
        elif "pool" in again:
            roster = roster_of(undoing, again["pool"])
            change = {"people": again["people"], "as": name, "of": of, "again": True}
            undoing.changes.record_beside(ROSTER, roster, "assigned", {"roster": change})


def job_of(one: Instance, name: str) -> dict[str, Json] | None:
    """Return who bears a name, of which pool, in which places; None for nobody, and for a job that is over."""
    duty = one.duties.get(name, {})
    if name not in one.assigned or duty.get("over"):
        return None
    return {"people": list(one.assigned[name]), **duty}


def forget(undoing: Undoing, key: Key, course: Course, borne: Mapping[str, Json] | None) -> None:
    """Tell the rosters that jobs were never given: neither the load nor the count of them, nor the turn, is left."""
    given: dict[str, list[str]] = {}
    for _, entry in course.undone:
        if entry["is"] == "assigned" and "pool" in entry and entry["people"]:
            given.setdefault(entry["pool"], []).extend(entry["people"])
    if borne is not None and "pool" in borne:
        given.setdefault(borne["pool"], [])
    causes = {f"{undoing.case.number}@{revision}" for revision, _ in course.undone}
    beside = undoing.changes.scope.facts.beside
    for pool, people in given.items():
        roster = roster_of(undoing, pool)
        open_still = borne["people"] if borne is not None and borne.get("pool") == pool else []
        change: dict[str, Json] = {"people": open_still, "as": key[1], "of": key[0]}
        before = beside.now(ROSTER, roster).before
        back = {person: turn for person, (turn, cause) in before.items() if cause in causes}
        change.update({name: value for name, value in (("forget", people), ("back", back)) if value})
        undoing.changes.record_beside(ROSTER, roster, "released", {"roster": change})
        unmeet(undoing, roster, causes)


def unmeet(undoing: Undoing, roster: str, causes: set[str]) -> None:
    """Let a customer keep the one that they knew before, where a withdrawn event made the acquaintance."""
    name = f"{roster}/{undoing.case.subject}"
    met = undoing.changes.scope.facts.beside.now(ACQUAINTANCE, name)
    if met.cause in causes:
        undoing.changes.record_beside(ACQUAINTANCE, name, "made", {"acquaintance": {"person": met.before}})


def roster_of(undoing: Undoing, pool: str) -> str:
    return roster_name(undoing.known.workflow.name, pool)


# --- papers and registers -----------------------------------------------------------------------------------------


def paper_back(undoing: Undoing, key: Key, course: Course) -> None:
    """Put a paper back to how it was; one that only withdrawn events issued is void, and keeps its number."""
    of, name = key
    holder, earlier = undoing.holder(undoing.case, of), undoing.holder(course.before, of)
    assert holder is not None
    now = holder.papers[name]
    before = earlier.papers.get(name) if earlier is not None else None
    stood = put_back(before, now, stamp(undoing.known.now))
    numbers_back(undoing, name, course, before)
    if stood == now:
        return
    entry: dict[str, Json] = {"paper": name, "is": RESTORED, **({"of": of} if of else {})}
    if "number" in stood:
        entry["number"] = stood["number"]
    if before is None and not now.get("before"):
        undoing.changes.leave("papers", {**entry, "is": "voided"})
        return
    if stood["stage"]:
        entry["stage"] = stood["stage"]
    undoing.changes.leave("papers", {**entry, "as": stood})


def put_back(before: Issued | None, now: Issued, at: str) -> Issued:
    """Return a paper as it stood before; numbered ones of its name that were issued since are kept with it, as void.

    at   stored instant from which on they are
    """
    line = [*now.get("before", ()), now]
    if before is None:
        *others, latest = [voided(one, at) for one in line]
        return {**latest, "before": others} if others else latest
    numbers = {one.get("number") for one in (*before.get("before", ()), before)}
    since = [one for one in line if "number" in one and one["number"] not in numbers]
    told = [{part: one[part] for part in KEPT_OF_EARLIER if part in one} for one in since]
    return {**before, "before": [*before.get("before", ()), *(voided(one, at) for one in told)]} if told else before


def voided(paper: Issued, at: str) -> Issued:
    return {**paper, "stage": VOID, "at": {**paper["at"], VOID: at}} if lives(paper) else paper


def numbers_back(undoing: Undoing, name: str, course: Course, before: Issued | None) -> None:
    """Tell the registers which numbers count no more, and which one does again. None is ever drawn twice."""
    drawn = {entry["number"]: entry["series"] for _, entry in course.undone if "series" in entry}
    struck = [entry["number"] for _, entry in course.undone if entry["is"] == "voided" and "number" in entry]
    for number, series in drawn.items():
        if number not in struck:
            tell_register(undoing, "voided", series, name, number)
    if before is not None and before.get("number") in struck and "series" in before:
        tell_register(undoing, "reinstated", before["series"], name, before["number"])


def tell_register(undoing: Undoing, happening: str, series: str, paper: str, number: str) -> None:
    told = {"series": series, "paper": paper, "number": number}
    undoing.changes.record_beside(REGISTER, series, happening, {"register": told})
