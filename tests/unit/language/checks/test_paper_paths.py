"""Papers over every way through a machine: short at an end, out of order, never reached, never signed, never agreeing."""

from __future__ import annotations

from textwrap import dedent, indent

from tests.unit.language.checks.marks import MARK, problems_of

HEAD = """
workflow: slips
version: 1
zh: "单"
en: "Slips"
fields:
  late: {is: boolean, zh: "迟", en: "Late"}
  model: {is: text, zh: "型", en: "Model"}
  name: {is: text, pii: true, zh: "名", en: "Name"}
roles:
  office: {zh: "客", en: "Office"}
  chief: {zh: "主", en: "Chief"}
  buyer: {party: true, zh: "买", en: "Buyer"}
papers:
  slip:
    zh: "单"
    en: "Slip"
    fields: [model]
    stages:
      issued: {zh: "开", en: "Issued"}
      signed: {zh: "签", en: "Signed", signed_by: [buyer]}
      filed: {zh: "存", en: "Filed"}
cases:
  matter:
    zh: "案"
    en: "Matter"
    machines: [job]
    opens: {opened: {zh: "开", en: "Opened", by: office, form: [model, late, name], start: job}}
machines:
  job:
    zh: "工"
    en: "Job"
    start: new
    states:
"""
TAIL = """
done: {zh: "完", en: "Done", final: done}
"""


def steps(text: str) -> str:
    """Return steps, one a line, "name: ...", with their titles and the indent that a state gives them."""
    return "".join(
        f"          {line.replace(': {', ': {zh: 步, en: Step, ', 1)}\n" for line in text.strip().splitlines()
    )


def expect(codes: list[str], states: dict[str, str], *changes: tuple[str, str], level: str = "error") -> None:
    """Expect problems of a machine of these states, name -> steps; at the marks, all of one level."""
    body = "".join(
        f'      {name}:\n        zh: "态"\n        en: "State"\n        steps:\n{steps(text)}'
        for name, text in states.items()
    )
    written = dedent(HEAD).lstrip("\n") + body + indent(TAIL.strip() + "\n", "      ")
    for old, new in changes:
        assert written.count(old) == 1, old
        written = written.replace(old, new)
    marks = []
    lines = []
    for number, line in enumerate(written.split("\n"), start=1):
        pieces = line.split(MARK)
        marks.extend((number, sum(map(len, pieces[: n + 1])) + 1) for n in range(len(pieces) - 1))
        lines.append("".join(pieces))
    found = problems_of("\n".join(lines))
    told = [(p.where.line, p.where.column, p.code) for p in found if p.code != "never-used"]
    assert told == [(*place, code) for place, code in zip(marks, codes, strict=True)], told
    assert {p.level for p in found if p.code in codes} <= {level}


WHOLE = {
    "new": "issued: {by: office, papers: {slip: issued}, to: out}",
    "out": "signed: {by: buyer, with: office, papers: {slip: signed}, to: back}",
    "back": "filed: {by: office, papers: {slip: filed}, to: done}",
}


def test_a_way_on_which_the_paper_goes_through_all_its_stages_is_clean():
    expect([], WHOLE)


def test_a_way_that_ends_before_the_last_stage_is_found_at_the_step_that_ends_it():
    short = "signed: {by: buyer, with: office, papers: {slip: signed}, to: back}\n¦lost: {by: office, to: done}"
    expect(["paper-unfinished"], {**WHOLE, "out": short})


def test_a_void_paper_or_one_never_issued_leaves_nothing_undone():
    voided = WHOLE["out"] + "\nlost: {by: office, papers: {slip: void}, to: done}"
    none = WHOLE["new"] + "\nnot_needed: {by: office, to: done}"
    expect([], {**WHOLE, "new": none, "out": voided})


