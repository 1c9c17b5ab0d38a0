"""Reading a sample week from its TOML file, with every mistake located.

workflow = "furniture"         # zone = "Asia/Shanghai"
[[staff]]                      # who works here, in the order of the turn; skills, unit and away may be left out
person = "li"
roles = ["installer"]          # of this workflow
skills = ["gas"]
unit = "north"
away = ["mon", "fri"]          # for these whole days
[[act]]
at = "tue 09:10"               # in the zone; without a day of the week on Monday
case = "Wang's wardrobe"       # a name of this file for the case; the opening comes first
open = "order.signed"          # kind and opening; or: do = "delivery/1.agreed"
as = "sales_guide:wang"        # role and person; with = ["installer:zhao"] for a party
customer = "C-1001"
set = {contract_no = "H-2041", delivery_at = "{today+2} 09:00"}   # today: the act's own day
reason = {in_time = "why this guard is passed over"}
refused = true                 # this attempt must be refused
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lifecycle.core.events import Actor, Json
from lifecycle.problems import InvalidInput, Place, Problem

DAYS: Final = re.compile(r"\{today([+-]\d{1,3})?\}")
"""A day counted from the one of the act, inside any value."""

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

KINDS: Final[Mapping[str, type]] = {
    "at": str,
    "case": str,
    "open": str,
    "do": str,
    "as": str,
    "with": list,
    "customer": str,
    "set": dict,
    "reason": dict,
    "refused": bool,
}


STAFF_KINDS: Final[Mapping[str, type]] = {"person": str, "roles": list, "skills": list, "unit": str, "away": list}


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One thing that somebody did, or tried to do and was refused. day: of the week, 0 is Monday."""

    at: time
    day: int = 0
    case: str
    opens: str = ""
    does: str = ""
    actor: Actor
    customer: str = ""
    values: Mapping[str, Json] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    refused: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Worker:
    """Somebody on the staff of that week. away: days of the week, 0 is Monday."""

    person: str
    roles: Sequence[str]
    skills: Sequence[str] = ()
    unit: str = ""
    away: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """A sample week of one workflow. staff: in the order of the turn."""

    workflow: str
    zone: ZoneInfo
    acts: Sequence[Act]
    staff: Sequence[Worker] = ()


