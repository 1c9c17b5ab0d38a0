"""What a workflow text says of lists: reference rows that staff maintain in use."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from lifecycle.language.dictionary import RowField, Rules, row_shape
from lifecycle.language.vocabulary import FieldName, Name, Titled, Value, key, many, rules_key

OneOrMoreRoles = Annotated[tuple[Name, ...], BeforeValidator(many, json_schema_input_type=str | tuple[str, ...])]
Columns = Annotated[
    dict[FieldName, RowField],
    BeforeValidator(row_shape, json_schema_input_type=list[str] | dict[str, str]),
]


class ListEntry(Titled):
    """Reference rows: each has a key, and is in force from a day on."""

    key_: FieldName = key("column that names a row", "行的主键列", alias="key", examples=["model"])
    columns: Columns = key(
        "columns: name and type, or names of the dictionary; `!` when every row has a value",
        "各列：名称与类型，或数据字典中的名称；! 表示必填",
        min_length=1,
        examples=[{"model": "text!", "price": "money"}, ["model!", "price"]],
    )
    kept_by: OneOrMoreRoles = key(
        "roles that may change it; whoever may use the command when not given", "可维护的角色", ()
    )
    rows: tuple[dict[FieldName, Value], ...] = key("rows that it begins with", "起始各行", ())
    rules: Rules = rules_key()
