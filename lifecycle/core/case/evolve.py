"""What an event changes. One small function per kind of change; no guard, no clock, no workflow.

Events carry their results, so folding only copies. The order of PARTS is the order of the law of
evaluation: opening, values, transition, started instances, what the step left behind. The parts write
into a copy of the case that nobody else has seen yet, and replace mappings, never change them in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from lifecycle.core.case import papers
from lifecycle.core.case.periods import after_entry
from lifecycle.core.case.state import Case, Instance
from lifecycle.core.events import Event, Json, stamp
from lifecycle.core.notices import without_members

SHAPE = 4
"""The number of this fold: heads folded by another one are folded again."""


def evolve(case: Case, event: Event) -> Case:
    """Return the case after the event; the case before it stays as it was."""
    case = case.copy()
    changes = event.changes
    for name, part in PARTS:
        if name in changes:
            part(case, event, changes[name])
    at = stamp(event.occurred_at)
    if event.machine:
        if event.type.startswith(BY_THE_CLOCK):
            case.own(event.machine)
        else:
            if "withdrawn" not in changes:
                take(case, event, at)
            case.own(event.machine).at = max(case.instances[event.machine].at, at)
    case.revision += 1
    case.happened = {**case.happened, event.type: case.happened.get(event.type, 0) + 1}
    case.opened_at = case.opened_at or at
    case.at = max(case.at, at)
    return case


BY_THE_CLOCK = ("deadline.", "timer.")
"""How the types of events begin that only the clock records; they are no steps."""


def fold(stream: UUID, events: Iterable[Event]) -> Case:
    """Return the case that a history makes."""
    case = Case(id=stream)
    for event in events:
        case = evolve(case, event)
    return case


def with_findings(case: Case, event: Event, change: list[Json]) -> Case:
    """Return the case with findings opened and closed by its latest event."""
    case = case.copy()
    find(case, event, change)
    return case


def with_clocks(case: Case, event: Event, changes: Mapping[str, Json]) -> Case:
    """Return the case with what its latest event did to deadlines, timers and coverage."""
    case = case.copy()
    for name, part in (("deadlines", keep_time), ("timers", set_timers), ("coverage", keep_coverage)):
        if name in changes:
            part(case, event, changes[name])
    return case


def open_(case: Case, event: Event, change: Json) -> None:
    case.number = event.case
    case.workflow, case.version = event.workflow
    case.kind = change["kind"]
    case.subject = change.get("subject", "")
    case.customer = change.get("customer")
    case.key = change.get("key", "")
    case.keyed = "key" in change
    case.links = change.get("links", {})


def give_values(case: Case, event: Event, change: Json) -> None:
    """Give the values of a form, or derived ones, to the case and to the instance that took the step."""
    shared = event.changes.get("shared", ())
    revision = case.revision + 1
    ours = {name: change[name] for name in shared if name in change}
    if ours:
        case.data = {**case.data, **ours}
        case.since = {**case.since, **dict.fromkeys(ours, revision)}
    mine = {name: value for name, value in change.items() if name not in ours}
    if mine and event.machine:
        one = case.own(event.machine)
        one.data = {**one.data, **mine}
        one.since = {**one.since, **dict.fromkeys(mine, revision)}


def enter(case: Case, event: Event, change: Json) -> None:
    """Move the instance: `change` lists the states entered, outermost first."""
    one = case.own(event.machine)
    if "resumed" in event.changes:
        back = next(one.came[path] for path in ancestry(one.state) if path in one.came)
        one.state = event.target
        kept = back.get("ticks", {})
        one.ticks = {name: {**kept.get(name, {}), **one.ticks.get(name, {})} for name in {**kept, **one.ticks}}
        return
    one.came = {path: there for path, there in one.came.items() if path not in change}
    one.came[change[0]] = {"from": event.source}
    if one.ticks:
        one.came[change[0]]["ticks"] = one.ticks
    if one.timers:
        one.came[change[0]] |= {"timers": one.timers, "left": stamp(event.occurred_at)}
    one.orders = {path: variant for path, variant in one.orders.items() if path not in change}
    one.entered = {**one.entered, **dict.fromkeys(change, case.revision + 1)}
    one.state = event.target


def end(case: Case, event: Event, change: Json) -> None:
    case.own(event.machine).outcome = change


def start(case: Case, event: Event, change: Json) -> None:
    """Add the instances that the event started."""
    revision = case.revision + 1
    at = stamp(event.occurred_at)
    case.serials = dict(case.serials)
    values = {**event.changes.get("form", {}), **event.changes.get("set", {})}
    for entry in change:
        taken = {name: values[name] for name in entry.get("takes", ()) if name in values}
        data = {**taken, **entry.get("data", {})}
        case.serials[entry["machine"]] = case.serials.get(entry["machine"], 0) + 1
        case.instances[entry["id"]] = Instance(
            id=entry["id"],
            machine=entry["machine"],
            key=entry["key"],
            parent=entry.get("parent", ""),
            state=entry["state"],
            outcome=entry.get("outcome", ""),
            data=data,
            since=dict.fromkeys(data, revision),
            entered=dict.fromkeys(("", *ancestry(entry["state"])[::-1]), revision),
            at=at,
        )


STAY = (
    "state", "outcome", "entered", "came", "taken", "ticks", "orders", "decisions", "timers", "counted", "past", "at",
)  # fmt: skip
"""What of an instance tells where it is and how it came there: what a step that is superseded gives back."""


def restore(case: Case, event: Event, change: Json) -> None:
    """Put back values, with the revision that had given each, and where instances were."""
    for entry in change:
        holder = case.own(entry["of"]) if entry["of"] else case
        since = {**holder.since, **entry.get("since", {})}
        gone = {name for name, revision in since.items() if revision is None}
        data = {**holder.data, **entry.get("values", {})}
        holder.data = {name: value for name, value in data.items() if name not in gone}
        holder.since = {name: revision for name, revision in since.items() if name not in gone}
        for part in STAY:
            if part in entry:
                setattr(holder, part, entry[part])


def end_others(case: Case, event: Event, change: Json) -> None:
    for entry in change:
        case.own(entry["of"]).outcome = entry["outcome"]


def remove(case: Case, event: Event, change: Json) -> None:
    for address in change:
        case.own(address).removed = True


def decide(case: Case, event: Event, change: Json) -> None:
    """Keep the answers of tables, for the instance that asked or the ones that an opening started."""
    addresses = [event.machine] if event.machine else [entry["id"] for entry in event.changes.get("started", ())]
    for address in addresses:
        one = case.own(address)
        one.decisions = {**one.decisions, **{call["table"]: call["outputs"] for call in change}}


def tick(case: Case, event: Event, change: Json) -> None:
    one = case.own(event.machine)
    ticks = {name: dict(items) for name, items in one.ticks.items()}
    for each in change:
        ticks.setdefault(each["checklist"], {})[each["item"]] = case.revision + 1
    one.ticks = ticks


def drop(case: Case, event: Event, change: Json) -> None:
    """Forget the ticks of the checklists whose states were left."""
    one = case.own(event.machine)
    one.ticks = {name: items for name, items in one.ticks.items() if name not in change}


def order(case: Case, event: Event, change: Json) -> None:
    one = case.own(event.machine)
    one.orders = {**one.orders, **change}


def move_papers(case: Case, event: Event, change: Json) -> None:
    at = stamp(event.occurred_at)
    for entry in change:
        holder = case.own(entry["of"]) if "of" in entry else case
        now = papers.after(holder.papers.get(entry["paper"]), entry, at)
        holder.papers = {**holder.papers, entry["paper"]: now}


def assign(case: Case, event: Event, change: Json) -> None:
    """Give names to people, and take them away, in the order in which the event's effects did."""
    for entry in change:
        one, name = case.own(entry["of"]), entry["name"]
        if entry.get("ended"):
            if name in one.assigned:
                one.duties = {**one.duties, name: {**one.duties.get(name, {}), "over": True}}
            continue
        one.duties = {other: duty for other, duty in one.duties.items() if other != name}
        one.assigned = {other: people for other, people in one.assigned.items() if other != name}
        if entry["is"] == "assigned" and entry["people"]:
            one.assigned = {**one.assigned, name: entry["people"]}
            one.duties = {**one.duties, name: {part: entry[part] for part in ("pool", "team") if part in entry}}


