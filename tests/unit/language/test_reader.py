"""Every trap of YAML is found at its line and column, and no text can hang or crash the reader."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.language.reader import MOST_ALIASES, MOST_NODES, MOST_PROBLEMS, read
from lifecycle.language.source import LARGEST_BYTES
from lifecycle.language.tree import MapNode, ScalarNode, lookup, plain

MATTER = (Path(__file__).parent / "files" / "matter.yaml").read_text(encoding="utf-8")


def found(text: str | bytes) -> list[tuple[int, int, str]]:
    return [(p.where.line, p.where.column, p.code) for p in read(text, "f.yaml").problems]


def tree_of(text: str) -> MapNode:
    tree = read(text, "f.yaml").tree
    assert tree is not None
    return tree


def test_a_sound_text_has_no_problem():
    assert found(MATTER) == []


def test_values_are_those_of_yaml_1_2_and_figures_never_become_floats():
    tree = tree_of("a: 12\nb: 12.50\nc: true\nd: '7'\ne: 30m\nf: 80%\ng: [x, {h: -1}]\n")
    assert plain(tree) == {
        "a": 12,
        "b": Decimal("12.50"),
        "c": True,
        "d": "7",
        "e": "30m",
        "f": "80%",
        "g": ("x", {"h": -1}),
    }


def test_every_value_and_key_knows_its_line_column_path_and_source():
    tree = tree_of("a:\n  - {b: x,  中: z}\n")
    node = lookup(tree, "a.0.中")
    assert isinstance(node, ScalarNode)
    place = node.place
    assert (place.file, place.line, place.column, place.path, place.source) == (
        "f.yaml",
        2,
        16,
        "a.0.中",
        "  - {b: x,  中: z}",
    )


TRAPS = [
    ("a: on\n", [(1, 4, "yaml-ambiguous")]),
    ("a: [x, No]\n", [(1, 8, "yaml-ambiguous")]),
    ("yes: x\n", [(1, 1, "yaml-ambiguous")]),
    ("a: {n: 1}\n", [(1, 5, "yaml-ambiguous")]),
    ("a: ~\n", [(1, 4, "yaml-null")]),
    ("a: null\n", [(1, 4, "yaml-null")]),
    ("a:\nb: 1\n", [(1, 1, "yaml-empty-value")]),
    ("a:\n  -\n  - x\n", [(2, 4, "yaml-empty-element")]),
    ("a: [x, , y]\n", [(1, 8, "yaml-empty-element")]),
    ("a: 12:30\n", [(1, 4, "yaml-sexagesimal")]),
    ("a: 010\n", [(1, 4, "yaml-odd-number")]),
    ("a: 0o17\n", [(1, 4, "yaml-odd-number")]),
    ("a: 0x1F\n", [(1, 4, "yaml-odd-number")]),
    ("a: 1_000\n", [(1, 4, "yaml-odd-number")]),
    ("a: 1e5\n", [(1, 4, "yaml-odd-number")]),
    ("a: .inf\n", [(1, 4, "yaml-odd-number")]),
    (f"a: {'9' * 5000}\n", [(1, 4, "yaml-odd-number")]),
    ("1: x\n", [(1, 1, "yaml-key-not-text")]),
    ("true: x\n", [(1, 1, "yaml-key-not-text")]),
    ("a: {[b]: c, d: e}\n", [(1, 5, "yaml-key-not-text")]),
    ("a: {: x}\n", [(1, 5, "yaml-empty-key")]),
    ("a: 1\nb: 2\na: 3\n", [(3, 1, "yaml-duplicate-key")]),
    ("a: &x {b: 1}\nc: {<<: *x}\n", [(2, 5, "yaml-merge-key")]),
    ("a: !!str x\n", [(1, 4, "yaml-tag")]),
    ("a: !python/object:os.system {}\n", [(1, 4, "yaml-tag")]),
    ("a: *x\n", [(1, 4, "yaml-unknown-alias")]),
    ("a: &x [*x]\n", [(1, 8, "yaml-recursive-alias")]),
    ("a: {zh: 先填, 再回电, en: x}\n", [(1, 9, "yaml-comma-in-text")]),
    ("a: {zh: 时间: 三点}\n", [(1, 9, "yaml-colon-in-text")]),
    ("a: 时间: 三点\n", [(1, 4, "yaml-colon-in-text")]),
    ("a: {b:c}\n", [(1, 5, "yaml-colon-space")]),
    ("a:\n  b:c\n  d: e\n", [(2, 4, "yaml-colon-space")]),
    ("a：b\nc: d\n", [(1, 2, "yaml-full-width")]),
    ("a\nb: c\n", [(1, 1, "yaml-colon-missing")]),
    ("a:\n\tb: c\n", [(2, 1, "yaml-tab")]),
    ("a: [b, c\nd: e\n", [(1, 4, "yaml-unclosed")]),
    ("a: {b: c\nd: e\n", [(1, 4, "yaml-unclosed")]),
    ("a: {b: c # d}\n", [(1, 4, "yaml-unclosed")]),
    ("a: 'b\nc: d\n", [(1, 4, "yaml-unclosed-quote")]),
    ('a: {b: "x" c: d}\n', [(1, 12, "yaml-comma-missing")]),
    ("a: ]\n", [(1, 4, "yaml-stray-bracket")]),
    ('a: "x" y\n', [(1, 8, "yaml-after-value")]),
    ('a: "\\q"\n', [(1, 5, "yaml-escape")]),
    ("a: @x\n", [(1, 4, "yaml-bad-start")]),
    ("a:\n  b: c\n d: e\n", [(3, 2, "yaml-indentation")]),
    ("a: b\n  c: d\n", [(2, 3, "yaml-indentation")]),
    ("a: b\n---\nc: d\n", [(2, 1, "yaml-several-documents")]),
    ("%YAML 1.1\n---\na: b\n", [(1, 1, "yaml-directive")]),
    ("", [(1, 1, "yaml-empty-file")]),
    ("# nothing\n", [(1, 1, "yaml-empty-file")]),
    ("- a\n", [(1, 1, "yaml-not-a-map")]),
    (b"\xef\xbb\xbfa: b\n", [(1, 1, "yaml-byte-order-mark")]),
    ("a: b\n".encode("utf-16"), [(1, 1, "yaml-not-utf8")]),
    ("a: 1\nb: 中".encode("gb18030"), [(2, 4, "yaml-not-utf8")]),
    ("a: 1\nb: x\0y\n", [(2, 5, "yaml-control-character")]),
    ("a: x\u2028y\n", [(1, 5, "yaml-control-character")]),
    ("a: '\ud800'\n", [(1, 5, "yaml-not-utf8")]),
]


@pytest.mark.parametrize(("text", "expected"), TRAPS)
def test_each_trap_is_found_at_its_place(text, expected):
    assert found(text) == expected


def test_quotes_disarm_the_traps():
    assert found("a: 'on'\nb: '12:30'\nc: {zh: '一, 二: 三'}\n'yes': '010'\nd: '~'\n") == []


def test_all_problems_are_found_at_once_in_file_order():
    text = "a: on\nb: 1\nb: 2\nc: {zh: x, y z}\nd: ~\n"
    assert found(text) == [
        (1, 4, "yaml-ambiguous"),
        (3, 1, "yaml-duplicate-key"),
        (4, 9, "yaml-comma-in-text"),
        (5, 4, "yaml-null"),
    ]


def test_a_broken_section_hides_neither_what_precedes_it_nor_what_follows():
    text = "a: on\nb:\n  c: d: e\n  f: ~\ng: {h: 'x}\ni: no\nj: fine\n"
    reading = read(text, "f.yaml")
    assert [(p.where.line, p.where.column, p.code) for p in reading.problems] == [
        (1, 4, "yaml-ambiguous"),
        (3, 6, "yaml-colon-in-text"),
        (5, 8, "yaml-unclosed-quote"),
        (6, 4, "yaml-ambiguous"),
    ]
    assert reading.tree is not None
    assert plain(reading.tree) == {"j": "fine"}
    assert reading.tree.broken == {"a", "b", "g", "i"}


def test_the_first_of_two_equal_keys_is_named():
    problem = read("a: 1\nb: {c: 1,\n    c: 2}\n", "f.yaml").problems[0]
    assert dict(problem.values) == {"key": "c", "line": 2, "column": 5}


def test_an_alias_stands_for_what_it_repeats_under_its_own_path():
    tree = tree_of("a: &x {b: 1}\nc: *x\n")
    assert plain(tree) == {"a": {"b": 1}, "c": {"b": 1}}
    node = lookup(tree, "c.b")
    assert node is not None
    assert (node.place.path, node.place.line) == ("c.b", 1)


BOMBS = {
    "deep brackets": ("a: " + "[" * 400_000, "yaml-too-deep"),
    "deep blocks": ("\n".join(" " * n + "a:" for n in range(1000)), "yaml-too-deep"),
    "many values": ("a: [" + "x," * (MOST_NODES + 5) + "]", "yaml-too-many-nodes"),
    "many aliases": ("a: &a 1\nb: [" + "*a," * (MOST_ALIASES + 5) + "]", "yaml-too-many-aliases"),
    "laughs": (
        "a: &a [1,1,1,1,1,1,1,1,1]\n"
        + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)),
        "yaml-too-many-nodes",
    ),
    "merges": ("a: &a {b: 1}\n" + "".join(f"c{n}: {{<<: [*a, *a]}}\n" for n in range(9)), "yaml-merge-key"),
    "too large": ("a: '" + "x" * LARGEST_BYTES + "'", "yaml-too-large"),
    "equal keys": ("a: 1\n" * 60_000, "yaml-duplicate-key"),
    "faulty lines": ("a: x: y\n" * 100_000, "yaml-colon-in-text"),
    "faulty sections": ("".join(f"a{n}: x: y\n" for n in range(60_000)), "yaml-colon-in-text"),
    "tabs": ("\t" * 900_000 + "a", "yaml-tab"),
    "unclosed": ("".join(f"a{n}: {{\n" for n in range(80_000)), "yaml-too-deep"),
    "quotes": ("".join(f"a{n}: '\n" for n in range(20_001)), "yaml-unclosed-quote"),
    "colons": (":" * 900_000, "yaml-indentation"),
    "dashes": ("- " * 400_000, "yaml-too-deep"),
    "questions": ("? " * 400_000, "yaml-too-deep"),
}

CHILD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
resource.setrlimit(resource.RLIMIT_AS, (256 * 1024 * 1024,) * 2)
from lifecycle.language.reader import read
print("\\n".join(p.code for p in read(sys.stdin.buffer.read(), "bomb.yaml").problems))
"""


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_stopped_while_it_is_small(name):
    text, code = BOMBS[name]
    done = subprocess.run(
        [sys.executable, "-c", CHILD], input=text.encode(), capture_output=True, check=True, cwd=Path.cwd()
    )
    codes = done.stdout.decode().split()
    assert code in codes
    assert len(codes) <= MOST_PROBLEMS + 1


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """The sound text with some of its characters or lines left out, doubled, replaced or moved."""
    text = MATTER
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        length = draw(st.integers(0, 40))
        kind = draw(st.sampled_from(["cut", "double", "put", "line out", "line twice", "indent"]))
        if kind == "cut":
            text = text[:at] + text[at + length :]
        elif kind == "double":
            text = text[: at + length] + text[at:]
        elif kind == "put":
            text = text[:at] + draw(st.text("{}[]:,'\"|>&*!%@`#?-~\t\n \0aä中：\ufeff", max_size=4)) + text[at:]
        else:
            parts = text.splitlines(keepends=True)
            number = draw(st.integers(0, max(len(parts) - 1, 0)))
            line = "".join(parts[number : number + 1])
            replacement = {"line out": "", "line twice": line * 2, "indent": "  " + line}[kind]
            text = "".join([*parts[:number], replacement, *parts[number + 1 :]])
    return text


@given(mutations())
@settings(max_examples=300, deadline=None)
def test_any_damage_gives_located_problems_and_never_an_exception(text):
    reading = read(text, "f.yaml")
    count = text.count("\n") + text.count("\r") + 1
    assert all(
        p.where.file == "f.yaml" and 1 <= p.where.line <= count and p.where.column >= 1 for p in reading.problems
    )
    assert reading.tree is not None or reading.problems


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_located_problems_and_never_an_exception(content):
    reading = read(content, "f.yaml")
    assert reading.tree is not None or reading.problems
    assert all(p.where.line >= 1 for p in reading.problems)
