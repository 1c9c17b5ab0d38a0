"""The declarations of a workflow text: rules, settings, types, fields, roles, tables, guards, checklists, texts."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Discriminator, Tag, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.language.vocabulary import (
    Cel,
    ChoiceName,
    Element,
    Expression,
    FieldName,
    GuardRef,
    Name,
    PaperRef,
    PaperTarget,
    RoleOrFormula,
    RuleNumber,
    Titled,
    TypeName,
    Value,
    Words,
    exactly_one,
    key,
    many,
    rules_key,
)


def shape(value: Any) -> str:
    """Return the tag by which pydantic tells a shorthand from its long form."""
    if isinstance(value, dict):
        return "<map>"
    return "<list>" if isinstance(value, tuple) else "<value>"


Rules = tuple[RuleNumber, ...]


class Rule(Titled):
    """A demand of the source, in our words."""

    source: Words = key("document and place that demands it", "出处", "", examples=["000 5.2.1"])
    strength: Literal["must", "should", "note"] = key("how strongly the source demands it", "要求程度", "must")
    kind: Name = key("what kind of demand it is", "条款类别", "", examples=["guard", "sla", "guidance"])
    waived: Words = key("why it is knowingly not carried", "豁免理由", "")


class Setting(Titled):
    """A figure that the organisation sets in use, without a new version."""

    is_: TypeName = key("type of the value", "类型", alias="is", examples=["duration", "integer"])
    default: Value = key("value until the organisation sets another", "默认值", examples=["30m", 3])
    given: bool = key("whether the source gives this figure", "制度是否给出该数值", True)
    follows: bool = key("whether running clocks move with a change of it", "运行中的计时是否随其变更", False)
    min: Value | None = key("least value", "最小值", None)
    max: Value | None = key("greatest value", "最大值", None)
    currency: str = key("currency of money", "币种", "", examples=["CNY"], pattern="^[A-Z]{3}$")
    rules: Rules = rules_key()


class Choice(Titled):
    """One value of a type."""


class UnitEntry(Titled):
    """A unit by its titles: what stands behind numbers."""


class RowField(Element):
    """A field of a list's rows. Written `name: text!` or, for a name of the dictionary, `name!`.

    is_  its type; "" when the name is one of the dictionary
    """

    is_: str = ""
    required: bool = False


def row_shape(value: Any) -> Any:
    """Return columns by name, however they are written: names with types, or names of the dictionary."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {
            name: {"is_": kind.removesuffix("!"), "required": kind.endswith("!")}
            if isinstance(kind, str)
            else {"is_": kind}
            for name, kind in value.items()
        }
    if isinstance(value, tuple):
        for item in value:
            if not isinstance(item, str):
                raise PydanticCustomError("names-wanted", "names wanted", {})
        return {name.removesuffix("!"): {"required": name.endswith("!")} for name in value}
    return value


RowShape = Annotated[
    Annotated[TypeName, Tag("<value>")] | Annotated[dict[FieldName, RowField], Tag("<map>")],
    Discriminator(shape),
    BeforeValidator(row_shape, json_schema_input_type=str | list[str] | dict[str, str]),
]


class FieldEntry(Titled):
    """An entry of the data dictionary: one name, one type, one title."""

    is_: TypeName = key(
        "type: a value type, a name of `types`, or a case kind", "类型：值类型、types 中的名称或案件种类", alias="is"
    )
    scope: Literal["case", "instance"] = key("what it belongs to", "归属：案件或实例", "instance")
    pii: bool = key("personal: kept encrypted, unreadable for conditions", "个人信息：加密保存，条件中不可读取", False)
    of: RowShape | None = key("what the rows of a list hold", "列表各行的内容", None)
    from_: Name | None = key(
        "list whose rows' keys are its values", "取值为此列表各行的主键", None, alias="from", examples=["products"]
    )
    unit: Name | None = key("unit of a number or integer", "数值的计量单位", None, examples=["km"])
    currency: str = key("currency of money", "币种", "", examples=["CNY"], pattern="^[A-Z]{3}$")
    min: Value | None = key("least value", "最小值", None)
    max: Value | None = key("greatest value", "最大值", None)
    rules: Rules = rules_key()

    @model_validator(mode="after")
    def _unit_of_numbers(self) -> Self:
        if self.unit is not None and self.is_ not in ("number", "integer"):
            raise PydanticCustomError("unit-of-no-number", "no number", {"type": self.is_})
        return self