def test_optional_stages_may_be_wanting_at_the_end():
    short = WHOLE["out"].replace("to: back", "to: done") + "\nwaited: {by: office, to: back}"
    filed = "filed: {by: office, papers: {slip: filed}, to: done}\nsigned_later: {by: buyer, with: office, papers: {slip: signed}}"
    optional = ('filed: {zh: "存", en: "Filed"}', 'filed: {zh: "存", en: "Filed", optional: true}')
    expect([], {**WHOLE, "out": short, "back": filed}, optional)


def test_a_condition_on_where_the_paper_is_is_decided():
    perhaps = "issued: {by: office, papers: {slip: issued}, to: out}\nskipped: {by: office, to: out}"
    guarded = (
        "signed: {by: buyer, with: office, papers: {slip: signed}, to: back}\n"
        "ended: {by: office, when: \"paper.slip.stage == null || paper.slip.stage == 'void'\", to: done}\n"
        'dropped: {by: office, papers: {"slip?": void}}'
    )
    expect([], {**WHOLE, "new": perhaps, "out": guarded})
    chosen = "went_on: {by: office, to: {\"paper.slip.stage == 'issued'\": here, otherwise: done}}"
    here = "signed: {by: buyer, with: office, papers: {slip: signed}, to: back}"
    expect([], {"new": perhaps, "out": chosen, "here": here, "back": WHOLE["back"]})


def test_what_depends_on_other_data_is_a_warning():
    perhaps = '¦filed: {by: office, papers: {slip: {to: filed, when: "data.late == true"}}, to: done}'
    expect(["paper-unfinished"], {**WHOLE, "back": perhaps}, level="warning")


def test_a_move_to_where_the_paper_cannot_come_from_is_found():
    swapped = {
        "new": "issued: {by: office, papers: {slip: issued}, to: out}",
        "out": "filed: {by: office, papers: {¦slip: filed}, to: back}\nwent: {by: office, to: back}",
        "back": "signed: {by: buyer, with: office, papers: {slip: signed}, to: last}",
        "last": "¦ended: {by: office, to: done}",
    }
    expect(["paper-out-of-order", "paper-unfinished"], swapped)


def test_a_second_round_that_the_paper_does_not_allow_is_found():
    again = WHOLE["out"] + "\nvisited_again: {by: office, to: new}"
    expect(["paper-out-of-order"], {**WHOLE, "new": WHOLE["new"].replace("slip:", "¦slip:"), "out": again})
    voided = WHOLE["out"] + "\nvisited_again: {by: office, papers: {slip: void}, to: new}"
    expect([], {**WHOLE, "out": voided})


def test_several_signers_are_all_waited_for():
    both = ("signed_by: [buyer]", "signed_by: [buyer, chief]")
    waiting = (
        "signed: {by: [buyer, chief], with: office, papers: {slip: signed},"
        " to: {\"paper.slip.stage == 'signed'\": back, otherwise: out}}"
    )
    expect([], {**WHOLE, "out": waiting}, both)


def test_one_signature_of_two_leaves_no_way_to_the_end():
    both = ("signed_by: [buyer]", "signed_by: [buyer, chief]")
    early = "signed: {by: [buyer, chief], with: office, papers: {slip: signed}, to: back}"
    expect(["paper-out-of-order"], {**WHOLE, "out": early, "back": WHOLE["back"].replace("slip:", "¦slip:")}, both)


def test_a_revision_that_may_stay_open_is_found():
    revised = "filed: {by: office, papers: {slip: filed}, to: last}"
    last = "revised: {by: office, papers: {slip: {to: issued, revise: true}}}\n¦ended: {by: office, to: done}"
    expect(["paper-unfinished"], {**WHOLE, "back": revised, "last": last})
    closed = last.replace("¦ended: {by: office,", "ended: {by: office, when: \"paper.slip.stage == 'filed'\",")
    whole = closed + "\ndeclined: {by: office, papers: {slip: decline}}"
    expect([], {**WHOLE, "back": revised, "last": whole})


