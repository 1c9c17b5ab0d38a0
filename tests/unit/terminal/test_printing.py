"""A paper from the command line: the first print, the marked second one, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.terminal.conftest import Type

SLIPS = """
workflow: slips
version: 1
zone: Asia/Shanghai
zh: "单据"
en: "Slips"
roles: {clerk: {zh: "文员", en: "Clerk"}, buyer: {party: true, zh: "买家", en: "Buyer"}}
fields:
  caller: {is: text, scope: case, pii: true, zh: "来电人", en: "Caller"}
  lines: {is: list, of: text, zh: "明细", en: "Lines"}
papers:
  slip:
    zh: "维修单"
    en: "Repair slip"
    number: "WX-{serial:03}"
    fields: [caller, lines]
    stages:
      issued: {zh: "已开单", en: "Issued", holder: clerk}
      signed: {zh: "已签字", en: "Signed", signed_by: buyer}
cases:
  matter:
    zh: "事项"
    en: "Matter"
    number: "D-{year}-{serial:04}"
    machines: [job]
    opens: {opened: {zh: "登记", en: "Opened", by: clerk, form: [caller, lines], start: job}}
machines:
  job:
    zh: "工作"
    en: "Job"
    many: true
    start: open
    states:
      open:
        zh: "在办"
        en: "Open"
        steps:
          sent: {zh: "派工", en: "Sent", by: clerk, papers: {slip: issued}}
          signed: {zh: "签字", en: "Signed", by: buyer, with: clerk, papers: {slip: signed}}
          split: {zh: "分单", en: "Split", by: clerk, start: job}
          ended: {zh: "完", en: "Ended", by: clerk, when: "paper.slip.stage in ['signed', 'void']", to: done}
      done: {zh: "完", en: "Done", final: done}
"""


@pytest.fixture
def matter(typed: Type, folder: Path) -> str:
    (folder / "flows" / "slips.yaml").write_text(SLIPS, encoding="utf-8")
    return str(
        typed("case", "open", "slips", "--set", "caller=王芳", "--set", 'lines=["a","b"]', "--json").document["case"]
    )


@pytest.fixture
def sent(typed: Type, matter: str) -> str:
    assert typed("case", "do", matter, "sent", "--as", "clerk:li").code == 0
    return matter


def page(typed: Type, *words: str) -> str:
    answered = typed("--lang", "zh", "case", "print", *words, "--format", "html", "--output", "slip.html")
    assert answered.code == 0, answered.err + answered.out
    return Path("slip.html").read_text("utf-8")


def test_the_second_print_says_that_it_is_one(typed: Type, sent: str):
    first = page(typed, sent, "slip")
    assert "王芳" in first
    assert "WX-001" in first
    assert "补打" not in first
    assert "补打（第 1 次）" in page(typed, sent, "WX-001")
    assert "补打（第 2 次）" in page(typed, sent, "job/1.slip")


def test_each_print_is_an_event_without_personal_text(typed: Type, sent: str):
    page(typed, sent, "slip")
    [printed] = [
        e for e in typed("case", "history", sent, "--json").document["events"] if e["type"] == "matter.printed"
    ]
    assert printed["papers"] == [{"paper": "slip", "is": "printed", "revision": 1, "of": "job/1", "number": "WX-001"}]


def test_programs_are_told_what_was_printed_where(typed: Type, sent: str):
    document = typed("case", "print", sent, "slip", "--format", "html", "--output", "a.html", "--json").document
    told = {"case": sent, "paper": "slip", "number": "WX-001", "revision": 1, "reprint": 0}
    assert document == {**told, "format": "html", "output": "a.html"}


def test_a_signature_stands_on_the_paper(typed: Type, sent: str):
    assert "已签" not in page(typed, sent, "slip").partition("买家签字")[2]
    typed("case", "do", sent, "signed", "--as", "buyer", "--with", "clerk:li")
    assert "已签　2026-03-02 09:00　（li 登记）" in page(typed, sent, "slip")


def test_it_goes_to_the_standard_output_when_no_file_is_named(typed: Type, sent: str):
    answered = typed("case", "print", sent, "slip", "--format", "html")
    assert answered.code == 0
    assert answered.out.startswith("<!DOCTYPE html>")


def test_what_is_not_there_is_refused_with_a_suggestion(typed: Type, matter: str):
    answered = typed("case", "print", matter, "slip", "--output", "x.pdf")
    assert answered.code == 1
    assert "there is no Repair slip" in answered.out
    assert not Path("x.pdf").exists()
    assert 'did you mean "slip"' in typed("case", "print", matter, "slipp", "--output", "x.pdf").out


def test_two_papers_of_one_name_are_told_apart_by_their_instances(typed: Type, sent: str):
    assert typed("case", "do", sent, "job/1.split", "--as", "clerk:li").code == 0
    assert typed("case", "do", sent, "job/2.sent", "--as", "clerk:li").code == 0
    answered = typed("case", "print", sent, "slip", "--output", "x.pdf")
    assert answered.code == 1
    assert "job/2.slip" in answered.out
    assert "WX-002" in page(typed, sent, "job/2.slip")


@pytest.mark.parametrize("kind", ["of: text", "of: text, pii: true"])
def test_more_than_200_rows_are_refused_also_those_that_are_sealed(typed: Type, folder: Path, kind: str):
    (folder / "flows" / "slips.yaml").write_text(SLIPS.replace("of: text", kind), encoding="utf-8")
    rows = "[" + ",".join(['"x"'] * 201) + "]"
    case = typed("case", "open", "slips", "--set", f"lines={rows}", "--json").document["case"]
    typed("case", "do", case, "sent", "--as", "clerk:li")
    answered = typed("case", "print", case, "slip", "--output", "x.pdf")
    assert answered.code == 1
    assert "201 rows; at most 200" in answered.out


def test_a_file_that_cannot_be_written_is_told_and_nothing_counts_as_printed(typed: Type, sent: str):
    answered = typed("case", "print", sent, "slip", "--format", "html", "--output", "nowhere/slip.html")
    assert answered.code == 2
    assert "nowhere/slip.html cannot be written" in answered.err
    assert "补打" not in page(typed, sent, "slip")


def test_who_the_workflow_does_not_know_prints_nothing(typed: Type, sent: str):
    answered = typed("case", "print", sent, "slip", "--format", "html", "--output", "x.html", "--as", "cook:li")
    assert answered.code == 1
    assert "unknown-role" in answered.out
    assert not Path("x.html").exists()


def test_json_wants_a_file(typed: Type, sent: str):
    assert typed("case", "print", sent, "slip", "--json").code == 2


def test_the_doctor_says_what_slips_are_set_with(typed: Type):
    names = {finding["name"] for finding in typed("doctor", "--json").document}
    assert names >= {"papers.font", "papers.subset", "weasyprint", "segno"} or "papers.pdf" in names
