"""Papers and values that must agree before a step: each that does not is a reason of its own."""

from __future__ import annotations

from tests.unit.core.controls import Told, given, opened, small, taken

TAKEBACK = """
fields:
  model: {is: text}
  collected: {is: integer}
  returned: {is: integer}
papers:
  voucher:
    zh: "服务凭证"
    number: "FW-{serial:03}"
    fields: [model]
    stages: {drawn: {}, signed: {signed_by: buyer}, filed: {}}
    rules: [R-1]
  receipt: {zh: "收据", fields: [model], stages: {issued: {}}}
  entry: {zh: "进出登记", of: case, stages: {taken_in: {}, given_out: {}}}
machines:
  job:
    start: open
    states:
      open:
        steps:
          drew: {by: clerk, form: [model], papers: {voucher: drawn}}
          renamed: {by: clerk, form: [model!]}
          signed: {by: buyer, with: clerk, papers: {voucher: signed}}
          filed: {by: clerk, papers: {voucher: filed}}
          receipted: {by: clerk, form: [model], papers: {receipt: issued}}
          void: {by: clerk, papers: {receipt: void}}
          came: {by: clerk, papers: {entry: taken_in}}
          went: {by: clerk, papers: {entry: given_out}}
          counted: {by: clerk, form: [collected, returned]}
          closed:
            by: [clerk, chief]
            form: [returned]
            require:
              papers_in:
                reconcile:
                  papers: {voucher: signed, "receipt?": void, "entry?": given_out}
                  same: [model]
                  equal: [collected, returned]
                override: {by: chief, reason: true}
                rules: [R-9]
            to: done
      done: {final: done}
""".replace("void: {by", "voided: {by")


def office(*acts: object) -> Told:
    return given(small(TAKEBACK), opened(), *acts)  # type: ignore[arg-type]


def test_every_paper_that_is_not_where_it_must_be_is_a_reason():
    told = office(taken("receipted"), taken("came"), taken("counted", collected=2, returned=2))
    reasons = told.when(taken("closed")).then_refused("reconcile-no-paper", "reconcile-paper", "reconcile-paper")
    assert [(reason.actual, reason.required) for reason in reasons] == [
        (None, "signed"), ("issued", "void"), ("taken_in", "given_out"),
    ]  # fmt: skip
    assert reasons[0].rules == ("R-9", "R-1")


def test_a_paper_past_its_stage_is_there_and_one_never_issued_is_not_asked_for():
    acts = [taken("drew"), taken("signed", "buyer+clerk:li"), taken("filed"), taken("counted", collected=2, returned=2)]
    office(*acts).when(taken("closed")).then("job.closed")


def test_what_the_papers_say_must_be_the_same():
    told = office(
        taken("drew", model="A"), taken("signed", "buyer+clerk:li"), taken("receipted", model="B"),
        taken("counted", collected=1, returned=1),
    )  # fmt: skip
    [receipt, model] = told.when(taken("closed")).then_refused("reconcile-paper", "reconcile-differs")
    assert receipt.required == "void"
    assert model.actual == {"voucher": "A", "receipt": "B"}


def test_counts_must_be_equal_and_one_that_was_not_made_does_not_agree():
    acts = [taken("drew"), taken("signed", "buyer+clerk:li")]
    told = office(*acts, taken("counted", collected=3, returned=2))
    [reason] = told.when(taken("closed")).then_refused("reconcile-unequal")
    assert reason.actual == {"collected": 3, "returned": 2}
    told.when(taken("closed", returned=3)).then("job.closed")
    office(*acts).when(taken("closed")).then_refused("reconcile-unequal")


def test_who_may_goes_on_with_a_written_reason():
    told = office(taken("counted", collected=1, returned=1))
    told.when(taken("closed", reasons={"papers_in": "lost"})).then_refused("reconcile-no-paper")
    told.when(taken("closed", "chief:wu")).then_refused("reconcile-no-paper", "guard-overridable")
    came = told.when(taken("closed", "chief:wu", reasons={"papers_in": "lost"}))
    came.then("job.closed")
    assert [each["guard"] for each in came.changes["overrides"]] == ["papers_in"]


def test_the_list_of_steps_says_what_does_not_agree_yet():
    codes = [reason.code for reason in office().offers()["job/1.closed"].reasons]
    assert codes == ["reconcile-no-paper"], "the count is asked for by the form"
