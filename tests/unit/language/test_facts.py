"""What surely has a value where: only what every way there asks for, and nobody clears."""

from __future__ import annotations

from typing import Protocol

import pytest

from lifecycle.core.workflow import Workflow
from lifecycle.language.compile import compile_workflow
from lifecycle.language.define import define
from lifecycle.language.names import Site
from lifecycle.language.reader import read

JOB = """
workflow: job
version: 1
fields:
  a: {is: text}
  b: {is: text}
  c: {is: text}
  shared: {is: text, scope: case}
  rows: {is: list, of: [a!, b]}
roles: {clerk: {}}
tables:
  pay: {inputs: {a: text}, outputs: {who: role, note: text}, rows: [{a: "*", then: {who: clerk}}]}
cases:
  matter:
    machines: [job, row]
    opens: {opened: {by: clerk, form: [shared!, a!, rows!], start: job}}
machines:
  job:
    start: first
    states:
      first:
        steps:
          plainly: {by: clerk, form: [b], to: second}
          fully: {by: clerk, form: [b!, c!], decide: {pay: {a: "=data.a"}}, to: second}
          only_fully: {by: clerk, form: [c!], decide: {pay: {a: "=data.a"}}, to: third}
          split: {by: clerk, start: {row: {each: "=data.rows", key: a, set: {c: "x"}}}}
      second:
        order: [asked, read]
        steps:
          asked: {by: clerk, form: [b!]}
          read: {by: clerk}
          paused: {by: clerk, to: pause}
        complete: {to: ordered}
      ordered: {steps: {ended: {by: clerk, to: over}}}
      third: {enter: {set: {b: "y"}}, exit: {set: {rows: "=null"}}, steps: {cleared: {by: clerk, set: {c: "=null"}, to: fourth}}}
      fourth: {steps: {ended: {by: clerk, to: over}}}
      pause: {steps: {resumed: {by: clerk, to: $history}}}
      over: {final: over}
  row:
    many: true
    plural: rows
    start: open
    states:
      open: {steps: {ended: {by: clerk, to: over}}}
      over: {final: over}
"""


class Known(Protocol):
    """What is known at a state, or at and behind a step of it."""

    def __call__(self, machine: str, owner: str, step: str = "", after: bool = False) -> set[str]: ...


@pytest.fixture(scope="module")
def known() -> Known:
    return facts(JOB)


def facts(text: str) -> Known:
    reading = read(text, "job.yaml")
    assert reading.tree is not None
    definition, problems = define(reading.tree)
    assert (reading.problems, problems) == ((), ())
    compilation = compile_workflow(definition)
    assert isinstance(compilation.workflow, Workflow)

    def at(machine: str, owner: str, step: str = "", after: bool = False) -> set[str]:
        site = Site(machine=machine, kinds=("matter",), owner=owner, step=step, after=after)
        return set(compilation.compiler.facts.at(site))

    return at


BEGUN = {"case.shared", "data.a", "data.rows"}


def test_a_started_instance_knows_what_the_opening_asks_for(known: Known) -> None:
    assert known("job", "first") == BEGUN


def test_what_only_some_ways_ask_for_is_not_known_behind_them(known: Known) -> None:
    assert known("job", "second") == BEGUN


def test_a_form_is_known_to_its_own_step_and_its_tables_only_behind_it(known: Known) -> None:
    assert known("job", "first", "fully") == BEGUN | {"data.b", "data.c"}
    assert known("job", "first", "fully", True) == BEGUN | {"data.b", "data.c", "decision.pay.who"}


def test_a_step_of_an_ordered_state_knows_what_the_ones_before_it_ask_for(known: Known) -> None:
    assert known("job", "second", "read") == BEGUN | {"data.b"}
    assert known("job", "ordered") == BEGUN | {"data.b"}


def test_what_an_entry_sets_is_known_and_what_a_step_clears_is_not(known: Known) -> None:
    assert known("job", "third") == BEGUN | {"data.b", "data.c", "decision.pay.who"}
    assert known("job", "fourth") == (BEGUN | {"data.b", "decision.pay.who"}) - {"data.rows"}


def test_a_way_back_takes_no_knowledge_along(known: Known) -> None:
    assert known("job", "pause") == BEGUN
    assert known("job", "second") == BEGUN


def test_a_row_knows_its_required_columns_and_its_parent(known: Known) -> None:
    assert known("row", "open") == {"case.shared", "data.a", "data.c", "parent.a", "parent.rows"}


def test_what_a_way_back_clears_is_unknown_where_it_leads() -> None:
    cleared = JOB.replace("resumed: {by: clerk, to: $history}", 'resumed: {by: clerk, set: {a: "=null"}, to: $history}')
    assert facts(cleared)("job", "second") == BEGUN - {"data.a"}