def test_stages_that_nothing_reaches_and_signers_that_cannot_sign():
    stage = ('      filed: {zh: "存", en: "Filed"}', '      ¦filed: {zh: "存", en: "Filed"}')
    expect(["stage-unreached"], {**WHOLE, "back": "ended: {by: office, to: done}"}, stage)
    expect(["signer-never-signs"], WHOLE, ("signed_by: [buyer]", "signed_by: [buyer, ¦chief]"))


def test_a_field_that_nothing_fills_is_found():
    field = ("  name: {is: text", '  stamp: {is: text, zh: "章", en: "Stamp"}\n  name: {is: text')
    expect(["paper-field-never-set"], WHOLE, field, ("fields: [model]", "fields: [model, ¦stamp]"), level="warning")


RECEIPT = (
    "papers:\n",
    'papers:\n  receipt: {zh: "据", en: "Receipt", fields: [name], stages: {given: {zh: "给", en: "Given"}}}\n',
)


def reconciling(body: str) -> dict[str, str]:
    back = WHOLE["back"].replace("papers:", "require: {agree: {reconcile: " + body + "}}, papers:")
    return {**WHOLE, "back": back, "new": WHOLE["new"].replace("slip: issued", "slip: issued, receipt: given")}


def test_what_can_agree_is_clean():
    expect([], reconciling('{papers: {slip: signed, "receipt?": given}}'), RECEIPT)


def test_papers_that_never_come_there_never_agree():
    expect(["reconcile-never"], reconciling("{papers: {slip: signed, ¦receipt: void}}"), RECEIPT)


def test_fields_need_something_to_agree_with():
    expect(["reconcile-alone"], reconciling("{papers: {slip: signed, receipt: given}, same: [¦model]}"), RECEIPT)
    expect(["reconcile-alone"], reconciling("{equal: [¦model]}"), RECEIPT)


def test_personal_fields_are_not_compared():
    expect(["personal-read"], reconciling("{equal: [model, ¦name]}"), RECEIPT)


def test_names_in_a_reconciliation_are_declared():
    expect(["unknown-paper"], reconciling("{papers: {slip: signed, ¦reciept: given}}"), RECEIPT)
    expect(["unknown-stage"], reconciling("{papers: {slip: ¦sined, receipt: given}}"), RECEIPT)
    expect(["unknown-field"], reconciling("{equal: [model, ¦modle]}"), RECEIPT)


def test_the_steps_of_an_ordered_state_move_the_paper_in_their_order():
    ordered = {
        "new": "issued: {by: office, papers: {slip: issued}}\nsigned: {by: buyer, with: office, papers: {slip: signed}}\n"
        "filed: {by: office, papers: {slip: filed}}"
    }
    complete = (
        '      new:\n        zh: "态"',
        '      new:\n        order: [issued, signed, filed]\n        complete: {to: done}\n        zh: "态"',
    )
    expect([], ordered, complete)
    short = {"new": ordered["new"].rpartition("\n")[0] + "\nfiled: {by: office, optional: true, papers: {slip: filed}}"}
    marked = (complete[0], complete[1].replace("{to: done}", "¦{to: done}"))
    expect(["paper-unfinished"], short, marked)


def test_entering_a_state_may_move_a_paper():
    entered = {**WHOLE, "back": "ended: {by: office, to: done}"}
    enter = ('      back:\n        zh: "态"', '      back:\n        enter: {papers: {slip: filed}}\n        zh: "态"')
    expect([], entered, enter)


def test_a_paper_of_the_case_begins_with_its_opening():
    case = ("    fields: [model]\n", "    of: case\n    fields: [model]\n")
    opening = ("start: job}", "start: job, papers: {slip: issued}}")
    expect([], {"new": WHOLE["out"], "back": WHOLE["back"]}, case, opening)
    short = {"new": WHOLE["out"] + "\n¦lost: {by: office, to: done}", "back": WHOLE["back"]}
    expect(["paper-unfinished"], short, case, opening)