def keep_posts(case: Case, event: Event, change: Json) -> None:
    """Keep the entries that still count; one that is taken back is gone, and so is what took it back."""
    posts = dict(case.posts)
    for entry in change:
        if "reverses" in entry:
            posts.pop(entry["reverses"], None)
        else:
            posts[entry["id"]] = {name: value for name, value in entry.items() if name not in ("id", "balance")}
    case.posts = posts


def keep_settled(case: Case, event: Event, change: Json) -> None:
    """Keep the rows that an instance drew up last of each settlement."""
    for entry in change:
        one = case.own(entry["of"])
        kept = {name: value for name, value in entry.items() if name not in ("of", "settlement")}
        one.settled = {**one.settled, entry["settlement"]: kept}


def keep_readings(case: Case, event: Event, change: Json) -> None:
    """Keep the latest reading of each holder that the case recorded."""
    readings = dict(case.readings)
    for entry in change:
        kept = {name: value for name, value in entry.items() if name not in ("series", "of")}
        readings[f"{entry['series']}/{entry['of']}"] = kept
    case.readings = readings


NOTICES_KEPT = 10
"""How many of its latest notices a case keeps; its events have all of them."""


def keep_notices(case: Case, event: Event, change: Json) -> None:
    before = case.notices[-1]["nth"] if case.notices else 0
    at = stamp(event.occurred_at)
    added = {"at": at, "revision": case.revision + 1}
    given = [
        {**without_members(entry), **added, "nth": before + number} for number, entry in enumerate(change, start=1)
    ]
    case.notices = [*case.notices, *given][-NOTICES_KEPT:]


