"""The compiled workflow, as decisions see it.

The language room builds these values once per published version; nothing here knows YAML, CEL or
any package. Conditions and formulas arrive behind two small protocols.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from lifecycle.core.events import Json
from lifecycle.core.values import FieldType
from lifecycle.problems import NOWHERE, Place, Text


@dataclass(frozen=True, slots=True)
class Failure:
    """An expression that gave no answer: an error, a missing name, an exhausted budget."""

    text: str


class Scope(Protocol):
    """What expressions may see while one step is decided."""

    def value(self, name: str) -> Json:
        """Return the stored form of a declared dotted name; None when it is unset."""

    def done(self, step: str) -> bool:
        """Return whether the step was taken since the state that owns it was last entered."""

    def ever(self, step: str) -> bool:
        """Return whether the step was taken in the life of the instance."""

    def count(self, step: str) -> int:
        """Return how often the step was taken in the life of the instance."""

    def time_of(self, step: str) -> str | None:
        """Return the stored instant at which the step was last taken."""

    def actor_of(self, step: str) -> str | None:
        """Return the person who last took the step."""

    def missing(self, checklist: str) -> list[str]:
        """Return the names of the checklist's items that apply and are not ticked."""

    def all_final(self, plural: str) -> bool:
        """Return whether every child instance of that plural is in a final state."""


class Condition(Protocol):
    """A compiled condition. It holds only if the expression's answer is the boolean true."""

    @property
    def text(self) -> str: ...

    @property
    def reads(self) -> tuple[str, ...]:
        """The dotted names that it reads: "data.estimate", "repairs", "link.vehicle.mileage"."""

    def holds(self, scope: Scope) -> bool | Failure: ...


class Formula(Protocol):
    """A compiled value: a literal, or an expression written with "="."""

    @property
    def text(self) -> str: ...

    @property
    def reads(self) -> tuple[str, ...]: ...

    def value(self, scope: Scope) -> Json | Failure:
        """Return the value in its stored form."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A name of the data dictionary.

    shared  whether it belongs to the case (`scope: case`) and not to one instance
    pii     whether it is personal: kept only as ciphertext, unreadable for guards
    """

    name: str
    type: FieldType
    titles: Text = field(default_factory=dict)
    shared: bool = False
    pii: bool = False
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """A figure that the organisation sets in use. given: whether the source names it."""

    name: str
    type: FieldType
    default: Json
    given: bool = True
    titles: Text = field(default_factory=dict)
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """Who may act. party: has no login, another role records for it. corrects: may correct any entry."""

    name: str
    titles: Text = field(default_factory=dict)
    party: bool = False
    corrects: bool = False
    where: Place = NOWHERE


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
    same_as     steps whose person must be this one; apart_from: must not be
    """

    roles: tuple[str, ...] = ()
    role: Formula | None = None
    recorders: tuple[str, ...] = ()
    person: Formula | None = None
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


Effect = Set | Start | Send | Open


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
class Step:
    """What a person, an event or a condition on data does in a state.

    trigger   "by", "upon" or "always"
    upon      event types ("repair.signed", "received.visited", "removed") that fire it
    always    the condition that fires it
    when      applies at all; else listed as "not in this case"
    to        never empty; one unconditional branch when the step has a plain target or stays
    once      in an ordered state: taken once per stay, unless `repeat`
    optional  in an ordered state: never blocks the next ones
    """

    name: str
    event: str
    owner: str = ""
    titles: Text = field(default_factory=dict)
    trigger: Literal["by", "upon", "always"] = "by"
    upon: tuple[str, ...] = ()
    always: Condition | None = None
    when: Condition | None = None
    who: Who = field(default_factory=Who)
    form: tuple[FormField, ...] = ()
    require: tuple[Guard, ...] = ()
    decide: tuple[Call, ...] = ()
    effects: tuple[Effect, ...] = ()
    to: tuple[Branch, ...] = (Branch(when=None, state=""),)
    recorded_afterwards: bool = False
    ticks: str = ""
    optional: bool = False
    repeat: bool = False
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """The order of a state's steps.

    variants  name -> steps in order; one variant named "" when the order is fixed; {} for `any`
    by        chooses the variant, when there are several
    """

    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by: Formula | None = None


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Guidance:
    """What staff are shown in a state. role "": everybody."""

    text: Text
    role: str = ""
    reviewed: bool = True
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One line of a checklist. by (): whoever takes the ticking step. proof: a field that must be given."""

    name: str
    titles: Text = field(default_factory=dict)
    when: Condition | None = None
    by: tuple[str, ...] = ()
    proof: Field | None = None
    each: Formula | None = None
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Checklist:
    """Items attested by people over the states of one machine."""

    name: str
    items: Mapping[str, Item]
    titles: Text = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """A state of a machine.

    path      nested states with dots: "working.inspecting"; leaves are where instances are
    initial   of a composite state: the path of the leaf that entering it reaches; "" for a leaf
    outcome   of a final state; "" otherwise
    complete  where an ordered state goes when its last step is done; "" stays
    """

    path: str
    titles: Text = field(default_factory=dict)
    initial: str = ""
    outcome: str = ""
    steps: tuple[Step, ...] = ()
    enter: tuple[Effect, ...] = ()
    exit: tuple[Effect, ...] = ()
    order: Order | None = None
    complete: str = ""
    expects: tuple[Expectation, ...] = ()
    guidance: tuple[Guidance, ...] = ()
    checklist: str = ""
    phase: str = ""
    where: Place = NOWHERE

    @property
    def final(self) -> bool:
        return bool(self.outcome)


