"""Lists from the command line: shown as on a day, changed from a day on, refused with what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.terminal.conftest import DESK, Type

LIST = """lists:
  lamps:
    zh: "灯具"
    en: "Lamps"
    key: model
    columns: {model: text!, watts: integer!}
    kept_by: chief
    rows:
      - {model: L-1, watts: 5}
roles: {clerk:"""


@pytest.fixture
def lamps(typed: Type, folder: Path) -> Type:
    text = DESK.replace("workflow: desk", "workflow: lamps").replace("roles: {clerk:", LIST)
    text = text.replace("  cost: {", '  lamp: {is: text, from: lamps, zh: "灯", en: "Lamp"}\n  cost: {')
    text = text.replace("form: [cost!, consent]", "form: [cost!, consent, lamp]")
    (folder / "flows" / "lamps.yaml").write_text(text, "utf-8")
    return typed


def test_rows_are_shown_as_they_are_in_force_on_a_day(lamps: Type):
    assert lamps("list", "set", "lamps.lamps", "L-2", "watts=9", "--from", "2026-04-01", "--as", "chief:wu").code == 0
    assert lamps("list", "set", "lamps.lamps", "L-1", "watts=7", "--as", "chief:wu").code == 0
    lines = lamps("--lang", "zh", "list", "show", "lamps.lamps").out.splitlines()
    assert [line.split() for line in lines] == [["model", "watts"], ["L-1", "7"], ["灯具：2026-03-02", "共", "1", "行"]]
    later = lamps("list", "show", "lamps.lamps", "--at", "2026-04-01", "--json").document
    assert [(one["key"], one["row"]["watts"], one["version"]) for one in later["rows"]] == [
        ("L-1", 7, 2),
        ("L-2", 9, 1),
    ]
    assert lamps("list", "show", "lamps.lamps", "--csv").out.splitlines()[1] == "L-1,7"


def test_every_change_is_listed_with_its_day(lamps: Type):
    assert "nothing has been changed" in lamps("list", "show", "lamps.lamps", "--changes").out
    lamps("list", "set", "lamps.lamps", "L-1", "watts=7", "--as", "chief:wu")
    lamps("list", "remove", "lamps.lamps", "L-1", "--from", "2026-05-01", "--as", "chief:wu")
    lines = lamps("list", "show", "lamps.lamps", "--changes").out.splitlines()
    assert [line.split("  ")[:2] for line in lines] == [["L-1", "2026-03-02"], ["L-1", "2026-05-01"]]
    assert lines[1].endswith("taken out")


def test_what_cannot_be_changed_is_refused_with_the_reason(lamps: Type):
    refused = lamps("list", "set", "lamps.lamps", "L-1", "watts=7")
    assert (refused.code, "wrong-role" in refused.out) == (1, True)
    assert "field-wrong-type" in lamps("list", "set", "lamps.lamps", "L-1", "watts=many", "--as", "chief:wu").out
    assert lamps("list", "show", "lamps.lamp").code == 1
    assert lamps("list", "show", "lamps.lamps", "--at", "soon").code == 2


def test_a_form_takes_only_what_is_in_the_list(lamps: Type):
    case = str(lamps("case", "open", "lamps", "--json").document["case"])
    refused = lamps("case", "do", case, "priced", "--as", "clerk:li", "--set", "cost=1", "--set", "lamp=L-3")
    assert refused.code == 1
    assert 'Lamp: "L-3" is not in the list "lamps"' in refused.out
    assert lamps("case", "do", case, "priced", "--as", "clerk:li", "--set", "cost=1", "--set", "lamp=L-1").code == 0
    assert "lists read: lamps/L-1" in lamps("case", "why", case, "2").out
    read = lamps("case", "why", case, "2", "--json").document["lists"]
    assert read == {"lamps/L-1": {"row": {"model": "L-1", "watts": 5}, "version": 0}}
