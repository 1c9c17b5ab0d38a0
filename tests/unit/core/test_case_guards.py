"""Guards: refusing with words, going on with a reason, going on with a finding."""

from __future__ import annotations

from lifecycle.core.events import Personal
from tests.unit.core.controls import given, opened, small, taken

GUARDS = small("""
fields:
  cost: {is: integer}
  agreed: {is: boolean}
  note: {is: text}
  size: {is: integer}
  line_no: {is: text}
  count: {is: integer}
  lines: {is: list, of: [line_no!, count]}
  phone: {is: phone, pii: true}
rules: {X-1: {zh: "一", en: "One", source: "s"}, X-2: {zh: "二", en: "Two", source: "s"}}
guards:
  consent:
    that: "data.cost != null && (data.cost < 100 || data.agreed == true)"
    else: {zh: "须先同意", en: "Consent first"}
    rules: [X-1]
machines:
  job:
    start: new
    states:
      new:
        steps:
          priced: {by: clerk, form: [cost!, agreed, size], require: {consent: guards.consent}}
          counted:
            by: clerk
            form: [lines!]
            require:
              whole: {each: "=form.lines", that: "it.count != null && it.count > 0", else: {zh: "数量", en: "Count"}}
          sent:
            by: [clerk, expert]
            form: [cost!]
            require:
              cheap:
                that: "data.cost < 50"
                else: {zh: "太贵", en: "Too dear"}
                suggest: "=49"
                override: {by: [chief, expert], reason: true}
                rules: [X-2]
          kept:
            by: clerk
            form: [cost!]
            require: {cheap: {that: "data.cost < 50", else: {zh: "贵", en: "Dear"}, override: {by: self, reason: true}}}
          gone:
            by: clerk
            form: [cost!]
            require: {low: {that: "data.cost < 50", else: {zh: "高", en: "High"}, failing: mark, rules: [X-1]}}
          shared:
            by: clerk
            form: [cost!, size!]
            require: {even: {that: "100 / data.size > data.cost", else: {zh: "零", en: "Zero"}}}
          waved:
            by: clerk
            form: [cost!, size!]
            require:
              soft: {that: "100 / data.size > data.cost", else: {zh: "软", en: "Soft"}, failing: mark}
              own:
                that: "100 / data.size > data.cost"
                else: {zh: "己", en: "Own"}
                override: {by: self, reason: true}
          weekend:
            by: clerk
            form: [agreed, cost]
            require:
              rest: {when: "data.agreed == true", that: "data.cost != null", else: {zh: "休", en: "Rest"}}
          rang: {by: clerk, require: {known: {that: "data.phone != null", else: {zh: "号", en: "Number"}}}}
          called: {by: clerk, form: [phone!]}
          ended: {by: clerk, to: over}
          agreed:
            by: clerk
            form: [{agreed: {must: true, else: {zh: "须同意", en: "Agree first"}, rules: [X-1]}}]
          hoped:
            by: clerk
            form: [{agreed: {must: true, else: {zh: "未同意", en: "Not agreed"}, failing: mark}}]
          pressed:
            by: clerk
            form: [size!, {agreed: {must: true, else: {zh: "否", en: "No"}, override: {by: self, reason: true}}}]
      over: {final: done}
""")
OPEN = given(GUARDS, opened())
LASTING = small("""
cases: {matter: {machines: [job, rest], opens: {opened: {by: clerk, start: [job, rest]}}}}
machines:
  job:
    start: new
    states:
      new:
        steps:
          looked:
            by: clerk
            require: {early: {that: "done('rang')", else: {zh: "早", en: "Early"}, failing: mark, until: case}}
          rang: {by: clerk}
          ended: {by: clerk, to: over}
      over: {final: done}
  rest: {start: new, states: {new: {steps: {ended: {by: clerk, to: over}}}, over: {final: done}}}
""")


def test_a_guard_refuses_with_its_words_what_it_found_and_what_it_wanted() -> None:
    (reason,) = OPEN.when(taken("priced", cost=120)).then_refused("guard", rules=["X-1"])
    assert reason.text == {"zh": "须先同意", "en": "Consent first"}
    assert reason.actual == {"data.cost": 120, "data.agreed": None}
    assert reason.required == "data.cost != null && (data.cost < 100 || data.agreed == true)"
    OPEN.when(taken("priced", cost=120, agreed="yes")).then("job.priced")


def test_a_guard_that_reads_a_lacking_field_keeps_silent() -> None:
    OPEN.when(taken("priced")).then_refused("field-missing")
    OPEN.when(taken("priced", cost="much")).then_refused("field-wrong-type")


def test_a_guard_per_row_gives_one_reason_per_failing_row() -> None:
    rows = [{"line_no": "1", "count": 1}, {"line_no": "2"}, {"line_no": "3", "count": 0}]
    reasons = OPEN.when(taken("counted", lines=rows)).then_refused("guard", "guard")
    assert [reason.values["row"] for reason in reasons] == [2, 3]
    OPEN.when(taken("counted", lines=rows[:1])).then("job.counted")