class Arrows(Protocol):
    """The flat state machine behind a machine: which arrow leads where."""

    def fire(self, source: str, trigger: str) -> str | None:
        """Return the state that the trigger leads to from the source; None when there is no such arrow."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """A declarative state machine; a case runs instances of it.

    start     path of the leaf in which an instance begins
    starts    event types that start an instance by themselves (`starts: {upon: ..}`)
    joins     all of these event types must have happened in the case (`starts: {all: [..]}`)
    many      several instances may live; plural names them to the parent and the case
    anywhere  steps open in every state that is not final
    arrows    triggers are "<step>#<branch>" for a branch to a state, "<step>@<leaf>" for $history,
              "$complete:<path>" for the end of an ordered state; a branch that stays has no arrow
    """

    name: str
    titles: Text = field(default_factory=dict)
    start: str
    states: Mapping[str, State]
    arrows: Arrows
    starts: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    many: bool = False
    plural: str = ""
    anywhere: tuple[Step, ...] = ()
    expects: tuple[Expectation, ...] = ()
    phase: str = ""
    where: Place = NOWHERE
    offered: Mapping[str, tuple[Step, ...]] = field(init=False, repr=False, compare=False)
    moves_by_itself: bool = field(init=False)
    """Whether some step is taken by no person, or an ordered state goes on when it is done."""
    expects_anything: bool = field(init=False)

    def __post_init__(self) -> None:
        steps = (*self.anywhere, *(step for state in self.states.values() for step in state.steps))
        completes = any(state.complete for state in self.states.values())
        expects = any(state.expects for state in self.states.values())
        object.__setattr__(self, "offered", {path: self._steps_of(path) for path in self.states})
        object.__setattr__(self, "moves_by_itself", completes or any(step.trigger != "by" for step in steps))
        object.__setattr__(self, "expects_anything", expects or bool(self.expects))

    def steps_of(self, state: str) -> tuple[Step, ...]:
        """Return the steps of a leaf: its own, those of the states around it (inner first), then `anywhere`."""
        return self.offered[state]

    def _steps_of(self, state: str) -> tuple[Step, ...]:
        found: list[Step] = []
        path = state
        while path:
            found.extend(self.states[path].steps)
            path = path.rpartition(".")[0]
        if not self.states[state].final:
            found.extend(self.anywhere)
        return tuple(found)

    def owners_of(self, step: str) -> tuple[str, ...]:
        """Return the paths of the states that own a step of this name, in file order; "" for `anywhere`."""
        owners = [state.path for state in self.states.values() if any(s.name == step for s in state.steps)]
        return (*owners, *("" for s in self.anywhere if s.name == step))


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """A named way in which a case of a kind begins. Records `<kind>.<opening>`."""

    name: str
    event: str
    titles: Text = field(default_factory=dict)
    who: Who = field(default_factory=Who)
    form: tuple[FormField, ...] = ()
    require: tuple[Guard, ...] = ()
    decide: tuple[Call, ...] = ()
    effects: tuple[Effect, ...] = ()
    recorded_afterwards: bool = False
    guidance: tuple[Guidance, ...] = ()
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """Another case that this kind knows.

    kind   the other kind, of this workflow
    key    for a keyed kind: the formula of the key (the case is found, not opened)
    field  or: the field (of type ref) that holds the other case's number
    """

    name: str
    kind: str
    key: Formula | None = None
    field: str = ""
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of case.

    key       the field that keys it (a keyed kind outlives matters); "" for a plain matter
    number    pattern of the case number: {year}, {serial:06}; unique per store
    closes    a case closes when all its instances are final (never, for a keyed kind)
    """

    name: str
    titles: Text = field(default_factory=dict)
    subject: str = ""
    key: str = ""
    number: str = ""
    machines: tuple[str, ...] = ()
    openings: Mapping[str, Opening] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    expects: tuple[Expectation, ...] = ()
    where: Place = NOWHERE

    @property
    def closes(self) -> bool:
        return not self.key


