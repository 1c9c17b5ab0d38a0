"""A shop: one small workflow on a real store, engines that come and go, a clock that is told the time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from uuid import UUID

from lifecycle.core.case import Correct, Note, OpenCase, TakeStep
from lifecycle.core.events import Json
from lifecycle.core.figures import SetFigure
from lifecycle.engine import Done, Engine, Outcome, Workflows
from lifecycle.engine.workflows import Source
from lifecycle.language.folders import Bundle
from lifecycle.language.published import compile_published
from lifecycle.problems import Refusal
from lifecycle.store import SqliteStore, open_store
from tests.contracts.controls import Counted, ToldClock
from tests.unit.core.controls import actor

SHOP = """
workflow: shop
version: 1
zone: Asia/Shanghai
rules: {S-1: {zh: "限额", en: "Limit", source: "s"}}
settings: {limit: {is: integer, default: 100, max: 500}}
fields:
  caller: {is: text, scope: case, pii: true}
  phone: {is: phone, scope: case, pii: true}
  flat: {is: text, scope: case}
  cost: {is: integer}
  remark: {is: text, pii: true}
  seen_cost: {is: integer}
roles:
  clerk: {}
  expert: {}
  chief: {corrects: true}
  buyer: {party: true}
cases:
  matter:
    number: "SH-{year}-{serial:04}"
    subject: customer
    machines: [job]
    links: {dossier: {case: dossier, key: "=case.flat"}}
    opens: {reported: {by: clerk, form: [caller, phone, flat], start: job}}
  dossier:
    number: "D-{serial:04}"
    subject: asset
    key: flat
    machines: [file]
    opens: {created: {by: clerk, form: [flat!], start: file}}
  person:
    number: "P-{serial:04}"
    subject: customer
    key: phone
    machines: [file]
    opens: {known: {by: clerk, form: [phone!], start: file}}
machines:
  job:
    start: new
    states:
      new:
        steps:
          priced:
            by: clerk
            form: [cost!, remark]
            require:
              cheap:
                that: "data.cost <= settings.limit"
                else: {zh: "超限", en: "Over the limit"}
                override: {by: self, reason: true}
                rules: [S-1]
            to: priced
      priced:
        steps:
          added: {by: [clerk, buyer], with: clerk, form: [cost, remark]}
          visited: {by: clerk, send: {dossier: {seen: {cost: "=data.cost", remark: "=data.remark"}}}}
          filed: {by: clerk, open: {dossier: {opening: created, form: {flat: "=case.flat"}}}}
          checked: {by: expert}
          closed:
            by: clerk
            require: {looked: {that: "done('checked')", else: {zh: "未查", en: "Not checked"}}}
            to: over
          ended: {by: clerk, to: over}
      over: {final: done}
  file:
    start: kept
    states:
      kept:
        steps:
          seen:
            upon: received.seen
            form: [cost, {remark: {default: "nothing said"}}]
            require: {small: {that: "data.cost == null || data.cost < 90", else: {zh: "大", en: "Large"}}}
            set: {seen_cost: "=data.cost"}
          thrown: {by: chief, to: out}
      out: {final: done}
"""


@dataclass
class Shop:
    """A store with one engine at a time; `again` is another process on the same files."""

    folder: Path
    texts: dict[str, str] = field(default_factory=lambda: {"shop": SHOP})
    clock: ToldClock = field(default_factory=ToldClock)

    def __post_init__(self) -> None:
        self._ids = count(1)
        self._commands = count(1)
        self._engines: list[Engine] = []
        self.engine = self.again()

    def again(self) -> Engine:
        """Open the store anew and return the engine on it."""
        self.engine = Engine(self.open_store(), self.workflows(), clock=self.clock, new_id=self.new_id)
        self._engines.append(self.engine)
        return self.engine

    def open_store(self) -> SqliteStore:
        seed = b"%d" % len(self._engines)
        return open_store(f"sqlite:{self.folder / 'store.db'}", clock=self.clock, randomness=Counted(seed=seed))

    def workflows(self) -> Workflows:
        return Workflows(self.read, compile_published, lambda: tuple(self.texts))

    def read(self, name: str) -> Source | None:
        if name not in self.texts:
            return None
        files = {name: self.texts[name]}
        digest = Bundle(name=name, texts=files).digest
        return Source(workflow=compile_published(name, files), digest=digest, files=files)

    def write(self, version: int, old: str = "", new: str = "") -> None:
        """Put a version of the workflow into the designer's folder, with one thing changed."""
        assert not old or SHOP.count(old) == 1
        self.texts["shop"] = SHOP.replace("version: 1", f"version: {version}").replace(old or "\0", new)

    def new_id(self) -> UUID:
        return UUID(int=next(self._ids))

    def next_command(self) -> str:
        return f"c-{next(self._commands)}"

    def close(self) -> None:
        for engine in self._engines:
            engine.close()

    # commands

    def opening(
        self, id: str = "", *, by: str = "clerk:li", kind: str = "", customer: str = "", **form: Json
    ) -> OpenCase:
        return OpenCase(
            id=id or self.next_command(), workflow="shop", kind=kind, actor=actor(by), customer=customer, form=form
        )

    def step(
        self,
        case: str,
        step: str,
        id: str = "",
        *,
        by: str = "clerk:li",
        reasons: Mapping[str, str] | None = None,
        **form: Json,
    ) -> TakeStep:
        return TakeStep(
            id=id or self.next_command(), case=case, step=step, actor=actor(by), form=form, reasons=reasons or {}
        )

    def correction(
        self, case: str, revision: int, *, by: str = "chief:wu", withdraw: bool = False, **form: Json
    ) -> Correct:
        return Correct(
            id=self.next_command(),
            case=case,
            revision=revision,
            actor=actor(by),
            reason="misheard",
            form=form,
            withdraw=withdraw,
        )

    def note(self, case: str, text: str) -> Note:
        return Note(id=self.next_command(), case=case, actor=actor("clerk:li"), text=text)

    def figure(self, value: Json) -> SetFigure:
        return SetFigure(id=self.next_command(), workflow="shop", name="limit", value=value, actor=actor("chief:wu"))

    # acts

    def do(self, command: OpenCase | TakeStep | Correct | Note) -> Done:
        """Carry out a command that has to succeed; a minute passes."""
        outcome = self.engine.execute(command)
        assert isinstance(outcome, Done), outcome
        self.clock.go(minutes=1)
        return outcome

    def opened(self, **form: Json) -> str:
        return self.do(self.opening(**form)).case

    def priced(self, cost: int = 5, **form: Json) -> str:
        """Return the number of a new case whose job is priced."""
        number = self.opened(**form)
        self.do(self.step(number, "priced", cost=cost))
        return number

    def refused(self, outcome: Outcome) -> list[str]:
        assert isinstance(outcome, Refusal), outcome
        return [reason.code for reason in outcome.reasons]

    def types(self) -> list[str]:
        return [recorded.event.type for recorded in self.engine.store.feed()]
