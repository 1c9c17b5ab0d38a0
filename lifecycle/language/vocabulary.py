"""The words and scalar types of the language: names, expressions, literals, and what is reserved."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

VALUE_TYPES = (
    "text number integer boolean choice money date time datetime duration period phone staff role asset ref "
    "attachment list"
).split()
"""The types of values; a `types` name or a case kind may stand for one, too."""

EXPRESSION_WORDS = frozenset(
    "true false null in as break const continue else for function if import let loop package namespace return var void "
    "while".split()
)
"""Words of the expression language: nothing may bear them, for no expression could name it."""

SCOPE_WORDS = frozenset(
    "data form case parent link settings decision actor state now it lists paper finding deadline timer derived "
    "otherwise received removed self any all when then rules started settlement series coverage".split()
)
"""Words that expressions and events use themselves: no machine, plural, step, field or kind may bear them."""

FIELD_WORDS = frozenset({"id", "key", "state", "final", "outcome", "open", "when", "rules", "then"})
"""Names that instances, links and tables have themselves: no field may bear them."""

ASSIGNEE = "assignee"
"""Whoever is assigned in the instance, under whatever name."""

ROLE_WORDS = frozenset({"company", "system", "self", ASSIGNEE})
"""Roles that exist without being declared."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
LONGEST_NAME = 64


def _name(value: str) -> str:
    if not _NAME.fullmatch(value) or len(value) > LONGEST_NAME:
        raise PydanticCustomError("bad-name", "bad name", {"name": value[:80]})
    if value in EXPRESSION_WORDS:
        raise PydanticCustomError("reserved-name", "reserved", {"name": value})
    return value


def _own_name(value: str) -> str:
    if value in SCOPE_WORDS:
        raise PydanticCustomError("reserved-name", "reserved", {"name": value})
    return value


def _plural(value: str) -> str:
    if value == "assigned":
        raise PydanticCustomError("reserved-name", "reserved", {"name": value})
    return value


def _field_name(value: str) -> str:
    if value in FIELD_WORDS:
        raise PydanticCustomError("reserved-name", "reserved", {"name": value})
    return value


def _role_name(value: str) -> str:
    if value in ROLE_WORDS:
        raise PydanticCustomError("reserved-name", "reserved", {"name": value})
    return value


