"""What a workflow text says of ledgers: balances with a unit, their holders, borders, renewal, validity and ladder."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.core.case.accounts import OWN
from lifecycle.core.workflow.ledgers import is_currency
from lifecycle.language.behaviour import EffectsList
from lifecycle.language.dictionary import Rules
from lifecycle.language.vocabulary import Element, Expression, RoleOrFormula, Titled, Value, key, rules_key

HOLDERS = (*sorted(OWN), "asset", "staff", "outlet", "part")
UNIT = re.compile(r"[A-Z]{3}|[a-z][a-z0-9_]{0,31}")
VALIDITY = re.compile(r"([1-9]\d{0,3})(mo|d)")
MARK = re.compile(r"(<?)(\d{1,12})")


def _unit(value: str) -> str:
    if not UNIT.fullmatch(value):
        raise PydanticCustomError("bad-unit", "no unit", {"name": value[:80]})
    return value


def _validity(value: str) -> str:
    if not VALIDITY.fullmatch(value):
        raise PydanticCustomError("bad-validity", "no length", {"name": value[:80]})
    return value


def _mark(value: str) -> str:
    if not MARK.fullmatch(value):
        raise PydanticCustomError("bad-mark", "no mark", {"name": value[:80]})
    return value


class RenewalEntry(Element):
    """A balance that begins anew with each period."""

    every: Literal["day", "week", "month", "quarter", "year"] = key("how often", "周期", examples=["week"])
    to: Value = key("what it begins with", "每期起始额", examples=[10, "=settings.offers_a_week"])


class LedgerEntry(Titled):
    """A ledger: each of its holders has an account of its own."""

    of: Literal["case", "company", "customer", "asset", "staff", "outlet", "part"] = key(
        "whose accounts; of all but case, customer and company a key names the holder",
        "账户归谁；除案件、客户、本单位外须以 key 指明",
        "case",
    )
    key_: Expression | None = key(
        "the holder, where a post names none", "记账未指明时的账户", None, alias="key", examples=["=data.part"]
    )
    unit: Annotated[str, AfterValidator(_unit)] = key(
        "a currency, or a unit by name", "币种或计量单位", examples=["CNY", "piece"]
    )
    payer: RoleOrFormula | None = key("role that pays, where a post names none", "默认付款方", None)
    payee: RoleOrFormula | None = key(
        "role that is paid, where a post names none", "默认收款方", None, examples=["company"]
    )
    floor: Value | None = key("the balance never falls below", "余额下限", None, examples=[0])
    ceiling: Value | None = key(
        "the balance, or all money charged, never exceeds",
        "余额（或累计应收）上限",
        None,
        examples=["=paper.order.limit"],
    )
    renew: RenewalEntry | None = key("begins anew with each period", "按周期重置", None)
    valid: Annotated[str, AfterValidator(_validity)] | None = key(
        "how long what is added may be used", "有效期", None, examples=["12mo", "365d"]
    )
    ladder: dict[Annotated[str, AfterValidator(_mark)], EffectsList] = key(
        'effects when the balance comes up to a mark, or falls below it: "3", "<5"',
        "余额升到刻度或跌破刻度时的效果",
        {},
    )
    rules: Rules = rules_key()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.key_ is not None and self.of in OWN:
            raise PydanticCustomError("ledger-key-needless", "needs no key", {"of": self.of})
        if is_currency(self.unit) and (self.renew is not None or self.valid is not None):
            raise PydanticCustomError("ledger-of-money", "money", {"unit": self.unit})
        if not is_currency(self.unit) and (self.payer is not None or self.payee is not None):
            raise PydanticCustomError("ledger-of-things", "no money", {"unit": self.unit})
        if self.renew is not None and self.valid is not None:
            raise PydanticCustomError("ledger-renewed-and-valid", "either", {})
        return self
