"""What a workflow text says of settlements: whose rows, over which period, of what; and the effect `settle`."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.core.workflow.ledgers import Verb
from lifecycle.language.dictionary import Rules
from lifecycle.language.vocabulary import (
    Cel,
    Element,
    EventName,
    Expression,
    FieldName,
    Name,
    Titled,
    Value,
    exactly_one,
    key,
    many,
    rules_key,
)

COMPANY = "company"
"""A settlement of the organisation as a whole: one row."""

ROW_WORDS = frozenset({"rank", "cases", "tables", "period"})
"""What rows and corrections have beside their columns."""

OneOrMoreEvents = Annotated[tuple[EventName, ...], BeforeValidator(many, json_schema_input_type=str | tuple[str, ...])]
OneOrMoreVerbs = Annotated[tuple[Verb, ...], BeforeValidator(many, json_schema_input_type=Verb | tuple[Verb, ...])]
OneOrMoreRoles = Annotated[tuple[Name, ...], BeforeValidator(many, json_schema_input_type=str | tuple[str, ...])]


def _column_name(value: str) -> str:
    if value in ROW_WORDS:
        raise PydanticCustomError("reserved-name", "reserved", {"name": value})
    return value


ColumnName = Annotated[FieldName, AfterValidator(_column_name)]


class ColumnEntry(Titled):
    """A column: exactly one of `ledger`, `count`, `sum` and `value`."""

    ledger: Name | None = key("entries of this ledger in the period", "此台账在期内的分录", None, examples=["hours"])
    verb: OneOrMoreVerbs = key(
        "whose amounts are added up; what entries do to the balance when not given",
        "累计哪些记账动作的数额；不写则为余额的变动",
        (),
    )
    count: OneOrMoreEvents = key("events counted in the period", "计数的事件", (), examples=["repair.finished"])
    sum: Expression | None = key(
        "what is added up of each event", "逐个事件累计的数值", None, examples=["=data.minutes"]
    )
    of: OneOrMoreEvents = key("with `sum`: of which events", "与 sum 同用：哪些事件", (), examples=["repair.finished"])
    value: Expression | None = key(
        "worked out from the columns before it, read as `it`",
        "由前面各列算出（it）",
        None,
        examples=["=it.late * 100 / it.jobs"],
    )
    is_: Literal["integer", "number", "money", "duration"] | None = key(
        "type of `sum` or `value`, where it is not that of a field", "sum 或 value 的类型", None, alias="is"
    )
    currency: str = key("currency of money", "币种", "", examples=["CNY"], pattern="^[A-Z]{3}$")
    where: Cel | None = key("only events whose case is so, after them", "仅在事件之后案件满足此条件时计入", None)
    key_: Expression | None = key(
        "whose row, where not the settlement's own key", "计入谁的行；不写则用结算的 key", None, alias="key"
    )
    rules: Rules = rules_key()

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        exactly_one(self, "ledger", "count", "sum", "value")
        needs = (("verb", "ledger"), ("of", "sum"))
        for given, wanted in needs:
            if getattr(self, given) and getattr(self, wanted) is None:
                raise PydanticCustomError("key-missing", "nothing to take it from", {"key": wanted})
        if self.sum is not None and not self.of:
            raise PydanticCustomError("key-missing", "of what", {"key": "of"})
        if (self.where or self.key_) and self.value is not None:
            raise PydanticCustomError("settlement-value-of-row", "of the row", {})
        if self.where and self.ledger is not None:
            raise PydanticCustomError("settlement-where-of-ledger", "no condition", {})
        return self

    @property
    def events(self) -> tuple[str, ...]:
        return (*self.count, *self.of)


class RankEntry(Element):
    """The order of the rows by one column."""

    by: FieldName = key("column", "列", examples=["jobs"])
    ties: Literal["share", "skip"] = key(
        "equals share a rank; skip: the ranks that they take up are left out (1, 1, 3)",
        "并列：share 为 1、1、2，skip 为 1、1、3",
        "skip",
    )
    lowest: bool = key("the least comes first", "数值小者在前", False)


Decide = dict[Name, dict[Name, Value]]


class SettlementEntry(Titled):
    """Rows over a period, frozen once."""

    every: Literal["week", "month", "quarter", "year"] = key(
        "period; weeks begin on Monday", "周期；周从周一起", examples=["month"]
    )
    per: Name = key(
        "whose rows; company for a single one", "按何归集；company 表示全单位一行", examples=["staff", "outlet"]
    )
    key_: Expression | None = key(
        "whose row an event is, read in its case after it",
        "事件归入谁的行",
        None,
        alias="key",
        examples=["=assigned.installer"],
    )
    columns: dict[ColumnName, ColumnEntry] = key("the columns", "各列", min_length=1)
    everyone: OneOrMoreRoles = key(
        "roles whose staff all have a row", "这些角色的人员一律列出", (), examples=["installer"]
    )
    rank: RankEntry | None = key("order of the rows", "排名", None)
    decide: Decide = key("decision tables asked for each row, read as `it`", "逐行调用的决策表（it）", {})
    rules: Rules = rules_key()


class SettleBody(Element):
    """How a settlement is drawn up."""

    period: Value | None = key(
        "which period; the one that is to be frozen next when not given",
        "哪一期；不写则为下一待结期",
        None,
        examples=["=form.month"],
    )
    provisional: bool = key("drawn up to be looked at, not frozen yet", "仅草拟供核对，暂不冻结", False)
    when: Cel | None = key("done only if", "仅在此条件下执行", None)


def _settle(value: Any) -> Any:
    def entry(one: Any) -> Any:
        if isinstance(one, str):
            return {one: {}}
        if isinstance(one, dict):
            return {name: body if isinstance(body, dict) else {"period": body} for name, body in one.items()}
        return one

    return tuple(entry(one) for one in many(value))


Settles = Annotated[
    tuple[dict[Name, SettleBody], ...],
    BeforeValidator(
        _settle, json_schema_input_type=str | dict[str, str | SettleBody] | list[str | dict[str, SettleBody]]
    ),
]
"""Settlement -> how."""


def settle_key() -> Any:
    """Return the key `settle` of a step or an entry effect."""
    return key("settlements drawn up and frozen", "结算并冻结", (), examples=["hours"])