def read_week(text: str, file: str = "") -> Week:
    """Return a week from its TOML text.

    Raises  InvalidInput with every problem, in file order
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = Problem(code="week-unreadable", where=Place(file=file), values={"detail": str(error)})
        raise InvalidInput([problem]) from error
    top = Place(file=file, line=1, column=1)
    problems = [*heading_problems(document, top), *staff_problems(document, top)]
    begun = [*places(text, file)]
    acts = document.get("act")
    entries: list[Json] = acts if isinstance(acts, list) and len(acts) == len(begun) else []
    if acts and not entries:  # an act that does not begin with [[act]] on a line of its own
        typed = {"key": "act", "typed": acts}
        problems.append(Problem(code="week-bad-value", where=Place(file=file, line=1, column=1), values=typed))
    opened: set[str] = set()
    for where, entry in zip(begun, entries, strict=True):
        found = list(act_problems(entry, where, opened))
        problems.extend(found)
        if not found and "open" in entry:
            opened.add(entry["case"])
    if problems:
        raise InvalidInput(problems)
    zone = ZoneInfo(document.get("zone", "Asia/Shanghai"))
    acts_read = [read_act(entry) for entry in entries]
    staff = [read_worker(entry) for entry in document.get("staff", ())]
    return Week(workflow=document["workflow"], zone=zone, acts=acts_read, staff=staff)


def places(text: str, file: str) -> Iterator[Place]:
    """Yield where each act begins."""
    number = 0
    for line, source in enumerate(text.splitlines(), start=1):
        if source.strip().partition("#")[0].strip() == "[[act]]":
            number += 1
            yield Place(file=file, line=line, column=1, path=f"act.{number}", source=source)


def heading_problems(document: Mapping[str, Json], where: Place) -> Iterator[Problem]:
    known = ("workflow", "zone", "staff", "act")
    for name in document:
        if name not in known:
            yield Problem(code="week-unknown-key", where=where, values={"key": name, "known": known})
    for name in ("workflow", "act"):
        if not document.get(name):
            yield Problem(code="week-lacks", where=where, values={"key": name})
    if not isinstance(document.get("workflow", ""), str):
        yield Problem(code="week-bad-value", where=where, values={"key": "workflow", "typed": document["workflow"]})
    try:
        ZoneInfo(str(document.get("zone", "Asia/Shanghai")))
    except (ZoneInfoNotFoundError, ValueError):
        yield Problem(code="week-bad-value", where=where, values={"key": "zone", "typed": document["zone"]})


def staff_problems(document: Mapping[str, Json], where: Place) -> Iterator[Problem]:
    """Yield what is wrong with the rows of the staff."""
    rows = document.get("staff", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        yield Problem(code="week-bad-value", where=where, values={"key": "staff", "typed": rows})
        return
    for row in rows:
        for name, value in row.items():
            if name not in STAFF_KINDS:
                known = tuple(STAFF_KINDS)
                yield Problem(code="week-unknown-key", where=where, values={"key": name, "known": known})
            elif not fits_staff(name, value):
                yield Problem(code="week-bad-value", where=where, values={"key": name, "typed": value})
        for name in ("person", "roles"):
            if name not in row:
                yield Problem(code="week-lacks", where=where, values={"key": name})


def fits_staff(name: str, value: Any) -> bool:
    """Return whether a value is what a key of a row of the staff takes."""
    if type(value) is not STAFF_KINDS[name]:
        return False
    texts: list[Json] = value if isinstance(value, list) else []
    return all(isinstance(each, str) for each in texts) and (name != "away" or set(texts) <= set(WEEKDAYS))


def act_problems(entry: Mapping[str, Json], where: Place, opened: set[str]) -> Iterator[Problem]:
    """Yield what is wrong with one act. opened: the names of the cases that acts before it opened."""
    for name, value in entry.items():
        if name not in KINDS:
            yield Problem(code="week-unknown-key", where=where, values={"key": name, "known": tuple(KINDS)})
        elif not fits(name, value):
            yield Problem(code="week-bad-value", where=where, values={"key": name, "typed": value})
    for name in ("at", "case", "as"):
        if name not in entry:
            yield Problem(code="week-lacks", where=where, values={"key": name})
    if ("open" in entry) == ("do" in entry):
        yield Problem(code="week-open-or-do", where=where)
    for name in ("open", "do"):
        if "." not in str(entry.get(name, ".")):
            yield Problem(code="week-bad-value", where=where, values={"key": name, "typed": entry[name]})
    case = entry.get("case", "")
    if "do" in entry and case and case not in opened:
        yield Problem(code="week-unknown-case", where=where, values={"case": case, "known": tuple(opened)})


def fits(name: str, value: Any) -> bool:
    """Return whether a value is what a key takes."""
    if type(value) is not KINDS[name]:
        return False
    typed: Any = value
    texts: list[Json] = [*typed] if name == "with" else [*typed.values()] if name == "reason" else []
    return all(isinstance(each, str) for each in texts) and (name != "at" or moment(typed) is not None)


def moment(typed: str) -> tuple[int, time] | None:
    """Return the day of the week and the time of day of a text like "tue 09:10" or "09:10"."""
    found = re.fullmatch(r"(?:([a-z]{3}) )?([01]\d|2[0-3]):([0-5]\d)", typed, re.ASCII)
    if found is None or (found[1] and found[1] not in WEEKDAYS):
        return None
    return WEEKDAYS.index(found[1] or "mon"), time(int(found[2]), int(found[3]))


def read_worker(entry: Mapping[str, Json]) -> Worker:
    """Return somebody of the staff whose row has no problems."""
    return Worker(**{**entry, "away": [WEEKDAYS.index(day) for day in entry.get("away", ())]})


def read_act(entry: Mapping[str, Json]) -> Act:
    """Return an act that has no problems."""
    at = moment(entry["at"])
    assert at is not None
    role, _, person = entry["as"].partition(":")
    helpers = dict(each.partition(":")[::2] for each in entry.get("with", ()))
    return Act(
        at=at[1],
        day=at[0],
        case=entry["case"],
        opens=entry.get("open", ""),
        does=entry.get("do", ""),
        actor=Actor(role=role, person=person, helpers=helpers),
        customer=entry.get("customer", ""),
        values=entry.get("set", {}),
        reasons=entry.get("reason", {}),
        refused=entry.get("refused", False),
    )
