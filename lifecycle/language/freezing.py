"""What a workflow text says of freezing: the rows of a view, or the lines of a figure, kept as data by a step."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.language.vocabulary import Cel, Element, FieldName, Name, exactly_one, key, many


class FreezeBody(Element):
    """What is frozen. Exactly one of `view` and `kpi`."""

    view: Name | None = key("view whose rows are kept", "所固定的视图", None, examples=["overdue"])
    kpi: Name | None = key("figure whose lines are kept", "所固定的指标", None, examples=["handled"])
    period: Literal["current", "previous"] = key(
        "of a figure: the present period, or the one before", "指标的周期：本期或上期", "previous"
    )
    when: Cel | None = key("done only if", "仅在此条件下执行", None)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        exactly_one(self, "view", "kpi")
        if self.view is not None and "period" in self.model_fields_set:
            raise PydanticCustomError("key-missing", "period of what", {"key": "kpi"})
        return self


def _freezes(value: Any) -> Any:
    return tuple(
        {name: {"view": body} if isinstance(body, str) else body for name, body in frozen.items()}
        if isinstance(frozen, dict)
        else frozen
        for frozen in many(value)
    )


Freezes = Annotated[
    tuple[dict[FieldName, FreezeBody], ...],
    BeforeValidator(_freezes, json_schema_input_type=dict[str, str | FreezeBody] | list[dict[str, str | FreezeBody]]),
]
"""List field -> what its rows are taken from."""


def freeze_key() -> Any:
    """Return the key `freeze` of a step or an opening; it runs before `set`, which may read what it kept."""
    return key(
        "rows of a view or lines of a figure, kept in a list field",
        "把视图的行或指标的各行固定到列表字段",
        (),
        examples=[{"late_jobs": {"view": "overdue"}}],
    )
