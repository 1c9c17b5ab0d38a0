"""What a workflow text says of seeing: views, their columns, order and groups; audiences of notices."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from lifecycle.language.dictionary import Rules
from lifecycle.language.vocabulary import (
    Cel,
    ColumnName,
    Expression,
    Name,
    RoleName,
    SortedBy,
    Titled,
    TypeName,
    key,
    many,
    rules_key,
)


class ColumnBody(Titled):
    """A column that an expression makes. Written `{age: "=now - opened_at"}`, or with titles."""

    value: Expression | None = key("what stands in it", "列的取值", None, examples=["=now - opened_at"])
    is_: TypeName | None = key(
        "type of the value, for money, dates and choices", "取值的类型（款项、日期、选项时写明）", None, alias="is"
    )


def _columns(value: Any) -> Any:
    if not isinstance(value, tuple):
        raise PydanticCustomError("list-wanted", "list wanted", {})
    columns: dict[str, Any] = {}
    for item in value:
        body: Any = {}
        if isinstance(item, str):
            name = item
        elif isinstance(item, dict) and len(item) == 1:
            name, body = next(iter(item.items()))
            body = {"value": body} if isinstance(body, str) else body
        else:
            raise PydanticCustomError("bad-column", "no column", {"name": ""})
        if name in columns:
            raise PydanticCustomError("duplicate-column", "twice", {"name": name})
        columns[name] = body
    return columns


Columns = Annotated[
    dict[ColumnName, ColumnBody],
    BeforeValidator(_columns, json_schema_input_type=tuple[str | dict[str, str | ColumnBody], ...]),
]
"""What is shown of each row, in file order: names, and expressions under names of their own."""

OneOrMoreColumns = Annotated[
    tuple[ColumnName, ...], BeforeValidator(many, json_schema_input_type=str | tuple[str, ...])
]
OneOrMoreSorted = Annotated[tuple[SortedBy, ...], BeforeValidator(many, json_schema_input_type=str | tuple[str, ...])]


class ViewEntry(Titled):
    """A worklist, board, register, chase list or calendar: rows of a machine's instances or a kind's cases."""

    of: Name = key("machine or case kind whose rows it has", "所列的状态机或案件种类", examples=["repair"])
    where: Cel | None = key("which rows", "列出哪些行", None, examples=["state == 'reported'"])
    columns: Columns = key(
        "what is shown of each row", "各列", {}, examples=[["number", "state", {"age": "=now - opened_at"}]]
    )
    order: OneOrMoreSorted = key("what rows are ordered by; '-' for the greatest first", "排序；前加 - 为降序", ())
    group: OneOrMoreColumns = key("what rows are put together by", "分组", ())
    owner: RoleName | None = key("role whose list it is", "归哪个角色", None)
    limit: int = key("how many rows are shown; 0 for all", "最多列出的行数；0 为不限", 0, ge=0)
    rules: Rules = rules_key()


class AudienceEntry(Titled):
    """A set of customers who are told something together: each once, whatever number of rows is theirs."""

    of: Name = key(
        "machine or case kind whose rows' customers it has",
        "取哪个状态机或案件种类各行的客户",
        examples=["repair_case"],
    )
    where: Cel | None = key("which rows", "取哪些行", None, examples=["closed && silent < duration('8760h')"])
    party: RoleName | None = key(
        "party that its members are, for their address", "成员属于哪个当事人，用以取得地址", None, examples=["customer"]
    )
    rules: Rules = rules_key()


STANDARD_COLUMNS = ("number", "state", "opened_at")
"""What a view shows that names no columns."""


def column_path(columns: Mapping[str, ColumnBody], at: str, name: str, paths: Collection[str]) -> str:
    """Return the path of a column: of its expression, where it has one.

    at     of the list of columns
    paths  that the file spells out
    """
    number = list(columns).index(name)
    long = (f"{at}.{number}.{name}.value", f"{at}.{number}.{name}")
    return next((path for path in long if path in paths), f"{at}.{number}")
