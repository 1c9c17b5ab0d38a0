"""The steps about papers hold when it is so, and fail when it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios import acting, papers
from tests.scenarios.stage import Stage, staged

WORKFLOW = """
workflow: slips
version: 1
zh: "单据"
en: "Slips"
roles:
  office: {zh: "客服", en: "Office"}
  worker: {zh: "维修员", en: "Worker"}
  customer: {party: true, zh: "客户", en: "Customer"}
fields: {fault: {is: text, zh: "故障", en: "Fault"}}
papers:
  slip:
    zh: "维修单"
    en: "Repair slip"
    number: "WX-{serial:03}"
    fields: [fault]
    stages:
      issued: {zh: "已开单", en: "Issued", holder: worker}
      signed: {zh: "已签字", en: "Signed", signed_by: customer}
cases:
  matter:
    zh: "报修"
    en: "Matter"
    machines: [job]
    opens: {opened: {zh: "报修", en: "Opened", by: office, form: [fault], start: job}}
machines:
  job:
    zh: "维修"
    en: "Job"
    start: open
    states:
      open:
        zh: "在办"
        en: "Open"
        steps:
          sent: {zh: "派工", en: "Sent", by: office, papers: {slip: issued}}
          signed: {zh: "签字", en: "Signed", by: customer, with: worker, papers: {slip: signed}}
          changed: {zh: "改单", en: "Changed", by: office, form: [fault], papers: {slip: {to: issued, revise: true}}}
          dropped: {zh: "废单", en: "Dropped", by: office, papers: {slip: void}, to: done}
      done: {zh: "完", en: "Done", final: done}
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path, WORKFLOW) as told:
        acting.opened(told, "客服", "小李", "报修", [["字段", "值"], ["故障", "漏水"]])
        told.said_with = "given"
        yield told


def test_before_it_is_issued(stage: Stage):
    papers.paper_not_issued(stage, "维修单")
    with pytest.raises(AssertionError, match="维修单 is"):
        papers.paper_is(stage, "维修单", "已开单")


def test_where_it_is_its_number_and_who_holds_it(stage: Stage):
    acting.takes(stage, "客服", "小李", "派工")
    papers.paper_is(stage, "维修单", "已开单")
    papers.paper_has_number(stage, "维修单", "WX-001")
    papers.paper_is_held(stage, "维修单", "维修员")
    papers.paper_is_not_signed(stage, "维修单", "客户")
    for said, words in (
        (papers.paper_is, "已签字"),
        (papers.paper_is, "作废"),
        (papers.paper_has_number, "WX-002"),
        (papers.paper_is_held, "客服"),
        (papers.paper_is_signed, "客户"),
    ):
        with pytest.raises(AssertionError):
            said(stage, "维修单", words)
    with pytest.raises(AssertionError):
        papers.paper_not_issued(stage, "维修单")


def test_what_was_signed_stands_on_it_whatever_is_proposed(stage: Stage):
    acting.takes(stage, "客服", "小李", "派工")
    acting.party_takes(stage, "客户", "维修员", "老王", "签字")
    papers.paper_is_signed(stage, "维修单", "客户")
    with pytest.raises(AssertionError):
        papers.paper_proposes(stage, "维修单")
    acting.takes(stage, "客服", "小李", "改单", [["字段", "值"], ["故障", "渗水"]])
    papers.paper_proposes(stage, "维修单")
    papers.on_paper(stage, "维修单", "故障", "漏水")
    with pytest.raises(AssertionError, match="漏水"):
        papers.on_paper(stage, "维修单", "故障", "渗水")


def test_a_void_one(stage: Stage):
    acting.takes(stage, "客服", "小李", "派工")
    acting.takes(stage, "客服", "小李", "废单")
    papers.paper_is(stage, "维修单", "作废")
