"""What a workflow text says of series: readings over time, and the effect `record`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from lifecycle.language.dictionary import Override, Rules
from lifecycle.language.vocabulary import Cel, Element, Expression, Name, Titled, Value, Words, key, many, rules_key


class SeriesEntry(Titled):
    """Readings over time; each of its holders has its own."""

    of: Name = key(
        "whose readings; of all but case, customer and company a key names the holder",
        "谁的读数；除案件、客户、本单位外须以 key 指明",
        "case",
        examples=["vehicle"],
    )
    key_: Expression | None = key(
        "the holder, where a reading names none", "读数未指明时的归属", None, alias="key", examples=["=case.vin"]
    )
    is_: Literal["integer", "number"] = key("type of its values", "读数类型", "integer", alias="is")
    unit: Words = key("unit, as people write it", "计量单位", "", examples=["km"])
    never_falls: bool = key("a reading below an earlier one is refused", "读数只增不减，低于此前的予以拒绝", False)
    override: Override | None = key("who may go on with a written reason", "何人可写明理由破例", None)
    rules: Rules = rules_key()


class RecordBody(Element):
    """One reading; nothing when it has no value."""

    value: Value = key("what was read", "读数", examples=["=data.mileage"])
    key_: Value | None = key("whose reading", "归属", None, alias="key", examples=["=case.vin"])
    at: Expression | None = key(
        "when it was read; when the step is taken if not given", "读取时刻；不写则为办理时刻", None
    )
    source: Value | None = key("where it comes from", "来源", None, examples=["dealer"])
    when: Cel | None = key("done only if", "仅在此条件下执行", None)


def _record(value: Any) -> Any:
    def entry(one: Any) -> Any:
        if isinstance(one, dict):
            return {name: body if isinstance(body, dict) else {"value": body} for name, body in one.items()}
        return one

    return tuple(entry(one) for one in many(value))


Records = Annotated[
    tuple[dict[Name, RecordBody], ...],
    BeforeValidator(
        _record, json_schema_input_type=dict[str, Value | RecordBody] | list[dict[str, Value | RecordBody]]
    ),
]
"""Series -> reading."""


def record_key() -> Any:
    """Return the key `record` of a step, an opening or an entry effect."""
    return key("readings of series", "记录读数", (), examples=[{"mileage": "=data.mileage"}])
