"""Pictures are text that the drawing programs can read, whatever the titles hold."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.machines.diagrams import Diagram, DrawnArrow, DrawnState, dot, mermaid

REPAIR = Diagram(
    name="repair",
    title="维修",
    start="reported",
    states=(
        DrawnState(name="reported", title="已登记"),
        DrawnState(
            name="working",
            title="施工",
            inner=(DrawnState(name="working.opened", title="开工"), DrawnState(name="working.done", title="完工")),
            begins="working.opened",
        ),
        DrawnState(name="checking", inner=(DrawnState(name="checking.first"),)),
        DrawnState(name="end", title="已关闭", final=True),
    ),
    arrows=(
        DrawnArrow(source="reported", target="working", title="派工: 第一次"),
        DrawnArrow(source="working.opened", target="working.done", title="完工"),
        DrawnArrow(source="working.done", target="checking.first"),
        DrawnArrow(source="checking.first", target="end", title="通过"),
    ),
)


def test_a_machine_is_drawn_for_mermaid():
    assert (
        mermaid(REPAIR)
        == """\
---
title: "维修"
---
stateDiagram-v2
    [*] --> reported
    state "已登记" as reported
    state "施工" as working {
        [*] --> working_opened
        state "开工" as working_opened
        state "完工" as working_done
    }
    state "checking" as checking {
        [*] --> checking_first
        state "checking.first" as checking_first
    }
    state "已关闭" as s_end
    reported --> working : 派工#58; 第一次
    working_opened --> working_done : 完工
    working --> checking
    checking_first --> s_end : 通过
    s_end --> [*]
"""
    )


def test_a_machine_is_drawn_for_graphviz():
    drawn = dot(REPAIR)
    assert drawn.startswith('digraph "repair" {\n')
    assert '    subgraph "cluster_working" {\n        label="施工";\n        "working.opened" [label="开工"];' in drawn
    assert '    "end" [label="已关闭", peripheries=2];' in drawn
    assert '    "reported" -> "working.opened" [label="派工: 第一次", lhead="cluster_working"];' in drawn
    assert '    "[*]" -> "reported";' in drawn
    assert drawn.endswith("}\n")


def test_states_whose_names_differ_only_in_punctuation_stay_apart():
    drawn = mermaid(
        Diagram(
            name="m",
            start="a.b",
            states=(DrawnState(name="a.b"), DrawnState(name="a_b"), DrawnState(name="报修")),
            arrows=(),
        )
    )
    assert re.findall(r" as (\S+)", drawn) == ["a_b", "a_b_2", "s___"]


@pytest.mark.parametrize("title", ['"', "a\nb", "--> x", "%% note", "a; b", "}", "</script>", "#quot;", "\\", ": :"])
def test_no_title_breaks_out_of_its_place(title: str):
    one = Diagram(name=title, title=title, start="a", states=(DrawnState(name="a", title=title),),
                  arrows=(DrawnArrow(source="a", target="a", title=title),))  # fmt: skip
    assert len(mermaid(one).splitlines()) == 7
    assert_balanced(dot(one))


@given(st.text(max_size=20))
def test_any_title_leaves_the_text_well_formed(title: str):
    one = Diagram(name="m", title=title, start="a", states=(DrawnState(name="a", title=title),), arrows=())
    assert_balanced(dot(one))
    state = next(line for line in mermaid(one).splitlines() if line.endswith(" as a"))
    assert state.count('"') == 2


def assert_balanced(drawn: str) -> None:
    """Every line of DOT has an even number of quotes that are not escaped."""
    for line in drawn.splitlines():
        assert re.sub(r"\\.", "", line).count('"') % 2 == 0, line
