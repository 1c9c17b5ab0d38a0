"""Every way through a machine, walked together with each of its papers: none ends with a paper short of its last stage.

A node of the walk is a leaf and where the paper may be in it. What conditions say of the paper's own stage is decided;
what they say of anything else may go either way, and what is found behind it is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from lifecycle.core.workflow.papers import VOID
from lifecycle.language.behaviour import Step
from lifecycle.language.checks.paper_moves import NOTHING, Line, Move, Standing
from lifecycle.language.checks.paper_stages import speaks_of, told
from lifecycle.language.checks.papers import paper_lines, paper_moves
from lifecycle.language.checks.subject import Subject
from lifecycle.language.dictionary import Guard
from lifecycle.language.outline import HISTORY, Effect, MachineSite, StepSite
from lifecycle.language.papers import NO_STAGES, PaperMove
from lifecycle.problems import Level, Problem

MOST_STEPS = 20_000
"""Steps of all walks of one file that are looked at, apart from what other checks may spend."""

Node = tuple[str, Standing, frozenset[str]]
"""A leaf, where the paper may be in it, and which steps of the leaf's order have moved it on this stay."""


def paper_paths(subject: Subject) -> Iterator[Problem]:
    """Yield `paper-unfinished` and `paper-out-of-order`: ways that end, or can never end, because of a paper."""
    if subject.definition.broken:
        return
    faulty = {str(problem.values["paper"]) for check in (paper_moves, paper_lines) for problem in check(subject)}
    left = MOST_STEPS
    for name, paper in subject.text.papers.items():
        line = Line(name, paper)
        if name in faulty or not well_named(subject, line):
            continue  # said already, and every way would only repeat it
        for machine in walkable(subject, line):
            walk = Walk(subject, line, subject.outline.machines[machine], left)
            yield from walk.problems()
            left -= walk.looked


def well_named(subject: Subject, line: Line) -> bool:
    """Return whether every role that signs it and every stage that it is moved to is declared."""
    moves = [e.body for e in subject.outline.effects if e.name == line.name and isinstance(e.body, PaperMove)]
    signers = {signer.role for stage in line.paper.stages.values() for signer in stage.signed_by}
    signers |= {role for move in moves for role in move.sign}
    known = {*line.stages, *NO_STAGES}
    return signers <= subject.text.roles.keys() and all(move.to in known for move in moves)


def walkable(subject: Subject, line: Line) -> Iterator[str]:
    """Yield the machines in which a paper's whole way can be seen: its instances', or the only one of its case."""
    effects = (effect for effect in subject.outline.effects if effect.what == "paper" and effect.name == line.name)
    moving = {effect.machine for effect in effects}
    machines = [name for name in subject.outline.machines if name in moving]
    if line.paper.of == "case" and (len(machines) != 1 or subject.text.machines[machines[0]].many):
        return
    yield from (name for name in machines if subject.walks[name].start and not subject.walks[name].unsure)


