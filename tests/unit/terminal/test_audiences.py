"""An audience on pages: its title and how many, never a list of hundreds; each member by state, each tried anew."""

from __future__ import annotations

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
  email: {is: text, scope: case, pii: true, zh: "邮箱", en: "E-mail"}
roles: {clerk: {zh: "文员", en: "Clerk"}, chief: {zh: "主任", en: "Chief"}}
texts: {greeting: {zh: "春节快乐", en: "Happy new year"}}
audiences: {everybody: {zh: "所有客户", en: "All customers", of: matter}}
cases:
  matter:
    zh: "事项"
    en: "Matter"
    number: "P-{serial:04}"
    subject: customer
    machines: [job]
    opens: {reported: {zh: "登记", en: "Reported", by: clerk, form: [email], start: job}}
machines:
  job:
    zh: "工作"
    en: "Job"
    start: open
    states:
      open:
        zh: "在办"
        en: "Open"
        steps:
          greeted: {zh: "问候", en: "Greeted", by: clerk, notify: {who: [chief, everybody], text: greeting}}
          done: {zh: "办结", en: "Done", by: clerk, to: over}
      over: {zh: "完", en: "Over", final: done}
"""
BOOK = '[roles]\nchief = "console"\n[audiences]\neverybody = {to = "file"}\n[file]\npath = "out.jsonl"\n'


@pytest.fixture
def told(typed: Type, folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The position of the event that told a chief, and three customers of four cases."""
    monkeypatch.delenv("LIFECYCLE_NOTIFY", raising=False)
    (folder / "flows" / "post.yaml").write_text(POST, encoding="utf-8")
    for customer in ("C-1", "C-2", "C-1", "C-3"):
        opened = typed("case", "open", "post", "--customer", customer, "--as", "clerk:li", "--json")
        assert opened.code == 0, opened.err
    greeted = typed("case", "do", "P-0001", "greeted", "--as", "clerk:li", "--json")
    assert greeted.code == 0, greeted.err
    return int(typed("notices", "--json").document["notices"][0]["id"].split("/")[1])


def deliver(typed: Type, folder: Path, monkeypatch: pytest.MonkeyPatch, book: str = BOOK) -> None:
    (folder / "notify.toml").write_text(book, encoding="utf-8")
    monkeypatch.setenv("LIFECYCLE_NOTIFY", "notify.toml")
    assert typed("tick").code == 0


def test_the_members_of_an_audience_share_a_line(typed: Type, told: int):
    assert typed("notices").out == (
        f"notice/{told}/1-3  P-0001  3 waiting\n"
        "    notice to All customers (customers: 3): Happy new year\n"
        f"notice/{told}/0  P-0001  waiting, next try 2026-03-02 09:00, tried 0 time(s)\n"
        "    notice to Chief: Happy new year\n"
        "notices: 4 waiting\n"
        "no address book is set, so nothing is delivered: set LIFECYCLE_NOTIFY\n"
    )
    assert "    通知 所有客户（客户 3 位）：春节快乐\n" in typed("notices", "--lang", "zh").out


def test_a_line_is_one_whatever_the_limit(typed: Type, told: int):
    assert typed("notices", "--limit", "1").out.startswith(f"notice/{told}/1-3  P-0001  3 waiting\n    notice to All")
    assert f"notice/{told}/0" not in typed("notices", "--limit", "1").out


def test_by_state_each_member_is_listed_with_the_case_that_stands_for_them(typed: Type, told: int):
    listed = typed("notices", "--state", "pending").out
    assert f"notice/{told}/2  P-0001  waiting" in listed
    assert "notice to All customers: customer of P-0003: Happy new year" in listed
    rows = typed("notices", "--json").document["notices"]
    assert [row["to"] for row in rows] == [
        {"audience": "everybody", "case": "P-0004"},
        {"audience": "everybody", "case": "P-0003"},
        {"audience": "everybody", "case": "P-0002"},
        {"role": "chief"},
    ]


def test_the_pages_of_the_case_tell_how_many(typed: Type, told: int):
    for page in (typed("case", "show", "P-0001"), typed("case", "history", "P-0001")):
        assert "notice to Chief, All customers (customers: 3): Happy new year" in page.out
    [notice] = typed("case", "show", "P-0001", "--json").document["notices"]
    assert notice["to"][1] == {"audience": "everybody", "members": 3, "position": told - 1}


def test_trying_a_step_says_how_many_it_would_tell_and_tells_nobody(typed: Type, told: int):
    tried = typed("case", "do", "P-0002", "greeted", "--as", "clerk:li", "--dry-run")
    assert "          tells All customers (customers: 3)\n" in tried.out
    tried = typed("case", "do", "P-0002", "greeted", "--as", "clerk:li", "--dry-run", "--json").document
    assert tried["events"][0]["audiences"] == [{"audience": "everybody", "members": 3, "position": told}]
    assert typed("notices", "--json").document["count"] == {"pending": 4}
    done = typed("case", "do", "P-0002", "greeted", "--as", "clerk:li", "--lang", "zh")
    assert "          通知：所有客户（客户 3 位）\n" in done.out


def test_what_an_event_told_in_vain_is_tried_anew_at_once(typed: Type, told: int, folder: Path, monkeypatch):
    deliver(typed, folder, monkeypatch, '[roles]\nchief = "console"\n')
    assert typed("notices").out.startswith(f"notice/{told}/1-3  P-0001  3 given up\n")
    assert typed("notices", "--retry", f"notice/{told}").out == f"notice/{told} is tried anew\n"
    deliver(typed, folder, monkeypatch)
    assert typed("notices").out.startswith(f"notice/{told}/1-3  P-0001  3 sent\n")
    assert len((folder / "out.jsonl").read_text("utf-8").splitlines()) == 3
    refused = typed("notices", "--retry", f"notice/{told}", "--json")
    assert (refused.code, refused.document["refused"]) == (4, [f"notice/{told}"])