def _cel(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("empty-expression", "empty", {})
    if value.startswith("="):
        raise PydanticCustomError("needless-equals", "no =", {})
    return value


def _formula(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("=") and not value[1:].strip():
        raise PydanticCustomError("empty-expression", "empty", {})
    return value


def _expression(value: str) -> str:
    if not value.startswith("="):
        raise PydanticCustomError("equals-missing", "= missing", {"expression": value[:80]})
    return str(_formula(value))


def _person(value: str) -> str:
    return value if value == ASSIGNEE else _expression(value)


def _pattern(code: str, pattern: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)

    def fits(value: str) -> str:
        if not compiled.fullmatch(value):
            raise PydanticCustomError(code, "no match", {"name": value[:80]})
        return value

    return fits


_dotted = r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*"

Name = Annotated[str, AfterValidator(_name), Field(json_schema_extra={"pattern": f"^{_NAME.pattern}$"})]
"""A name: small letters, digits and underscores."""

OwnName = Annotated[Name, AfterValidator(_own_name)]
"""The name of a machine, kind, step, state, field: no word of the expressions themselves."""

Plural = Annotated[OwnName, AfterValidator(_plural)]
"""What a machine's instances are called by others: not `assigned`, by which people are."""

FieldName = Annotated[Name, AfterValidator(_field_name)]

RoleName = Annotated[Name, AfterValidator(_role_name)]

RoleOrFormula = Annotated[str, AfterValidator(_pattern("bad-name", rf"=.+|{_NAME.pattern}"))]
"""A role by name, or "=..." for a role read from a table or a field."""

RuleNumber = Annotated[str, AfterValidator(_pattern("bad-rule", r"[A-Za-z][A-Za-z0-9]*([-.][A-Za-z0-9]+)*"))]
"""The number of a rule of the source: DW-015."""

ChoiceName = Annotated[str, AfterValidator(_pattern("bad-name", r"[a-z0-9][a-z0-9_]*"))]

EventName = Annotated[str, AfterValidator(_pattern("bad-event", rf"{_NAME.pattern}\.{_NAME.pattern}|removed"))]
"""`<machine>.<step>`, `<kind>.<opening>`, `received.<step>` or `removed`."""

_EVENT = rf"{_NAME.pattern}\.{_NAME.pattern}"

Countable = Annotated[str, AfterValidator(_pattern("bad-countable", rf"{_EVENT}(\.(met|late|breached))?"))]
"""`<machine>.<step>`, `<kind>.<opening>`, `<kind>.closed`, `<machine>.<deadline>.met` (late, breached), `finding.x`."""

Between = Annotated[
    str,
    AfterValidator(
        _pattern(
            "bad-between", rf"between\(\s*{_NAME.pattern}\.{_NAME.pattern}\s*,\s*{_NAME.pattern}\.{_NAME.pattern}\s*\)"
        )
    ),
]
"""`between(ticket.registered, ticket.closed)`: the time from one event to another."""

PauseState = Annotated[str, AfterValidator(_pattern("bad-state", rf"{_NAME.pattern}\.{_dotted}"))]
"""A state with its machine: "ticket.suspended"."""

Show = Annotated[str, AfterValidator(_pattern("bad-show", r"average|median|sum|longest|shortest|p[1-9]\d?"))]
"""What is shown of measured times: average, median, sum, longest, shortest, or a percentile: p90."""

StatePath = Annotated[str, AfterValidator(_pattern("bad-state", rf"\$history|{_dotted}"))]
"""A state's name, a dotted path from the machine's root, or $history."""

StateLeaf = Annotated[str, AfterValidator(_pattern("bad-state", _dotted))]

CUE = re.compile(rf"\$start|entered\('{_dotted}'\)|{_NAME.pattern}(\.{_NAME.pattern})?")
RUNG = re.compile(r"[1-9]\d{0,2}%|[+-]\d{1,6}[wdhms]")


def cue(value: str) -> str:
    """Return what a deadline listens to, if it is written as such: a step, "machine.step", $start, entered('state')."""
    if not CUE.fullmatch(value):
        raise PydanticCustomError("bad-cue", "no cue", {"name": value[:80]})
    return value


def rung(value: str) -> str:
    """Return a mark of a ladder, if it is written as such: "80%", "+2h", "-1d"."""
    if not RUNG.fullmatch(value):
        raise PydanticCustomError("bad-rung", "no mark", {"name": value[:80]})
    return value


ColumnName = Annotated[str, AfterValidator(_pattern("bad-column", _dotted))]
"""A name of a row: "number", "state", "outlet", "data.outlet", "deadline.contact.due"."""

SortedBy = Annotated[str, AfterValidator(_pattern("bad-column", rf"-?{_dotted}"))]
"""A column, or a name of a row; with "-" before it, the greatest first."""

GuardRef = Annotated[str, AfterValidator(_pattern("bad-guard", rf"guards\.{_NAME.pattern}"))]
"""A shared guard: guards.<name>."""

PaperRef = Annotated[str, AfterValidator(_pattern("bad-name", rf"{_NAME.pattern}\??"))]
"""A paper; with "?" behind it, only if one was issued."""

PaperTarget = Annotated[str, AfterValidator(_pattern("bad-name", _NAME.pattern))]
"""A stage of a paper, `void` or `decline`."""

FileName = Annotated[
    str, AfterValidator(_pattern("bad-file", r"[A-Za-z0-9_][A-Za-z0-9_-]*(/[A-Za-z0-9_][A-Za-z0-9_-]*)*"))
]
"""The name of a workflow or part: its path under `workflows/`, without ".yaml"."""

TypeName = Annotated[str, AfterValidator(_pattern("bad-name", _NAME.pattern))]
"""A value type, a `types` name or a case kind."""

Cel = Annotated[str, AfterValidator(_cel)]
"""A condition: an expression without "=" before it."""

Person = Annotated[str, AfterValidator(_person)]
"""The person who must act: "=data.adviser", or `assignee`."""

Expression = Annotated[str, AfterValidator(_expression)]
"""A value that must be an expression: "=..."."""


def _literal(value: Any) -> Any:
    if isinstance(value, str | bool | int | Decimal):
        return value
    raise PydanticCustomError("value-wanted", "no literal", {})


Value = Annotated[
    str | int | bool | Decimal,
    BeforeValidator(_literal, json_schema_input_type=str | int | float | bool),
    AfterValidator(_formula),
]
"""A literal, or an expression when it begins with "="."""

Words = Annotated[str, StringConstraints(min_length=1, max_length=4000)]


def key(en: str, zh: str, /, default: Any = ..., *, examples: list[Any] | None = None, **rest: Any) -> Any:
    """Return a key of an element with its description in both languages (the schema shows them)."""
    return Field(default, description=en, examples=examples, json_schema_extra={"description_zh": zh}, **rest)


class Element(BaseModel):
    """What every element of the language has in common: it is read once, never changed, and knows its keys."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", validate_default=False, arbitrary_types_allowed=False
    )


class Titled(Element):
    """An element that people see."""

    zh: Words = key("title in Chinese", "中文标题", "", examples=["维修"])
    en: Words = key("title in English", "英文标题", "", examples=["Repair"])

    @property
    def titles(self) -> Mapping[str, str]:
        """The titles that were given, by language."""
        return {language: text for language, text in (("zh", self.zh), ("en", self.en)) if text}


def exactly_one(element: Element, *keys: str) -> None:
    """Refuse an element that has none or several of these keys."""
    fields = {field.alias or name: name for name, field in type(element).model_fields.items()}
    given = [key for key in keys if fields[key] in element.model_fields_set]
    if len(given) != 1:
        raise PydanticCustomError("needs-one", "not exactly one", {"keys": list(keys), "given": given})


def many(value: Any) -> Any:
    """Return a list for a single value, so that one and many read the same."""
    return value if isinstance(value, tuple) else (value,)


RULES_EN, RULES_ZH = "rules of the source that this element carries", "本元素所落实的制度条款"


def rules_key() -> Any:
    """Return the key `rules`, which stands last in an element."""
    return key(RULES_EN, RULES_ZH, (), examples=[["DW-015"]])