@dataclass
class Walk:
    """The walk of one machine with one paper.

    limit    steps that may be looked at; beyond, nothing is said. looked: how many were
    before   the nodes that lead to each
    ends     nodes at an end: what leads there, and whether that is a key of the file
    blocked  steps that the paper refuses somewhere, with those nodes; passed: steps that it allows somewhere
    """

    subject: Subject
    line: Line
    site: MachineSite
    limit: int
    looked: int = 0
    before: dict[Node, set[Node]] = field(default_factory=dict)
    ends: dict[Node, set[tuple[str, bool]]] = field(default_factory=dict)
    blocked: dict[str, tuple[StepSite, list[Node]]] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)
    met: set[Node] = field(default_factory=set)

    def problems(self) -> Iterator[Problem]:
        if not self.walk():
            return
        yield from self.unfinished()
        yield from self.out_of_order()

    def walk(self) -> bool:
        """Walk from the start; return whether it could be walked to the end."""
        start = self.subject.walks[self.site.name].start
        pending: list[Node] = []
        for standing in self.at_start():
            for entered in self.crossed("", start, standing):
                pending.append((start, entered, frozenset()))
        self.met.update(pending)
        while pending:
            node = pending.pop()
            self.looked += 1 + len(self.site.offered(node[0]))
            if self.looked > self.limit:
                return False
            for at, later in self.onward(node):
                if self.is_final(later[0]):
                    self.ends.setdefault(later, set()).add(at)
                self.before.setdefault(later, set()).add(node)
                if later not in self.met:
                    self.met.add(later)
                    pending.append(later)
        return True

    def at_start(self) -> Iterator[Standing]:
        """Yield where the paper may be when an instance begins: of a case, what its openings have made of it."""
        if self.line.paper.of != "case":
            yield NOTHING
            return
        for opening in self.subject.outline.openings:
            if self.site.name in self.subject.text.cases[opening.kind].machines:
                yield from self.line.after(self.moves_of(opening), NOTHING)

    def onward(self, node: Node) -> Iterator[tuple[tuple[str, bool], Node]]:
        """Yield (what leads there, the next node): by steps, and by the end of an ordered state."""
        leaf, standing, done = node
        if self.is_final(leaf):
            return
        offered: set[str] = set()
        for step in self.site.offered(leaf):
            if step.name in offered or not isinstance(step.step, Step):
                continue
            offered.add(step.name)
            moves = self.moves_of(step)
            allowed = self.allowed(step, step.step, standing)
            if allowed is None or self.against_order(step, done):
                continue
            after = self.line.after(moves, allowed)
            if not after:
                self.blocked.setdefault(step.at, (step, []))[1].append(node)
            elif moves:
                self.passed.add(step.at)
            for later in after:
                now = done | {step.name} if moves and self.ordered(step.owner) else done
                for target, sure in self.branches(step, step.step, leaf, later):
                    way = replace(later, sure=later.sure and sure)
                    if not target:
                        yield (step.at, True), (leaf, way, now)
                        continue
                    for entered in self.crossed(leaf, target, way):
                        yield (step.at, True), (target, entered, frozenset())
        path = leaf
        while path:
            yield from self.completed(node, path)
            path = path.rpartition(".")[0]

    def completed(self, node: Node, path: str) -> Iterator[tuple[tuple[str, bool], Node]]:
        """Yield where the end of an ordered state leads, once the steps that must move the paper in it are done."""
        leaf, standing, done = node
        state = self.site.states[path].state
        target = self.site.target(path, state.complete.to) if state.complete is not None else ""
        reached = self.site.initial(target) if target else ""
        if not reached:
            return
        needed = {s.name for s in self.site.steps if s.owner == path and self.must_move(s)}
        if needed <= done:
            for entered in self.crossed(leaf, reached, standing):
                yield (f"{self.site.states[path].at}.complete", False), (reached, entered, frozenset())

    def must_move(self, step: StepSite) -> bool:
        body = step.step
        return isinstance(body, Step) and bool(self.moves_of(step)) and not body.optional and body.when is None

    def ordered(self, owner: str) -> bool:
        return bool(owner) and self.site.states[owner].state.order is not None

    def against_order(self, step: StepSite, done: frozenset[str]) -> bool:
        """Return whether the order of the state keeps a step back: it was taken, or one before it was not."""
        if not self.ordered(step.owner) or not isinstance(step.step, Step):
            return False
        if step.name in done and not step.step.repeat:
            return True
        order = self.site.states[step.owner].state.order
        variants = list(order.variants.values()) if order else []
        if len(variants) != 1 or step.name not in variants[0]:
            return False
        earlier = set(variants[0][: variants[0].index(step.name)])
        return any(s.name in earlier - done and self.must_move(s) for s in self.site.steps if s.owner == step.owner)

    def allowed(self, step: StepSite, body: Step, standing: Standing) -> Standing | None:
        """Return the standing with which a step may be taken, less sure behind what cannot be told; None: never."""
        texts = [text for text in (body.when, body.always) if text]
        guards = [
            guard if isinstance(guard, Guard) else self.subject.text.guards.get(guard.removeprefix("guards."), None)
            for guard in body.require.values()
        ]
        for guard in guards:
            if guard is None or guard.override or guard.failing == "mark" or guard.each or guard.when:
                continue
            if guard.that:
                texts.append(guard.that)
            elif guard.reconcile and not self.agrees(guard.reconcile.papers, standing):
                return None
        for text in texts:
            answer = told(text, self.line.name, standing.stage)
            if answer is False:
                return None
            if answer is None and speaks_of(text, self.line.name):
                standing = replace(standing, sure=False)
        return standing

    def agrees(self, papers: Mapping[str, str], standing: Standing) -> bool:
        for written, stage in papers.items():
            if written.removesuffix("?") != self.line.name:
                continue
            if standing.stage is None:
                return written.endswith("?")
            if VOID in (stage, standing.stage):
                return stage == standing.stage
            return self.line.place(standing.stage) >= self.line.place(stage)
        return True

    def branches(self, step: StepSite, body: Step, leaf: str, standing: Standing) -> Iterator[tuple[str, bool]]:
        """Yield the leaves that a step may lead to, "" for staying, each with whether that is sure."""
        if not body.to:
            yield "", True
        sure = True
        for condition, target in body.to.items():
            answer = True if condition == "otherwise" else told(condition, self.line.name, standing.stage)
            if answer is False:
                continue
            spoken = answer is None and speaks_of(condition, self.line.name)
            yield from ((reached, sure and not spoken) for reached in self.reached(step, leaf, target))
            if answer is True:
                return
            sure = sure and not spoken

    def reached(self, step: StepSite, leaf: str, target: str) -> tuple[str, ...]:
        if target != HISTORY:
            path = self.site.target(step.owner or leaf, target)
            return (self.site.initial(path),) if path else ()
        taken = self.subject.walks[self.site.name].taken[leaf]
        return tuple(dict.fromkeys(back for other, back in taken if other is step and back != leaf))

    def crossed(self, source: str, target: str, standing: Standing) -> frozenset[Standing]:
        """Return where the paper may be after leaving one leaf and entering another; "" for the source is the start."""
        outside = [path for path in around(source) if target.startswith(f"{path}.")]
        left = [(path, "exit") for path in around(source) if path not in outside]
        entered = [(path, "enter") for path in reversed(around(target)) if path not in outside]
        moves = [move for path, moment in (*left, *entered) for move in self.moves_at(path, moment)]
        return self.line.after(moves, standing)

    def moves_at(self, path: str, moment: str) -> tuple[Move, ...]:
        """Return the moves of entering or leaving a state."""
        return self.crossing.get((path, moment), ())

    def moves_of(self, act: StepSite) -> tuple[Move, ...]:
        """Return the moves of a step or an opening."""
        return self.acting.get(act.at, ())

    @cached_property
    def acting(self) -> Mapping[str, tuple[Move, ...]]:
        """The moves of every act of the file that moves the paper, by its path."""
        found: dict[str, tuple[Move, ...]] = {}
        for effect in self.own:
            if effect.step is not None and isinstance(effect.body, PaperMove):
                act = effect.step.step
                by = act if not isinstance(act, Step) or act.by else None
                move = Move(effect=effect, body=effect.body, act=by, if_issued=effect.at.endswith("?"))
                found[effect.step.at] = (*found.get(effect.step.at, ()), move)
        return found

    @cached_property
    def crossing(self) -> Mapping[tuple[str, str], tuple[Move, ...]]:
        """The moves of entering and leaving each state of the machine that moves the paper."""
        mine = [e for e in self.own if e.step is None and e.machine == self.site.name]
        found: dict[tuple[str, str], tuple[Move, ...]] = {}
        for path, site in self.site.states.items() if mine else ():
            for moment, listed in (("enter", site.state.enter), ("exit", site.state.exit)):
                for number, effects in enumerate(listed):
                    at = f"{self.subject.outline.many(f'{site.at}.{moment}', number)}.papers."
                    found[path, moment] = (
                        *found.get((path, moment), ()),
                        *(
                            Move(
                                effect=e, body=e.body, act=None, if_issued=e.at.endswith("?"), outer=effects.when or ""
                            )
                            for e in mine
                            if e.at.startswith(at) and isinstance(e.body, PaperMove)
                        ),
                    )
        return found

    @cached_property
    def own(self) -> tuple[Effect, ...]:
        """The effects that move the paper, in the whole file."""
        return tuple(e for e in self.subject.outline.effects if e.what == "paper" and e.name == self.line.name)

    def is_final(self, leaf: str) -> bool:
        return self.site.states[leaf].state.final is not None

    def unfinished(self) -> Iterator[Problem]:
        """Yield the ways that end with the paper short: once for each act that ends them, the surest first."""
        told_of: dict[tuple[str, bool], tuple[bool, str]] = {}
        for node in sorted(self.ends, key=lambda one: (not one[1].sure, self.line.place(one[1].stage))):
            if not self.line.finished(node[1]):
                for end in self.ends[node]:
                    told_of.setdefault(end, (node[1].sure, node[1].stage or ""))
        for (at, key), (sure, stage) in told_of.items():
            missing = [
                s for s in self.line.stages[self.line.place(stage) + 1 :] if not self.line.paper.stages[s].optional
            ]
            values: dict[str, Any] = {"paper": self.line.name, "stage": stage or "-", "missing": missing}
            yield self.subject.problem("paper-unfinished", at, key=key, level="error" if sure else "warning", **values)

    def out_of_order(self) -> Iterator[Problem]:
        """Yield steps that a paper always refuses, and those whose refusal leaves no way to an end."""
        stuck = self.stuck()
        for step, nodes in self.blocked.values():
            if step.at not in self.passed:
                yield self.problem(step, "error", nodes)
                continue
            here = [node for node in nodes if node in stuck]
            if here:
                yield self.problem(step, "error" if any(node[1].sure for node in here) else "warning", here)

    def stuck(self) -> set[Node]:
        """Return the nodes from which no end can be reached, although the machine by itself has one there."""
        good = {node for node in self.met if self.is_final(node[0])}
        pending = list(good)
        while pending:
            for node in self.before.get(pending.pop(), ()):
                if node not in good:
                    good.add(node)
                    pending.append(node)
        finals = [leaf for leaf in self.site.leaves if self.is_final(leaf)]
        ending = self.subject.walks[self.site.name].leading_to(finals)
        return {node for node in self.met if node not in good and node[0] in ending}

    def problem(self, step: StepSite, level: Level, nodes: Sequence[Node]) -> Problem:
        move = self.moves_of(step)[0]
        stages = sorted({node[1].stage or "-" for node in nodes})
        values: dict[str, Any] = {"paper": self.line.name, "to": move.body.to, "stages": stages, "step": step.name}
        return self.subject.problem("paper-out-of-order", move.effect.at, key=True, level=level, **values)


def around(path: str) -> list[str]:
    """Return a state and those around it, inner first; nothing for ""."""
    parts = path.split(".") if path else []
    return [".".join(parts[:number]) for number in range(len(parts), 0, -1)]
