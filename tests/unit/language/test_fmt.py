from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.language.fmt import formatted
from lifecycle.language.reader import read
from lifecycle.language.tree import plain
from lifecycle.language.writing import COLUMNS, comments_of

ROOT = Path(__file__).parents[3]
SHIPPED = sorted((ROOT / "workflows").rglob("*.yaml"))


def laid(text):
    found = formatted(text, "x.yaml")
    assert isinstance(found, str)
    return found


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_file_is_in_the_layout_with_no_line_past_the_last_column(path):
    text = path.read_text("utf-8")
    assert laid(text) == text
    assert [line for line in text.splitlines() if len(line) > COLUMNS] == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_file_that_was_torn_apart_keeps_its_meaning_and_comments(path):
    torn = path.read_text("utf-8").replace(", en:", ",      en:")
    once = laid(torn)
    assert plain(read(once, "x").tree) == plain(read(torn, "x").tree)
    assert comments_of(once) == comments_of(torn)
    assert laid(once) == once


def test_keys_stand_in_the_order_of_the_language_and_comments_go_along():
    text = """\
# Head of the file.

version: 1
# What it is called.
workflow: x   # behind

machines:
    repair:
        states:
            # The first.
            a:
                steps: {go: {rules: [R-1], to: b, by: clerk, en: Go}}
                en: A
                # trailing in a
            b: {final: done}
        start: a
roles: {clerk: {en: Clerk, party: true}}
"""
    assert (
        laid(text)
        == """\
# Head of the file.

# What it is called.
workflow: x   # behind
version: 1
roles: {clerk: {party: true, en: Clerk}}

machines:
  repair:
    start: a
    states:
      # The first.
      a:
        en: A
        steps: {go: {en: Go, by: clerk, to: b, rules: [R-1]}}
        # trailing in a
      b: {final: done}
"""
    )


def test_names_that_the_designer_chose_keep_their_order():
    text = "tables:\n  t:\n    rows:\n      - {then: {z: 1, a: 2}, late: true, early: false}\n    inputs: {b: text, a: text}\n"
    assert laid(text) == (
        "tables:\n  t:\n    inputs: {b: text, a: text}\n    rows:\n      - {late: true, early: false, then: {z: 1, a: 2}}\n"
    )


def test_a_long_flow_map_breaks_between_its_entries():
    text = 'rules:\n  DW-001: {zh: "' + "一" * 60 + '", en: "' + "x" * 60 + '", source: "5.2.1", strength: must}\n'
    assert laid(text) == (
        'rules:\n  DW-001: {zh: "'
        + "一" * 60
        + '",\n           en: "'
        + "x" * 60
        + '", source: "5.2.1", strength: must}\n'
    )


def test_texts_over_several_lines_stay_what_they_are():
    text = "texts:\n    a:\n        zh: |\n            甲\n              # no comment\n            乙\n        en: >-\n            one\n            two\nworkflow: x\n"
    assert plain(read(laid(text), "x").tree) == plain(read(text, "x").tree)
    assert laid(text).startswith("workflow: x\ntexts:\n  a:\n    zh: |\n      甲\n        # no comment\n")


def test_what_cannot_be_read_is_answered_with_its_problems():
    (problem,) = formatted("workflow: x\nworkflow: y\n", "x.yaml")
    assert (problem.code, problem.where.line) == ("yaml-duplicate-key", 2)


def test_a_file_with_an_alias_keeps_its_order():
    text = "version: 1\nworkflow: &a x\nen: *a\n"
    assert laid(text) == text


scalars = st.one_of(
    st.integers(-9, 9).map(str),
    st.sampled_from(["true", "a", "b_c", '"a: b"', "'it''s'", '"一, 二"', '"# no comment"']),
)
names = st.sampled_from(["zh", "en", "by", "to", "form", "states", "steps", "rules", "q", "z", "workflow", "version"])
remarks = st.sampled_from(["", "", "  # behind", "   # 注"])


@st.composite
def blocks(draw, depth=0):
    """Lines of a block map with comments, blank lines and odd indents."""
    lines = []
    for name in draw(st.lists(names, min_size=1, max_size=4, unique=True)):
        lines.extend(draw(st.sampled_from([[], [], ["# above"], [""], ["", "# 上", ""]])))
        kind = draw(st.sampled_from(["scalar", "flow", "map", "list"] if depth < 3 else ["scalar", "flow"]))
        remark = draw(remarks)
        if kind == "scalar":
            lines.append(f"{name}: {draw(scalars)}{remark}")
        elif kind == "flow":
            inner = ", ".join(f"{key}: {draw(scalars)}" for key in draw(st.lists(names, max_size=4, unique=True)))
            lines.append(f"{name}:  {{{inner}}}{remark}")
        else:
            indent = " " * draw(st.integers(1, 5))
            below = [f"{indent}{line}" if line else "" for line in draw(blocks(depth=depth + 1))]
            if kind == "list":
                first = next(n for n, line in enumerate(below) if line.strip() and not line.strip().startswith("#"))
                dashed = [f"{indent}  {line[len(indent) :]}" if line else "" for line in below]
                dashed[first] = f"{indent}- {below[first][len(indent) :]}"
                below = dashed
            lines.append(f"{name}:{remark}")
            lines.extend(below)
    return lines


@given(blocks())
def test_any_layout_keeps_values_and_comments_and_is_found_once(lines):
    text = "\n".join(lines) + "\n"
    once = laid(text)
    assert plain(read(once, "x").tree) == plain(read(text, "x").tree)
    assert comments_of(once) == comments_of(text)
    assert laid(once) == once


LONG = " && ".join(f"data.field_number_{number} != null" for number in range(6))


def test_a_long_condition_is_folded_before_an_operator_and_reads_as_it_did():
    text = f'machines:\n  job:\n    anywhere:\n      done:\n        require:\n          all: {{that: "true"}}\n        when: "{LONG}"\n'
    found = laid(text)
    assert max(map(len, found.splitlines())) <= 120
    assert "\n          && data.field_number_" in found
    assert plain(read(found, "x.yaml").tree) == plain(read(text, "x.yaml").tree)
    assert laid(found) == found


def test_a_text_without_spaces_stays_in_one_line_however_long():
    text = f'zh: "{"很" * 130}"\n'
    assert laid(text) == text


def test_a_condition_that_the_designer_wrote_over_several_lines_stays_so():
    text = (
        'machines:\n  job:\n    anywhere:\n      done:\n        when: "data.a == true\n          || data.b == true"\n'
    )
    assert laid(text) == text


def test_a_comment_behind_a_line_moves_left_rather_than_past_the_last_column():
    text = f"machines:{' ' * 40}# {'word ' * 16}.\n  job: {{}}\n"
    assert len(laid(text).splitlines()[0]) == 120
