"""Papers: a step moves them and is refused when they are not where it needs them; who signs; numbers; revisions."""

from __future__ import annotations

from lifecycle.core.events import Json, Personal
from tests.unit.core.controls import Told, given, opened, small, taken

SLIP = """
fields:
  fault: {is: text}
  phone: {is: phone, pii: true, scope: case}
  price: {is: money}
  needs_chief: {is: boolean}
papers:
  slip:
    zh: "维修单"
    number: "WX-{year}-{serial:04}"
    fields: [fault, price, phone]
    stages:
      issued: {holder: expert}
      checked: {optional: true}
      signed: {signed_by: [buyer, {role: chief, when: "data.needs_chief == true"}], rules: [R-1]}
      returned: {holder: clerk}
machines:
  job:
    start: open
    states:
      open:
        steps:
          sent: {by: expert, form: [fault, price, phone], papers: {slip: issued}}
          checked: {by: expert, papers: {slip: checked}}
          valued: {by: clerk, form: [price, needs_chief]}
          signed: {by: [buyer, chief, expert], with: expert, papers: {slip: signed}}
          returned: {by: expert, papers: {slip: returned}}
          dropped: {by: clerk, papers: {slip: void}}
          tidied: {by: clerk, papers: {"slip?": void}}
          asked: {by: clerk, papers: {slip: {to: signed, when: "data.price != null && data.price > 100"}}}
          closed: {by: clerk, to: {"paper.slip.stage == 'returned'": done, otherwise: open}}
      done: {final: done}
"""


def slip(told: Told) -> dict[str, Json]:
    return dict(told.one("job/1").papers["slip"])


def issued(*acts: object) -> Told:
    return given(small(SLIP), opened(), taken("sent", "expert:wang", fault="door"), *acts)  # type: ignore[arg-type]


def test_issuing_draws_the_next_number_of_the_register_and_gives_the_paper_to_its_holder():
    came = given(small(SLIP), opened()).when(taken("sent", "expert:wang", fault="door"))
    told = came.then("job.sent")
    assert came.changes["papers"] == [
        {
            "paper": "slip",
            "is": "issued",
            "of": "job/1",
            "stage": "issued",
            "holder": "expert",
            "number": "WX-2026-0001",
            "series": "small/slip/2026",
        }
    ]
    [numbered] = came.aside
    assert (numbered.type, numbered.case) == ("register.numbered", "M-1")
    assert numbered.changes["register"] == {
        "series": "small/slip/2026", "paper": "slip", "serial": 1, "number": "WX-2026-0001",
    }  # fmt: skip
    assert slip(told)["stage"] == "issued"


def test_what_is_not_at_the_stage_before_is_refused_in_words_of_the_paper():
    before = given(small(SLIP), opened())
    [reason] = before.when(taken("signed", "buyer+expert:wang")).then_refused("paper-not-issued", rules=["R-1"])
    assert reason.values["paper"] == {"zh": "维修单"}
    assert reason.required == "signed"
    [reason] = issued().when(taken("returned", "expert:wang")).then_refused("paper-out-of-order")
    assert (reason.actual, reason.values["wanted"], reason.values["number"]) == ("issued", ["signed"], " WX-2026-0001")
    issued().when(taken("sent", "expert:wang")).then_refused("paper-past")


def test_all_reasons_of_a_step_come_together():
    told = given(small(SLIP), opened())
    told.when(taken("returned", "clerk:li", nonsense="x")).then_refused(
        "wrong-role", "field-unknown", "paper-not-issued"
    )


def test_a_refused_step_draws_no_number():
    workflow = small(SLIP)
    told = given(workflow, opened())
    refused = told.when(taken("sent", "clerk:li"))
    assert refused.codes == ["wrong-role"]
    told = refused.told.when(taken("sent", "expert:wang")).then("job.sent")
    assert slip(told)["number"] == "WX-2026-0001"


def test_an_optional_stage_may_be_left_out_or_taken_but_not_after_the_next_one():
    assert slip(issued(taken("checked", "expert:wang")))["stage"] == "checked"
    told = issued(taken("signed", "buyer+expert:wang"))
    assert slip(told)["stage"] == "signed"
    told.when(taken("checked", "expert:wang")).then_refused("paper-past")


def test_a_signature_says_whose_it_is_and_who_recorded_it():
    came = issued().when(taken("signed", "buyer+expert:wang"))
    [entry] = came.changes["papers"]
    assert entry["signed"] == [{"role": "buyer", "with": {"expert": "wang"}}]
    assert entry["signers"] == ["buyer"]
    assert entry["stage"] == "signed"


def test_who_is_none_of_the_signers_cannot_bring_it_there():
    [reason] = issued().when(taken("signed", "expert:wang")).then_refused("paper-not-signer")
    assert (reason.actual, reason.required) == ("expert", ["buyer", "chief"])


def test_who_cannot_sign_is_told_so_together_with_where_the_paper_is():
    before = given(small(SLIP), opened())
    before.when(taken("signed", "expert:wang")).then_refused("paper-not-issued", "paper-not-signer")


def test_two_signers_sign_in_any_order_and_the_stage_is_reached_with_the_last():
    for first, second in (("buyer+expert:wang", "chief:wu"), ("chief:wu", "buyer+expert:wang")):
        told = issued(taken("valued", price="900.00 CNY", needs_chief=True))
        came = told.when(taken("signed", first))
        assert [entry["is"] for entry in came.changes["papers"]] == ["signed"]
        assert slip(came.told)["stage"] == "issued"
        came.told.when(taken("signed", first)).then_refused("paper-signed-already")
        came.told.when(taken("returned", "expert:wang")).then_refused("paper-out-of-order")
        came = came.told.when(taken("signed", second))
        assert slip(came.told)["stage"] == "signed"
        assert came.changes["papers"][0]["signers"] == ["buyer", "chief"]
        assert [one["role"] for one in slip(came.told)["signed"]] == [first[:5], second[:5]]


def test_who_must_sign_is_asked_again_until_the_last_has_signed_and_then_never_more():
    told = issued(
        taken("valued", needs_chief=True), taken("signed", "buyer+expert:wang"), taken("valued", needs_chief=False)
    )
    came = told.when(taken("signed", "buyer+expert:wang"))
    assert came.changes["papers"][0]["stage"] == "signed", "nobody else has to sign any more"
    told = issued(taken("signed", "buyer+expert:wang"), taken("valued", needs_chief=True))
    told.when(taken("returned", "expert:wang")).then("job.returned")


def test_what_stands_on_the_paper_is_frozen_with_its_last_signature():
    told = issued(
        taken("valued", price="120.00 CNY"), taken("signed", "buyer+expert:wang"), taken("valued", price="999.00 CNY")
    )
    assert slip(told)["values"] == {"fault": "door", "price": "120.00 CNY"}
    assert told.data()["price"] == "999.00 CNY"


def test_personal_values_stand_on_the_paper_sealed():
    told = given(
        small(SLIP), opened(), taken("sent", "expert:wang", phone="13800138000"), taken("signed", "buyer+expert:wang")
    )
    assert slip(told)["values"]["phone"] == Personal("13800138000")


def test_a_void_paper_counts_no_more_and_the_next_one_gets_the_next_number():
    came = issued().when(taken("dropped"))
    assert came.aside[0].type == "register.voided"
    assert came.aside[0].changes["register"]["number"] == "WX-2026-0001"
    came.told.when(taken("dropped")).then_refused("paper-none")
    came.told.when(taken("signed", "buyer+expert:wang")).then_refused("paper-not-issued")
    told = came.told.when(taken("sent", "expert:wang")).then("job.sent")
    assert slip(told)["number"] == "WX-2026-0002"
    assert [(old["number"], old["stage"]) for old in slip(told)["before"]] == [("WX-2026-0001", "void")]


def test_only_if_issued_does_nothing_without_a_paper():
    came = given(small(SLIP), opened()).when(taken("tidied"))
    came.then("job.tidied")
    assert "papers" not in came.changes
    assert slip(issued().when(taken("tidied")).then("job.tidied"))["stage"] == "void"


def test_a_finished_paper_may_be_followed_by_a_new_one():
    told = issued(taken("signed", "buyer+expert:wang"), taken("returned", "expert:wang"), taken("sent", "expert:wang"))
    assert (slip(told)["number"], slip(told)["stage"], slip(told)["signed"]) == ("WX-2026-0002", "issued", [])


def test_a_condition_of_the_move_makes_it_guard_only_where_it_holds():
    issued().when(taken("asked")).then("job.asked")
    issued(taken("valued", price="900.00 CNY")).when(taken("asked")).then_refused("paper-not-signer")


def test_the_choice_of_the_next_state_sees_where_the_paper_is():
    assert issued(taken("closed")).state() == "open"
    told = issued(taken("signed", "buyer+expert:wang"), taken("returned", "expert:wang"), taken("closed"))
    assert told.state() == "done"


def test_the_list_of_steps_says_the_same_reasons():
    offers = given(small(SLIP), opened()).offers()
    assert [reason.code for reason in offers["job/1.signed"].reasons] == ["paper-not-issued"]
    assert offers["job/1.sent"].allowed
    assert [reason.code for reason in issued().offers()["job/1.sent"].reasons] == ["paper-past"]
    assert issued().offers("buyer+expert:wang")["job/1.signed"].allowed


ORDER = """
fields:
  ceiling: {is: money, scope: case}
  extra: {is: integer}
papers:
  order:
    of: case
    number: "SG-{serial:03}"
    fields: [ceiling]
    stages:
      drafted: {}
      signed: {signed_by: [buyer, expert]}
cases:
  matter:
    machines: [job, more]
    opens: {opened: {by: clerk, form: [ceiling], start: job, papers: {order: drafted}}}
machines:
  job:
    start: open
    states:
      open:
        steps:
          signed: {by: buyer, with: expert, papers: {order: {to: signed, sign: [buyer, expert]}}}
          proposed: {by: clerk, form: [ceiling!], papers: {order: {to: drafted, revise: true}}}
          declined: {by: buyer, with: expert, papers: {order: decline}}
          done: {by: expert, require: {agreed: {that: "paper.order.ceiling != null", else: {zh: "未签"}}}, to: done}
          more: {by: clerk, start: more}
      done: {final: done}
  more:
    many: true
    start: open
    states:
      open:
        steps:
          spent:
            by: expert
            form: [extra!]
            require:
              within:
                that: "paper.order.ceiling != null && data.extra <= paper.order.ceiling"
                else: {zh: "超限"}
            to: done
          agreed: {by: buyer, with: expert, papers: {order: {to: signed, sign: [buyer, expert]}}}
      done: {final: done}
"""


def ordered(*acts: object) -> Told:
    return given(small(ORDER), opened(ceiling="100.00 CNY"), *acts)  # type: ignore[arg-type]


def test_an_opening_issues_a_paper_of_the_case():
    told = ordered()
    assert told.case.papers["order"]["number"] == "SG-001"
    assert told.case.papers["order"]["stage"] == "drafted"


def test_nothing_is_in_force_before_it_is_signed():
    told = ordered()
    told.when(taken("done", "expert:wang")).then_refused("guard")
    told = told.when(taken("signed", "buyer+expert:wang")).then("job.signed")
    told.when(taken("done", "expert:wang")).then("job.done")


def test_those_named_sign_by_one_step_if_they_act_in_it():
    came = ordered().when(taken("signed", "buyer+expert:wang"))
    assert came.changes["papers"][0]["signed"] == [
        {"role": "buyer", "with": {"expert": "wang"}},
        {"role": "expert", "person": "wang"},
    ]


def test_a_revision_binds_only_when_it_is_signed():
    told = ordered(taken("signed", "buyer+expert:wang"), taken("more"), taken("proposed", ceiling="500.00 CNY"))
    paper = told.case.papers["order"]
    assert (paper["revision"], paper["force"], paper["stage"], paper["number"]) == (2, 1, "drafted", "SG-001")
    assert paper["values"] == {"ceiling": "100.00 CNY"}
    told.when(taken("spent", "expert:wang", extra=30000)).then_refused("guard")
    told = told.when(taken("more/1.agreed", "buyer+expert:wang")).then("more.agreed")
    assert told.case.papers["order"]["values"] == {"ceiling": "500.00 CNY"}
    told.when(taken("spent", "expert:wang", extra=30000)).then("more.spent")


def test_a_second_proposal_takes_the_open_one_back_without_its_signatures():
    text = ORDER.replace("sign: [buyer, expert]", "sign: [buyer]")
    told = given(small(text), opened(ceiling="100.00 CNY"), taken("signed", "buyer+expert:wang"))
    assert [one["role"] for one in told.case.papers["order"]["signed"]] == ["buyer"]
    told = told.when(taken("proposed", ceiling="200.00 CNY")).then("job.proposed")
    paper = told.case.papers["order"]
    assert (paper["revision"], paper["force"], paper["signed"], paper["stage"]) == (1, 0, [], "drafted")


def test_declining_leaves_what_was_in_force_as_it_was():
    before = ordered(taken("signed", "buyer+expert:wang"))
    told = before.when(taken("proposed", ceiling="500.00 CNY")).then("job.proposed")
    told = told.when(taken("declined", "buyer+expert:wang")).then("job.declined")
    assert told.case.papers == before.case.papers
    told.when(taken("declined", "buyer+expert:wang")).then_refused("paper-nothing-proposed")


def test_declining_a_first_revision_that_nobody_signed_makes_the_paper_void():
    told = ordered(taken("declined", "buyer+expert:wang"))
    assert told.case.papers["order"]["stage"] == "void"


def test_expressions_see_what_is_in_force_and_what_is_proposed():
    text = ORDER.replace(
        'that: "paper.order.ceiling != null"',
        'that: "paper.order.revision == 1 && paper.order.proposed.revision == 2 && paper.order.ceiling != null'
        " && paper.order.proposed.ceiling != null && paper.order.proposed.ceiling > paper.order.ceiling"
        " && paper.order.number == 'SG-001' && paper.order.stage == 'drafted'\"",
    )
    told = given(small(text), opened(ceiling="100.00 CNY"), taken("signed", "buyer+expert:wang"))
    told.when(taken("done", "expert:wang")).then_refused("guard")
    told = told.when(taken("proposed", ceiling="500.00 CNY")).then("job.proposed")
    told.when(taken("done", "expert:wang")).then("job.done")


def test_what_entering_a_state_does_to_a_paper_is_told_with_everything_else():
    text = """
    fields: {cost: {is: integer}}
    papers: {slip: {stages: {issued: {}, filed: {}}}}
    machines:
      job:
        start: open
        states:
          open:
            exit: {papers: {"slip?": issued}}
            steps:
              sent: {by: clerk, papers: {slip: issued}}
              left: {by: clerk, form: [cost!], to: out}
          out:
            enter: {papers: {slip: filed}}
            steps: {ended: {by: clerk, to: done}}
          done: {final: done}
    """
    told = given(small(text), opened())
    told.when(taken("left")).then_refused("field-missing", "paper-not-issued")
    assert [reason.code for reason in told.offers()["job/1.left"].reasons] == ["paper-not-issued"]
    told = told.when(taken("sent")).then("job.sent")
    assert [reason.code for reason in told.offers()["job/1.left"].reasons] == ["paper-past"], "the exit issues it again"
