"""What the checks look at: every step, state, effect and expression of a definition, with its path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from lifecycle.language.behaviour import Deadline, Effects, FormItem, Machine, OpenBody, Opening, StartBody, State, Step
from lifecycle.language.definition import Definition
from lifecycle.language.dictionary import Guard, Guidance
from lifecycle.language.freezing import FreezeBody
from lifecycle.language.notices import NotifyBody
from lifecycle.language.papers import PaperMove
from lifecycle.language.people import AssignBody, AwayBody, QualifyBody, ReleaseBody
from lifecycle.language.posts import PostBody
from lifecycle.language.series import RecordBody
from lifecycle.language.settlements import SettleBody
from lifecycle.language.tree import KeyScalar, ListNode, Node, walk
from lifecycle.problems import Level, Place, Problem

HISTORY = "$history"
_POSTS = re.compile(r"\.post(\.\d+)?\.[a-z0-9_]+$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """A name used at a place. element: the path of the element that uses it."""

    name: str
    path: str
    element: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class StateSite:
    """A state. path: within its machine ("working.inspecting"); at: in the document; parent: "" at the top."""

    machine: str
    path: str
    at: str
    state: State
    parent: str

    @property
    def leaf(self) -> bool:
        return not self.state.states


@dataclass(frozen=True, kw_only=True, slots=True)
class StepSite:
    """A step or an opening. owner: path of the state that offers it, "" for `anywhere` and openings."""

    name: str
    at: str
    step: Step | Opening
    machine: str = ""
    owner: str = ""
    kind: str = ""

    @property
    def event(self) -> str:
        return f"{self.machine or self.kind}.{self.name}"

    @property
    def automatic(self) -> bool:
        return isinstance(self.step, Step) and bool(self.step.upon or self.step.always or self.step.timed)

    @property
    def form(self) -> Mapping[str, FormItem]:
        return self.step.form


Assigning = AssignBody | ReleaseBody
Staffing = AwayBody | QualifyBody
Body = (
    FreezeBody
    | StartBody
    | OpenBody
    | RecordBody
    | SettleBody
    | PaperMove
    | PostBody
    | NotifyBody
    | Assigning
    | Staffing
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """One effect.

    what  "set", "assign", "release", "record", "settle", "paper", "post", "start", "send", "open", "notify", "away",
          "qualify"; "tell": what a schedule sends to each member
    name  field, name assigned, series, settlement, paper, ledger, machine, link.step, kind, text, step told;
          "" for staff
    """

    what: str
    name: str
    at: str
    step: StepSite | None
    machine: str
    kind: str
    value: object = None
    body: Body | None = None
    form: Mapping[str, object] = field(default_factory=dict)
    conditional: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DeadlineSite:
    """A deadline. owner: path of the state that it belongs to, "" for the machine's own; at: in the document."""

    machine: str
    owner: str
    name: str
    at: str
    deadline: Deadline


@dataclass(frozen=True, kw_only=True)
class MachineSite:
    """A machine with its states by path, composite ones before those inside them, and its steps in file order."""

    name: str
    at: str
    machine: Machine
    states: Mapping[str, StateSite]
    steps: tuple[StepSite, ...]

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        return tuple(path for path, site in self.states.items() if site.leaf)

    def target(self, owner: str, name: str) -> str:
        """Return the path of the state that `to` names: a sibling of the owner, or a path from the root; "" unknown."""
        around = owner
        while around:
            around = around.rpartition(".")[0]
            path = f"{around}.{name}" if around else name
            if path in self.states:
                return path
        if name in self.states:
            return name
        return f"{owner}.{name}" if f"{owner}.{name}" in self.states else ""

    def initial(self, path: str) -> str:
        """Return the leaf that entering a state reaches; "" when a `start` inside is missing or unknown."""
        seen: set[str] = set()
        while path in self.states and path not in seen:
            seen.add(path)
            site = self.states[path]
            if site.leaf:
                return path
            inner = site.state.start or next(iter(site.state.states))
            path = f"{path}.{inner}" if f"{path}.{inner}" in self.states else inner
        return ""

    @cached_property
    def _inside(self) -> Mapping[str, tuple[str, ...]]:
        """The leaves in each state; under "" all that are not final."""
        found: dict[str, list[str]] = {"": [leaf for leaf in self.leaves if self.states[leaf].state.final is None]}
        for leaf in self.leaves:
            for path in _around(leaf):
                found.setdefault(path, []).append(leaf)
        return {path: tuple(leaves) for path, leaves in found.items()}

    @cached_property
    def _owned(self) -> Mapping[str, tuple[StepSite, ...]]:
        found: dict[str, list[StepSite]] = {}
        for step in self.steps:
            found.setdefault(step.owner, []).append(step)
        return {owner: tuple(steps) for owner, steps in found.items()}

    @cached_property
    def deadlines(self) -> tuple[DeadlineSite, ...]:
        """The machine's own deadlines, then those of its states."""
        owners = [("", self.at, self.machine.deadlines)]
        owners.extend((path, site.at, site.state.deadlines) for path, site in self.states.items())
        return tuple(
            DeadlineSite(machine=self.name, owner=owner, name=name, at=f"{at}.deadlines.{name}", deadline=one)
            for owner, at, deadlines in owners
            for name, one in deadlines.items()
        )

    def leaves_under(self, path: str) -> tuple[str, ...]:
        """Return the leaves in a state (itself, if it is one); all that are not final for "" (`anywhere`)."""
        return self._inside.get(path, ())

    def offered(self, leaf: str) -> tuple[StepSite, ...]:
        """Return the steps offered in a leaf, inner states before outer, then `anywhere`."""
        order = [step for path in _around(leaf) for step in self._owned.get(path, ())]
        if self.states[leaf].state.final is None:
            order.extend(self._owned.get("", ()))
        return tuple(order)


