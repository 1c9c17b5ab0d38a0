"""What a workflow text says of people: pools, who is assigned from them, who is away, who is qualified."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.language.dictionary import Override, Rules
from lifecycle.language.vocabulary import (
    Cel,
    Element,
    Expression,
    Name,
    OwnName,
    Value,
    exactly_one,
    key,
    many,
    rules_key,
)

TURNS = ("round_robin", "least_load", "last", "by_hand")
PASSES = ("away", "on_job", "off_shift")

ROUNDS = ("round_robin", "last")
"""The turns that go round, and in which a turn may be lost."""

Turn = Literal["round_robin", "least_load", "last", "by_hand"]
Passes = Annotated[
    tuple[Literal["away", "on_job", "off_shift"], ...],
    BeforeValidator(many, json_schema_input_type=str | tuple[str, ...]),
]
Needs = Annotated[tuple[Value, ...], BeforeValidator(many, json_schema_input_type=str | tuple[str, ...])]
NamesOrSteps = Annotated[tuple[Name, ...], BeforeValidator(many, json_schema_input_type=str | tuple[str, ...])]
Count = Annotated[int, Field(ge=1, le=99)]


def _cap(value: int | str) -> int | str:
    if isinstance(value, str) and not value.startswith("="):
        raise PydanticCustomError("integer-wanted", "no number", {"value": value[:80]})
    if isinstance(value, int) and value < 1:
        raise PydanticCustomError("number-too-small", "none at all", {"value": value})
    return value


class PoolEntry(Element):
    """Who, or what, is taken in turn. Exactly one of `role` and `things`."""

    role: Name | None = key("the people who hold this role", "持有此角色的人员", None, examples=["installer"])
    things: Name | None = key("instead: the cases of this keyed kind", "或：此档案类案件（工位、车辆等）", None)
    turn: Turn = key(
        "who is next: round the list, the least open jobs, who served this customer last, or as named by hand",
        "轮到谁：依次轮流、在手最少、上次服务该客户者，或人工指定",
        "round_robin",
    )
    needs: Needs = key(
        "qualifications, not expired at the step's time", "须具备且未过期的资格", (), examples=[["=data.skill"]]
    )
    pass_over: Passes = key(
        "whom the turn leaves out: away, on_job (an open job of any pool), off_shift",
        "轮到时跳过：请假外出、手上有活（任一派工池）、不当班",
        (),
        examples=[["away", "on_job"]],
    )
    passed: Literal["kept", "lost"] = key(
        "the turn of who was passed over: kept (asked first next time) or lost (not made up)",
        "被跳过者的轮次：保留（下次先轮到），或作废（不补）",
        "kept",
    )
    cap: Annotated[int | str, AfterValidator(_cap)] | None = key(
        "most open jobs of this pool that one may hold", "每人在本池最多同时持有的任务数", None, examples=[3]
    )
    within: Expression | None = key(
        "unit that they must belong to; any when it is not set", "须属于此单位；未定则不限", None
    )
    where: Cel | None = key("things only: condition on each, read as `it`", "仅对物：逐个判断的条件（it）", None)
    rules: Rules = rules_key()

    @model_validator(mode="after")
    def _people_or_things(self) -> Self:
        exactly_one(self, "role", "things")
        wrong = ("where",) if self.role is not None else ("needs", "within")
        for name in wrong:
            if name in self.model_fields_set:
                raise PydanticCustomError("pool-key-idle", "of the other sort", {"name": name})
        if self.things is not None and {"away", "off_shift"} & set(self.pass_over):
            raise PydanticCustomError("pool-key-idle", "of the other sort", {"name": "pass_over"})
        if "passed" in self.model_fields_set and self.turn not in ROUNDS:
            raise PydanticCustomError("pool-key-idle", "of the other sort", {"name": "passed"})
        return self


class AssignBody(Element):
    """How a name is given. Written `installer: installers`, `installer: "=data.adviser"` or as a map."""

    pool: Name | None = key("pool that it takes from", "取自哪个派工池", None)
    person: Expression | None = key(
        "by hand: this one, or these; the turn decides when it is not set", "人工指定的人员；未定则按轮次", None
    )
    team: dict[Name, Count] = key("places, and how many each takes", "班组岗位及人数", {}, examples=[{"lead": 1}])
    apart_from: NamesOrSteps = key("names or steps whose people it may not be", "不得与这些名称或步骤为同一人", ())
    override: Override | None = key(
        "who may name somebody who does not qualify, with a written reason", "何人可写明理由指定不合格者", None
    )
    when: Cel | None = key("done only if", "仅在此条件下执行", None)

    @model_validator(mode="after")
    def _from_somewhere(self) -> Self:
        if self.pool is None and self.person is None:
            raise PydanticCustomError("key-missing", "from nowhere", {"key": "pool"})
        return self


class ReleaseBody(Element):
    """A name that nobody bears any more."""

    when: Cel | None = key("done only if", "仅在此条件下执行", None)


class AwayBody(Element):
    """Somebody is away, or back. Times are instants or days; a day is its beginning."""

    person: Value = key("who", "何人", examples=["=form.worker"])
    from_: Value | None = key("since when; now when not given", "自何时起；不写则为此刻", None, alias="from")
    to: Value | None = key("until when; open when not given", "至何时止；不写则未定", None)
    back: bool = key("is back instead", "改为：已返岗", False)
    when: Cel | None = key("done only if", "仅在此条件下执行", None)


class QualifyBody(Element):
    """Somebody gains a qualification, or loses it."""

    person: Value = key("who", "何人", examples=["=form.worker"])
    as_: Value = key("the qualification", "资格名称", alias="as", examples=["electrician"])
    until: Value | None = key("its last day; for good when not given", "有效期最后一天；不写则长期", None)
    lost: bool = key("loses it instead", "改为：取消资格", False)
    when: Cel | None = key("done only if", "仅在此条件下执行", None)


def _assigns(value: Any) -> Any:
    return tuple(
        {name: _assigned(body) for name, body in entry.items()} if isinstance(entry, dict) else entry
        for entry in many(value)
    )


def _assigned(body: Any) -> Any:
    if not isinstance(body, str):
        return body
    return {"person": body} if body.startswith("=") else {"pool": body}


def _releases(value: Any) -> Any:
    return tuple({entry: {}} if isinstance(entry, str) else entry for entry in many(value))


Assigns = Annotated[
    tuple[dict[OwnName, AssignBody], ...],
    BeforeValidator(_assigns, json_schema_input_type=dict[str, str | AssignBody] | list[dict[str, str | AssignBody]]),
]
"""Name -> from which pool, or whom."""

Releases = Annotated[
    tuple[dict[OwnName, ReleaseBody], ...],
    BeforeValidator(_releases, json_schema_input_type=str | dict[str, ReleaseBody] | list[str | dict[str, Any]]),
]
"""Names that nobody bears any more."""

Aways = Annotated[tuple[AwayBody, ...], BeforeValidator(many, json_schema_input_type=AwayBody | list[AwayBody])]
Qualifies = Annotated[
    tuple[QualifyBody, ...], BeforeValidator(many, json_schema_input_type=QualifyBody | list[QualifyBody])
]


def assign_key() -> Any:
    """Return the key `assign` of a step or an entry effect."""
    return key(
        "people or things taken from a pool under a name",
        "从派工池指派到某名称",
        (),
        examples=[{"installer": "installers"}],
    )


def release_key() -> Any:
    """Return the key `release` of a step or an entry effect."""
    return key("names that nobody bears any more", "解除的指派", (), examples=["installer"])


def away_key() -> Any:
    """Return the key `away` of a step, an opening or an entry effect."""
    return key("staff who are away, or back", "人员离岗或返岗", (), examples=[{"person": "=form.worker"}])


def qualify_key() -> Any:
    """Return the key `qualify` of a step, an opening or an entry effect."""
    return key(
        "staff who gain or lose a qualification",
        "人员取得或失去资格",
        (),
        examples=[{"person": "=form.worker", "as": "electrician"}],
    )
