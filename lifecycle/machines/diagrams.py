"""Pictures of a machine as text: Mermaid (stateDiagram-v2) and DOT."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnState:
    """A state as it is drawn.

    name   unique in the diagram: the state's path
    title  in the reader's language; "" shows the name
    inner  the states inside, when it is composite; the first is where it begins unless `begins` names another
    """

    name: str
    title: str = ""
    final: bool = False
    inner: tuple[DrawnState, ...] = ()
    begins: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnArrow:
    """An arrow between two drawn states, by their names."""

    source: str
    target: str
    title: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagram:
    """A machine as it is drawn; `start` names a state of the outermost level or below."""

    name: str
    title: str = ""
    start: str
    states: tuple[DrawnState, ...]
    arrows: tuple[DrawnArrow, ...]


def mermaid(diagram: Diagram) -> str:
    """Return the diagram for Mermaid, ending in a newline."""
    ids = _ids(diagram)
    parents = dict(_parents(diagram.states, ""))
    lines = ["stateDiagram-v2"]
    if diagram.title:
        lines = ["---", f"title: {_quoted(diagram.title)}", "---", *lines]
    lines.append(f"    [*] --> {ids[diagram.start]}")
    lines.extend(_mermaid_states(diagram.states, ids, "    "))
    for arrow in diagram.arrows:
        source, target = _drawable(arrow, parents)
        label = f" : {_mermaid_text(arrow.title)}" if arrow.title else ""
        lines.append(f"    {ids[source]} --> {ids[target]}{label}")
    lines.extend(f"    {ids[state.name]} --> [*]" for state in _all(diagram.states) if state.final)
    return "\n".join(lines) + "\n"


def dot(diagram: Diagram) -> str:
    """Return the diagram for Graphviz, ending in a newline."""
    lines = [
        f"digraph {_quoted(diagram.name)} {{",
        "    compound=true;",
        "    rankdir=TB;",
        '    node [shape=box, style=rounded, fontname="Noto Sans CJK SC"];',
        '    edge [fontname="Noto Sans CJK SC"];',
    ]
    if diagram.title:
        lines.append(f"    label={_quoted(diagram.title)};")
    composite = {state.name: state for state in _all(diagram.states) if state.inner}
    lines.append('    "[*]" [shape=point, label=""];')
    lines.extend(_dot_states(diagram.states, "    "))
    lines.append(f'    "[*]" -> {_dot_end(diagram.start, composite)}{_dot_heads(composite, "", diagram.start, "")};')
    for arrow in diagram.arrows:
        ends = f"{_dot_end(arrow.source, composite)} -> {_dot_end(arrow.target, composite)}"
        lines.append(f"    {ends}{_dot_heads(composite, arrow.source, arrow.target, arrow.title)};")
    lines.append("}")
    return "\n".join(lines) + "\n"


# --- Mermaid --------------------------------------------------------------------------------------

_MERMAID_WORDS = frozenset(
    ("state", "end", "note", "direction", "class", "classdef", "click", "default", "style", "as")
)


def _ids(diagram: Diagram) -> dict[str, str]:
    """Return a plain identifier for every state: Mermaid takes no dots, no Chinese and not its own words."""
    ids: dict[str, str] = {}
    for state in _all(diagram.states):
        plain = re.sub(r"[^A-Za-z0-9_]", "_", state.name)
        if plain.lower() in _MERMAID_WORDS or not plain[:1].isalpha():
            plain = f"s_{plain}"
        unique, number = plain, 2
        while unique in ids.values():
            unique, number = f"{plain}_{number}", number + 1
        ids[state.name] = unique
    return ids


def _mermaid_text(text: str) -> str:
    """Return a text with everything that Mermaid reads as syntax written as an entity."""
    flat = " ".join(text.split())
    return re.sub(r"[\"#;:%{}<>\\&|`\[\]]", lambda found: f"#{ord(found[0])};", flat)


def _mermaid_states(states: tuple[DrawnState, ...], ids: Mapping[str, str], indent: str) -> Iterator[str]:
    for state in states:
        title = f'{indent}state "{_mermaid_text(state.title or state.name)}" as {ids[state.name]}'
        if not state.inner:
            yield title
            continue
        yield f"{title} {{"
        yield f"{indent}    [*] --> {ids[state.begins or state.inner[0].name]}"
        yield from _mermaid_states(state.inner, ids, f"{indent}    ")
        yield f"{indent}}}"


def _drawable(arrow: DrawnArrow, parents: Mapping[str, str]) -> tuple[str, str]:
    """Return the ends of an arrow; between the insides of two composite states Mermaid draws it between these."""
    if not parents[arrow.source] or not parents[arrow.target] or parents[arrow.source] == parents[arrow.target]:
        return arrow.source, arrow.target
    source_line, target_line = _line(arrow.source, parents), _line(arrow.target, parents)
    depth = 0
    while depth < min(len(source_line), len(target_line)) - 1 and source_line[depth] == target_line[depth]:
        depth += 1
    return source_line[depth], target_line[depth]


def _line(name: str, parents: Mapping[str, str]) -> list[str]:
    line = [name]
    while parents[line[0]]:
        line.insert(0, parents[line[0]])
    return line


# --- DOT ------------------------------------------------------------------------------------------


def _quoted(text: str) -> str:
    flat = " ".join(text.split())
    escaped = flat.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _dot_states(states: tuple[DrawnState, ...], indent: str) -> Iterator[str]:
    for state in states:
        label = _quoted(state.title or state.name)
        if state.inner:
            yield f"{indent}subgraph {_quoted('cluster_' + state.name)} {{"
            yield f"{indent}    label={label};"
            yield from _dot_states(state.inner, f"{indent}    ")
            yield f"{indent}}}"
        else:
            yield f"{indent}{_quoted(state.name)} [label={label}{', peripheries=2' if state.final else ''}];"


def _dot_end(name: str, composite: Mapping[str, DrawnState]) -> str:
    while name in composite:
        name = composite[name].begins or composite[name].inner[0].name
    return _quoted(name)


def _dot_heads(composite: Mapping[str, DrawnState], source: str, target: str, title: str) -> str:
    parts = [f"label={_quoted(title)}"] if title else []
    if source in composite:
        parts.append(f"ltail={_quoted('cluster_' + source)}")
    if target in composite:
        parts.append(f"lhead={_quoted('cluster_' + target)}")
    return f" [{', '.join(parts)}]" if parts else ""


# --- both -----------------------------------------------------------------------------------------


def _all(states: tuple[DrawnState, ...]) -> Iterator[DrawnState]:
    for state in states:
        yield state
        yield from _all(state.inner)


def _parents(states: tuple[DrawnState, ...], parent: str) -> Iterator[tuple[str, str]]:
    for state in states:
        yield state.name, parent
        yield from _parents(state.inner, state.name)