def _around(leaf: str) -> Iterator[str]:
    """Yield a state's path and those of the states around it, inner first."""
    while leaf:
        yield leaf
        leaf = leaf.rpartition(".")[0]


class Outline:
    """A definition, laid out for the checks."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.text = definition.text
        self.machines = {name: self._machine(name, machine) for name, machine in self.text.machines.items()}
        self.openings = tuple(
            StepSite(name=name, at=f"cases.{kind}.opens.{name}", step=opening, kind=kind)
            for kind, body in self.text.cases.items()
            for name, opening in body.opens.items()
        )

    def problem(
        self, code: str, at: str, *, level: Level = "error", key: bool = False, hint: str = "", **values: object
    ) -> Problem:
        """Return a problem at the value (or the key) of a path."""
        place = self.definition.key_place(at) if key else self.definition.place(at)
        return Problem(code=code, level=level, where=place, values=values, hint=hint)

    def place(self, at: str) -> Place:
        return self.definition.place(at)

    @property
    def steps(self) -> Iterator[StepSite]:
        """Every step of every machine, in file order."""
        for machine in self.machines.values():
            yield from machine.steps

    @property
    def acts(self) -> Iterator[StepSite]:
        """Every opening and every step."""
        yield from self.openings
        yield from self.steps

    def guidance(self) -> Iterator[tuple[str, Guidance]]:
        """Yield (path, guidance) of every opening and state."""
        places = [(act.at, act.step.guidance) for act in self.openings if isinstance(act.step, Opening)]
        states = (site for machine in self.machines.values() for site in machine.states.values())
        places.extend((site.at, site.state.guidance) for site in states)
        for at, shown in places:
            yield from ((self.many(f"{at}.guidance", number), one) for number, one in enumerate(shown))

    def kinds_of(self, machine: str) -> tuple[str, ...]:
        """Return the kinds of case that run a machine."""
        return tuple(name for name, kind in self.text.cases.items() if machine in kind.machines)

    def many(self, at: str, number: int) -> str:
        """Return the path of an element of "one or a list"."""
        return f"{at}.{number}" if isinstance(self.nodes.get(at), ListNode) else at

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """What stands in the file, by path."""
        return {path: node for path, _, node in walk(self.definition.tree)}

    @cached_property
    def keys(self) -> Mapping[str, KeyScalar]:
        """The keys that stand in the file, by path."""
        return {path: key for path, key, _ in walk(self.definition.tree) if key is not None}

    def mentions(self, names: Sequence[str], at: str, element: str = "") -> Iterator[Mention]:
        """Yield the names of "one or a list"."""
        for number, name in enumerate(names):
            yield Mention(name=name, path=self.many(at, number), element=element)

    def guards(self) -> Iterator[tuple[str, str, Guard, StepSite | None]]:
        """Yield (name, path, guard, step) of every guard that is spelled out; step is None for shared ones."""
        for name, guard in self.text.guards.items():
            yield name, f"guards.{name}", guard, None
        for act in self.acts:
            for name, guard_or_name in act.step.require.items():
                if isinstance(guard_or_name, Guard):
                    yield name, f"{act.at}.require.{name}", guard_or_name, act

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """Every effect of steps, openings, and of entering and leaving states."""
        found: list[Effect] = []
        for act in self.acts:
            found.extend(self._effects(act.step, act.at, act, act.machine, act.kind))
        for machine in self.machines.values():
            for site in machine.states.values():
                for moment, listed in (("enter", site.state.enter), ("exit", site.state.exit)):
                    for number, effects in enumerate(listed):
                        at = self.many(f"{site.at}.{moment}", number)
                        found.extend(self._effects(effects, at, None, machine.name, ""))
            for deadline in machine.deadlines:
                for mark, listed in deadline.deadline.ladder.items():
                    for number, effects in enumerate(listed):
                        at = self.many(f"{deadline.at}.ladder.{mark}", number)
                        found.extend(self._effects(effects, at, None, machine.name, ""))
        for name, ledger in self.text.ledgers.items():
            for mark, listed in ledger.ladder.items():
                for number, effects in enumerate(listed):
                    at = self.many(f"ledgers.{name}.ladder.{mark}", number)
                    found.extend(self._effects(effects, at, None, self.poster(name), ""))
        found.extend(self._scheduled())
        return tuple(found)

    def _scheduled(self) -> Iterator[Effect]:
        """Yield what schedules open and send: outside of any machine, in the case of a member, if it has any."""
        for name, entry in self.text.schedules.items():
            at, kind = f"schedules.{name}", entry.per or ""
            for number, opens in enumerate(entry.open):
                here = self.many(f"{at}.open", number)
                for opened, body in opens.items():
                    yield Effect(what="open", name=opened, at=f"{here}.{opened}", step=None, machine="", kind=kind,
                                 body=body, form=body.form, conditional=body.when is not None)  # fmt: skip
            for step, form in entry.send.items():
                yield Effect(what="tell", name=step, at=f"{at}.send.{step}", step=None, machine="", kind=kind,
                             form=form)  # fmt: skip

    def poster(self, ledger: str) -> str:
        """Return the one machine that posts to a ledger, whose values its formulas see; "" for none or several."""
        posting = {
            machine.name
            for machine in self.machines.values()
            for path, node in self.nodes.items()
            if path.startswith(f"{machine.at}.") and _POSTS.search(path) and path.rpartition(".")[2] == ledger
            and node is not None
        }  # fmt: skip
        return next(iter(posting)) if len(posting) == 1 else ""

    def _effects(
        self, holder: Step | Opening | Effects, at: str, step: StepSite | None, machine: str, kind: str
    ) -> Iterator[Effect]:
        outer = isinstance(holder, Effects) and holder.when is not None
        for number, freezes in enumerate(() if isinstance(holder, Effects) else holder.freeze):
            here = self.many(f"{at}.freeze", number)
            for name, frozen in freezes.items():
                yield Effect(what="set", name=name, at=f"{here}.{name}", step=step, machine=machine, kind=kind,
                             body=frozen, conditional=frozen.when is not None)  # fmt: skip
        for number, sets in enumerate(holder.set):
            here = self.many(f"{at}.set", number)
            for name, value in sets.values.items():
                yield Effect(what="set", name=name, at=f"{here}.{name}", step=step, machine=machine, kind=kind,
                             value=value, conditional=outer or sets.when is not None)  # fmt: skip
        yield from self._people(holder, at, step, machine, kind, outer=outer)
        yield from self._books(holder, at, step, machine, kind, outer=outer)
        for number, starts in enumerate(holder.start):
            here = self.many(f"{at}.start", number)
            for name, start in starts.items():
                yield Effect(what="start", name=name, at=f"{here}.{name}", step=step, machine=machine, kind=kind,
                             body=start, conditional=outer or start.when is not None)  # fmt: skip
        for number, sends in enumerate(holder.send):
            here = self.many(f"{at}.send", number)
            for link, send in sends.items():
                for name, form in send.steps.items():
                    yield Effect(what="send", name=f"{link}.{name}", at=f"{here}.{link}.{name}", step=step,
                                 machine=machine, kind=kind, form=form,
                                 conditional=outer or send.when is not None)  # fmt: skip
        for number, opens in enumerate(holder.open):
            here = self.many(f"{at}.open", number)
            for name, opened in opens.items():
                yield Effect(what="open", name=name, at=f"{here}.{name}", step=step, machine=machine, kind=kind,
                             body=opened, form=opened.form, conditional=outer or opened.when is not None)  # fmt: skip
        for number, notice in enumerate(holder.notify):
            yield Effect(what="notify", name=notice.named, at=self.many(f"{at}.notify", number), step=step,
                         machine=machine, kind=kind, body=notice,
                         conditional=outer or notice.when is not None)  # fmt: skip

    def _books(
        self,
        holder: Step | Opening | Effects,
        at: str,
        step: StepSite | None,
        machine: str,
        kind: str,
        *,
        outer: bool,
    ) -> Iterator[Effect]:
        """Yield the effects on what is kept beside the state: settlements, papers, ledgers."""
        for number, records in enumerate(holder.record):
            here = self.many(f"{at}.record", number)
            for name, read in records.items():
                yield Effect(what="record", name=name, at=f"{here}.{name}", step=step, machine=machine, kind=kind,
                             body=read, conditional=outer or read.when is not None)  # fmt: skip
        for number, settles in enumerate(() if isinstance(holder, Opening) else holder.settle):
            here = self.many(f"{at}.settle", number)
            for name, drawn in settles.items():
                spelled = f"{here}.{name}" in self.nodes
                yield Effect(what="settle", name=name, at=f"{here}.{name}" if spelled else here, step=step,
                             machine=machine, kind=kind, body=drawn,
                             conditional=outer or drawn.when is not None)  # fmt: skip
        for number, papers in enumerate(holder.papers):
            here = self.many(f"{at}.papers", number)
            for name, moved in papers.items():
                yield Effect(what="paper", name=name.removesuffix("?"), at=f"{here}.{name}", step=step, machine=machine,
                             kind=kind, body=moved,
                             conditional=outer or moved.when is not None or name.endswith("?"))  # fmt: skip
        for number, posts in enumerate(holder.post):
            here = self.many(f"{at}.post", number)
            for name, posted in posts.items():
                yield Effect(what="post", name=name, at=f"{here}.{name}", step=step, machine=machine, kind=kind,
                             body=posted, conditional=outer or posted.when is not None)  # fmt: skip

    def _people(
        self,
        holder: Step | Opening | Effects,
        at: str,
        step: StepSite | None,
        machine: str,
        kind: str,
        *,
        outer: bool,
    ) -> Iterator[Effect]:
        """Yield the effects on people: who is assigned, released, away, qualified."""
        bodies: list[tuple[str, str, str, Assigning | Staffing]] = []
        if not isinstance(holder, Opening):
            for number, given in enumerate(holder.assign):
                here = self.many(f"{at}.assign", number)
                bodies.extend(("assign", name, f"{here}.{name}", body) for name, body in given.items())
            for number, freed in enumerate(holder.release):
                here = self.many(f"{at}.release", number)
                bodies.extend(("release", name, f"{here}.{name}", body) for name, body in freed.items())
        bodies.extend(("away", "", self.many(f"{at}.away", n), body) for n, body in enumerate(holder.away))
        bodies.extend(("qualify", "", self.many(f"{at}.qualify", n), body) for n, body in enumerate(holder.qualify))
        for what, name, here, each in bodies:
            yield Effect(what=what, name=name, at=here, step=step, machine=machine, kind=kind, body=each,
                         conditional=outer or each.when is not None)  # fmt: skip

    def assigned(self, machine: str) -> Iterator[tuple[Effect, AssignBody]]:
        """Yield every assignment in a machine."""
        for effect in self.effects:
            if effect.machine == machine and isinstance(effect.body, AssignBody):
                yield effect, effect.body

    def _machine(self, name: str, machine: Machine) -> MachineSite:
        at = f"machines.{name}"
        states: dict[str, StateSite] = {}
        steps: list[StepSite] = []

        def visit(inside: Mapping[str, State], path: str, above: str) -> None:
            for short, state in inside.items():
                here = f"{path}.{short}" if path else short
                there = f"{above}.states.{short}"
                states[here] = StateSite(machine=name, path=here, at=there, state=state, parent=path)
                steps.extend(
                    StepSite(name=step, at=f"{there}.steps.{step}", step=body, machine=name, owner=here)
                    for step, body in state.steps.items()
                )
                visit(state.states, here, there)

        for step, body in machine.anywhere.items():
            steps.append(StepSite(name=step, at=f"{at}.anywhere.{step}", step=body, machine=name))
        visit(machine.states, "", at)
        return MachineSite(name=name, at=at, machine=machine, states=states, steps=tuple(steps))


def near(name: str, known: Sequence[str] | Mapping[str, object]) -> str:
    """Return the declared name that was probably meant; "" when none is near."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return close[0] if close else ""
