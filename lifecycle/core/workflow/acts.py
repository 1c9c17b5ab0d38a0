"""What an act is made of: form, guards, who, tables called, effects; and what must hold afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from lifecycle.core.workflow.conditions import Condition, Formula
from lifecycle.core.workflow.dictionary import Field
from lifecycle.core.workflow.ledgers import Post
from lifecycle.core.workflow.notices import Notify
from lifecycle.core.workflow.papers import MovePaper, Reconciliation
from lifecycle.core.workflow.people import Assign, Away, Qualify, Release
from lifecycle.core.workflow.seeing import Freeze
from lifecycle.core.workflow.series import Record
from lifecycle.core.workflow.settlements import Settle
from lifecycle.problems import NOWHERE, Place, Text


@dataclass(frozen=True, kw_only=True, slots=True)
class FormField:
    """A field that a step asks for.

    required  True: a value is needed after merging; a condition: needed when it holds
    default   taken when nothing was typed and nothing is stored
    worded    a guard of the step says in its own words that the value is lacking
    """

    field: Field
    required: bool | Condition = False
    worded: bool = False
    default: Formula | None = None
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Guard:
    """A condition with words.

    each       the rows to test one by one, read in `that` as `it`: one reason per failing row
    suggest    evaluated when it refuses
    failing    "refuse", or "mark": goes on and opens a finding
    until      what ends the finding at the latest: the end of the "instance", or of the "case"
    override   roles that may go on with a written reason; "self" is the step's own actor; () nobody
    checklist  instead of `that`: every open item of this checklist is a reason
    reconcile  instead of `that`: every paper that is not where it must be, every field that differs, is a reason
    """

    name: str
    that: Condition | None = None
    otherwise: Text = field(default_factory=dict)
    each: Formula | None = None
    suggest: Formula | None = None
    failing: Literal["refuse", "mark"] = "refuse"
    until: Literal["instance", "case"] = "instance"
    override: tuple[str, ...] = ()
    checklist: str = ""
    reconcile: Reconciliation | None = None
    when: Condition | None = None
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Who:
    """Whose act a step is, and how persons compare.

    roles       any of these; () for a step that no person takes
    role        a role read from a table or field ("=decision.x.y") instead of `roles`
    recorders   roles that record it for a party (`with`)
    person      the person who must act ("=data.adviser")
    assignee    one of those who bear a name in the instance must act, whatever the name
    same_as     steps, or names assigned, whose person must be this one; apart_from: must not be
    """

    roles: tuple[str, ...] = ()
    role: Formula | None = None
    recorders: tuple[str, ...] = ()
    person: Formula | None = None
    assignee: bool = False
    same_as: tuple[str, ...] = ()
    apart_from: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Set:
    """Effect: derived values, field name -> formula."""

    values: Mapping[str, tuple[Field, Formula]]
    when: Condition | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """Effect: instances of a machine in this case.

    each   rows, one instance each, read as `it`; key: the row's field that names the instance
    again  a new instance even if one of this key is there (rework)
    data   first values of the instance, evaluated in the starting step's scope (`it` is the row)
    """

    machine: str
    each: Formula | None = None
    key: str = ""
    again: bool = False
    data: Mapping[str, tuple[Field, Formula]] = field(default_factory=dict)
    when: Condition | None = None
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Send:
    """Effect: a command to a linked case, delivered after the commit; there `upon: received.<step>`."""

    link: str
    step: str
    form: Mapping[str, Formula] = field(default_factory=dict)
    when: Condition | None = None
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Open:
    """Effect: a new case of a kind, in the same commit, linked back to this one under `link`."""

    kind: str
    opening: str
    form: Mapping[str, Formula] = field(default_factory=dict)
    link: str = ""
    when: Condition | None = None
    where: Place = NOWHERE


Effect = (
    Freeze | Set | Assign | Release | Record | Settle | MovePaper | Post | Start | Send | Open | Notify | Away | Qualify
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """One way of a step's `to`. when None: otherwise. state "": stay; "$history": back to where it came from."""

    when: Condition | None
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A decision table called by a step: table name and the formula of each input."""

    table: str
    inputs: Mapping[str, Formula]


@dataclass(frozen=True, kw_only=True, slots=True)
class Expectation:
    """A standing soft condition: false opens a finding with these words, true closes it.

    owner  the role that must see to it
    """

    name: str
    that: Condition
    otherwise: Text = field(default_factory=dict)
    owner: str = ""
    when: Condition | None = None
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Invariant:
    """A condition that must hold after every commit, whatever step caused it. machine "": of the case."""

    name: str
    that: Condition
    otherwise: Text = field(default_factory=dict)
    machine: str = ""
    kind: str = ""
    when: Condition | None = None
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE
