"""The definition of a workflow: its text as typed, frozen values, with the place of everything in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from pydantic import Discriminator, Field, Tag

from lifecycle.language.behaviour import Kind, Machine
from lifecycle.language.calendars import CalendarEntry
from lifecycle.language.coverage import CoverageEntry
from lifecycle.language.derived import DerivedEntry
from lifecycle.language.dictionary import (
    Checklist,
    FieldEntry,
    Guard,
    Invariant,
    Role,
    Rule,
    Rules,
    Setting,
    Table,
    TextEntry,
    TopExpectation,
    Types,
    UnitEntry,
    shape,
)
from lifecycle.language.kpis import KpiEntry
from lifecycle.language.ledgers import LedgerEntry
from lifecycle.language.lists import ListEntry
from lifecycle.language.papers import PaperEntry
from lifecycle.language.people import PoolEntry
from lifecycle.language.schedules import ScheduleEntry
from lifecycle.language.seeing import AudienceEntry, ViewEntry
from lifecycle.language.series import SeriesEntry
from lifecycle.language.settlements import SettlementEntry
from lifecycle.language.tree import MapNode, Places
from lifecycle.language.vocabulary import (
    Element,
    FieldName,
    FileName,
    Name,
    OwnName,
    RoleName,
    RuleNumber,
    Titled,
    Value,
    key,
)
from lifecycle.problems import Place, Problem

WorkflowName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=64)]


Argument = Annotated[
    Annotated[Value, Tag("<value>")]
    | Annotated[tuple[Value, ...], Tag("<list>")]
    | Annotated[dict[str, Value], Tag("<map>")],
    Discriminator(shape),
]
"""The value of a part's parameter: a scalar, a list of names, or a text {zh, en}."""


IncludeRules = Annotated[
    Annotated[Rules, Tag("<list>")] | Annotated[dict[str, Rules], Tag("<map>")],
    Discriminator(shape),
]
INCLUDE_RULES_EN = "rules that the part carries as a whole, or rules by path inside its main element"
INCLUDE_RULES_ZH = "部件整体所落实的条款，或按主元素内路径列出的条款"


class Include(Element):
    """A part that is put in at this place."""

    part: FileName = key("the part's file, without .yaml", "部件文件名", examples=["parts/callback"])
    as_: OwnName | None = key("name of the part's main element here", "在此处的名称", None, alias="as")
    with_: dict[Name, Argument] = key("values of the part's parameters", "部件参数的值", {}, alias="with")
    rules: IncludeRules = key(INCLUDE_RULES_EN, INCLUDE_RULES_ZH, (), examples=[["DW-015"], {"received": ["DW-015"]}])


class Sections(Element):
    """The sections that a workflow and a part have in common."""

    settings: dict[Name, Setting] = key("figures that the organisation sets in use", "可调整的数值", {})
    calendars: dict[Name, CalendarEntry] = key("working hours", "工作日历", {})
    types: Types = key("choices, with titles", "选项类型", {})
    units: dict[Name, UnitEntry] = key("titles of units", "计量单位", {})
    fields: dict[FieldName, FieldEntry] = key("the data dictionary", "数据字典", {})
    lists: dict[OwnName, ListEntry] = key("reference rows that staff maintain in use", "由员工维护的参照列表", {})
    series: dict[OwnName, SeriesEntry] = key("readings over time", "随时间记录的读数", {})
    roles: dict[RoleName, Role] = key("who may act", "角色", {})
    pools: dict[OwnName, PoolEntry] = key("people or things taken in turn", "派工池", {})
    tables: dict[Name, Table] = key("decision tables", "决策表", {})
    guards: dict[Name, Guard] = key("shared guards", "共用条件", {})
    checklists: dict[OwnName, Checklist] = key("checklists", "清单", {})
    papers: dict[OwnName, PaperEntry] = key("numbered documents", "单据", {})
    ledgers: dict[Name, LedgerEntry] = key(
        "balances: money, stock, quotas, strikes", "台账：款项、库存、额度、违规", {}
    )
    settlements: dict[OwnName, SettlementEntry] = key(
        "rows per person or outlet over a period", "按期结算：逐人或逐网点汇总并冻结", {}
    )
    cases: dict[OwnName, Kind] = key("kinds of case", "案件种类", {})
    machines: dict[OwnName, Machine] = key("state machines", "状态机", {})
    invariants: dict[Name, Invariant] = key("conditions that always hold", "恒成立的条件", {})
    expect: dict[Name, TopExpectation] = key("standing soft conditions", "持续期望的条件", {})
    schedules: dict[OwnName, ScheduleEntry] = key("what comes again", "定期事项", {})
    coverage: dict[OwnName, CoverageEntry] = key("warranty and contract periods", "质保期与合同保障期", {})
    texts: dict[Name, TextEntry] = key("texts for guidance and notices", "指引与通知文本", {})
    views: dict[Name, ViewEntry] = key("worklists, boards, registers", "视图：工作列表、看板、登记簿", {})
    kpis: dict[Name, KpiEntry] = key("figures over events", "指标", {})
    derived: dict[Name, DerivedEntry] = key("labels worked out of what is known", "派生标签", {})
    audiences: dict[RoleName, AudienceEntry] = key("sets of customers for messages", "通知受众：一组客户", {})


