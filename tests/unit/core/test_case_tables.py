"""Decision tables: which rows answer, what the event keeps, and what no answer means."""

from __future__ import annotations

import pytest

from tests.unit.core.controls import given, opened, small, taken


def asked(table: str) -> str:
    return f"""
fields:
  age: {{is: integer}}
  kind: {{is: text}}
  fee: {{is: integer}}
tables:
  fee:
    inputs: {{age: integer, kind: text}}
    outputs: {{fee: integer}}
{table}
machines:
  job:
    start: new
    states:
      new:
        steps:
          asked:
            by: clerk
            form: [age, kind]
            decide: {{fee: {{age: "=data.age", kind: "=data.kind"}}}}
            to: {{"decision.fee.fee != null": over, otherwise: over}}
          seen: {{by: clerk, require: {{known: {{that: "decision.fee.fee == 3", else: {{zh: "三", en: "Three"}}}}}}}}
          held:
            by: clerk
            form: [age, kind]
            decide: {{fee: {{age: "=data.age", kind: "=data.kind"}}}}
      over: {{final: done}}
"""


ROWS = """
    rows:
      - {age: "1..5", kind: [a, b], then: {fee: 1}}
      - {age: "[3..9)", kind: "*", then: {fee: 3}}
      - {age: ">= 9", then: {fee: 9}}
"""
UNIQUE = given(small(asked(ROWS)), opened())


def answer(table: str, age: int, kind: str = "c") -> object:
    came = given(small(asked(table)), opened()).when(taken("asked", age=age, kind=kind))
    came.then("job.asked")
    return came.changes["decisions"]


def test_the_event_keeps_the_rows_and_their_outputs() -> None:
    assert answer(ROWS, 8) == [{"table": "fee", "rows": [2], "outputs": {"fee": 3}}]
    assert answer(ROWS, 9) == [{"table": "fee", "rows": [3], "outputs": {"fee": 9}}]
    assert answer(ROWS, 1, "b") == [{"table": "fee", "rows": [1], "outputs": {"fee": 1}}]


def test_two_rows_of_a_unique_table_refuse() -> None:
    (reason,) = UNIQUE.when(taken("asked", age=4, kind="a")).then_refused("rows-overlap")
    assert reason.values["rows"] == "1, 2"


def test_no_row_refuses_unless_there_is_a_default() -> None:
    (reason,) = UNIQUE.when(taken("asked", age=0, kind="c")).then_refused("no-row")
    assert reason.actual == {"age": 0, "kind": "c"}
    assert answer(ROWS + "    default: {fee: 0}\n", 0) == [{"table": "fee", "rows": [0], "outputs": {"fee": 0}}]


@pytest.mark.parametrize(("hit", "rows", "fee"), [("first", [1], 1), ("collect", [1, 2], [1, 3]), ("max", [1, 2], 3)])
def test_the_hit_policy_says_what_several_rows_come_to(hit: str, rows: list[int], fee: object) -> None:
    assert answer(ROWS + f"    hit: {hit}\n", 4, "a") == [{"table": "fee", "rows": rows, "outputs": {"fee": fee}}]


def test_an_answer_stands_until_the_table_is_asked_again() -> None:
    UNIQUE.when(taken("seen")).then_refused("guard")
    told = UNIQUE.when(taken("held", age=8)).then("job.held")
    told.when(taken("seen")).then("job.seen")
    told.when(taken("held", age=9)).then("job.held").when(taken("seen")).then_refused("guard")
