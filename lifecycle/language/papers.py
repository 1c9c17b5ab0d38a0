"""What a workflow text says of papers: their stages, who holds and signs them, and how steps move them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from lifecycle.core.case.papers import WORDS
from lifecycle.core.workflow.papers import DECLINE, VOID
from lifecycle.language.dictionary import Rules
from lifecycle.language.vocabulary import (
    Cel,
    Element,
    FieldName,
    Name,
    PaperRef,
    PaperTarget,
    Titled,
    key,
    many,
    rules_key,
)

NO_STAGES = frozenset({VOID, DECLINE})
"""Where every paper may go: no stage bears these names."""

NO_FIELDS = frozenset({*WORDS, "proposed"})
"""What a paper says of itself: no field that stands on it bears these names."""


def _stage_name(value: str) -> str:
    if value in NO_STAGES:
        raise PydanticCustomError("reserved-name", "reserved", {"name": value})
    return value


def _on_paper(value: str) -> str:
    if value in NO_FIELDS:
        raise PydanticCustomError("reserved-name", "reserved", {"name": value})
    return value


StageName = Annotated[Name, AfterValidator(_stage_name)]
PaperField = Annotated[FieldName, AfterValidator(_on_paper)]


class SignerEntry(Element):
    """A role that signs, perhaps only if a condition holds."""

    role: Name = key("role that signs", "签字角色")
    when: Cel | None = key("signs only if", "仅在此条件下签字", None)


def _signers(value: Any) -> Any:
    return tuple({"role": one} if isinstance(one, str) else one for one in many(value))


SignedBy = Annotated[
    tuple[SignerEntry, ...],
    BeforeValidator(_signers, json_schema_input_type=str | SignerEntry | list[str | SignerEntry]),
]
"""Those who sign, in any order: roles, or {role: x, when: "..."}."""


class StageEntry(Titled):
    """A stage of a paper."""

    holder: Name | None = key("role that holds it from here on", "此后由谁持有", None, examples=["installer"])
    signed_by: SignedBy = key(
        "roles whose signatures bring it here, in any order",
        "签字后到达此阶段的角色，先后不限",
        (),
        examples=["customer"],
    )
    optional: bool = key("may be left out", "可省略", False)
    rules: Rules = rules_key()


class PaperEntry(Titled):
    """A numbered document: a small line of stages."""

    number: str = key(
        "pattern of its number; no number when not given",
        "编号格式；不写则无编号",
        "",
        examples=["WX-{year}-{serial:06}"],
    )
    of: Literal["instance", "case"] = key(
        "one for each instance, or one for the case", "每个实例一份，或全案一份", "instance"
    )
    fields: tuple[PaperField, ...] = key("what stands on it", "单据上的字段", (), examples=[["caller", "fault"]])
    stages: dict[StageName, StageEntry] = key("its stages, in order", "依次经过的阶段", min_length=1)
    rules: Rules = rules_key()


class PaperMove(Element):
    """How a step moves a paper. Written `slip: signed` or `slip: {to: signed, ...}`."""

    to: PaperTarget = key(
        "stage it goes to; `void`, or `decline` for an open revision", "去往的阶段；void 作废，decline 放弃待签修订"
    )
    revise: bool = key("opens the next revision there", "在此开立下一版", False)
    sign: Annotated[tuple[Name, ...], BeforeValidator(many, json_schema_input_type=Name | tuple[Name, ...])] = key(
        "roles that sign by this step; whoever acts when not given", "本步骤中签字的角色；不写则为办理人", ()
    )
    when: Cel | None = key("done only if", "仅在此条件下执行", None)


def _moves(value: Any) -> Any:
    return tuple(
        {paper: {"to": one} if isinstance(one, str) else one for paper, one in moved.items()}
        if isinstance(moved, dict)
        else moved
        for moved in many(value)
    )


PaperMoves = Annotated[
    tuple[dict[PaperRef, PaperMove], ...],
    BeforeValidator(_moves, json_schema_input_type=dict[str, str | PaperMove] | list[dict[str, str | PaperMove]]),
]
"""Paper -> where it goes; with "?" behind its name, only if there is one."""

PAPERS_EN, PAPERS_ZH = "papers moved: effect and guard", "单据流转：既是效果也是条件"


def moves_key() -> Any:
    """Return the key `papers` of a step, an opening or an entry effect."""
    return key(PAPERS_EN, PAPERS_ZH, (), examples=[{"repair_slip": "signed"}])
