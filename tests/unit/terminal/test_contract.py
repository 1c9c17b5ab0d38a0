"""What programs rely on: the keys of the JSON documents and the exit codes (design, section 9)."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from uuid import UUID

import pytest

from tests.unit.terminal.conftest import Type

EVENT_KEYS = ["type", "position", "machine", "from", "to", "occurred_at"]
REASON_KEYS = {"code", "text", "rules", "where", "actual", "required"}


def test_opening_answers_with_number_id_and_position(typed: Type):
    answered = typed("case", "open", "desk", "--json")
    document = answered.document
    assert answered.code == 0
    assert list(document) == ["case", "id", "position", "revision", "events", "deadlines"]
    assert document["case"] == "D-2026-0001"
    assert UUID(document["id"]).version == 7
    assert document["position"] == 2


def test_a_step_answers_with_revision_events_and_deadlines(typed: Type, case: str):
    document = typed("case", "do", case, "job/1.priced", "--as", "clerk:li", "--set", "cost=120", "--json").document
    assert list(document) == ["case", "revision", "events", "deadlines"]
    [event] = document["events"]
    assert list(event) == EVENT_KEYS
    assert event == {
        "type": "job.priced",
        "position": 3,
        "machine": "job/1",
        "from": "new",
        "to": "priced",
        "occurred_at": "2026-03-02T01:00:00.000000Z",
    }


def test_a_refusal_answers_with_every_reason_and_1(typed: Type, priced: str):
    answered = typed("case", "do", priced, "closed", "--as", "chief:wu", "--json")
    assert answered.code == 1
    assert set(answered.document) == {"refused", "reasons"}
    assert answered.document["refused"] is True
    assert [reason["code"] for reason in answered.document["reasons"]] == ["wrong-role", "guard"]
    for reason in answered.document["reasons"]:
        assert set(reason) - {"hint"} == REASON_KEYS
    guard = answered.document["reasons"][1]
    assert (guard["text"], guard["rules"]) == ("Consent first", ["D-1"])
    assert guard["actual"] == {"data.consent": None}
    assert guard["where"]["file"].endswith("desk.yaml")
    assert guard["where"]["line"] > 1


@pytest.mark.parametrize(
    ("line", "nearest"),
    [
        (("case", "do", "D-2026-0001", "pricd", "--as", "clerk"), "priced"),
        (("case", "do", "D-2026-0001", "priced", "--as", "clrk", "--set", "cost=1"), "clerk"),
        (("case", "show", "D-2026-001"), "D-2026-0001"),
        (("case", "open", "dusk"), "desk"),
        (("explain", "gaurd"), "guard"),
    ],
)
def test_a_mistyped_name_is_answered_with_the_one_meant(typed: Type, case: str, line: tuple[str, ...], nearest: str):
    answered = typed(*line)
    assert answered.code in (1, 4)
    assert "did you mean" in answered.out + answered.err
    assert nearest in (answered.out + answered.err).partition("did you mean")[2]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (("case", "show", "D-2026-0001"), 0),
        (("case", "do", "D-2026-0001", "closed", "--as", "clerk"), 1),
        (("case", "do"), 2),
        (("nosuch",), 2),
        (("--now", "noon", "case", "show", "D-2026-0001"), 2),
        (("stream", "--from", "noon"), 2),
        (("case", "do", "D-2026-0001", "priced", "--as", "clerk", "--set", "cost=1", "--if-revision", "7"), 3),
        (("case", "show", "D-2026-9999"), 4),
        (("case", "open", "nosuch"), 4),
        (("case", "why", "D-2026-0001", "9"), 4),
        (("explain", "nosuch"), 4),
        (("--store", "sqlite:/nowhere/at/all.db", "stream"), 6),
        (("--store", "carrier:pigeon", "stream"), 6),
    ],
)
def test_each_situation_has_its_exit_code(typed: Type, case: str, line: tuple[str, ...], code: int):
    assert typed(*line).code == code


def test_a_changed_event_is_damage_for_verify_and_for_the_doctor(typed: Type, folder: Path, case: str):
    damage(folder)
    verified = typed("case", "verify", case, "--json")
    assert verified.code == 5
    assert verified.document["verified"] is False
    assert verified.document["findings"][0]["position"] == 2
    examined = typed("doctor", "--json")
    assert examined.code == 1
    assert {line["name"] for line in examined.document if line["ok"] is False} == {"store.events"}


def test_an_interruption_is_130(typed: Type, monkeypatch: pytest.MonkeyPatch):
    def interrupted(_: list[str]) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr("lifecycle.terminal.explain.catalogue", interrupted)
    assert typed("explain", "guard").code == 130


@pytest.mark.parametrize(
    "line",
    [
        ("case", "show", "D-2026-9999"),
        ("case", "do"),
        ("stream", "--from", "noon"),
        ("case", "do", "D-2026-0001", "priced", "--as", ":li"),
        ("explain", "nosuch"),
        ("doctor",),
        ("workflow", "list"),
        ("workflow", "check", "desk"),
        ("case", "history", "D-2026-0001"),
        ("case", "can", "D-2026-0001"),
        ("case", "replay", "D-2026-0001", "--known-at", "1"),
        ("tick",),
    ],
)
def test_with_json_standard_output_is_one_document(typed: Type, case: str, line: tuple[str, ...]):
    assert typed("--json", *line).document is not None


def damage(folder: Path) -> None:
    """Change one letter of the newest event, as somebody with the file and no scruples would."""
    with sqlite3.connect(folder / "lifecycle.db") as store:
        [[table]] = store.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%\\_events' ESCAPE '\\'"
        )
        for [trigger] in store.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            store.execute(f'DROP TRIGGER "{trigger}"')
        [[row, state]] = store.execute(f'SELECT rowid, state FROM "{table}" ORDER BY rowid DESC LIMIT 1')
        changed = state.replace("clerk", "cherk") if isinstance(state, str) else state.replace(b"clerk", b"cherk")
        assert changed != state
        store.execute(f'UPDATE "{table}" SET state = ? WHERE rowid = ?', (changed, row))
