"""From a paper of a case to what stands on its slip."""

from __future__ import annotations

from typing import Any

from lifecycle.core.case import Printable, printable
from lifecycle.core.events import Personal
from lifecycle.papers.slip import Slip, Told, slip_of
from lifecycle.texts import say
from tests.unit.core.controls import Told as Case
from tests.unit.core.controls import given, opened, small, taken

SLIPS = """
zh: "服务部"
en: "Service"
fields:
  caller: {is: text, scope: case, pii: true, zh: "报修人", en: "Caller"}
  born: {is: date, scope: case, pii: true, zh: "生日", en: "Born"}
  price: {is: money, currency: CNY, zh: "费用", en: "Price"}
  story: {is: text, zh: "经过", en: "Story"}
  urgent: {is: boolean, zh: "加急", en: "Urgent"}
  part: {is: text, zh: "配件", en: "Part"}
  cost: {is: money, currency: CNY, zh: "单价", en: "Cost"}
  parts: {is: list, of: [part!, cost], zh: "配件表", en: "Parts"}
  remarks: {is: list, of: text, zh: "备注", en: "Remarks"}
papers:
  slip:
    zh: "维修单"
    en: "Repair slip"
    number: "WX-{serial:03}"
    fields: [caller, born, price, story, urgent, parts, remarks]
    stages:
      issued: {zh: "已开单", en: "Issued", holder: expert}
      signed:
        zh: "已签字"
        en: "Signed"
        signed_by: [buyer, {role: chief, when: "data.price != null && data.price > 50000"}]
machines:
  job:
    start: open
    states:
      open:
        steps:
          sent: {by: expert, form: [caller, born, price, story, urgent, parts, remarks], papers: {slip: issued}}
          signed: {by: [buyer, chief], with: expert, papers: {slip: signed}}
          valued: {by: clerk, form: [price]}
          revised: {by: clerk, form: [price], papers: {slip: {to: issued, revise: true}}}
          dropped: {by: clerk, papers: {slip: void}}
"""


def job(*acts: Any, **form: Any) -> Case:
    return given(small(SLIPS), opened(), taken("sent", "expert:wang", **form), *acts)


def found(told: Case) -> Printable:
    answer = printable(told.workflow, told.case, "slip", told.now, told.facts)
    assert isinstance(answer, Printable)
    return answer


def slip(told: Case, lang: str = "zh", **opened: Any) -> Slip:
    what = found(told)
    clear = {name: value.value if isinstance(value, Personal) else value for name, value in what.values.items()}

    def words(key: str, **values: object) -> str:
        return say(key, lang, values, section="terminal")

    return slip_of(told.workflow, told.case, what, {**clear, **opened}, lang=lang, at=told.now, words=words)


def test_values_are_written_as_forms_write_them():
    made = slip(job(caller="王芳", price="680.00 CNY", urgent=True, story="漏水"))
    assert dict(made.short) == {"报修人": "王芳", "生日": "", "费用": "¥680.00", "经过": "漏水", "加急": "是"}
    assert dict(slip(job(price="680.00 CNY"), "en").short)["Price"] == "680.00 CNY"
    assert (made.number, made.code, made.title, made.subtitle) == ("WX-001", "WX-001", "维修单", "Repair slip")


def test_long_texts_have_a_line_of_their_own():
    story = "客厅吊灯不亮，换灯泡后仍不亮，开关有焦糊味"
    made = slip(job(story=story))
    assert made.long == (("经过", story),)
    assert "经过" not in dict(made.short)


def test_lists_are_tables():
    made = slip(job(parts=[{"part": "电源", "cost": "120.00 CNY"}, {"part": "端子"}], remarks=["先打电话"]))
    assert [(table.label, table.columns, table.rows) for table in made.tables] == [
        ("配件表", ("配件", "单价"), (("电源", "¥120.00"), ("端子", ""))),
        ("备注", (), (("先打电话",),)),
    ]


def test_lines_to_sign_on_are_those_that_are_needed_now():
    assert [one.label for one in slip(job(price="20.00 CNY")).signatures] == ["buyer签字"]
    assert [one.label for one in slip(job(price="680.00 CNY")).signatures] == ["buyer签字", "chief签字"]


def test_a_signature_says_who_and_when_and_who_recorded_it():
    told = job(taken("signed", "buyer+expert:wang"), taken("signed", "chief:wu"), price="680.00 CNY")
    signed = [one.signed for one in slip(told).signatures]
    assert signed == ["已签　2026-03-02 09:02　（wang 登记）", "wu　2026-03-02 09:03"]


def test_what_was_signed_is_printed_and_not_what_the_data_became():
    told = job(taken("signed", "buyer+expert:wang"), taken("valued", price="999.00 CNY"), price="20.00 CNY")
    assert dict(slip(told).short)["费用"] == "¥20.00"


def test_an_open_revision_is_printed_as_a_proposal():
    told = job(taken("signed", "buyer+expert:wang"), taken("revised", price="400.00 CNY"), price="20.00 CNY")
    made = slip(told)
    assert dict(made.short)["费用"] == "¥400.00"
    assert made.marks == ("待签修订，尚未生效",)
    assert ("版次", "2") in made.head


def test_a_void_paper_is_marked():
    made = slip(job(taken("dropped")))
    assert made.void
    assert made.marks == ("作废",)


def test_the_head_tells_case_stage_and_holder():
    made = slip(job())
    assert dict(made.head) == {"案件号": "M-1", "开具时间": "2026-03-02 09:01", "状态": "已开单", "持有": "expert"}
    assert made.page == ("第 ", " 页 / 共 ", " 页")
    assert made.foot == "打印时间 2026-03-02 09:02"


def test_what_was_erased_is_said_in_its_place_whatever_its_type():
    made = slip(job(caller="王芳", born="1990-01-01"), caller=Told("（已抹除）"), born=Told("（已抹除）"))
    assert dict(made.short)["报修人"] == "（已抹除）"
    assert dict(made.short)["生日"] == "（已抹除）"
