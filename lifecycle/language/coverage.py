"""What a workflow text says of coverage: from when, for how long, what puts off its end, what begins anew."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Discriminator, Tag, model_validator

from lifecycle.core.workflow.coverage import Unit
from lifecycle.language.dictionary import Rules
from lifecycle.language.vocabulary import (
    EventName,
    Expression,
    Name,
    PauseState,
    Titled,
    Value,
    exactly_one,
    key,
    many,
    rules_key,
)

LENGTHS: tuple[Unit, ...] = ("days", "months", "years", "until")


def _restarts(value: Any) -> Any:
    return value if isinstance(value, dict) else dict.fromkeys(many(value), ALL)


ALL: Literal["all"] = "all"
"""What begins anew when no parts are named: everything."""

Renewed = Annotated[Expression, Tag("<expression>")] | Annotated[Literal["all"], Tag("<all>")]

Restarts = Annotated[
    dict[EventName, Annotated[Renewed, Discriminator(lambda value: "<all>" if value == ALL else "<expression>")]],
    BeforeValidator(_restarts, json_schema_input_type=EventName | tuple[EventName, ...] | dict[EventName, str]),
]
"""Events by which everything begins anew, or event -> the names of the parts that do ("=..."), or `all`."""


class CoverageEntry(Titled):
    """A warranty or contract period of each case of a kind. Exactly one of `days`, `months`, `years`, `until`."""

    of: Name = key("kind of case that is covered", "受保障的案件种类", examples=["vehicle"])
    from_: Expression = key(
        "first day; no coverage while it has no value",
        "起始日；无值时尚未开始",
        alias="from",
        examples=["=case.bought_on"],
    )
    days: Value | None = key("length in days", "期限（天）", None, examples=[90])
    months: Value | None = key("length in months", "期限（月）", None, examples=["=case.warranty_months"])
    years: Value | None = key("length in years", "期限（年）", None, examples=[3])
    until: Expression | None = key("last day", "截止日", None, examples=["=case.contract_until"])
    extended_by: Annotated[
        tuple[PauseState, ...], BeforeValidator(many, json_schema_input_type=PauseState | tuple[PauseState, ...])
    ] = key(
        "states of which every day puts off the end, once however many there are",
        "处于这些状态的天数顺延，重叠只计一次",
        (),
        examples=[["repair.in_hand"]],
    )
    restart: Restarts = key(
        "events by which it begins anew, or the parts that do",
        "自此重新起算的事件，或事件及重新起算的部件",
        {},
        examples=[{"repair.done": "=form.parts_renewed.map(p, p.part)"}],
    )
    cancel: Annotated[
        tuple[EventName, ...], BeforeValidator(many, json_schema_input_type=EventName | tuple[EventName, ...])
    ] = key("events with whose day it is over", "自当日起终止的事件", (), examples=[["sale.returned"]])
    rules: Rules = rules_key()

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        exactly_one(self, *LENGTHS)
        return self

    @property
    def length(self) -> tuple[Unit, Value]:
        """Its unit and what is written there."""
        [(unit, written)] = ((name, getattr(self, name)) for name in LENGTHS if getattr(self, name) is not None)
        return unit, written


def reaching(text: Any, kind: str, of: str, *, links: bool = True) -> bool:
    """Return whether a case of a kind knows the case of a coverage: its own, or the only one of its links to that kind.

    text   of the workflow
    """
    entry = text.cases.get(kind)
    return kind == of or bool(links and entry and sum(link.case == of for link in entry.links.values()) == 1)
