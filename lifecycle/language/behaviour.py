"""What a workflow text says of behaviour: steps, states, machines, effects, case kinds and their openings."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.language.dictionary import (
    FAILING_EN,
    FAILING_ZH,
    UNTIL_EN,
    UNTIL_ZH,
    Expectation,
    Guidance,
    Override,
    Require,
    Rules,
)
from lifecycle.language.freezing import Freezes, freeze_key
from lifecycle.language.notices import Notices, notify_key
from lifecycle.language.papers import PaperMoves, moves_key
from lifecycle.language.people import (
    Assigns,
    Aways,
    Qualifies,
    Releases,
    assign_key,
    away_key,
    qualify_key,
    release_key,
)
from lifecycle.language.posts import Posts, posts_key
from lifecycle.language.series import Records, record_key
from lifecycle.language.settlements import Settles, settle_key
from lifecycle.language.vocabulary import (
    Cel,
    Element,
    EventName,
    Expression,
    FieldName,
    Name,
    OwnName,
    Person,
    Plural,
    RoleOrFormula,
    StateLeaf,
    StatePath,
    Titled,
    Value,
    cue,
    exactly_one,
    key,
    many,
    rules_key,
    rung,
)

CLOCK_EN, CLOCK_ZH = (
    "calendar whose open time counts; elapsed time when not given",
    "按此日历的工作时间计；不写则按自然时间",
)

OneOrMoreRoles = Annotated[
    tuple[RoleOrFormula, ...], BeforeValidator(many, json_schema_input_type=str | tuple[str, ...])
]
OneOrMoreNames = Annotated[tuple[Name, ...], BeforeValidator(many, json_schema_input_type=str | tuple[str, ...])]
OneOrMoreEvents = Annotated[tuple[EventName, ...], BeforeValidator(many, json_schema_input_type=str | tuple[str, ...])]


class FormItem(Element):
    """A field of a form. Written `fault`, `fault!`, or `{fault: {required_when: "..."}}`.

    What stands beside `must` belongs to the guard that it becomes (`musts.py`); a `must` that is still here lets no
    other value through.
    """

    required: bool = False
    must: Value | None = key("the one value that lets the step pass", "必须为此值，否则不得办理", None, examples=[True])
    required_when: Cel | None = key("a value is needed if", "在此条件下必填", None)
    default: Value | None = key("value when nothing was typed and nothing is stored", "未填且未存时的值", None)
    else_: Titled | None = key(
        "with `must`: what is said of another value", "与 must 同用：不符时的说明", None, alias="else"
    )
    when: Cel | None = key("with `must`: asked only if", "与 must 同用：仅在此条件下检查", None)
    suggest: Expression | None = key("with `must`: what is proposed", "与 must 同用：建议值", None)
    override: Override | None = key("with `must`: who may go on", "与 must 同用：何人可写明理由破例", None)
    failing: Literal["refuse", "mark"] = key(FAILING_EN, FAILING_ZH, "refuse")
    until: Literal["instance", "case"] = key(UNTIL_EN, UNTIL_ZH, "instance")
    rules: Rules = rules_key()

    @property
    def needed(self) -> bool:
        """Whether the step surely has a value of it."""
        return self.required or self.must is not None

    @model_validator(mode="after")
    def _with_must(self) -> Self:
        given = self.model_fields_set - {"required", "must", "required_when", "default"}
        if given and self.must is None:
            raise PydanticCustomError("key-missing", "no value laid down", {"key": "must"})
        return self


def _form(value: Any) -> Any:
    if not isinstance(value, tuple):
        raise PydanticCustomError("list-wanted", "list wanted", {})
    form: dict[str, Any] = {}
    for item in value:
        body: dict[str, Any] = {}
        if isinstance(item, str):
            name = item
        elif isinstance(item, dict) and len(item) == 1 and isinstance(next(iter(item.values())), dict):
            name, body = next(iter(item.items()))
        else:
            raise PydanticCustomError("bad-form-item", "not a field", {})
        plain_name = name.removesuffix("!")
        if plain_name in form:
            raise PydanticCustomError("duplicate-field", "twice", {"name": plain_name})
        form[plain_name] = {**body, "required": True} if name.endswith("!") else body
    return form


Form = Annotated[
    dict[FieldName, FormItem], BeforeValidator(_form, json_schema_input_type=tuple[str | dict[str, FormItem], ...])
]
"""The fields that a step asks for, by name, in file order."""


class SetEffect(Element):
    """Derived values: field -> literal or "=expression", with an optional `when`."""

    values: dict[FieldName, Value] = key("values, by field", "各字段的值", {})
    when: Cel | None = key("done only if", "仅在此条件下执行", None)


class StartBody(Element):
    """How instances of a machine are started."""

    each: Expression | None = key("one instance for each row, read as `it`", "每行一个实例（it）", None)
    key_: FieldName | None = key("the row's field that names the instance", "以哪个字段区分实例", None, alias="key")
    again: bool = key("a new instance even if one is there (rework)", "已有实例时仍新建（返工）", False)
    set: dict[FieldName, Value] = key("first values", "初始值", {})
    when: Cel | None = key("done only if", "仅在此条件下执行", None)


class SendBody(Element):
    """A command to a linked case: step -> its form, with an optional `when`."""

    steps: dict[Name, dict[FieldName, Value]] = key("form values, by step", "各步骤的表单值", {})
    when: Cel | None = key("done only if", "仅在此条件下执行", None)


class OpenBody(Element):
    """How a new case is opened."""

    opening: Name | None = key("opening; the kind's first when not given", "登记方式；默认为首个", None)
    form: dict[FieldName, Value] = key("values of its form", "表单值", {})
    link: Name | None = key("link of the new case that points back here", "新案件指回本案件的链接", None)
    when: Cel | None = key("done only if", "仅在此条件下执行", None)


def _apart(body: Any, under: str) -> Any:
    """Return a map whose `when` stands beside the rest."""
    if not isinstance(body, dict):
        return body
    rest = {name: value for name, value in body.items() if name != "when"}
    return {under: rest, **({"when": body["when"]} if "when" in body else {})}


def _set(value: Any) -> Any:
    return tuple(_apart(body, "values") for body in many(value))


def _named(value: Any) -> Any:
    return tuple({body: {}} if isinstance(body, str) else body for body in many(value))


def _send(value: Any) -> Any:
    return tuple(
        {link: _apart(body, "steps") for link, body in sent.items()} if isinstance(sent, dict) else sent
        for sent in many(value)
    )


Sets = Annotated[
    tuple[SetEffect, ...], BeforeValidator(_set, json_schema_input_type=dict[str, Any] | list[dict[str, Any]])
]
Starts = Annotated[
    tuple[dict[Name, StartBody], ...],
    BeforeValidator(_named, json_schema_input_type=str | dict[str, StartBody] | list[str | dict[str, StartBody]]),
]
"""Machine -> how. Several entries, each of one or more machines, run in file order."""
Sends = Annotated[
    tuple[dict[Name, SendBody], ...],
    BeforeValidator(_send, json_schema_input_type=dict[str, Any] | list[dict[str, Any]]),
]
"""Link -> what is sent."""
Opens = Annotated[
    tuple[dict[Name, OpenBody], ...],
    BeforeValidator(_named, json_schema_input_type=str | dict[str, OpenBody] | list[str | dict[str, OpenBody]]),
]
"""Case kind -> how."""


class Effects(Element):
    """Effects of `enter` and `exit`, run in the order of these keys."""

    when: Cel | None = key("done only if", "仅在此条件下执行", None)
    set: Sets = key("derived values", "设置派生值", ())
    assign: Assigns = assign_key()
    release: Releases = release_key()
    record: Records = record_key()
    settle: Settles = settle_key()
    papers: PaperMoves = moves_key()
    post: Posts = posts_key()
    start: Starts = key("machines started in this case", "在本案件中启动的状态机", (), examples=["repair"])
    send: Sends = key("commands to linked cases", "发往关联案件的指令", ())
    open: Opens = key("new cases, linked to this one", "新建并关联的案件", ())
    notify: Notices = notify_key()
    away: Aways = away_key()
    qualify: Qualifies = qualify_key()


EffectsList = Annotated[
    tuple[Effects, ...], BeforeValidator(many, json_schema_input_type=Effects | tuple[Effects, ...])
]


def _to(value: Any) -> Any:
    if not isinstance(value, str | dict):
        raise PydanticCustomError("bad-target", "not a target", {})
    return {"otherwise": value} if isinstance(value, str) else value


To = Annotated[dict[Cel, StatePath], BeforeValidator(_to, json_schema_input_type=str | dict[str, str])]
"""Condition -> state, in file order, "otherwise" without a condition; a plain target is {"otherwise": target}."""

Decide = dict[Name, dict[Name, Value]]
"""Table -> input -> value."""

DECIDE_EN, DECIDE_ZH = "decision tables asked, with their inputs", "调用的决策表及其输入"
FORM_EN, FORM_ZH = "fields asked for; `!` when a value is needed", "要填写的字段；! 表示必填"
WITH_EN, WITH_ZH = "roles that record it for a party", "代当事人登记的角色"


class Step(Titled):
    """What a person, an event, a condition on data or the clock does. Exactly one of `by, upon, always, after, at`."""

    by: OneOrMoreRoles = key("whose act it is", "由谁办理", (), examples=["installer", ["installer", "manager"]])
    upon: OneOrMoreEvents = key("events of this case that fire it", "由哪些事件触发", (), examples=["repair.signed"])
    always: Cel | None = key("fires when this comes to hold", "条件成立时自动发生", None)
    after: Value | None = key(
        "fires this long after its state was entered",
        "进入状态后经过此时长自动发生",
        None,
        examples=["1d", "2 workdays"],
    )
    at: Cel | None = key(
        "fires at this instant; null: never", "到此时刻自动发生；空值则不发生", None, examples=["data.due_on"]
    )
    clock: Name | None = key(CLOCK_EN, CLOCK_ZH, None, examples=["office"])
    when: Cel | None = key('applies at all; else "not in this case"', "是否适用于本案件", None)
    with_: OneOrMoreRoles = key(WITH_EN, WITH_ZH, (), alias="with")
    is_: Person | None = key(
        "the person who must act, or `assignee`: one of those assigned here",
        "必须由此人办理；assignee 表示本实例的被指派人",
        None,
        alias="is",
        examples=["=data.adviser", "assignee"],
    )
    same_as: OneOrMoreNames = key("steps, or names assigned, of the same person", "须与这些步骤或指派名称为同一人", ())
    apart_from: OneOrMoreNames = key("steps, or names assigned, of somebody else", "须与这些步骤或指派名称为不同人", ())
    form: Form = key(FORM_EN, FORM_ZH, {}, examples=[["fault!", "estimate"]])
    require: Require = key("guards: conditions with words", "须满足的条件及说明", {})
    decide: Decide = key(DECIDE_EN, DECIDE_ZH, {})
    freeze: Freezes = freeze_key()
    set: Sets = key("derived values", "设置派生值", ())
    assign: Assigns = assign_key()
    release: Releases = release_key()
    record: Records = record_key()
    settle: Settles = settle_key()
    papers: PaperMoves = moves_key()
    post: Posts = posts_key()
    start: Starts = key("machines started in this case", "在本案件中启动的状态机", (), examples=["repair"])
    send: Sends = key("commands to linked cases", "发往关联案件的指令", ())
    open: Opens = key("new cases, linked to this one", "新建并关联的案件", ())
    notify: Notices = notify_key()
    away: Aways = away_key()
    qualify: Qualifies = qualify_key()
    to: To = key(
        "state it leads to; stays when not given", "去往的状态；不写则停留", {}, examples=["closed", "$history"]
    )
    recorded_afterwards: bool = key("may be entered long after it happened", "可事后补登", False)
    optional: bool = key("in an ordered state: may be left out", "有序状态中可省略", False)
    repeat: bool = key("in an ordered state: may be taken again", "有序状态中可重复", False)
    rules: Rules = rules_key()

    @model_validator(mode="after")
    def _one_trigger(self) -> Self:
        exactly_one(self, "by", "upon", "always", "after", "at")
        if self.clock is not None and self.after is None:
            raise PydanticCustomError("key-missing", "nothing to measure", {"key": "after"})
        return self

    @property
    def timed(self) -> bool:
        """Whether the clock takes it."""
        return self.after is not None or self.at is not None


class Order(Element):
    """The order of a state's steps.

    variants  name -> steps; one variant "" for a plain list; {} for `order: any`
    """

    by: Expression | None = key("chooses the variant", "据此选择顺序", None)
    variants: dict[str, tuple[Name, ...]] = key("steps in order, by variant", "各种顺序", {})


def _order(value: Any) -> Any:
    if value == "any":
        return {}
    if isinstance(value, tuple):
        return {"variants": {"": value}}
    if isinstance(value, dict):
        variants = {name: steps for name, steps in value.items() if name != "by"}
        return {"variants": variants, **({"by": value["by"]} if "by" in value else {})}
    raise PydanticCustomError("bad-order", "any or a list", {})


class LengthGiven(Element):
    """A length of a deadline, on a clock of its own."""

    length: Value = key("how long", "时长", examples=["30m", "=settings.first_contact"])
    clock: Name | None = key(CLOCK_EN, CLOCK_ZH, None, examples=["office"])


def _lengths(value: Any) -> Any:
    return tuple(one if isinstance(one, dict) else {"length": one} for one in many(value))


Lengths = Annotated[
    tuple[LengthGiven, ...],
    BeforeValidator(_lengths, json_schema_input_type=Value | LengthGiven | tuple[Value | LengthGiven, ...]),
]
Cue = Annotated[str, AfterValidator(cue)]
OneOrMoreCues = Annotated[tuple[Cue, ...], BeforeValidator(many, json_schema_input_type=str | tuple[str, ...])]
OneOrMoreStates = Annotated[tuple[StateLeaf, ...], BeforeValidator(many, json_schema_input_type=str | tuple[str, ...])]
RungName = Annotated[str, AfterValidator(rung)]


class Deadline(Titled):
    """A promise with a clock. Exactly one of `within`, `due` and `every`.

    On a machine it begins with the instance, on a state with entering it, unless `start` says otherwise.
    """

    when: Cel | None = key("asked at all only if, when it would begin", "开始时满足此条件才计时", None)
    start: OneOrMoreCues = key(
        "steps that begin it; $start, entered('state')", "开始计时的步骤；$start、entered('状态')", ()
    )
    stop: OneOrMoreCues = key("steps that meet it", "视为完成的步骤", (), examples=["confirmed"])
    cancel: OneOrMoreCues = key("steps after which it is not asked any more", "取消计时的步骤", ())
    restart: OneOrMoreCues = key("steps that begin it anew", "重新计时的步骤", ())
    pause: OneOrMoreStates = key("states in which its clock stands still", "暂停计时的状态", (), examples=[["on_hold"]])
    within: Lengths = key("how long it gives; of several the earlier binds", "时限；多个时以先到者为准", ())
    clock: Name | None = key(CLOCK_EN, CLOCK_ZH, None, examples=["office"])
    due: Cel | None = key(
        "the instant by which it is promised", "承诺的时刻", None, examples=["day_end(data.visit_at, 0)"]
    )
    opens: Cel | None = key("the instant from which it may be done", "最早可办理的时刻", None)
    every: Value | None = key(
        "a length after which it is due again, met or missed", "周期：每隔此时长重新到期", None, examples=["7d"]
    )
    while_: Cel | None = key(
        "with `every`: comes again as long as", "与 every 同用：仅在此条件下继续", None, alias="while"
    )
    target: bool = key("measured, never breached", "仅统计，不算违约", False)
    who: Name | None = key("role on whose worklist it stands, or assignee", "显示在何角色（或 assignee）的待办中", None)
    ladder: dict[RungName, EffectsList] = key(
        "effects at marks: 80%, 100%, +2h, -1d", "到达各刻度时的效果：80%、100%、+2h、-1d", {}
    )
    rules: Rules = rules_key()

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        exactly_one(self, "within", "due", "every")
        if self.while_ is not None and self.every is None:
            raise PydanticCustomError("key-missing", "nothing repeats", {"key": "every"})
        return self


Deadlines = dict[Name, Deadline]
DEADLINES_EN, DEADLINES_ZH = "promises with a clock", "期限"


class Complete(Element):
    """Where an ordered state goes when its steps are done."""

    to: StateLeaf = key("state it leads to", "去往的状态")


def _guidance(value: Any) -> Any:
    return tuple({"text": entry} if isinstance(entry, str) else entry for entry in many(value))


Guidances = Annotated[
    tuple[Guidance, ...],
    BeforeValidator(_guidance, json_schema_input_type=str | Guidance | list[str | Guidance]),
]
"""Texts in place, or names of `texts`."""

GUIDANCE_EN, GUIDANCE_ZH = "what staff are shown here", "给员工的指引"


class State(Titled):
    """A state: a leaf with steps, a final one, or one with states inside."""

    phase: Name | None = key("pre-sale, in-sale or after-sale, as the organisation names it", "所属阶段", None)
    start: StateLeaf | None = key("state inside with which it begins", "内部的起始状态", None)
    final: Name | None = key("the outcome, for a state that ends the instance", "终结状态的结果", None)
    guidance: Guidances = key(GUIDANCE_EN, GUIDANCE_ZH, ())
    checklist: Name | None = key("checklist that is open here", "此处的清单", None)
    enter: EffectsList = key("effects on entry", "进入时的效果", ())
    exit: EffectsList = key("effects on leaving", "离开时的效果", ())
    order: Annotated[
        Order | None, BeforeValidator(_order, json_schema_input_type=str | tuple[str, ...] | dict[str, Any])
    ] = key("order of the steps", "步骤的顺序", None, examples=["any", ["a", "b"]])
    steps: dict[OwnName, Step] = key("steps open here", "可办理的步骤", {})
    complete: Complete | None = key("where it goes when all ordered steps are done", "各步完成后去往", None)
    states: dict[Name, State] = key("states inside", "内部状态", {})
    deadlines: Deadlines = key(DEADLINES_EN, DEADLINES_ZH, {})
    expect: dict[Name, Expectation] = key("standing soft conditions", "持续期望的条件", {})
    rules: Rules = rules_key()


class MachineStarts(Element):
    """What starts an instance by itself. Exactly one of the two."""

    upon: OneOrMoreEvents = key("each of these events starts one", "这些事件各启动一个", ())
    all: OneOrMoreEvents = key("once, when all of these have happened", "全部发生后启动一次", ())

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        exactly_one(self, "upon", "all")
        return self


class Machine(Titled):
    """A state machine; a case runs instances of it."""

    phase: Name | None = key("pre-sale, in-sale or after-sale, as the organisation names it", "所属阶段", None)
    many: bool = key("several instances may live in one case", "同一案件可有多个实例", False)
    plural: Plural | None = key("name of its instances for others", "实例的复数名", None, examples=["repairs"])
    start: StateLeaf = key("state in which an instance begins", "起始状态")
    starts: MachineStarts | None = key("what starts an instance by itself", "自动启动的条件", None)
    anywhere: dict[OwnName, Step] = key(
        "steps open in every state that is not final", "任何未终结状态下可办理的步骤", {}
    )
    states: dict[Name, State] = key("its states", "各状态", min_length=1)
    deadlines: Deadlines = key(DEADLINES_EN, DEADLINES_ZH, {})
    expect: dict[Name, Expectation] = key("standing soft conditions", "持续期望的条件", {})
    rules: Rules = rules_key()


class Link(Element):
    """Another case that this kind knows. `key` for a keyed kind, or `by` for a field that holds its number."""

    case: Name = key("the other kind", "关联的案件种类")
    key_: Expression | None = key("formula of the key", "键的表达式", None, alias="key", examples=["=data.vin"])
    by: FieldName | None = key("field that holds the other case's number", "存有对方案件号的字段", None)
    rules: Rules = rules_key()

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        exactly_one(self, "key", "by")
        return self


class Opening(Titled):
    """A way in which a case of a kind begins."""

    guidance: Guidances = key(GUIDANCE_EN, GUIDANCE_ZH, ())
    by: OneOrMoreRoles = key("whose act it is", "由谁登记")
    with_: OneOrMoreRoles = key(WITH_EN, WITH_ZH, (), alias="with")
    form: Form = key(FORM_EN, FORM_ZH, {})
    require: Require = key("guards: conditions with words", "须满足的条件及说明", {})
    decide: Decide = key(DECIDE_EN, DECIDE_ZH, {})
    freeze: Freezes = freeze_key()
    set: Sets = key("derived values", "设置派生值", ())
    record: Records = record_key()
    papers: PaperMoves = moves_key()
    post: Posts = posts_key()
    start: Starts = key("machines started in this case", "在本案件中启动的状态机", (), examples=["repair"])
    send: Sends = key("commands to linked cases", "发往关联案件的指令", ())
    open: Opens = key("new cases, linked to this one", "新建并关联的案件", ())
    notify: Notices = notify_key()
    away: Aways = away_key()
    qualify: Qualifies = qualify_key()
    recorded_afterwards: bool = key("may be entered long after it happened", "可事后补登", False)
    rules: Rules = rules_key()


class Kind(Titled):
    """A kind of case."""

    number: str = key("pattern of the case number", "案件号格式", "", examples=["WR-{year}-{serial:06}"])
    subject: Literal["customer", "asset", "staff", "department", "place"] | None = key(
        "what the case is about", "案件对象", None
    )
    key_: FieldName | None = key(
        "field that keys it: the kind outlives matters", "主键字段（档案类案件）", None, alias="key"
    )
    data: tuple[FieldName, ...] = key("fields of the case that no form asks for", "表单之外的案件字段", ())
    machines: tuple[Name, ...] = key("machines that its cases run", "包含的状态机", ())
    links: dict[OwnName, Link] = key("other cases that it knows", "关联的其他案件", {})
    opens: dict[OwnName, Opening] = key("ways in which a case begins", "登记方式", {})
    expect: dict[Name, Expectation] = key("standing soft conditions", "持续期望的条件", {})
    rules: Rules = rules_key()


Acting = Step | Opening | Effects
"""What has effects."""