class WorkflowHead(Titled):
    """What stands at the top of a workflow file."""

    workflow: WorkflowName = key("name of the workflow", "流程名称", examples=["window-repair"])
    version: int = key("version, counted from 1", "版本号，从 1 起", ge=1, examples=[1])
    zone: str = key("time zone", "时区", "Asia/Shanghai", examples=["Asia/Shanghai"])
    extends: FileName | None = key("workflow that this one changes", "所继承的流程", None)
    drop: tuple[str, ...] = key("paths of the extended workflow that fall away", "从所继承流程中去掉的路径", ())
    include: tuple[Include, ...] = key("parts that are put in", "引入的部件", ())
    rules: dict[RuleNumber, Rule] = key("what the written procedure demands, by number", "制度条款", {})


class WorkflowText(Sections, WorkflowHead):
    """A workflow file, all parts put in. `keys_of` gives the order of its keys."""

    words: dict[str, Titled] = key("titles of names that have no element", "无元素名称的标题", {})


def keys_of(model: type[Element]) -> tuple[str, ...]:
    """Return the keys of an element as they are written, in the order of `workflow fmt`."""
    keys = tuple(field.alias or name for name, field in model.model_fields.items())
    if issubclass(model, WorkflowHead):
        return ("workflow", "version", "zh", "en", *(name for name in keys if name not in _HEAD))
    return keys


_HEAD = frozenset({"workflow", "version", "zh", "en"})


@lru_cache(maxsize=4)
def _with_all_above(paths: frozenset[str]) -> frozenset[str]:
    """Return paths together with every path above one of them."""
    found = set(paths)
    for path in paths:
        while "." in path:
            path = path.rpartition(".")[0]  # noqa: PLW2901  # the walk upwards is what the loop does
            found.add(path)
    return frozenset(found)


@dataclass(frozen=True, kw_only=True, slots=True)
class Definition:
    """A workflow as its designer wrote it, parts put in, as far as it could be read.

    text    every part that is well formed
    tree    the resolved tree behind it
    broken  paths that were left out of `text` because a problem was reported there: a check stays silent about
            what they would have declared
    cited   rules cited by an `include`, with the names that the part brought: rule -> paths
    """

    text: WorkflowText
    tree: MapNode
    places: Places
    broken: frozenset[str]
    cited: Mapping[str, tuple[str, ...]]

    def place(self, path: str) -> Place:
        """Return where the value at a dotted path stands (the nearest one above, for what was not spelled out)."""
        return self.places.value(path)

    def key_place(self, path: str) -> Place:
        """Return where the key at a dotted path stands."""
        return self.places.key(path)

    def is_broken(self, path: str) -> bool:
        """Return whether something at or below this path was left out."""
        return path in _with_all_above(self.broken)

    def notes(self, problems: Sequence[Problem]) -> tuple[Problem, ...]:
        """Return problems, each that points into a part followed by a note on the line that included it."""
        noted: list[Problem] = []
        for problem in problems:
            noted.append(problem)
            via = self.places.via(problem.where.path)
            if via is not None and via.file != problem.where.file:
                values = {"file": problem.where.file, "line": problem.where.line}
                noted.append(Problem(code="included-here", level="note", where=via, values=values))
        return tuple(noted)
