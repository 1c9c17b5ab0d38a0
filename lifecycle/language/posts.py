"""What a workflow text says of posting: the entries that a step makes in ledgers."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, model_validator

from lifecycle.core.workflow.ledgers import COUNT_VERBS, MONEY_VERBS, Verb
from lifecycle.language.vocabulary import (
    Cel,
    Element,
    Expression,
    Name,
    RoleOrFormula,
    Value,
    exactly_one,
    key,
    many,
)

VERBS: tuple[Verb, ...] = ("owe", "pay", "waive", "refund", "add", "take", "recount")
assert {*VERBS} == {*MONEY_VERBS, *COUNT_VERBS}


class PostBody(Element):
    """One entry: exactly one verb with its amount."""

    owe: Value | None = key(
        "money that the payer comes to owe", "应收（付款方欠付）", None, examples=["=data.estimate"]
    )
    pay: Value | None = key("money paid", "实收", None)
    waive: Value | None = key("money that is not asked for any more", "减免", None)
    refund: Value | None = key("money given back", "退还", None)
    add: Value | None = key("how much comes in", "增加", None, examples=[1])
    take: Value | None = key("how much goes out", "取用", None, examples=[1])
    recount: Value | None = key("how much was counted: the balance from now on", "盘点结果：自此为准", None)
    key_: Value | None = key("whose account", "记入谁的账户", None, alias="key", examples=["=data.part"])
    payer: RoleOrFormula | None = key("role that pays", "付款方角色", None, examples=["customer"])
    payee: RoleOrFormula | None = key("role that is paid", "收款方角色", None, examples=["company"])
    each: Expression | None = key("one entry for each row, read as `it`", "每行记一笔（it）", None)
    when: Cel | None = key("done only if", "仅在此条件下执行", None)

    @model_validator(mode="after")
    def _one_verb(self) -> Self:
        exactly_one(self, *VERBS)
        return self

    @property
    def verb(self) -> Verb:
        return next(verb for verb in VERBS if getattr(self, verb) is not None)

    @property
    def amount(self) -> Any:
        return getattr(self, self.verb)


Posts = Annotated[
    tuple[dict[Name, PostBody], ...],
    BeforeValidator(many, json_schema_input_type=dict[str, PostBody] | list[dict[str, PostBody]]),
]
"""Ledger -> entry."""


def posts_key() -> Any:
    """Return the key `post` of a step, an opening or an entry effect."""
    return key("entries in ledgers", "记账", (), examples=[{"bill": {"owe": "=data.estimate"}}])
