"""What a condition comes to as far as it speaks of where one paper is: true, false, or not to be told."""

from __future__ import annotations

from lifecycle.expressions import syntax

Truth = bool | None
"""None: it depends on something else."""


def told(text: str, paper: str, stage: str | None) -> Truth:
    """Return the answer of a condition for a paper at a stage. stage None: no such paper was issued."""
    try:
        return _told(syntax.parse(text), f"paper.{paper}.stage", stage)
    except (RuntimeError, ValueError, RecursionError):
        return None  # no expression at all: the compiler says so


def speaks_of(text: str, paper: str) -> bool:
    """Return whether a condition speaks of a paper at all."""
    return f"paper.{paper}." in text.replace(" ", "")


def _told(node: syntax.Node, name: str, stage: str | None) -> Truth:
    if isinstance(node, syntax.Const):
        return node.value if isinstance(node.value, bool) else None
    if not isinstance(node, syntax.Call) or node.target is not None:
        return None
    answers = [_told(each, name, stage) for each in node.args]
    match node.function, answers:
        case "_&&_", _:
            return False if False in answers else None if None in answers else True
        case "_||_", _:
            return True if True in answers else None if None in answers else False
        case "!_", [answer]:
            return None if answer is None else not answer
        case "_?_:_", [condition, first, second]:
            return (first if first is second else None) if condition is None else first if condition else second
        case (("_==_" | "_!=_"), _):
            same = _same(node.args, name, stage)
            return None if same is None else same == (node.function == "_==_")
        case "@in", _:
            return _among(node.args, name, stage)
    return None


def _same(sides: tuple[syntax.Node, ...], name: str, stage: str | None) -> Truth:
    for one, other in (sides, sides[::-1]):
        if _dotted(one) == name and isinstance(other, syntax.Const) and other.kind in ("string", "null"):
            return stage is None if other.kind == "null" else other.value == stage
    return None


def _among(sides: tuple[syntax.Node, ...], name: str, stage: str | None) -> Truth:
    one, listed = sides
    if _dotted(one) != name or not isinstance(listed, syntax.Items):
        return None
    values = [each.value for each in listed.elements if isinstance(each, syntax.Const) and each.kind == "string"]
    return stage in values if len(values) == len(listed.elements) else None


def _dotted(node: syntax.Node) -> str:
    if isinstance(node, syntax.Ident):
        return node.name
    if isinstance(node, syntax.Select):
        before = _dotted(node.operand)
        return f"{before}.{node.field}" if before else ""
    return ""
