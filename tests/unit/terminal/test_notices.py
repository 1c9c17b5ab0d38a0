"""`lifecycle notices`: what waits, what is out, what was given up; `tick` delivers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.terminal.conftest import Type

POST = """
workflow: post
version: 1
zone: Asia/Shanghai
zh: "通知台"
en: "Post"
fields:
  caller: {is: text, scope: case, pii: true, zh: "来电人", en: "Caller"}
roles: {clerk: {zh: "文员", en: "Clerk"}, chief: {zh: "主任", en: "Chief"}}
texts: {came: {zh: "{caller} 来电", en: "{caller} called"}}
cases:
  matter:
    zh: "事项"
    en: "Matter"
    number: "P-{serial:04}"
    subject: customer
    machines: [job]
    opens:
      reported: {zh: "登记", en: "Reported", by: clerk, form: [caller], start: job, notify: {who: chief, text: came}}
machines:
  job:
    zh: "工作"
    en: "Job"
    start: open
    states:
      open: {zh: "在办", en: "Open", steps: {done: {zh: "办结", en: "Done", by: clerk, to: over}}}
      over: {zh: "完", en: "Over", final: done}
"""
LATER = "2026-03-02T10:00+08:00"


@pytest.fixture
def told(typed: Type, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of a notice that waits: somebody called."""
    monkeypatch.delenv("LIFECYCLE_NOTIFY", raising=False)
    (folder / "flows" / "post.yaml").write_text(POST, encoding="utf-8")
    opened = typed("case", "open", "post", "--customer", "C-1", "--as", "clerk:li", "--set", "caller=Mrs Wu", "--json")
    assert opened.code == 0, opened.err
    [notice] = typed("notices", "--json").document["notices"]
    return str(notice["id"])


def book(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (folder / "notify.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("LIFECYCLE_NOTIFY", "notify.toml")


def test_without_an_address_book_notices_wait_and_the_list_says_so(typed: Type, told: str):
    assert typed("tick", "--json").document == {"ran": 0, "delivered": 0, "forgotten": 0, "stuck": []}
    listed = typed("notices")
    assert listed.code == 0
    assert listed.out == (
        f"{told}  P-0001  waiting, next try 2026-03-02 09:00, tried 0 time(s)\n"
        "    notice to Chief: Mrs Wu called\n"
        "notices: 1 waiting\n"
        "no address book is set, so nothing is delivered: set LIFECYCLE_NOTIFY\n"
    )


def test_a_tick_delivers_and_says_what_came_of_it(typed: Type, told: str, folder: Path, monkeypatch):
    book(folder, monkeypatch, '[file]\npath = "out.jsonl"\n[roles]\nchief = {to = ["file", "console"], lang = "zh"}\n')
    ticked = typed("tick")
    assert f"{told}  role:chief  通知台 P-0001: Mrs Wu 来电\n" in ticked.out
    assert "notices: sent 1, to be tried again 0, given up 0, dropped 0\n" in ticked.out
    assert [json.loads(line)["id"] for line in (folder / "out.jsonl").read_text("utf-8").splitlines()] == [told]
    assert typed("tick", "--json").document["notices"] == {"sent": 0, "failed": 0, "dead": 0, "dropped": 0}
    assert "sent 2026-03-02 09:00" in typed("notices").out


def test_json_is_one_document_whatever_the_console_is_told(typed: Type, told: str, folder: Path, monkeypatch):
    book(folder, monkeypatch, '[others]\nto = "console"\n')
    ticked = typed("tick", "--json")
    assert ticked.document["notices"] == {"sent": 1, "failed": 0, "dead": 0, "dropped": 0}
    assert told in ticked.err


def test_what_cannot_be_delivered_is_shown_and_can_be_tried_anew(typed: Type, told: str, folder: Path, monkeypatch):
    book(folder, monkeypatch, "")
    assert typed("tick", "--json").document["notices"]["dead"] == 1
    dead = typed("notices", "--state", "dead", "--json").document
    assert dead["count"] == {"dead": 1}
    assert dead["notices"] == [
        {
            "id": told, "state": "dead", "case": "P-0001", "event": "matter.reported", "to": {"role": "chief"},
            "text": "came", "tries": 1, "next_at": None, "at": "2026-03-02T01:00:00.000000Z", "reason": "no-address",
        }
    ]  # fmt: skip
    assert "given up 2026-03-02 09:00, tried 1 time(s) (no address)" in typed("notices").out
    book(folder, monkeypatch, '[others]\nto = "console"\n')
    assert typed("notices", "--retry", told).out == f"{told} is tried anew\n"
    assert told in typed("tick").out
    assert typed("notices", "--json").document["count"] == {"sent": 1}


def test_only_what_was_given_up_is_tried_anew(typed: Type, told: str):
    refused = typed("notices", "--retry", told, "--retry", "nonsense")
    assert refused.code == 4
    assert refused.out == (
        f"{told} is no notice that was given up or dropped\nnonsense is no notice that was given up or dropped\n"
    )
    assert typed("notices", "--retry", told, "--json").document == {"retried": [], "refused": [told]}


def test_rows_are_made_anew_and_nothing_is_sent_twice(typed: Type, told: str, folder: Path, monkeypatch):
    book(folder, monkeypatch, '[others]\nto = "console"\n')
    typed("tick")
    assert typed("notices", "--rebuild").out == "made 0 row(s) of notices anew from the events\n"
    assert typed("notices", "--rebuild", "--json").document == {"made": 0}
    assert told not in typed("tick").out


def test_faults_of_the_address_book_are_told_all_at_once(typed: Type, told: str, folder: Path, monkeypatch):
    book(folder, monkeypatch, 'lang = "fr"\n[rols]\nchief = "file"\n[roles]\nchief = "chief@example.com"\n')
    failed = typed("tick")
    assert failed.code == 2
    for code in ("notify-unknown-key", "notify-no-way"):
        assert code in failed.err
    assert 'did you mean "roles"?' in failed.err
    assert typed("tick", "--json").document["error"] == "invalid-input"


def test_an_empty_store_has_no_notices_in_either_language(typed: Type):
    assert typed("notices").out == "there are no notices\n"
    assert typed("notices", "--lang", "zh").out == "没有通知\n"


def test_the_doctor_counts_what_waits_and_what_was_given_up(typed: Type, told: str):
    findings = {finding["name"]: finding["value"] for finding in typed("doctor", "--json").document}
    assert (findings["store.pending-notices"], findings["store.dead-notices"]) == ("1", "0")
    assert findings["settings.notify"] == ""
