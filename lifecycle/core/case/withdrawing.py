"""Withdrawing: the event that takes back what the clock did and a late entry shows to be wrong, and all it caused.

What is given back is what still is as the withdrawn events left it; what somebody has touched since stays, and the
event says so (`kept`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lifecycle.core.case.assigning import release_all
from lifecycle.core.case.clocking import LIVE, Clock, next_number, within_owner
from lifecycle.core.case.commands import Command
from lifecycle.core.case.effects import Changes
from lifecycle.core.case.evolve import STAY
from lifecycle.core.case.guards import Weighed
from lifecycle.core.case.hindsight import Known, Wrong, acted_since, address, by_the_clock, due_of
from lifecycle.core.case.posting import reverse_entries_caused_by
from lifecycle.core.case.recording import Draft, event_of
from lifecycle.core.case.replaying import withdrawn
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.state import WITHDRAWN, Case, Instance
from lifecycle.core.case.taking_back import take_back
from lifecycle.core.events import SYSTEM, Event, Json, changed_values, message_id, stamp
from lifecycle.core.notices import NOTICES, RECALLED, void


@dataclass(kw_only=True, slots=True)
class Undoing:
    """The taking back of one wrong thing, or of what one of another case has caused here.

    wrong    None for the latter
    group    revisions of it and of what came of it; everything: of all that the same entry shows to be wrong
    parts    holder -> what of it is put back ("" is the case)
    ended    instances that end
    kept     what stays, and why
    """

    known: Known
    wrong: Wrong | None
    group: set[int]
    everything: set[int]
    changes: Changes
    parts: dict[str, dict[str, Json]] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    kept: list[Json] = field(default_factory=list)

    @property
    def case(self) -> Case:
        return self.changes.scope.case

    def events(self) -> Iterator[tuple[int, Event]]:
        for revision in sorted(self.group):
            yield revision, self.known.history[revision - 1].event

    def holder(self, case: Case, of: str) -> Case | Instance | None:
        return case.instances.get(of) if of else case


def withdrawal(
    known: Known, wrong: Wrong, group: set[int], everything: set[int], case: Case, command: Command
) -> Event:
    """Return the event `deadline.breach_withdrawn` or `timer.superseded`, with all that it takes back.

    case   as it is now; what was found wrong later than this is taken back already
    """
    one = case.instances[wrong.instance]
    scope = Snapshot(workflow=known.workflow, case=case, instance=one, actor=SYSTEM, now=known.now, facts=known.facts)
    changes = Changes(scope=scope, command=command)
    undoing = Undoing(known=known, wrong=wrong, group=group, everything=everything, changes=changes)
    extra: dict[str, Json] = {"withdraws": told(known, wrong, group), **undo(undoing)}
    kind = "deadline.breach_withdrawn" if wrong.deadline else "timer.superseded"
    about = wrong.deadline or wrong.step
    rules = about.rules if about else ()
    draft = Draft(scope=scope, command=command, weighed=Weighed(reasons=()), causation=command.id)
    target = undoing.parts.get(one.id, {}).get("state", one.state)
    return event_of(draft, kind, one.id, one.state, target, changes, rules, extra, [])


def undo(undoing: Undoing) -> dict[str, Json]:
    """Return the changes of the event that takes everything of the group back, as far as it still is as it was left."""
    end_instances(undoing)
    put_values_back(undoing)
    put_instances_back(undoing)
    deadlines = [*clocks_back(undoing)]
    for revision in sorted(undoing.group, reverse=True):
        reverse_entries_caused_by(undoing.changes, f"{undoing.case.number}@{revision}")
    findings_back(undoing)
    take_back(undoing)
    tell_that_void(undoing)
    extra: dict[str, Json] = {
        "restored": [{"of": of, **parts} for of, parts in undoing.parts.items()],
        "ended": [{"of": of, "outcome": WITHDRAWN} for of in undoing.ended],
        "recalls": [*notices_of(undoing)],
        "takes_back": [*reached(undoing)],
        "kept": undoing.kept,
        "deadlines": deadlines,
    }
    return extra


def reached(undoing: Undoing) -> Iterator[Json]:
    """Yield {"case", "cause", "message"} of what the withdrawn events caused in other cases, which take it back.

    message   id of the command that delivered it; none for a case that they opened
    """
    for revision, event in undoing.events():
        cause = f"{event.case}@{revision}"
        position = undoing.known.history[revision - 1].position
        for n, send in enumerate(event.changes.get("sends", ())):
            yield {"case": send["case"], "cause": cause, "message": message_id(position, n)}
        yield from ({"case": opened["number"], "cause": cause} for opened in event.changes.get("opens", ()))


def told(known: Known, wrong: Wrong, group: set[int]) -> dict[str, Json]:
    """Return what is withdrawn, and when the entry that shows it happened."""
    found: dict[str, Json] = {"revisions": sorted(group), "due": due_of(wrong), "shown_at": stamp(known.at)}
    if wrong.deadline is not None and wrong.clock is not None:
        return {"deadline": wrong.deadline.name, "n": wrong.clock["n"], **found}
    return {"step": wrong.step.name if wrong.step else "", **found}


# --- instances, values, states ------------------------------------------------------------------------------------


def end_instances(undoing: Undoing) -> None:
    """End what the withdrawn events had started, and what that started in its turn."""
    case = undoing.case
    born = {entry["id"] for _, event in undoing.events() for entry in event.changes.get("started", ())}
    for one in case.instances.values():
        if one.id not in born and one.parent not in born:
            continue
        born.add(one.id)
        if one.withdrawn:
            continue
        if one.final:
            undoing.kept.append({"what": "instance", "of": one.id})
            continue
        undoing.ended.append(one.id)
        outer = undoing.changes.scope
        undoing.changes.scope = outer.but(instance=one)
        release_all(undoing.changes)
        undoing.changes.scope = outer


def put_values_back(undoing: Undoing) -> None:
    """Give fields the values from before, where they still have what the withdrawn events gave them."""
    for of, name in dict.fromkeys(values_given(undoing)):
        holder = undoing.holder(undoing.case, of)
        if holder is None or of in undoing.ended:
            continue
        since = holder.since.get(name)
        if since in undoing.group:
            value, before = value_before(undoing, of, name, since)
            parts = undoing.parts.setdefault(of, {})
            parts.setdefault("values", {})[name] = value
            parts.setdefault("since", {})[name] = before
        elif since is not None and since not in undoing.everything and since > min(undoing.group):
            undoing.kept.append({"what": "value", "of": of, "name": name, "revision": since})


def values_given(undoing: Undoing) -> Iterator[tuple[str, str]]:
    """Yield (holder, field) of every value that the withdrawn events gave."""
    for _, event in undoing.events():
        shared = event.changes.get("shared", ())
        for name in changed_values(event):
            yield ("" if name in shared else event.machine), name


def value_before(undoing: Undoing, of: str, name: str, since: int) -> tuple[Json, int | None]:
    """Return the value that a field had before anything withdrawn gave it one, and that one's revision; None: none."""
    gone = undoing.everything | withdrawn(undoing.known.history)
    revision: int | None = since
    value: Json = None
    while revision is not None and revision in gone:
        holder = undoing.holder(undoing.known.before(revision), of)
        value = holder.data.get(name) if holder is not None else None
        revision = holder.since.get(name) if holder is not None else None
    return value, revision