def recall_notices(case: Case, event: Event, change: list[Json]) -> None:
    recalled = {entry["revision"] for entry in change}
    case.notices = [
        {**notice, "withdrawn": True} if notice["revision"] in recalled else notice for notice in case.notices
    ]


def find(case: Case, event: Event, change: Json) -> None:
    findings = dict(case.findings)
    for finding in change:
        if finding["is"] == "opened":
            kept = {name: value for name, value in finding.items() if name not in ("id", "is")}
            findings[finding["id"]] = {**kept, "since": stamp(event.occurred_at)}
        else:
            findings.pop(finding["id"], None)
    case.findings = findings


def keep_time(case: Case, event: Event, change: Json) -> None:
    """Change how deadlines stand; a new arming begins anew, and what is over stays so.

    It is over otherwise when it is withdrawn, or when it was so earlier. In the order in which things happened, a mark
    may come after what was recorded afterwards had ended its clock: that is passed over.
    """
    for entry in change:
        one = case.own(entry.get("instance") or event.machine)
        before = one.clocks.get(entry["id"], {})
        ended = before.get("n") == entry["n"] and before["state"] == "over" and "withdraws" not in event.changes
        if ended and not (entry.get("stopped") and entry["stopped"] < before["stopped"]):
            continue
        kept = before if before.get("n") == entry["n"] else {}
        merged = {**kept, **{name: value for name, value in entry.items() if name not in ("id", "instance")}}
        clock = {name: value for name, value in merged.items() if value not in (None, {}, [])}
        one.clocks = {**one.clocks, entry["id"]: clock}


