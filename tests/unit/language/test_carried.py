from lifecycle.language.carried import carried_table, how_carried
from lifecycle.language.define import define
from lifecycle.language.reader import read
from tests.unit.language.checks.marks import changed

RULES = '  DW-015: {zh: "收费须同意", en: "Consent first", source: "5.2.1"}\n'
MORE = (
    '  DW-001: {zh: "甲", en: "A"}\n  DW-002: {zh: "乙", en: "B"}\n  DW-003: {zh: "丙", en: "C"}\n'
    '  DW-004: {zh: "丁", en: "D"}\n'
)


def definition():
    text = changed(
        (RULES, RULES + MORE),
        ('{zh: "暂缓", en: "Held", by: office, to: on_hold}', '{zh: "暂缓", en: "Held", by: office, to: on_hold, rules: [DW-001]}'),
        ("        guidance: first_call\n", '        guidance: {zh: "先回电", en: "Call back first", rules: [DW-002]}\n'),
        (
            "                that: \"all_final('parts_fitted')\"\n",
            "                that: \"all_final('parts_fitted')\"\n                failing: mark\n                rules: [DW-003]\n",
        ),
    )  # fmt: skip
    return define(read(text, "x.yaml").tree)[0]


def test_a_rule_refuses_happens_is_measured_or_only_shown():
    ways = how_carried(definition())
    assert [place.path for place in ways["DW-015"].refuses] == ["guards.consented"]
    assert [place.path for place in ways["DW-001"].happens] == ["machines.repair.states.confirmed.steps.held"]
    assert [place.path for place in ways["DW-002"].shown] == ["machines.repair.states.reported.guidance"]
    assert [place.path for place in ways["DW-003"].measured] == [
        "machines.repair.states.working.steps.signed.require.parts_used"
    ]
    assert ways["DW-004"].places == ()


def test_the_table_shows_rule_title_beside_element_title():
    rows = carried_table(definition(), "en")
    assert rows[0] == ("DW-015", "Consent first", "refuses", "guards.consented", "Consent first")
    assert rows[1] == ("DW-001", "A", "happens", "machines.repair.states.confirmed.steps.held", "Held")
    assert rows[-1] == ("DW-004", "D", "", "", "")