def put_instances_back(undoing: Undoing) -> None:
    """Put instances back to where they were, unless somebody has acted on them since."""
    moved = {event.machine: None for _, event in undoing.events() if event.machine and not by_the_clock(event)}
    for of in moved:
        if of in undoing.ended or undoing.case.instances[of].withdrawn:
            continue
        acted = acted_since(undoing.known, undoing.everything, of)
        if acted:
            undoing.kept.append({"what": "state", "of": of, "revision": acted[0]})
            continue
        first = next(
            revision for revision, event in undoing.events() if event.machine == of and not by_the_clock(event)
        )
        before, now = undoing.known.before(first).instances.get(of), undoing.case.instances[of]
        for part in STAY if before is not None else ():
            if getattr(before, part) != getattr(now, part):
                undoing.parts.setdefault(of, {})[part] = getattr(before, part)


# --- clocks -------------------------------------------------------------------------------------------------------


def clocks_back(undoing: Undoing) -> Iterator[dict[str, Json]]:
    """Yield the entries that put deadlines back to how they stood before anything withdrawn touched them."""
    wrong, now = undoing.wrong, stamp(undoing.known.now)
    own = (wrong.instance, wrong.deadline.name) if wrong and wrong.deadline else None
    touched = dict.fromkeys(
        (address(entry, event), entry["id"])
        for _, event in undoing.events()
        for entry in event.changes.get("deadlines", ())
    )
    for of, name in touched:
        if of in undoing.ended or of not in undoing.case.instances:
            continue
        current = undoing.case.instances[of].clocks.get(name)
        if current is None:
            continue
        about = {"id": name, **({} if wrong and of == wrong.instance else {"instance": of})}
        free, before = standing_before(undoing, of, name)
        if wrong and (of, name) == own:
            if not free and current["n"] != (wrong.clock or {}).get("n"):
                undoing.kept.append({"what": "deadline", "of": of, "name": name})
                continue
            before = set_right(undoing, wrong, current, free)
        elif not free:
            continue
        yield from ({**about, **entry} for entry in turned_back(current, before, now))


