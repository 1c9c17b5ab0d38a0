"""Series: readings over time, and the effect that records one."""

from __future__ import annotations

from dataclasses import dataclass, field

from lifecycle.core.values import FieldType
from lifecycle.core.workflow.conditions import Condition, Formula
from lifecycle.problems import NOWHERE, Place, Text

INTEGER = FieldType(name="integer")


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """A series of a workflow; each of its holders has readings of its own.

    of           "case", "customer", "company", or a word: the key then names the holder
    key          formula of the holder, where a reading or a question names none
    type         of its values: integer or number
    never_falls  whether a reading below an earlier one is refused
    override     roles that may go on in spite of that with a written reason; "self" is whoever takes the step
    """

    name: str
    titles: Text = field(default_factory=dict)
    of: str = "case"
    key: Formula | None = None
    type: FieldType = INTEGER
    unit: str = ""
    unit_titles: Text = field(default_factory=dict)
    never_falls: bool = False
    override: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """Effect: a reading of a series; nothing when it has no value.

    at      when it was read; None: when the step is taken
    source  where it comes from, in words
    """

    series: str
    value: Formula
    key: Formula | None = None
    at: Formula | None = None
    source: Formula | None = None
    override: tuple[str, ...] = ()
    when: Condition | None = None
    where: Place = NOWHERE

    @property
    def name(self) -> str:
        """Under which a written reason is given."""
        return self.series
