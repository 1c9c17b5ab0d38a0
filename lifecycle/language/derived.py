"""What a workflow text says of derived labels: whose they are, what their value is, when it is fixed."""

from __future__ import annotations

from lifecycle.language.dictionary import Rules
from lifecycle.language.vocabulary import EventName, Expression, Name, Titled, TypeName, key, rules_key


class DerivedEntry(Titled):
    """A label of an instance or a case, worked out whenever it is asked for."""

    of: Name = key("machine or case kind whose label it is", "所属的状态机或案件种类", examples=["request"])
    is_: TypeName = key("type of its value", "取值类型", "boolean", alias="is", examples=["customer_class"])
    value: Expression = key("what it is", "取值", examples=["=count('repair_failed') >= 2"])
    frozen: EventName | None = key(
        "event at which the value is fixed", "在此事件发生时固定取值", None, examples=["job.dispatched"]
    )
    rules: Rules = rules_key()
