"""Coverage: for how long something stands under a warranty, a service contract, a guarantee."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from lifecycle.core.workflow.conditions import Formula
from lifecycle.problems import NOWHERE, Place, Text

Unit = Literal["days", "months", "years", "until"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """Periods of whole local days of the cases of a kind: one of each case, and one of each part that was renewed.

    begins       gives the first day; null while it has not begun
    length       gives the length in `unit`; with "until", the last day
    extended_by  (machine, path of a state): the days that the case is in one of them put off the end
    restart      type of an event -> the names of the parts that begin anew on its day; None: everything does
    cancel       types of the events with whose day it is over
    heard        types of the events that it listens to
    """

    name: str
    titles: Text = field(default_factory=dict)
    kind: str
    begins: Formula
    length: Formula
    unit: Unit
    extended_by: tuple[tuple[str, str], ...] = ()
    restart: Mapping[str, Formula | None] = field(default_factory=dict)
    cancel: frozenset[str] = frozenset()
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE
    heard: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "heard", self.cancel.union(self.restart))

    def happening(self, part: str) -> str:
        """Return the type of the event by which its period, or a part's own, ends."""
        return f"{self.name}.{PART_ENDED if part else ENDED}"


ENDED, PART_ENDED = "ended", "part_ended"
"""What happens when the last day is over, as steps name it: "warranty.ended"."""
