"""The register of a paper: its numbers, without gap and without double, drawn in the commit that issues the paper.

One stream for each workflow and paper, and for each year, month or day when the number names one. A command that is
refused draws nothing, for its events are never written. Its events hold no personal text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from lifecycle.core.beside import Aggregate
from lifecycle.core.events import Event, Json

PERIODS = (("{year}", "%Y"), ("{month}", "%m"), ("{day}", "%d"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Register:
    """What numbering needs to know. serial: the last one drawn; voided: how many of them do not count."""

    serial: int = 0
    voided: int = 0
    revision: int = 0

    def to_json(self) -> dict[str, Json]:
        return {"serial": self.serial, "voided": self.voided, "revision": self.revision}

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> Register:
        return cls(**document)


def evolve(register: Register, event: Event) -> Register:
    """Return the register after `register.numbered`, `register.voided` or `register.reinstated`."""
    draws = event.type == "register.numbered"
    voids = {"register.voided": 1, "register.reinstated": -1}.get(event.type, 0)
    return Register(
        serial=event.changes["register"]["serial"] if draws else register.serial,
        voided=register.voided + voids,
        revision=register.revision + 1,
    )


REGISTER = Aggregate(name="register", shape=1, blank=Register, read=Register.from_json, evolve=evolve)


def series_of(workflow: str, paper: str, pattern: str, at: datetime, zone: str) -> str:
    """Return the name of the series that a number drawn at an instant belongs to: "repair/slip/2026"."""
    local = at.astimezone(ZoneInfo(zone))
    period = "-".join(local.strftime(form) for place, form in PERIODS if place in pattern)
    return f"{workflow}/{paper}/{period}" if period else f"{workflow}/{paper}"


def number_of(pattern: str, serial: int, at: datetime, zone: str) -> str:
    """Return the number that people see: "WX-2026-000123"."""
    return dated(pattern, at, zone).format(serial=serial)


def dated(pattern: str, at: datetime, zone: str) -> str:
    """Return a pattern with year, month and day of an instant in a zone put in: only its serial is left to draw."""
    local = at.astimezone(ZoneInfo(zone))
    for place, form in PERIODS:
        pattern = pattern.replace(place, local.strftime(form))
    return pattern