def standing_before(undoing: Undoing, of: str, name: str) -> tuple[bool, Clock | None]:
    """Return whether only withdrawn events touched a deadline last, and how it stood before them."""
    revisions = [
        one.revision
        for one in undoing.known.history
        for entry in one.event.changes.get("deadlines", ())
        if entry["id"] == name and address(entry, one.event) == of
    ]
    first = None
    while revisions and revisions[-1] in undoing.everything:
        first = revisions.pop()
    if first is None:
        return False, None
    one = undoing.known.before(first).instances.get(of)
    return True, None if one is None or name not in one.clocks else dict(one.clocks[name])


def set_right(undoing: Undoing, wrong: Wrong, current: Mapping[str, Json], free: bool) -> Clock:
    """Return how the deadline whose breach is withdrawn stands without it, before the entry itself is heard.

    Where the entry cannot be heard any more, since the instance has gone on, it stands as the entry would have left it.
    free   only what is withdrawn has touched it since
    """
    known = undoing.known
    assert wrong.deadline is not None
    assert wrong.clock is not None
    one = undoing.case.instances[wrong.instance]
    state = undoing.parts.get(one.id, {}).get("state", one.state)
    outcome = undoing.parts.get(one.id, {}).get("outcome", one.outcome)
    there = one.copy()
    there.state = state
    clock: Clock = {**wrong.clock, "is": "withdrawn"}
    if wrong.shift == "moved":
        then = known.before(wrong.recorded.revision).instances[one.id].clocks[wrong.deadline.name]
        clock = {**then, "is": "withdrawn"}
        if not free and current["n"] == clock["n"] and current["state"] == "over":
            ended = {name: current[name] for name in ("state", "stopped", "spent_us") if name in current}
            outcome_now = "met" if current["is"] == "late" else current["is"]
            clock = {**clock, **dict(wrong.moved), **ended, "is": outcome_now, "marks": {}}
    elif outcome or not within_owner(wrong.deadline, there):
        for event in known.entered:
            for entry in event.changes.get("deadlines", ()):
                if (address(entry, event), entry["id"], entry["n"]) == (one.id, wrong.deadline.name, clock["n"]):
                    clock |= {name: part for name, part in entry.items() if name not in ("id", "instance")}
    clock["withdrawn"] = [*clock.get("withdrawn", ()), due_of(wrong)]
    if current["n"] != clock["n"]:
        clock["top"] = next_number(dict(current)) - 1
    return clock


def turned_back(current: Mapping[str, Json], before: Clock | None, now: str) -> Iterator[dict[str, Json]]:
    """Yield what turns one standing of a deadline into another; one that should not have begun ends."""
    if (before is None or before["n"] != current["n"]) and (current["state"] in LIVE or before is None):
        over: dict[str, Json] = {"is": "cancelled", "state": "over", "stopped": now, "marks": {}, "breached": None}
        yield {"n": current["n"], **over}
    if before is not None:
        marks = max(before.get("withdrawn", []), current.get("withdrawn", []), key=len)
        before = {**before, "withdrawn": marks}
        yield {"n": before["n"], **{name: before.get(name) for name in sorted({*current, *before} - {"n"})}}


# --- findings, notices --------------------------------------------------------------------------------------------


def findings_back(undoing: Undoing) -> None:
    """Close the findings that the withdrawn events opened, and open again those that they closed.

    Standing expectations are asked anew after every command.
    """
    case, last = undoing.case, dict[str, int]()
    for one in undoing.known.history:
        for entry in one.event.changes.get("findings", ()):
            last[entry["id"]] = one.revision
    for identity, revision in last.items():
        if revision not in undoing.group:
            continue
        before = undoing.known.before(revision).findings.get(identity)
        standing = case.findings.get(identity)
        if standing is not None and not standing.get("expected") and before is None:
            undoing.changes.findings.append({"id": identity, "is": "closed"})
        elif standing is None and before is not None and not before.get("expected"):
            kept = {name: value for name, value in before.items() if name != "since"}
            undoing.changes.findings.append({"id": identity, "is": "opened", **kept})


def notices_of(undoing: Undoing) -> Iterator[Json]:
    """Yield {"revision", "nth"} of every notice that the withdrawn events gave."""
    for revision, event in undoing.events():
        for nth, _ in enumerate(event.changes.get("notices", ()), start=1):
            yield {"revision": revision, "nth": nth}


def tell_that_void(undoing: Undoing) -> None:
    """Leave a notice for whoever was told something withdrawn, in its own words; who was not told yet never gets it."""
    for revision, event in undoing.events():
        for entry in event.changes.get(NOTICES, ()):
            if not void(entry):
                undoing.changes.leave(NOTICES, {**entry, RECALLED: revision})
