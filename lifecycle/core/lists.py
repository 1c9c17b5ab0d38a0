"""What staff change about the rows of a list: each change is an event and says from which day on it is so.

One stream for each workflow and list. A row of the workflow's text is in force until a change of it is; of its changes
that of the latest day counts, and of those of one day the last one made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from lifecycle.core.beside import Aggregate
from lifecycle.core.events import Actor, Event, Json
from lifecycle.core.parsing import accept
from lifecycle.core.values import Misfit
from lifecycle.core.workflow import Listing, Workflow
from lifecycle.problems import Place, Reason, Refusal


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """What was changed so far: key -> its changes in order of their days, {"from", "row" (null: taken out), "version"}.

    A version is the number of the event that made the change.
    """

    changes: Mapping[str, tuple[Mapping[str, Json], ...]] = field(default_factory=dict)
    revision: int = 0

    def to_json(self) -> dict[str, Json]:
        return {"changes": {key: list(each) for key, each in self.changes.items()}, "revision": self.revision}

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> Rows:
        changes = {key: tuple(each) for key, each in document["changes"].items()}
        return cls(changes=changes, revision=document["revision"])


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeRow:
    """Set columns of a row, or take the row out.

    values  typed values by column; "" leaves a column without one; None takes the row out
    since   first day on which it is so, "2026-05-01"; "" for today
    """

    id: str
    workflow: str
    list: str
    key: str
    values: Mapping[str, Json] | None
    actor: Actor
    since: str = ""
    via: str = ""


def evolve(rows: Rows, event: Event) -> Rows:
    """Return the rows after `list.changed`."""
    change = event.changes["list"]
    version = rows.revision + 1
    entry = {"from": change["from"], "row": change["row"], "version": version}
    kept = sorted((*rows.changes.get(change["key"], ()), entry), key=lambda one: (one["from"], one["version"]))
    return Rows(changes={**rows.changes, change["key"]: tuple(kept)}, revision=version)


LISTS = Aggregate(name="list", shape=1, blank=Rows, read=Rows.from_json, evolve=evolve)


def name_of(workflow: str, listing: str) -> str:
    """Return the name of a list among all of the store."""
    return f"{workflow}/{listing}"


def in_force(listing: Listing, rows: Rows, day: date) -> dict[str, tuple[Mapping[str, Json], int]]:
    """Return the rows of a list on a day by their keys, each with its version; 0 for one of the text.

    Rows of the text come first, in its order, then those that were added, in the order of their keys.
    """
    found = {str(row[listing.key]): (row, 0) for row in listing.rows}
    for key in sorted(rows.changes):
        change = latest(rows.changes[key], day)
        if change is None:
            continue
        if change["row"] is None:
            found.pop(key, None)
        else:
            found[key] = (change["row"], change["version"])
    return found


def latest(changes: tuple[Mapping[str, Json], ...], day: date) -> Mapping[str, Json] | None:
    """Return the change that counts on a day; None when none does yet."""
    return next((one for one in reversed(changes) if one["from"] <= day.isoformat()), None)


def decide(workflow: Workflow, rows: Rows, command: ChangeRow, stream: UUID, now: datetime) -> list[Event] | Refusal:
    """Return the event `list.changed`, nothing when it is so already, or a refusal with every reason."""
    listing = workflow.lists.get(command.list)
    if listing is None:
        return refused(Reason(code="unknown-list", values={"name": command.list, "known": tuple(workflow.lists)}))
    if listing.kept_by and command.actor.role not in listing.kept_by:
        allowed = [workflow.roles[role].titles for role in listing.kept_by if role in workflow.roles]
        known = workflow.roles.get(command.actor.role)
        values = {"role": known.titles if known else command.actor.role, "allowed": allowed}
        return refused(Reason(code="wrong-role", where=listing.where, rules=listing.rules, values=values))
    day = day_of(command, workflow, now)
    if day is None:
        return refused(Reason(code="day-unreadable", where=Place(path="from"), values={"day": command.since}))
    before = in_force(listing, rows, day).get(command.key, (None, 0))[0]
    after: Mapping[str, Json] | None = None
    if command.values is not None:
        made = merged(workflow, listing, command, before or {})
        if isinstance(made, Refusal):
            return made
        after = made
    elif before is None:
        known_keys = tuple(in_force(listing, rows, day))
        return refused(Reason(code="unknown-row", values={"key": command.key, "known": known_keys}))
    if after == before:
        return []
    change = {"name": listing.name, "key": command.key, "from": day.isoformat(), "row": after, "before": before}
    return [
        Event.ordered(
            command,
            "list.changed",
            stream,
            now,
            zone=workflow.zone,
            workflow=(workflow.name, workflow.version),
            changes={"list": change},
        )
    ]


def merged(
    workflow: Workflow, listing: Listing, command: ChangeRow, before: Mapping[str, Json]
) -> Mapping[str, Json] | Refusal:
    """Return a row with the values given put over those that it had, in its stored form."""
    assert command.values is not None
    given = {name: value for name, value in command.values.items() if value not in ("", None)}
    kept = {name: value for name, value in before.items() if name not in command.values}
    row = accept(listing.type, [{**kept, **given, listing.key: command.key}], ZoneInfo(workflow.zone))
    if isinstance(row, Misfit):
        column = row.path.removeprefix("1.").removeprefix("1")
        told = {"field": column, "title": listing.columns.get(column, {}), **row.values}
        return refused(Reason(code=row.code, where=Place(path=column), values=told))
    if str(row[0][listing.key]) != command.key:
        return refused(Reason(code="row-other-key", values={"key": command.key, "column": listing.key}))
    return row[0]  # type: ignore[no-any-return]


def day_of(command: ChangeRow, workflow: Workflow, now: datetime) -> date | None:
    if not command.since:
        return now.astimezone(ZoneInfo(workflow.zone)).date()
    try:
        return date.fromisoformat(command.since)
    except ValueError:
        return None


def history(listing: Listing, rows: Rows) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """Yield (key, change) of every change, by key and day."""
    for key in sorted(rows.changes):
        yield from ((key, change) for change in rows.changes[key])


def refused(*reasons: Reason) -> Refusal:
    return Refusal(reasons=reasons)
