"""A terminal in an empty folder: commands are typed, answers come back as a person or a program gets them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lifecycle.terminal import answer

NOW = "2026-03-02T09:00+08:00"

DESK = """
workflow: desk
version: 1
zone: Asia/Shanghai
zh: "服务台"
en: "Desk"
rules: {D-1: {zh: "先同意", en: "Consent first", source: "s"}}
fields:
  caller: {is: text, scope: case, pii: true, zh: "来电人", en: "Caller"}
  cost: {is: integer, zh: "费用", en: "Cost"}
  consent: {is: boolean, zh: "同意", en: "Consent"}
roles: {clerk: {zh: "文员", en: "Clerk"}, chief: {corrects: true, zh: "主任", en: "Chief"}}
cases:
  matter:
    zh: "事项"
    en: "Matter"
    number: "D-{year}-{serial:04}"
    subject: customer
    machines: [job]
    opens: {reported: {zh: "登记", en: "Reported", by: clerk, form: [caller], start: job}}
machines:
  job:
    zh: "工作"
    en: "Job"
    start: new
    states:
      new:
        zh: "新"
        en: "New"
        steps:
          priced: {zh: "报价", en: "Priced", by: clerk, form: [cost!, consent], to: priced}
      priced:
        zh: "已报价"
        en: "Priced"
        steps:
          reviewed: {zh: "复核", en: "Reviewed", by: chief, form: [cost]}
          closed:
            zh: "办结"
            en: "Closed"
            by: clerk
            require:
              agreed:
                that: "data.consent == true"
                else: {zh: "须先同意", en: "Consent first"}
                rules: [D-1]
            to: over
      over: {zh: "办结", en: "Over", final: done}
"""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """How one command line ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The JSON documents on standard output, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


Type = Callable[..., Answered]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: the workflow `desk` in `flows`, no store yet, 9 o'clock on 2 March 2026."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "desk.yaml").write_text(DESK, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("LIFECYCLE_STORE", "LIFECYCLE_KEYS", "LIFECYCLE_MASTER_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LIFECYCLE_WORKFLOWS", "flows")
    monkeypatch.setenv("LIFECYCLE_NOW", NOW)
    monkeypatch.setenv("LIFECYCLE_LANG", "en")
    return tmp_path


@pytest.fixture
def typed(folder: Path, capsys: pytest.CaptureFixture[str]) -> Type:
    """Type a command line: typed("case", "open", "desk")."""

    def line(*words: str) -> Answered:
        capsys.readouterr()
        code = answer(list(words))
        captured = capsys.readouterr()
        return Answered(code=code, out=captured.out, err=captured.err)

    return line


@pytest.fixture
def case(typed: Type) -> str:
    """The number of a case that was just reported."""
    return str(typed("case", "open", "desk", "--customer", "C-1", "--json").document["case"])


@pytest.fixture
def priced(typed: Type, case: str) -> str:
    """The number of a case that costs 120, to which nobody has agreed."""
    assert typed("case", "do", case, "priced", "--as", "clerk:li", "--set", "cost=120").code == 0
    return case
