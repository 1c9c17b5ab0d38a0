"""Steps that say what the frozen periods of settlements hold."""

from __future__ import annotations

from lifecycle.audit.settlements import Frozen, frozen_of
from lifecycle.core.events import Json
from lifecycle.core.parsing import accept
from lifecycle.core.values import FieldType, Misfit
from lifecycle.core.workflow import Settlement
from tests.scenarios.phrases import phrase
from tests.scenarios.stage import Stage
from tests.scenarios.titles import settlements_of


@phrase('结算"<结算>"已冻结至"<期间>"', 'the settlement "<settlement>" is frozen up to "<period>"')
def is_frozen_up_to(stage: Stage, settlement: str, period: str) -> None:
    periods = [one.period for one in frozen(stage, declared(stage, settlement))]
    assert periods[-1:] == [period], f"{settlement} is frozen for {periods}"


@phrase('结算"<结算>"尚未冻结', 'the settlement "<settlement>" is not frozen')
def is_not_frozen(stage: Stage, settlement: str) -> None:
    periods = [one.period for one in frozen(stage, declared(stage, settlement))]
    assert not periods, f"{settlement} is frozen for {periods}"


@phrase(
    '结算"<结算>""<期间>"中"<归属>"的"<列>"为"<值>"',
    'the settlement "<settlement>" of "<period>" has "<value>" as "<column>" of "<key>"',
)
def row_has(stage: Stage, settlement: str, period: str, key: str, column: str, value: str) -> None:
    one = declared(stage, settlement)
    row = next((row for row in of_period(stage, one, period).rows if row["key"] == key), None)
    assert row is not None, f"{settlement} of {period} has no row of {key}"
    compare(stage, one, row, column, value)


@phrase('结算"<结算>""<期间>"中没有"<归属>"', 'the settlement "<settlement>" of "<period>" has no "<key>"')
def has_no_row(stage: Stage, settlement: str, period: str, key: str) -> None:
    keys = [row["key"] for row in of_period(stage, declared(stage, settlement), period).rows]
    assert key not in keys, f"{settlement} of {period} has rows of {keys}"


@phrase(
    '结算"<结算>""<期间>"将"<以前期间>"中"<归属>"的"<列>"更正"<值>"',
    'the settlement "<settlement>" of "<period>" corrects "<column>" of "<key>" in "<earlier>" by "<value>"',
)
def corrects(stage: Stage, settlement: str, period: str, earlier: str, key: str, column: str, value: str) -> None:
    one = declared(stage, settlement)
    corrections = of_period(stage, one, period).corrections
    row = next((row for row in corrections if (row["period"], row["key"]) == (earlier, key)), None)
    assert row is not None, f"{settlement} of {period} corrects {[(r['period'], r['key']) for r in corrections]}"
    compare(stage, one, row, column, value)


def declared(stage: Stage, title: str) -> Settlement:
    names = settlements_of(stage.workflow, title)
    assert len(names) == 1, f"several settlements are called {title}: {names}"
    return stage.workflow.settlements[names[0]]


def frozen(stage: Stage, settlement: Settlement) -> list[Frozen]:
    return frozen_of(stage.engine.store, stage.workflow, settlement)


def of_period(stage: Stage, settlement: Settlement, period: str) -> Frozen:
    found = {one.period: one for one in frozen(stage, settlement)}
    assert period in found, f"{settlement.name} is frozen for {list(found)}"
    return found[period]


def compare(stage: Stage, settlement: Settlement, row: dict[str, Json], column: str, value: str) -> None:
    """Compare a cell with a typed value; a negative amount is typed with its sign."""
    titled = {title: one for one in settlement.columns for title in (one.name, *one.titles.values())}
    name = titled[column].name if column in titled else column
    type = titled[column].type if column in titled else type_of(stage, settlement, column)
    wanted = accept(type, value, stage.zone)
    assert not isinstance(wanted, Misfit), f"{value} is no value of {column}"
    assert row[name] == wanted, f"{column} of {row['key']} is {row[name]}"


def type_of(stage: Stage, settlement: Settlement, column: str) -> FieldType:
    if column == "rank":
        return FieldType(name="integer")
    outputs = [stage.workflow.tables[call.table].outputs for call in settlement.decide]
    found = [one[column] for one in outputs if column in one]
    assert found, f"{settlement.name} has no column {column}"
    return found[0]
