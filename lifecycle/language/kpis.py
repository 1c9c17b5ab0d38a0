"""What a workflow text says of figures: what is counted, shared, measured, summed, averaged; for which period."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.language.dictionary import Rules
from lifecycle.language.seeing import ColumnBody, Columns
from lifecycle.language.vocabulary import (
    Between,
    Cel,
    Countable,
    Element,
    Expression,
    Name,
    PauseState,
    Show,
    Titled,
    Value,
    exactly_one,
    key,
    many,
    rules_key,
)

BETWEEN = re.compile(r"between\(\s*([a-z0-9_.]+)\s*,\s*([a-z0-9_.]+)\s*\)")
WAYS = ("count", "share", "measure", "sum", "average")
GROUP_EN, GROUP_ZH = "what it is kept apart by: names or {name: '=expression'}", "分组：名称，或 {名称: '=表达式'}"

Countables = Annotated[tuple[Countable, ...], BeforeValidator(many, json_schema_input_type=str | tuple[str, ...])]
PauseStates = Annotated[tuple[PauseState, ...], BeforeValidator(many, json_schema_input_type=str | tuple[str, ...])]


def _group(value: Any) -> Any:
    return value if isinstance(value, tuple) else (value,)


GroupedBy = str | dict[str, str | ColumnBody]
Group = Annotated[Columns, BeforeValidator(_group, json_schema_input_type=GroupedBy | tuple[GroupedBy, ...])]
"""Names of what happened, or expressions under names of their own; one may stand alone."""


class OfBody(Element):
    """What a figure is a share of, or taken at, where it has a condition or groups of its own."""

    upon: Countables = key("events", "事件", examples=["repair.signed"])
    where: Cel | None = key("counted only if", "仅在此条件下计入", None)
    group: Group = key(GROUP_EN, GROUP_ZH, {})


def _of(value: Any) -> Any:
    return {"upon": value} if isinstance(value, str | tuple) else value


Of = Annotated[OfBody, BeforeValidator(_of, json_schema_input_type=str | list[str] | OfBody)]


class ApartBody(Titled):
    """A count that stands beside a figure."""

    count: Countables = key("events", "事件", examples=["ticket_case.closed"])
    where: Cel | None = key("counted only if", "仅在此条件下计入", None)


class KpiEntry(Titled):
    """A figure over events. Exactly one of `count`, `share`, `measure`, `sum` and `average`."""

    count: Countables = key(
        "events that are counted; with `of`, their share of others", "计数的事件；同写 of 则为占比", (),
        examples=["callback.completed"],
    )  # fmt: skip
    share: Cel | None = key("share of the events `of` for which this holds", "of 的事件中满足此条件的占比", None)
    measure: Between | None = key(
        "the time between two events",
        "两个事件之间的时长",
        None,
        examples=["between(ticket.registered, ticket.closed)"],
    )
    sum: Expression | None = key("sum of a value at the events `of`", "of 的事件中此值之和", None)
    average: Expression | None = key("average of a value at the events `of`", "of 的事件中此值的平均", None)
    of: Of | None = key("events that it is a share of, or whose values are taken", "占比的分母，或取值的事件", None)
    where: Cel | None = key("what is counted only if", "仅在此条件下计入", None)
    show: Show = key("of a measure: average, median, sum, longest, shortest, p90", "时长的取法", "average")
    clock: Name | None = key("calendar whose open time is measured", "按此日历的工作时间计时", None)
    pause: PauseStates = key("states whose time does not count", "不计时的状态", (), examples=[["ticket.suspended"]])
    unit: str | None = key("currency, where an expression gives minor units", "表达式以最小货币单位计时的币种", None)
    group: Group = key(GROUP_EN, GROUP_ZH, {})
    per: Literal["day", "week", "month", "quarter", "year"] | None = key("period", "统计周期", None)
    once: Literal["case", "instance"] | None = key(
        "count each case, or each instance of its machine, at the first time alone",
        "每个案件（或每个实例）只在首次时计入",
        None,
    )
    apart: dict[Name, ApartBody] = key("counts that stand beside it", "另列的计数", {})
    at_least: Value | None = key("target: not below", "目标：不低于", None, examples=["98%", "=settings.target"])
    at_most: Value | None = key("target: not above", "目标：不高于", None, examples=["3d"])
    compare: Literal["previous", "year"] | None = key(
        "compared with the period before, or the same of the year before", "与上期或去年同期比较", None
    )
    rules: Rules = rules_key()

    @property
    def way(self) -> str:
        """Which of the five it is."""
        return next(way for way in WAYS if way in self.model_fields_set)

    def counted_events(self) -> tuple[str, ...]:
        """Return the events that are counted, or at which values are taken."""
        end = BETWEEN.fullmatch(self.measure) if self.measure else None
        return (end[2],) if end else self.count or (self.of.upon if self.of else ())

    @model_validator(mode="after")
    def _fits(self) -> Self:
        exactly_one(self, *WAYS)
        if self.way in ("share", "sum", "average") and self.of is None:
            raise PydanticCustomError("key-missing", "of what", {"key": "of"})
        misplaced = [
            *(["of"] if self.way == "measure" and self.of is not None else []),
            *(key for key in ("show", "clock", "pause") if self.way != "measure" and key in self.model_fields_set),
            *(["unit"] if self.way not in ("sum", "average") and self.unit is not None else []),
            *(["compare"] if self.compare is not None and self.per is None else []),
        ]
        if misplaced:
            raise PydanticCustomError("kpi-key-misplaced", "not of this kind", {"name": misplaced[0], "with": self.way})
        return self