def set_timers(case: Case, event: Event, change: Json) -> None:
    for entry in change:
        one = case.own(entry.get("instance") or event.machine)
        timers = {name: at for name, at in one.timers.items() if name != entry["step"]}
        one.timers = {**timers, entry["step"]: entry["at"]} if entry.get("at") else timers
        if "counted" in entry or entry["step"] in one.counted:
            counted = {name: by for name, by in one.counted.items() if name != entry["step"]}
            one.counted = {**counted, entry["step"]: entry["counted"]} if "counted" in entry else counted
        if entry.get("passed"):
            one.past = {**one.past, entry["step"]: stamp(event.occurred_at)}


def keep_coverage(case: Case, event: Event, change: Json) -> None:
    """Keep how periods of coverage stand; one that begins anew forgets what was before."""
    kept = dict(case.coverage)
    for entry in change:
        key = f"{entry['name']}/{entry['part']}" if "part" in entry else entry["name"]
        kept[key] = after_entry(kept.get(key, {}), entry)
    case.coverage = kept


def fix_labels(case: Case, event: Event, change: Json) -> None:
    """Keep the values of labels that the event has fixed."""
    for entry in change:
        holder = case.own(entry["of"]) if "of" in entry else case
        holder.labels = {**holder.labels, entry["name"]: entry["value"]}


def correct(case: Case, event: Event, change: Json) -> None:
    """Replace the values that the corrected event gave and no later one has replaced since."""
    revision = change["revision"]
    values: Mapping[str, Json] = change.get("values", {})
    case.data = mended(case.data, case.since, values, revision)
    for address, one in tuple(case.instances.items()):
        if any(one.since.get(name) == revision for name in values):
            case.own(address).data = mended(one.data, one.since, values, revision)
    for address, steps in change.get("taken", {}).items():
        one = case.own(address)
        merged = {**one.taken, **steps}
        one.taken = {name: entry for name, entry in merged.items() if entry is not None}


def take(case: Case, event: Event, at: str) -> None:
    """Remember that the step was taken, by whom and when."""
    one = case.own(event.machine)
    step = event.type.partition(".")[2]
    before = one.taken.get(step)
    entry: dict[str, Json] = {
        "n": before["n"] + 1 if before else 1,
        "rev": case.revision + 1,
        "at": at,
        "role": event.by.role,
    }
    if event.by.person:
        entry["person"] = event.by.person
    one.taken = {**one.taken, step: entry}


def mended(
    data: Mapping[str, Json], since: Mapping[str, int], values: Mapping[str, Json], revision: int
) -> Mapping[str, Json]:
    return {name: values[name] if name in values and since.get(name) == revision else old for name, old in data.items()}


def ancestry(path: str) -> list[str]:
    """Return a state's path and those around it, innermost first."""
    paths = [path]
    while "." in path:
        path = path.rpartition(".")[0]
        paths.append(path)
    return paths


def around(path: str, leaf: str) -> bool:
    """Return whether a state is the leaf or lies around it."""
    return leaf == path or leaf.startswith(path + ".")


PARTS: tuple[tuple[str, Callable[[Case, Event, Any], None]], ...] = (
    ("opened", open_),
    ("form", give_values),
    ("set", give_values),
    ("entered", enter),
    ("outcome", end),
    ("started", start),
    ("removed", remove),
    ("restored", restore),
    ("ended", end_others),
    ("decisions", decide),
    ("ticks", tick),
    ("dropped", drop),
    ("order", order),
    ("papers", move_papers),
    ("assigned", assign),
    ("settled", keep_settled),
    ("posts", keep_posts),
    ("readings", keep_readings),
    ("notices", keep_notices),
    ("recalls", recall_notices),
    ("findings", find),
    ("labels", fix_labels),
    ("corrects", correct),
    ("deadlines", keep_time),
    ("timers", set_timers),
    ("coverage", keep_coverage),
)
