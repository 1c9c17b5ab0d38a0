import json

from lifecycle.language.reports import as_json, as_sarif, as_text, in_order
from lifecycle.problems import Place, Problem
from lifecycle.texts.wording import Wording

EN, ZH = Wording(lang="en"), Wording(lang="zh")
WRONG = Problem(
    code="unknown-state",
    where=Place(
        file="workflows/doors-windows.yaml",
        line=41,
        column=13,
        path="machines.repair.states.reported.steps.confirmed.to",
        source="            to: confirmd",
    ),
    values={"step": "confirmed", "machine": "repair", "name": "confirmd", "known": ["confirmed", "closed"]},
    rules=("DW-013",),
)


def test_a_problem_is_a_place_a_sentence_the_line_and_a_hint():
    assert as_text([WRONG], EN) == (
        "workflows/doors-windows.yaml:41:13: error unknown-state: "
        'step "confirmed" of machine "repair" goes to "confirmd", which is no state of it\n'
        "    to: confirmd\n"
        '  hint: did you mean "confirmed"?\n'
    )


def test_the_same_problem_speaks_chinese():
    assert "状态机“repair”的步骤“confirmed”去往“confirmd”" in as_text([WRONG], ZH)


def test_programs_get_the_same_fields():
    (found,) = as_json([WRONG], EN)
    assert found["hint"] == 'did you mean "confirmed"?'
    assert {**found, "text": "", "hint": ""} == {
        "code": "unknown-state",
        "level": "error",
        "text": "",
        "hint": "",
        "file": "workflows/doors-windows.yaml",
        "line": 41,
        "column": 13,
        "path": "machines.repair.states.reported.steps.confirmed.to",
        "rules": ["DW-013"],
    }


def test_code_hosts_get_sarif():
    log = json.loads(as_sarif([WRONG, WRONG], EN, version="0.1.0"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["tool"]["driver"]["rules"][0]["id"] == "unknown-state"
    result = run["results"][0]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("unknown-state", 0, "error")
    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"] == {"uri": "workflows/doors-windows.yaml"}
    assert (location["region"]["startLine"], location["region"]["startColumn"]) == (41, 13)
    assert result["properties"] == {"rules": ["DW-013"]}


def test_a_file_with_a_chinese_name_is_a_proper_address_in_sarif():
    problem = Problem(code="title-missing", where=Place(file="流程/门 窗.yaml", line=1, column=1))
    log = json.loads(as_sarif([problem], EN, version="0.1.0"))
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "%E6%B5%81%E7%A8%8B/%E9%97%A8%20%E7%AA%97.yaml"


def test_problems_stand_in_the_order_of_the_file_and_once():
    def at(file, line, column, code="title-missing"):
        return Problem(code=code, where=Place(file=file, line=line, column=column))

    found = in_order([at("b", 2, 1), at("b", 1, 9), at("a", 7, 1), at("b", 1, 2), at("b", 1, 9)], first="b")
    assert [(p.where.file, p.where.line, p.where.column) for p in found] == [
        ("b", 1, 2),
        ("b", 1, 9),
        ("b", 2, 1),
        ("a", 7, 1),
    ]


def test_a_problem_without_a_place_is_its_sentence():
    assert as_text([Problem(code="no-final-state", values={"machine": "repair"})], EN).startswith(
        'error no-final-state: machine "repair" has no final state\n'
    )
