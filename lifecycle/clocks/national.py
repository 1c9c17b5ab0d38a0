"""National days off and make-up workdays: one plan a year, as the State Council's papers publish it.

The plans are facts, kept as data of this package (`cn/<year>.json`). A plan may name days of the year before: the
first of January is often joined to days of December. Where plans name the same day, the later year's is in force.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from lifecycle.problems import Text

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class DaysOff:
    """Days off in a row, both ends included, and what they are called."""

    titles: Text
    first: date
    last: date

    def __iter__(self) -> Iterator[date]:
        return (self.first + ONE_DAY * number for number in range((self.last - self.first).days + 1))


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """The days off and the make-up workdays that were published for one year.

    edition  1 for the first paper, one more with each paper that changes it
    papers   where it was published
    work     days of a weekend that are worked
    """

    year: int
    edition: int
    papers: tuple[str, ...]
    off: tuple[DaysOff, ...]
    work: tuple[date, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the form of the data files and of events."""
        off = [{**days.titles, "first": str(days.first), "last": str(days.last)} for days in self.off]
        return {
            "year": self.year,
            "edition": self.edition,
            "papers": list(self.papers),
            "off": off,
            "work": [str(day) for day in self.work],
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Plan:
        """Return the plan of a document.

        Raises   KeyError, TypeError, ValueError when it is none
        """
        return cls(
            year=int(document["year"]),
            edition=int(document["edition"]),
            papers=tuple(document["papers"]),
            off=tuple(
                DaysOff(
                    titles={"zh": days["zh"], "en": days["en"]},
                    first=date.fromisoformat(days["first"]),
                    last=date.fromisoformat(days["last"]),
                )
                for days in document["off"]
            ),
            work=tuple(date.fromisoformat(day) for day in document["work"]),
        )


@dataclass(frozen=True, kw_only=True)
class NationalDays:
    """The plans in force, by year."""

    plans: Mapping[int, Plan] = field(default_factory=dict)

    @cached_property
    def off(self) -> Mapping[date, Text]:
        """The days off, with what they are called."""
        return {day: found for day, found in self._days.items() if found is not None}

    @cached_property
    def work(self) -> frozenset[date]:
        """The make-up workdays."""
        return frozenset(day for day, found in self._days.items() if found is None)

    @cached_property
    def version(self) -> str:
        """The last planned year and a digest of all plans, "2026.1f0c3a7b"."""
        form = json.dumps([self.plans[year].to_json() for year in sorted(self.plans)], sort_keys=True)
        return f"{max(self.plans, default=0)}.{sha256(form.encode()).hexdigest()[:8]}"

    @cached_property
    def _days(self) -> dict[date, Text | None]:
        days: dict[date, Text | None] = {}
        for year in sorted(self.plans):
            plan = self.plans[year]
            days.update({day: row.titles for row in plan.off for day in row})
            days.update(dict.fromkeys(plan.work))
        return days

    def with_plans(self, plans: Iterable[Plan]) -> NationalDays:
        """Return these days with other plans in the place of those of their years."""
        changed = {plan.year: plan for plan in plans}
        return NationalDays(plans={**self.plans, **changed}) if changed else self


NO_DAYS = NationalDays()


@lru_cache
def published(country: str) -> NationalDays:
    """Return the plans that this program brings along.

    country   "cn"; "" has none
    """
    if not country:
        return NO_DAYS
    texts = [one.read_text(encoding="utf-8") for one in (files(__package__) / country).iterdir()]
    plans = [Plan.from_json(json.loads(text)) for text in texts]
    return NO_DAYS.with_plans(plans)
