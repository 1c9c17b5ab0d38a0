"""What a workflow text says of notices: who is told what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

from lifecycle.core.workflow.notices import placeholders
from lifecycle.language.vocabulary import Cel, Element, Name, RoleOrFormula, Titled, Value, key, many

Recipients = Annotated[tuple[RoleOrFormula, ...], BeforeValidator(many, json_schema_input_type=str | tuple[str, ...])]


class NotifyBody(Element):
    """One notice: a text of `texts`, or words in place."""

    who: Recipients = key(
        "who is told: roles, parties, audiences, assignee, or a role or person by =",
        "通知何人：角色、当事人、受众、assignee，或以 = 取得的角色或人员",
        examples=["service_manager", "=data.adviser"],
    )
    text: Name | Titled = key(
        "name of a text, or words in place; {case} and {field} are filled in",
        "texts 中的名称，或直接写出文字；{case} 与 {字段} 会被填入",
        examples=["contact_late"],
    )
    with_: dict[Name, Value] = key(
        "values of further placeholders", "其他占位符的值", {}, alias="with", examples=[{"limit": "=settings.limit"}]
    )
    when: Cel | None = key("done only if", "仅在此条件下执行", None)

    @property
    def named(self) -> str:
        """The text's name; "" for words in place."""
        return self.text if isinstance(self.text, str) else ""

    def words(self, texts: Mapping[str, Titled]) -> Mapping[str, str]:
        """Return the words by language; none for a text that nothing declares."""
        found = texts.get(self.text) if isinstance(self.text, str) else self.text
        return found.titles if found else {}

    def shows(self, texts: Mapping[str, Titled]) -> tuple[str, ...]:
        """Return the placeholders of its words."""
        return placeholders(self.words(texts))


Notices = Annotated[
    tuple[NotifyBody, ...], BeforeValidator(many, json_schema_input_type=NotifyBody | tuple[NotifyBody, ...])
]


def notify_key() -> Any:
    """Return the key `notify` of a step, an opening or an entry effect."""
    return key("who is told what", "通知", (), examples=[{"who": "service_manager", "text": "contact_late"}])