class Role(Titled):
    """Who may act."""

    party: bool = key(
        "a party outside: has no login, others record for it", "外部当事人：无登录，由他人代为登记", False
    )
    corrects: bool = key("may correct the entries of others", "可更正他人的登记", False)
    within: FieldName | None = key(
        "field with the unit whose staff alone may act in this role",
        "存有单位的字段：仅该单位人员可以此角色办理",
        None,
        examples=["outlet"],
    )
    rules: Rules = rules_key()


Cell = Annotated[
    Annotated[Value, Tag("<value>")] | Annotated[tuple[Value, ...], Tag("<list>")],
    Discriminator(shape),
]
"""A test of a table's row: a value, "*", ">= 3", "1..5", "[1..5)", or a list of values."""


class TableRow(Element):
    """A row of a decision table: a cell for each input that it tests, and `then` its outputs."""

    cells: dict[Name, Cell] = key("tests, by input", "各输入的条件", {})
    then: dict[Name, Value] = key("outputs", "输出")
    rules: Rules = rules_key()


def _table_row(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    own = {name: value[name] for name in ("then", "rules") if name in value}
    return {"cells": {name: cell for name, cell in value.items() if name not in own}, **own}


class Table(Element):
    """A decision table (DMN)."""

    inputs: dict[FieldName, TypeName] = key("inputs and their types", "输入及类型", examples=[{"cause": "cause"}])
    outputs: dict[FieldName, TypeName] = key("outputs and their types", "输出及类型", examples=[{"payer": "role"}])
    hit: Literal["unique", "first", "collect", "max"] = key("which rows count", "命中策略", "unique")
    rows: tuple[Annotated[TableRow, BeforeValidator(_table_row, json_schema_input_type=dict[str, Any])], ...] = key(
        "rows, each with its tests and `then`", "各行：条件与结果 then", min_length=1
    )
    default: dict[Name, Value] | None = key("outputs when no row matches", "无匹配行时的输出", None)
    rules: Rules = rules_key()


class Override(Element):
    """Who may go on in spite of a guard, with a written reason."""

    by: Annotated[tuple[Name, ...], BeforeValidator(many, json_schema_input_type=Name | tuple[Name, ...])] = key(
        "roles that may, or `self`: whoever takes the step", "可破例的角色，或 self（办理人本人）"
    )
    reason: Literal[True] = key("a written reason is asked for", "须写明理由", True)


FAILING_EN, FAILING_ZH = "refuse, or go on and open a finding", "拒绝，或放行并登记问题"
UNTIL_EN, UNTIL_ZH = "how long a finding of `mark` stays open at most", "登记的问题最迟保留到何时"


class Reconcile(Element):
    """What must agree: papers at their stages, fields that say the same on them, fields that have one value."""

    papers: dict[PaperRef, PaperTarget] = key(
        "papers, each with the stage it must have reached", "各单据须已到达的阶段", {}, examples=[{"slip": "returned"}]
    )
    same: tuple[FieldName, ...] = key("fields that say the same on each of these papers", "各单据上须一致的字段", ())
    equal: tuple[FieldName, ...] = key("fields that must have the same value", "数值须相等的字段", ())

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.papers and not self.equal:
            raise PydanticCustomError("section-empty", "nothing", {"key": "reconcile"})
        return self


class Guard(Element):
    """A condition with words: what it refuses, it explains.

    Exactly one of `that`, `checklist` and `reconcile`; a guard with `that` says `else`.
    """

    that: Cel | None = key("must hold", "必须成立的条件", None, examples=["data.consent == true"])
    checklist: Name | None = key("instead: every item of this checklist is ticked", "或：此清单各项均已勾选", None)
    reconcile: Reconcile | None = key("instead: these papers and values agree", "或：这些单据与数值须核对一致", None)
    else_: Titled | None = key("what is said when it refuses", "不满足时的说明", None, alias="else")
    when: Cel | None = key("asked only if", "仅在此条件下检查", None)
    each: Expression | None = key("rows to test one by one, read as `it`", "逐行检查的列表（it）", None)
    suggest: Expression | None = key("what is proposed when it refuses", "不满足时的建议值", None)
    override: Override | None = key("who may go on with a written reason", "何人可写明理由破例", None)
    failing: Literal["refuse", "mark"] = key(FAILING_EN, FAILING_ZH, "refuse")
    until: Literal["instance", "case"] = key(UNTIL_EN, UNTIL_ZH, "instance")
    rules: Rules = rules_key()

    @model_validator(mode="after")
    def _one_test(self) -> Self:
        exactly_one(self, "that", "checklist", "reconcile")
        if self.that is not None and self.else_ is None:
            raise PydanticCustomError("key-missing", "no words", {"key": "else"})
        if "until" in self.model_fields_set and self.failing != "mark":
            raise PydanticCustomError("until-without-mark", "no finding", {})
        return self


GuardOrRef = Annotated[
    Annotated[GuardRef, Tag("<value>")] | Annotated[Guard, Tag("<map>")],
    Discriminator(shape),
]
Require = dict[Name, GuardOrRef]
"""Guards by name, in file order: spelled out, or the name of a shared one ("guards.permitted_day")."""


class Expectation(Element):
    """A standing soft condition: false opens a finding, true closes it."""

    that: Cel = key("should hold", "应当成立的条件")
    else_: Titled = key("what the finding says", "问题的说明", alias="else")
    owner: Name | None = key("role that must see to it", "负责角色", None)
    when: Cel | None = key("looked at only if", "仅在此条件下检查", None)
    rules: Rules = rules_key()


class TopExpectation(Expectation):
    """An expectation at the top level: it names the machine or the case kind that it is about."""

    machine: Name | None = key("machine whose instances it looks at", "所针对的状态机", None)
    case: Name | None = key("case kind that it looks at", "所针对的案件种类", None)

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        exactly_one(self, "machine", "case")
        return self


class Invariant(Element):
    """A condition that holds after every commit; what breaks it is refused."""

    that: Cel = key("must always hold", "必须始终成立的条件")
    else_: Titled = key("what is said when it refuses", "不满足时的说明", alias="else")
    machine: Name | None = key("machine whose instances it looks at", "所针对的状态机", None)
    case: Name | None = key("case kind that it looks at", "所针对的案件种类", None)
    when: Cel | None = key("looked at only if", "仅在此条件下检查", None)
    rules: Rules = rules_key()

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        exactly_one(self, "machine", "case")
        return self


class Item(Titled):
    """A line of a checklist."""

    when: Cel | None = key("applies only if", "仅在此条件下适用", None)
    by: Annotated[tuple[RoleOrFormula, ...], BeforeValidator(many, json_schema_input_type=Name | tuple[Name, ...])] = (
        key("roles that tick it", "勾选的角色", ())
    )
    proof: FieldName | None = key("field that must be given with it", "须同时填写的字段", None)
    each: Expression | None = key("once for every row", "对每一行各一次", None)
    rules: Rules = rules_key()


class Checklist(Titled):
    """Items that people attest."""

    items: dict[Name, Item] = key("the items", "各项", min_length=1)
    rules: Rules = rules_key()


class TextEntry(Titled):
    """A text that guidance and notices name."""

    reviewed: bool = key("whether somebody answerable has read it", "是否已经审定", True)
    rules: Rules = rules_key()


class Guidance(Titled):
    """What staff are shown in a state: in place, or a name of `texts`."""

    text: Name | None = key("name of a text", "texts 中的名称", None)
    for_: Name | None = key(
        "role that sees it; everybody when not given", "可见角色；不写则人人可见", None, alias="for"
    )
    reviewed: bool = key("whether somebody answerable has read it", "是否已经审定", True)
    rules: Rules = rules_key()


Types = dict[Name, dict[ChoiceName, Choice]]