def test_who_may_override_goes_on_with_a_written_reason_that_the_event_keeps() -> None:
    OPEN.when(taken("sent", "expert:ma", cost=60)).then_refused("guard-overridable", rules=["X-2"])
    OPEN.when(taken("sent", "expert:ma", cost=60, reasons={"cheap": "  "})).then_refused("guard-overridable")
    came = OPEN.when(taken("sent", "expert:ma", cost=60, reasons={"cheap": "old customer"}))
    came.then("job.sent")
    assert came.changes["overrides"] == [
        {"guard": "cheap", "reason": Personal("old customer"), "actual": {"data.cost": 60}, "rules": ["X-2"]}
    ]


def test_nobody_else_overrides_a_guard() -> None:
    (reason,) = OPEN.when(taken("sent", cost=60, reasons={"cheap": "please"})).then_refused("guard")
    assert reason.values["suggest"] == 49
    OPEN.when(taken("kept", cost=60, reasons={"cheap": "my own risk"})).then("job.kept")


def test_a_reason_for_a_guard_that_is_not_there_is_refused() -> None:
    OPEN.when(taken("sent", cost=10, reasons={"rich": "x"})).then_refused("reason-unknown")
    OPEN.when(taken("priced", cost=10, reasons={"consent": "x"})).then_refused("reason-unknown")


def test_a_soft_guard_goes_on_and_opens_a_finding_which_it_closes_when_it_holds() -> None:
    marked = OPEN.when(taken("gone", cost=60)).then("job.gone")
    assert marked.findings == ["low"]
    assert marked.case.findings["job/1:low"]["text"] == {"zh": "高", "en": "High"}
    assert marked.when(taken("gone", cost=10)).then("job.gone").findings == []


def test_a_finding_of_a_soft_guard_ends_with_the_instance() -> None:
    assert given(GUARDS, opened(), taken("gone", cost=60), taken("ended")).findings == []


def test_a_guard_that_errs_refuses() -> None:
    (reason,) = OPEN.when(taken("shared", cost=1, size=0)).then_refused("guard-failed")
    assert reason.values["failure"]
    OPEN.when(taken("shared", cost=1, size=1)).then("job.shared")


def test_a_guard_that_errs_is_neither_marked_nor_overridden() -> None:
    OPEN.when(taken("waved", cost=1, size=0, reasons={"own": "because"})).then_refused("guard-failed", "guard-failed")
    OPEN.when(taken("waved", cost=1, size=1)).then("job.waved")


def test_a_guard_applies_only_when_its_condition_says_so() -> None:
    OPEN.when(taken("weekend")).then("job.weekend")
    OPEN.when(taken("weekend", agreed="yes")).then_refused("guard")


def test_a_guard_sees_only_that_a_personal_value_is_there() -> None:
    (reason,) = OPEN.when(taken("rang")).then_refused("guard")
    assert reason.actual == {"data.phone": None}
    told = OPEN.when(taken("called", phone="13800000000")).then("job.called")
    told.when(taken("rang")).then("job.rang")


def test_the_reasons_of_every_family_are_told_at_once() -> None:
    OPEN.when(taken("sent", "chief:wu", cost=60, ago=-1)).then_refused(
        "occurred-in-future", "wrong-role", "guard-overridable"
    )


def test_a_finding_that_lasts_until_the_case_closes_outlives_its_instance() -> None:
    marked = given(LASTING, opened(), taken("job/1.looked"))
    assert marked.findings == ["early"]
    ended = marked.when(taken("job/1.ended")).then("job.ended")
    assert ended.findings == ["early"]
    assert given(LASTING, opened(), taken("job/1.looked"), taken("job/1.ended"), taken("rest/1.ended")).findings == []


def test_a_finding_that_lasts_until_the_case_closes_ends_when_its_guard_holds() -> None:
    again = given(LASTING, opened(), taken("job/1.looked"), taken("job/1.rang"), taken("job/1.looked"))
    assert again.findings == []


def test_a_value_that_is_laid_down_is_refused_in_its_own_words_also_when_it_is_lacking() -> None:
    for step in (taken("agreed", agreed="no"), taken("agreed")):
        (reason,) = OPEN.when(step).then_refused("guard")
        assert (reason.text, reason.rules) == ({"zh": "须同意", "en": "Agree first"}, ("X-1",))
    OPEN.when(taken("agreed", agreed="yes")).then("job.agreed")


def test_a_value_that_is_laid_down_softly_opens_a_finding_named_after_the_field() -> None:
    assert OPEN.when(taken("hoped")).then("job.hoped").findings == ["agreed"]
    assert OPEN.when(taken("hoped", agreed="yes")).then("job.hoped").findings == []


def test_a_value_that_is_laid_down_may_be_passed_over_with_a_reason_for_the_field() -> None:
    OPEN.when(taken("pressed", size=1, agreed="no")).then_refused("guard-overridable")
    OPEN.when(taken("pressed", size=1, agreed="no", reasons={"agreed": "urgent"})).then("job.pressed")
