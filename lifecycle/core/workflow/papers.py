"""Papers: numbered documents as small lines of stages, with who holds them and who signs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lifecycle.core.workflow.conditions import Condition
from lifecycle.core.workflow.dictionary import Field
from lifecycle.problems import NOWHERE, Place, Text

VOID = "void"
VOID_TITLES: Text = {"zh": "作废", "en": "void"}
"""Where a paper goes that counts no more: every paper has it, no stage may bear its name."""

DECLINE = "decline"
"""Where a proposed revision goes that nobody signs: what was in force before stays so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signer:
    """A role that signs; with a condition, only while it holds."""

    role: str
    when: Condition | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """A stage of a paper.

    holder    the role that has the paper in its hands from here on; "": as before
    signers   those whose signatures bring it here, in any order; it is here with the last of them
    optional  may be left out
    """

    name: str
    titles: Text = field(default_factory=dict)
    holder: str = ""
    signers: tuple[Signer, ...] = ()
    optional: bool = False
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """A numbered document.

    number  pattern of its number: {year}, {month}, {day}, {serial:06}; "" has none
    shared  whether there is one for the case (`of: case`), not one for each instance
    fields  what stands on it; frozen when its last signature is complete
    """

    name: str
    titles: Text = field(default_factory=dict)
    number: str = ""
    shared: bool = False
    fields: tuple[Field, ...] = ()
    stages: Mapping[str, Stage]
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE

    @property
    def order(self) -> tuple[Stage, ...]:
        return tuple(self.stages.values())

    @property
    def binding(self) -> int:
        """The number of the stage that puts it in force: the last one that is signed, else the first."""
        signed = [number for number, stage in enumerate(self.order) if stage.signers]
        return signed[-1] if signed else 0

    def place_of(self, stage: str) -> int:
        """Return the number of a stage; -1 for a paper that is not issued, or void."""
        return list(self.stages).index(stage) if stage in self.stages else -1

    def follows(self, before: int, stage: int) -> bool:
        """Return whether a stage may come next after another one: what lies between is optional."""
        return before < stage and all(between.optional for between in self.order[before + 1 : stage])

    def finished(self, stage: str) -> bool:
        """Return whether nothing is left that must still come."""
        return stage in self.stages and all(left.optional for left in self.order[self.place_of(stage) + 1 :])


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Where a paper must have come to; if_issued: only asked of one that was issued."""

    paper: str
    stage: str
    if_issued: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Reconciliation:
    """What must agree before a step.

    papers  each at its stage, or past it
    same    fields that say the same on each of these papers that bears them
    equal   fields with values, all the same: what was collected, what was returned
    """

    papers: tuple[Wanted, ...] = ()
    same: tuple[str, ...] = ()
    equal: tuple[Field, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MovePaper:
    """Effect and guard: a paper goes to a stage, to VOID or to DECLINE.

    revise     opens its next revision at that stage, or takes the open one back to it
    sign       roles that sign by it, as far as they act in the step; () whoever acts
    if_issued  nothing to do when there is no such paper
    """

    paper: str
    to: str
    revise: bool = False
    sign: tuple[str, ...] = ()
    if_issued: bool = False
    when: Condition | None = None
    where: Place = NOWHERE
