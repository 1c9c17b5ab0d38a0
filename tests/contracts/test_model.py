"""The store against a model of forty lines: any sequence of commits, losses, repeats, failures and restarts."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lifecycle.store import open_store
from lifecycle.store.port import Appended, CommandRecord, Commit, Conflict, Repeated, Verdict
from tests.contracts.controls import Counted, ToldClock, confirmed, stream
from tests.effort import share_of

STREAMS = st.integers(0, 3)
COMMANDS = st.none() | st.integers(0, 20)


class DecisionFailed(Exception):
    pass


@dataclass
class Model:
    order: list[tuple[int, int]] = field(default_factory=list)
    revisions: dict[int, int] = field(default_factory=dict)
    commands: dict[int, tuple[int, int]] = field(default_factory=dict)

    def answer(self, counts: dict[int, int], late: bool, command: int | None) -> type[Verdict]:
        if command in self.commands:
            return Repeated
        if late and any(self.revisions.get(s, 0) for s in counts):
            return Conflict
        if command is not None:
            self.commands[command] = (len(self.order) + 1, sum(counts.values()))
        for s, count in counts.items():
            for _ in range(count):
                self.revisions[s] = self.revisions.get(s, 0) + 1
                self.order.append((s, self.revisions[s]))
        return Appended


class StoreAndModel(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = ToldClock()
        self.model = Model()
        self.open()

    def open(self) -> None:
        path = Path(self.folder.name) / "store.db"
        self.store = open_store(f"sqlite:{path}", clock=self.clock, randomness=Counted())

    def commit(self, counts: dict[int, int], late: bool, command: int | None) -> Commit:
        before = {s: 0 if late else self.model.revisions.get(s, 0) for s in counts}
        record = CommandRecord(id=f"c-{command}", actor="li", body=b"b" * 32)
        return Commit(
            events={stream(s): [confirmed(stream(s))] * count for s, count in counts.items()},
            expected={stream(s): revision for s, revision in before.items()},
            heads={stream(s): {"n": before[s] + count} for s, count in counts.items() if count},
            command=None if command is None else record,
        )

    @rule(counts=st.dictionaries(STREAMS, st.integers(0, 3)), late=st.booleans(), command=COMMANDS)
    def append(self, counts: dict[int, int], late: bool, command: int | None) -> None:
        commit = self.commit(counts, late, command)
        (verdict,) = self.store.append([commit])
        assert type(verdict) is self.model.answer(counts, late, command)

    @rule(groups=st.lists(st.tuples(STREAMS, COMMANDS), max_size=6))
    def append_a_group(self, groups: list[tuple[int, int | None]]) -> None:
        with self.store.writing() as session:
            for s, command in groups:
                commit = self.commit({s: 1}, False, command)
                assert type(session.append(commit)) is self.model.answer({s: 1}, False, command)

    @rule(counts=st.dictionaries(STREAMS, st.integers(1, 3), min_size=1))
    def fail(self, counts: dict[int, int]) -> None:
        try:
            with self.store.writing() as session:
                assert isinstance(session.append(self.commit(counts, False, 99)), Appended)
                raise DecisionFailed
        except DecisionFailed:
            assert self.store.command("c-99") is None

    @rule(minutes=st.integers(-5, 5))
    def the_clock_jumps(self, minutes: int) -> None:
        self.clock.go(minutes=minutes)

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.open()

    @invariant()
    def the_order_is_the_models(self) -> None:
        rows = list(self.store.feed())
        assert [r.position for r in rows] == list(range(1, len(rows) + 1))
        assert [(r.event.stream, r.revision) for r in rows] == [
            (stream(s), revision) for s, revision in self.model.order
        ]
        assert [r.recorded_at for r in rows] == sorted(r.recorded_at for r in rows)

    @invariant()
    def heads_and_commands_are_the_models(self) -> None:
        for s, revision in self.model.revisions.items():
            head = self.store.head(stream(s))
            assert head is not None
            assert (head.revision, head.state) == (revision, {"n": revision})
        for command, row in self.model.commands.items():
            found = self.store.command(f"c-{command}")
            assert found is not None
            assert (found.first_position, found.count) == row

    def teardown(self) -> None:
        assert self.store.verify().findings == ()
        self.store.close()
        self.folder.cleanup()


StoreAndModel.TestCase.settings = settings(max_examples=share_of(200, at_least=10), stateful_step_count=30)
TestTheStoreIsItsModel = StoreAndModel.TestCase
