"""Standing conditions: findings that open and close, and invariants that refuse whatever caused it."""

from __future__ import annotations

from tests.unit.core.controls import given, opened, small, taken

STANDING = small("""
fields:
  flat: {is: text, scope: case}
  fee: {is: integer}
  free: {is: boolean}
rules: {X-1: {zh: "一", en: "One", source: "s"}, X-2: {zh: "二", en: "Two", source: "s"}}
cases:
  matter:
    machines: [job]
    opens: {opened: {by: clerk, form: [flat], start: job}}
    expect:
      flat_known: {that: "case.flat != null", else: {zh: "缺房号", en: "No flat"}, owner: chief, rules: [X-1]}
machines:
  job:
    start: new
    expect:
      priced: {that: "data.fee != null", when: "data.free != true", else: {zh: "无价", en: "No price"}}
    states:
      new:
        expect:
          small: {that: "data.fee == null || data.fee < 50", else: {zh: "大", en: "Large"}, owner: clerk}
        steps:
          set: {by: clerk, form: [flat, fee, free]}
          waited: {by: clerk, to: waiting}
          ended: {by: clerk, to: over}
      waiting: {steps: {ended: {by: clerk, to: over}}}
      over: {final: done}
invariants:
  never_charged:
    machine: job
    that: "data.free != true || data.fee == null || data.fee == 0"
    else: {zh: "保内不收费", en: "Never a fee in warranty"}
    rules: [X-2]
  not_cellar:
    case: matter
    that: "case.flat != 'cellar'"
    else: {zh: "不是地下室", en: "Not the cellar"}
""")
OPEN = given(STANDING, opened())


def test_what_is_expected_and_not_so_opens_a_finding_and_closes_it_when_it_is() -> None:
    assert OPEN.findings == ["flat_known", "priced"]
    came = OPEN.when(taken("set", flat="A-1"))
    assert came.changes["findings"] == [{"id": "case:flat_known", "is": "closed"}]
    assert came.told.findings == ["priced"]


def test_a_finding_says_its_words_owner_rules_and_since_when() -> None:
    assert OPEN.case.findings["case:flat_known"] == {
        "name": "flat_known",
        "instance": "",
        "text": {"zh": "缺房号", "en": "No flat"},
        "owner": "chief",
        "rules": ["X-1"],
        "expected": True,
        "since": "2026-03-02T01:00:00.000000Z",
    }


def test_an_expectation_that_does_not_apply_is_no_finding() -> None:
    assert given(STANDING, opened(flat="A"), taken("set", free="yes")).findings == []


def test_what_a_state_expects_ends_with_the_stay() -> None:
    large = given(STANDING, opened(flat="A"), taken("set", fee=60))
    assert large.findings == ["small"]
    assert large.when(taken("waited")).then("job.waited").findings == []


def test_what_a_machine_and_a_case_expect_ends_with_them() -> None:
    assert OPEN.when(taken("ended")).then("job.ended").findings == []


def test_a_finding_that_stands_is_not_opened_again() -> None:
    assert "findings" not in OPEN.when(taken("waited")).changes


def test_an_invariant_refuses_whatever_step_would_break_it() -> None:
    (reason,) = OPEN.when(taken("set", free="yes", fee=3)).then_refused("invariant", rules=["X-2"])
    assert reason.text == {"zh": "保内不收费", "en": "Never a fee in warranty"}
    assert reason.actual == {"data.free": True, "data.fee": 3}
    charged = given(STANDING, opened(), taken("set", fee=3))
    charged.when(taken("set", free="yes")).then_refused("invariant")
    given(STANDING).when(opened(flat="cellar")).then_refused("invariant")


def test_all_broken_invariants_are_told() -> None:
    OPEN.when(taken("set", free="yes", fee=3, flat="cellar")).then_refused("invariant", "invariant")
