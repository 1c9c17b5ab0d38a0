"""What the options do, wherever they stand on the line."""

from __future__ import annotations

import re

import pytest

from tests.unit.terminal.conftest import Type

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH_SENTENCE = re.compile(r"(?:\b[A-Za-z]{2,}\b[ ,]+){3,}")


@pytest.mark.parametrize("place", range(5))
def test_a_general_option_may_stand_anywhere(typed: Type, case: str, place: int):
    line = ["case", "show", case]
    line[place:place] = ["--json", "--store", "sqlite:lifecycle.db"]
    assert typed(*line).document["number"] == case


def test_quiet_leaves_the_result_only(typed: Type):
    assert "opened" in typed("case", "open", "desk").out
    quiet = typed("--quiet", "case", "open", "desk")
    assert (quiet.code, "opened" in quiet.out, "matter.reported" in quiet.out) == (0, False, True)


def test_a_dry_run_shows_and_writes_nothing(typed: Type, case: str):
    before = typed("stream").out
    tried = typed("case", "do", case, "priced", "--as", "clerk:li", "--set", "cost=120", "--dry-run", "--json")
    assert (tried.code, tried.document["dry_run"]) == (0, True)
    assert [event["type"] for event in tried.document["events"]] == ["job.priced"]
    refused = typed("case", "do", case, "closed", "--as", "clerk:li", "--dry-run")
    assert refused.code == 1
    assert typed("stream").out == before
    assert typed("case", "why", case, "closed", "--json").document["refused_attempts"] == []


def test_the_same_command_id_twice_adds_nothing(typed: Type, case: str):
    line = ("case", "do", case, "priced", "--as", "clerk:li", "--set", "cost=120", "--command-id", "K-1", "--json")
    first, second = typed(*line).document, typed(*line).document
    assert second == {**first, "repeated": True}
    assert typed("case", "show", case, "--json").document["revision"] == 2


def test_a_command_id_for_something_else_is_a_conflict(typed: Type, case: str):
    line = ("case", "do", case, "priced", "--as", "clerk:li", "--command-id", "K-1", "--set")
    assert [typed(*line, "cost=120").code, typed(*line, "cost=121").code] == [0, 3]


def test_the_revision_that_was_seen_is_kept_to(typed: Type, case: str):
    line = ("case", "do", case, "priced", "--as", "clerk:li", "--set", "cost=120", "--if-revision")
    assert [typed(*line, "2").code, typed(*line, "1").code] == [3, 0]


@pytest.mark.parametrize(
    "wrong",
    [
        ("--as", ":li"),
        ("--as", "clerk:li", "--with", "chief"),
        ("--as", "clerk:li", "--set", "cost"),
        ("--as", "clerk:li", "--set", "cost=1", "--set", "cost=2"),
        ("--as", "clerk:li", "--reason", "because"),
        ("--as", "clerk:li", "--occurred-at", "yesterday"),
    ],
)
def test_a_value_that_cannot_be_read_is_wrong_usage_and_writes_nothing(typed: Type, case: str, wrong: tuple[str, ...]):
    before = typed("stream").out
    answered = typed("case", "do", case, "priced", *wrong)
    assert (answered.code, answered.out) == (2, "")
    assert answered.err
    assert typed("stream").out == before


def test_an_instant_in_a_refusal_is_in_the_workflows_zone_for_people_and_as_stored_for_programs(typed: Type):
    line = ("case", "open", "desk", "--occurred-at", "2026-03-01T08:30")
    assert "2026-03-01 08:30" in typed(*line).out
    [reason] = typed(*line, "--json").document["reasons"]
    assert reason["actual"] == "2026-03-01T00:30:00.000000Z"


LINES = [
    ("case", "show", "D-2026-0001"),
    ("case", "can", "D-2026-0001"),
    ("case", "can", "D-2026-0001", "--as", "chief", "--all"),
    ("case", "do", "D-2026-0001", "closed", "--as", "nobody"),
    ("case", "do", "D-2026-0001", "closed", "--as", "chief"),
    ("case", "why", "D-2026-0001", "2"),
    ("case", "why", "D-2026-0001", "9"),
    ("case", "history", "D-2026-0001"),
    ("case", "verify", "D-2026-0001"),
    ("case", "show", "D-2026-9999"),
    ("case", "open", "dusk"),
    ("case", "do"),
    ("case", "do", "D-2026-0001", "closed", "--by", "chief"),
    ("stream", "--from", "noon"),
    ("stream", "--from", "99"),
    ("stream", "--limit", "none"),
    ("stream", "--format", "xml"),
    ("workflow", "check", "desk"),
    ("explain", "nosuch"),
    ("tick",),
    ("nosuch",),
]


@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_every_answer_speaks_one_language(typed: Type, priced: str, line: tuple[str, ...]):
    chinese, english = typed("--lang", "zh", *line), typed("--lang", "en", *line)
    assert chinese.code == english.code
    assert CHINESE.findall(english.out + english.err) == []
    assert CHINESE.search(chinese.out + chinese.err)
    assert ENGLISH_SENTENCE.findall((chinese.out + chinese.err).replace("lifecycle case do", "")) == []
