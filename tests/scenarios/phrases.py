"""The steps of scenarios, each as the phrase that the reference page shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

Function = TypeVar("Function", bound=Callable[..., None])

PLACES: Final = {
    "流程": "workflow",
    "时刻": "time",
    "设置": "setting",
    "值": "value",
    "列表字段": "list_field",
    "角色": "role",
    "人": "person",
    "开案": "opening",
    "名": "name",
    "步骤": "step_title",
    "实例": "instance",
    "当事人": "party",
    "理由": "reason",
    "文字": "words",
    "规则": "rule",
    "状态": "state",
    "字段": "field",
    "数": "number",
    "案件种类": "kind",
    "单据": "paper",
    "阶段": "stage_name",
    "编号": "paper_number",
    "时长": "length",
    "期限": "deadline",
    "单位": "unit",
    "资格": "qualification",
    "日期": "day",
    "止": "end",
    "指派": "assignment",
    "缘由": "why",
    "派工池": "pool",
    "台账": "ledger",
    "账户": "holder",
    "谁": "who",
    "受众": "audience",
    "客户": "customer",
    "通知": "text",
    "视图": "view",
    "所列": "listed",
    "事项": "schedule",
    "结算": "settlement",
    "期间": "period",
    "以前期间": "earlier",
    "归属": "key",
    "列表": "list",
    "行": "row",
    "读数": "series",
    "列": "column",
    "指标": "kpi",
    "标签": "label",
    "组": "group",
    "周期": "period",
    "另计": "apart",
    "保障期": "coverage",
    "部件": "part",
    "list field": "list_field",
    "step": "step_title",
    "stage name": "stage_name",
    "paper number": "paper_number",
}
"""What stands between < and > in a phrase, and the argument that takes it; other words are their own argument."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """One step in both languages.

    takes_table  whether a table may, or must, follow
    """

    zh: str
    en: str
    takes_table: bool
    function: Callable[..., None]

    @property
    def patterns(self) -> tuple[str, str]:
        return pattern(self.zh), pattern(self.en)


PHRASES: Final[list[Phrase]] = []


def phrase(zh: str, en: str, *, table: bool = False) -> Callable[[Function], Function]:
    """Make a function the step of a phrase. Names between < and > are its arguments."""

    def keep(function: Function) -> Function:
        PHRASES.append(Phrase(zh=zh, en=en, takes_table=table, function=function))
        return function

    return keep


def pattern(written: str) -> str:
    """Return the regular expression of a phrase: quoted places take any text, bare ones a role's title."""
    found = ""
    for piece in re.split(r"(\"<[^>]+>\"|<[^>]+>)", written):
        named = re.fullmatch(r"(\"?)<([^>]+)>\"?", piece)
        if named is None:
            found += re.escape(piece)
        else:
            argument = PLACES.get(named[2], named[2])
            # a bare role never ends in 不 (of 不可以) nor holds "through": the other phrase is meant then
            taken = '[^"]*' if named[1] else '(?:(?! through )[^"])+?(?<!不)'
            found += f"{named[1]}(?P<{argument}>{taken}){named[1]}"
    return found
