"""Lays out the nodes of a YAML text anew, with the comments that stand around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import yaml

COLUMNS = 120
ITEM = "[]"
"""Stands in a path for an element of a list."""

Path = tuple[str, ...]
Order = Callable[[Path], Sequence[str]]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_COMMENT = re.compile(r"\s+(#.*)$")
_BLOCKS = ("|", ">")
_SPACE = re.compile(r"(?<=[^\s\\]) (?=\S)")
_OPERATOR = re.compile(r"(&&|\|\||\?|:) ")


def written(text: str, order: Order) -> str:
    """Return a text laid out; one with anchors is returned as it is, since an alias must stay behind its anchor."""
    if any(getattr(event, "anchor", None) for event in yaml.parse(text, Loader=_LOADER)):
        return text
    root = yaml.compose(text, Loader=_LOADER)
    return _Writer(text, root, order).document() if isinstance(root, yaml.MappingNode) and root.value else text


def comments_of(text: str) -> Counter[str]:
    """Return the comments of a text, with how often each stands in it."""
    inside = bytearray(len(text) + 1)
    for node in _scalars(yaml.compose(text, Loader=_LOADER)):
        inside[node.start_mark.index : node.end_mark.index] = b"\1" * (node.end_mark.index - node.start_mark.index)
    found: Counter[str] = Counter()
    at = 0
    while (at := text.find("#", at)) >= 0:
        if not inside[at] and (at == 0 or text[at - 1].isspace()):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            found[text[at:end].rstrip()] += 1
            at = end
        at += 1
    return found


def _scalars(node: Any) -> Iterator[Any]:
    pending = [node]
    while pending:
        node = pending.pop()
        if isinstance(node, yaml.MappingNode):
            pending.extend(part for pair in node.value for part in pair)
        elif isinstance(node, yaml.SequenceNode):
            pending.extend(node.value)
        elif node is not None:
            yield node


class _Writer:
    """One text on its way to its new layout."""

    def __init__(self, text: str, root: Any, order: Order) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.root = root
        self.order = order
        self.covered = {
            line for node in _scalars(root) for line in range(node.start_mark.line + 1, self.last_line(node) + 1)
        }

    def document(self) -> str:
        first = self.root.value[0][0].start_mark.line
        head = [line.rstrip() for line in self.lines[:first]]
        last = self.last_line(self.root)
        tail = [line.strip() for line in self.lines[last + 1 :]]
        body = self.mapping(self.root, 0, ())
        while head and not head[0]:
            head.pop(0)
        while tail and not tail[-1]:
            tail.pop()
        return "\n".join((*head, *body, *tail)) + "\n"

    # --- block collections ------------------------------------------------------------------------------------

    def mapping(self, node: Any, indent: int, path: Path) -> list[str]:
        entries = node.value
        ranks = self.ranks(path)
        around = self.around([key for key, _ in entries], top=not path)
        chunks = []
        for number, (key, value) in enumerate(entries):
            leading, trailing = around[number]
            lines = self.entry(f"{' ' * indent}{self.slice(key)}:", key, value, indent, (*path, key.value))
            chunks.append((ranks(key.value), leading, lines, trailing))
        chunks.sort(key=lambda chunk: chunk[0])
        return self.joined([chunk[1:] for chunk in chunks], indent)

    def ranks(self, path: Path) -> Callable[[str], int]:
        """Return the place of a key among the others: names that the designer chose stay as they are, in front."""
        known = {name: rank for rank, name in enumerate(self.order(path), start=1)}
        unknown = 0 if path else len(known) + 1
        return lambda name: known.get(name, unknown)

    def sequence(self, node: Any, indent: int, path: Path) -> list[str]:
        around = self.around(node.value, in_list=True)
        chunks = []
        for number, item in enumerate(node.value):
            leading, trailing = around[number]
            above, lines = self.item(item, indent, (*path, ITEM))
            chunks.append(([*leading, *above], lines, trailing))
        return self.joined(chunks, indent)

    def joined(self, chunks: list[tuple[list[str], list[str], list[str]]], indent: int) -> list[str]:
        found: list[str] = []
        for number, (leading, lines, trailing) in enumerate(chunks):
            kept = leading
            while number == 0 and kept and not kept[0]:
                kept = kept[1:]
            for line in kept:
                if line or (found and found[-1]):
                    found.append(f"{' ' * indent}{line}" if line else "")
            found.extend(lines)
            found.extend(f"{' ' * (indent + 2)}{line}" for line in trailing if line)
        return found

    def around(
        self, nodes: Sequence[Any], *, top: bool = False, in_list: bool = False
    ) -> list[tuple[list[str], list[str]]]:
        """Return for each entry the comments and blank lines above it, and the comments that trail inside it."""
        leading: list[list[str]] = []
        trailing: list[list[str]] = [[] for _ in nodes]
        for number, node in enumerate(nodes):
            dashes = self.lines[node.start_mark.line][: node.start_mark.column].count("-")
            behind_dash = dashes > int(in_list)
            if number == 0 and (top or behind_dash):
                leading.append([])  # what stands above is the file's, or the list element's
                continue
            above = self.above(node.start_mark.line)
            column = self.indent(node.start_mark.line)
            while number and above and above[0].strip() and self.width(above[0]) > column:
                trailing[number - 1].append(above.pop(0).strip())
            leading.append([line.strip() for line in above])
        return list(zip(leading, trailing, strict=True))

    def above(self, line: int) -> list[str]:
        first = line
        while first > 0 and first - 1 not in self.covered and _is_remark(self.lines[first - 1]):
            first -= 1
        return self.lines[first:line]

    def indent(self, line: int) -> int:
        return self.width(self.lines[line])

    @staticmethod
    def width(line: str) -> int:
        return len(line) - len(line.lstrip())

    def entry(self, head: str, key: Any, value: Any, indent: int, path: Path) -> list[str]:
        if isinstance(value, yaml.ScalarNode) or value.flow_style or not value.value:
            return self.valued(f"{head} ", value, indent + 2, path)
        colon = self.lines[key.end_mark.line][key.end_mark.column :]
        first = self.remarked(head, colon.partition(":")[2], key.end_mark.line)
        if isinstance(value, yaml.MappingNode):
            return [first, *self.mapping(value, indent + 2, path)]
        return [first, *self.sequence(value, indent + 2, path)]

    def item(self, item: Any, indent: int, path: Path) -> tuple[list[str], list[str]]:
        """Return the comments that must stand above an element's dash, and its lines."""
        if isinstance(item, yaml.ScalarNode) or item.flow_style or not item.value:
            return [], self.valued(f"{' ' * indent}- ", item, indent + 2, path)
        inner = self.mapping if isinstance(item, yaml.MappingNode) else self.sequence
        lines = inner(item, indent + 2, path)
        above = 0
        while _is_remark(lines[above]):
            above += 1
        dashed = f"{' ' * indent}- {lines[above][indent + 2 :]}"
        return [line.strip() for line in lines[:above]], [dashed, *lines[above + 1 :]]

    # --- scalars and flow collections -------------------------------------------------------------------------

    def valued(self, head: str, value: Any, indent: int, path: Path) -> list[str]:
        """Return the lines of a value that begins behind its key or dash."""
        rest = self.lines[value.end_mark.line][value.end_mark.column :] if self.ends_in_line(value) else ""
        if isinstance(value, yaml.ScalarNode):
            lines = self.scalar(head, value, indent)
        elif self.is_plain_flow(value):
            lines = f"{head}{self.flow(value, len(head), 0, path)}".split("\n")
        else:
            lines = self.kept(head, value)
        return [*lines[:-1], self.remarked(lines[-1], rest, value.end_mark.line)]

    def scalar(self, head: str, node: Any, indent: int) -> list[str]:
        first, *more = self.slice(node).split("\n")
        if node.style in _BLOCKS:
            more = self.lines[node.start_mark.line + 1 : self.last_line(node) + 1]
            least = min((self.width(line) for line in more if line.strip()), default=0)
            return [f"{head}{first}", *(f"{' ' * indent}{line[least:]}".rstrip() for line in more)]
        if not more and node.style == '"' and len(head) + len(first) > COLUMNS:
            first, *more = self.folded(first, len(head), indent)
        return [f"{head}{first}", *(f"{' ' * indent}{line.strip()}".rstrip() for line in more)]

    @staticmethod
    def folded(text: str, column: int, indent: int) -> list[str]:
        """Return a quoted text over several lines, broken at single spaces: before an operator where there is one.

        A break between words of a quoted text reads as one space.
        """
        rows: list[str] = []
        while column + len(text) > COLUMNS:
            ends = [found.start() for found in _SPACE.finditer(text) if column + found.start() <= COLUMNS]
            if not ends:
                break
            cut = next((end for end in reversed(ends) if _OPERATOR.match(text, end + 1)), ends[-1])
            rows.append(text[:cut])
            text, column = text[cut + 1 :], indent
        return [*rows, text]

    def kept(self, head: str, node: Any) -> list[str]:
        """Return a flow collection with comments inside as it stands, moved to its new column."""
        first, *more = self.slice(node).split("\n")
        shift = len(head) - node.start_mark.column
        return [f"{head}{first}", *(" " * max(self.width(line) + shift, 2) + line.strip() for line in more)]

    def is_plain_flow(self, node: Any) -> bool:
        scalars = [self.slice(scalar) for scalar in _scalars(node)]
        outside = self.slice(node).count("#") - sum(text.count("#") for text in scalars)
        return not outside and not any("\n" in text for text in scalars)

    def flow(self, node: Any, column: int, behind: int, path: Path) -> str:
        """Return a flow collection, broken between entries where it would pass the last column.

        behind  how many characters must still follow in the line
        """
        line, parts = self.inline(node, path), self.parts(node, path)
        if column + len(line) + behind <= COLUMNS or not parts:
            return line
        opening, closing = ("{", "}") if isinstance(node, yaml.MappingNode) else ("[", "]")
        rows = [opening]
        for number, (name, value, below) in enumerate(parts):
            after = 1 + (behind if number == len(parts) - 1 else 0)
            whole = f"{name}{self.inline(value, below)}"
            at = len(rows[-1]) + (column if len(rows) == 1 else 0)
            if number and ("\n" in rows[-1] or at + 1 + len(whole) + after > COLUMNS):
                rows.append(" " * (column + 1))
                at = column + 1
            elif number:
                rows[-1] += " "
                at += 1
            if at + len(whole) + after > COLUMNS:
                whole = f"{name}{self.flow(value, at + len(name), after, below)}"
            rows[-1] += whole + (closing if number == len(parts) - 1 else ",")
        return "\n".join(rows)

    def inline(self, node: Any, path: Path) -> str:
        if isinstance(node, yaml.ScalarNode):
            return self.slice(node)
        inner = ", ".join(f"{name}{self.inline(value, below)}" for name, value, below in self.parts(node, path))
        return f"{{{inner}}}" if isinstance(node, yaml.MappingNode) else f"[{inner}]"

    def parts(self, node: Any, path: Path) -> list[tuple[str, Any, Path]]:
        """Return the entries of a flow collection in order: text in front of the value, value, its path."""
        if isinstance(node, yaml.MappingNode):
            ranks = self.ranks(path)
            entries = sorted(node.value, key=lambda entry: ranks(entry[0].value))
            return [(f"{self.slice(key)}: ", value, (*path, key.value)) for key, value in entries]
        return [("", item, (*path, ITEM)) for item in node.value] if isinstance(node, yaml.SequenceNode) else []

    # --- the old text -----------------------------------------------------------------------------------------

    def slice(self, node: Any) -> str:
        return self.text[node.start_mark.index : node.end_mark.index].rstrip()

    def last_line(self, node: Any) -> int:
        """Return the last line on which a node has something."""
        if isinstance(node, yaml.ScalarNode) and node.style in _BLOCKS:
            last = min(node.end_mark.line, len(self.lines) - 1)
            while last > node.start_mark.line and self.outside_block(node, last):
                last -= 1
            return last
        if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
            return int(node.end_mark.line)
        inner = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
        return self.last_line(inner)

    def outside_block(self, node: Any, line: int) -> bool:
        """Return whether a line behind a block scalar is no part of it: blank, or not indented deeper than its key."""
        key_indent = self.indent(node.start_mark.line)
        return not self.lines[line].strip() or self.width(self.lines[line]) <= key_indent

    def ends_in_line(self, value: Any) -> bool:
        return not (isinstance(value, yaml.ScalarNode) and value.style in _BLOCKS)

    def remarked(self, line: str, rest: str, number: int) -> str:
        """Return a line with the comment that stood behind it, at its old column where there is room."""
        found = _COMMENT.match(rest)
        if not found:
            return line
        column = len(self.lines[number]) - len(rest) + found.start(1)
        column = min(column, COLUMNS - len(found[1].rstrip()))
        return f"{line}{' ' * max(column - len(line), 2)}{found[1].rstrip()}"


def _is_remark(line: str) -> bool:
    bare = line.strip()
    return not bare or bare.startswith("#")
