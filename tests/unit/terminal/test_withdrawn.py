"""What an auditor reads of a breach that a late entry withdrew: what was taken back, what was kept, and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.terminal.conftest import Type

TICKETS = """
workflow: tickets
version: 1
zone: Asia/Shanghai
zh: "工单"
en: "Tickets"
fields: {late: {is: boolean, zh: "逾期", en: "Late"}, told: {is: integer, zh: "告知", en: "Told"}}
roles: {clerk: {zh: "文员", en: "Clerk"}, chief: {zh: "主任", en: "Chief"}}
pools: {chiefs: {role: chief}}
papers:
  warning:
    zh: "警告单"
    en: "Warning"
    number: "W-{serial:03}"
    stages: {issued: {zh: "已开", en: "Issued", optional: true, holder: chief}}
cases:
  request:
    zh: "请求"
    en: "Request"
    number: "T-{serial:04}"
    machines: [ticket]
    opens: {registered: {zh: "登记", en: "Registered", by: clerk, start: ticket}}
machines:
  ticket:
    zh: "工单"
    en: "Ticket"
    start: open
    states:
      open:
        zh: "在办"
        en: "Open"
        steps:
          answered: {zh: "答复", en: "Answered", by: clerk, recorded_afterwards: true}
          marked: {zh: "标注", en: "Marked", by: clerk, form: [told!]}
          handed: {zh: "转交", en: "Handed", by: clerk, assign: {chief: chiefs}, papers: {"warning?": void}}
          closed: {zh: "关闭", en: "Closed", by: clerk, to: over}
      over: {zh: "办结", en: "Over", final: done}
    deadlines:
      answer:
        zh: "答复"
        en: "Answer"
        stop: [answered]
        within: 1h
        ladder:
          100%:
            set: {late: true, told: 1}
            assign: {chief: chiefs}
            papers: {warning: issued}
"""


def typing_at(typed: Type, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what types a command at a time of the second of March; it has to succeed."""

    def at(time: str, *words: str) -> None:
        monkeypatch.setenv("LIFECYCLE_NOW", f"2026-03-02T{time}+08:00")
        answered = typed(*words)
        assert answered.code == 0, answered.out

    return at


@pytest.fixture
def withdrawn(typed: Type, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Type, str]:
    """A promise broken at ten, a value changed by hand at eleven, and an answer of half past nine typed at noon."""
    (folder / "flows" / "tickets.yaml").write_text(TICKETS, "utf-8")

    at = typing_at(typed, monkeypatch)
    at("08:00", "staff", "add", "wu", "--role", "tickets:chief")
    at("09:00", "case", "open", "tickets", "--as", "clerk:li")
    at("10:01", "tick")
    at("11:00", "case", "do", "T-0001", "marked", "--as", "clerk:li", "--set", "told=2")
    at("12:00", "case", "do", "T-0001", "answered", "--as", "clerk:li", "--occurred-at", "2026-03-02T09:30")
    return typed, "T-0001"


def lines_of(out: str) -> list[str]:
    return [line.strip() for line in out.splitlines()]


def test_a_case_shows_what_a_withdrawal_took_back_and_what_it_kept_and_why(withdrawn: tuple[Type, str]) -> None:
    typed, case = withdrawn
    lines = lines_of(typed("case", "show", case).out)
    first = next(place for place, line in enumerate(lines) if line.endswith("breach withdrawn: the promise was kept"))
    assert lines[first].startswith("@")
    assert lines[first + 1].startswith(
        'takes back the breach of "Answer" (due 2026-03-02 10:00) and what came of it, @'
    )
    assert lines[first + 1].endswith("an entry recorded afterwards happened at 2026-03-02 09:30")
    assert "put back in ticket/1: Late" in lines
    assert any(line.startswith('kept: "Told" of ticket/1, since somebody changed it afterwards (@') for line in lines)
    assert '"Warning" W-001 of ticket/1 is void' in lines
    assert 'wu is no longer "Chief" of ticket/1' in lines


def test_history_and_why_say_it_in_the_readers_language(withdrawn: tuple[Type, str]) -> None:
    typed, case = withdrawn
    history = typed("--lang", "zh", "case", "history", case).out
    assert "期限的违约已撤回" in history
    events = typed("case", "history", case, "--json").document["events"]
    [revision] = [one["revision"] for one in events if one["type"] == "deadline.breach_withdrawn"]
    why = lines_of(typed("--lang", "zh", "case", "why", case, str(revision)).out)
    assert "恢复 ticket/1 的：逾期" in why
    assert any(line.startswith("保留：ticket/1 的“告知”，其后已有人在 @") for line in why)
    document = typed("case", "why", case, str(revision), "--json").document
    assert [one["what"] for one in document["kept"]] == ["value"]
    assert "ticket/1 的“警告单”W-001 作废" in why


def test_a_case_without_withdrawals_says_nothing_of_them(typed: Type) -> None:
    case = typed("case", "open", "desk", "--json").document["case"]
    assert "withdraw" not in typed("case", "show", case).out


def test_what_somebody_has_taken_up_since_is_kept_and_it_says_whose_act_it_was(
    typed: Type, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "flows" / "tickets.yaml").write_text(TICKETS, "utf-8")
    at = typing_at(typed, monkeypatch)
    at("08:00", "staff", "add", "wu", "--role", "tickets:chief")
    at("09:00", "case", "open", "tickets", "--as", "clerk:li")
    at("10:01", "tick")
    at("11:00", "case", "do", "T-0001", "handed", "--as", "clerk:li")
    at("12:00", "case", "do", "T-0001", "answered", "--as", "clerk:li", "--occurred-at", "2026-03-02T09:30")
    lines = lines_of(typed("case", "show", "T-0001").out)
    assert any(
        line.startswith('kept: "Warning" of ticket/1, since somebody took it up afterwards (@') for line in lines
    )
    assert any(line.startswith('kept: who is "Chief" of ticket/1, since that was given anew') for line in lines)
