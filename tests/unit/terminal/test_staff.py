"""The staff directory, and why people were assigned, as a person or a program gets them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.terminal.conftest import DESK, Type

POOLS = DESK.replace(
    "cases:\n", "pools: {clerks: {role: clerk, needs: english, pass_over: [away, off_shift]}}\ncases:\n"
).replace(
    "by: clerk, form: [cost!, consent], to: priced",
    "by: clerk, form: [cost, consent], assign: {seller: clerks}, to: priced",
)


@pytest.fixture
def staffed(typed: Type, folder: Path) -> Type:
    """Two clerks who speak English: li from nine to five, ma at night; the workflow takes them in turn."""
    (folder / "flows" / "desk.yaml").write_text(POOLS, encoding="utf-8")
    for name, hours in (("li", "09:00-17:00"), ("ma", "17:00-09:00")):
        assert typed("staff", "add", name, "--role", "desk:clerk", "--skill", "english").code == 0
        assert typed("staff", "shift", name, "--days", "mon,tue", "--hours", hours).code == 0
    return typed


def assignments(typed: Type) -> list[dict[str, object]]:
    case = typed("case", "open", "desk", "--json").document["case"]
    assert typed("case", "do", case, "priced", "--as", "clerk:wu").code == 0
    found = typed("case", "why", case, "--json").document["assignments"]
    assert isinstance(found, list)
    return found


def test_a_person_is_added_and_shown(staffed: Type) -> None:
    shown = staffed("staff", "show", "li", "--json").document
    assert shown["roles"] == {"desk": ["clerk"]}
    assert shown["qualifications"] == {"english": ""}
    assert shown["shifts"] == [{"days": [1, 2], "hours": ["09:00", "17:00"]}]
    assert staffed("staff", "list").out == "li  desk:clerk\nma  desk:clerk\n"


def test_an_assignment_says_whose_turn_it_was_and_who_was_passed_over(staffed: Type) -> None:
    (entry,) = assignments(staffed)
    assert (entry["people"], entry["whose_turn"], entry["turn"]) == (["li"], "li", "round_robin")
    assert staffed("staff", "away", "li", "--to", "2026-03-03 09:00").code == 0
    (entry,) = assignments(staffed)
    assert (entry["people"], entry["whose_turn"]) == ([], "ma")
    assert entry["passed"] == [{"person": "ma", "why": "off_shift"}, {"person": "li", "why": "away"}]


def test_a_night_shift_goes_past_midnight(staffed: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFECYCLE_NOW", "2026-03-04T08:59+08:00")
    (entry,) = assignments(staffed)
    assert entry["people"] == ["ma"], "Tuesday's night ends on Wednesday morning"
    monkeypatch.setenv("LIFECYCLE_NOW", "2026-03-04T09:00+08:00")
    (entry,) = assignments(staffed)
    assert entry["people"] == []


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "li was passed over: lacks the qualification english"), ("zh", "跳过 li：不具备资格“english”")],
)
def test_a_person_reads_why_in_both_languages(staffed: Type, lang: str, words: str) -> None:
    assert staffed("staff", "qualify", "li", "english", "--lost").code == 0
    case = staffed("case", "open", "desk", "--json").document["case"]
    assert staffed("case", "do", case, "priced", "--as", "clerk:wu").code == 0
    assert words in staffed("case", "why", case, "job/1", "--lang", lang).out


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "li was passed over and lost this turn: away"), ("zh", "跳过 li，本轮不补：离岗")],
)
def test_a_person_reads_of_a_lost_turn_in_both_languages(staffed: Type, folder: Path, lang: str, words: str) -> None:
    lost = POOLS.replace("pass_over: [away, off_shift]", "pass_over: away, passed: lost")
    (folder / "flows" / "desk.yaml").write_text(lost, encoding="utf-8")
    assert staffed("staff", "away", "li").code == 0
    case = staffed("case", "open", "desk", "--json").document["case"]
    assert staffed("case", "do", case, "priced", "--as", "clerk:wu").code == 0
    assert words in staffed("case", "why", case, "job/1", "--lang", lang).out


def test_who_is_back_is_taken_again_and_who_left_is_not(staffed: Type) -> None:
    assert staffed("staff", "away", "li").code == 0
    assert staffed("staff", "back", "li").code == 0
    (entry,) = assignments(staffed)
    assert entry["people"] == ["li"]
    assert staffed("staff", "leave", "li").code == 0
    refused = staffed("staff", "away", "li", "--json")
    assert (refused.code, refused.document["reasons"][0]["code"]) == (1, "person-unknown")


def test_what_cannot_be_is_refused_and_what_is_no_word_is_wrong_usage(staffed: Type) -> None:
    def code(*words: str) -> str:
        answer = staffed("staff", *words, "--json")
        assert answer.code == 1, answer
        return str(answer.document["reasons"][0]["code"])

    assert code("add", "li", "--role", "desk:clerk") == "person-exists"
    assert code("add", "wang wu") == "person-id"
    assert code("add", "wu", "--role", "desk:clark") == "unknown-role"
    assert code("away", "li", "--from", "2026-03-03 09:00", "--to", "2026-03-03 09:00") == "absence-ends-early"
    assert staffed("staff", "shift", "li", "--hours", "9-17").code == 2
    assert staffed("staff", "shift", "li", "--days", "someday", "--hours", "09:00-17:00").code == 2
    assert staffed("staff", "qualify", "li", "english", "--until", "soon").code == 2
    assert staffed("staff", "change", "li").code == 2
    assert staffed("staff", "show", "nobody").code == 2