class Cell(Protocol):
    """One test of a decision table's row."""

    def matches(self, value: Json) -> bool: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of a decision table: a cell per input that it tests, and its outputs."""

    cells: Mapping[str, Cell]
    outputs: Mapping[str, Json]
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A decision table (DMN). default: the outputs when no row matches; None refuses."""

    name: str
    inputs: Mapping[str, FieldType]
    outputs: Mapping[str, FieldType]
    rows: tuple[Row, ...]
    hit: Literal["unique", "first", "collect", "max"] = "unique"
    default: Mapping[str, Json] | None = None
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Workflow:
    """One published version of a workflow, ready to decide.

    digest  SHA-256 (hex) of the bundle: the text with all its parts
    """

    name: str
    version: int
    zone: str
    titles: Text = field(default_factory=dict)
    digest: str = ""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    checklists: Mapping[str, Checklist] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    machines: Mapping[str, Machine] = field(default_factory=dict)
    invariants: tuple[Invariant, ...] = ()
    rules: Mapping[str, Text] = field(default_factory=dict)
    brood: Mapping[str, frozenset[str]] = field(init=False)
    """Machine -> machines whose instances are its children: started by its steps, states or events."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "brood", {name: brood_of(machine, self) for name, machine in self.machines.items()})

    def machine_of_plural(self, plural: str) -> str | None:
        """Return the machine whose instances that plural names."""
        return next((machine.name for machine in self.machines.values() if machine.plural == plural), None)


def brood_of(machine: Machine, workflow: Workflow) -> frozenset[str]:
    """Return the machines that a machine's steps and states start, or that start on one of its events."""
    started = {effect.machine for effect in effects_of(machine) if isinstance(effect, Start)}
    prefix = machine.name + "."
    upon = {other.name for other in workflow.machines.values() if any(e.startswith(prefix) for e in other.starts)}
    return frozenset(started | upon)


def effects_of(machine: Machine) -> Iterator[Effect]:
    """Yield every effect of a machine: of its steps, and of entering and leaving its states."""
    for state in machine.states.values():
        yield from state.enter
        yield from state.exit
        for step in state.steps:
            yield from step.effects
    for step in machine.anywhere:
        yield from step.effects
