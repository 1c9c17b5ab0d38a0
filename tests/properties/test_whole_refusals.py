"""A refusal is whole: curing exactly the reasons that it tells, and no fewer, makes the step possible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given as examples
from hypothesis import strategies as st

from lifecycle.problems import Reason
from tests.unit.core.controls import Act, given, opened, small, taken

PARTS = small("""
fields:
  cost: {is: integer}
  size: {is: integer}
  kind: {is: text}
  why: {is: text}
  adviser: {is: staff}
  asked: {is: boolean}
machines:
  job:
    start: new
    states:
      new:
        steps:
          drafted: {by: [clerk, expert], form: [adviser!, size]}
          filed:
            by: [clerk, buyer]
            with: expert
            is: "=data.adviser"
            apart_from: [drafted]
            form: [cost!, size!, {why: {required_when: "data.cost != null && data.cost > 50"}}, asked, kind]
            require:
              cheap: {that: "data.cost < 80", else: {zh: "贵", en: "Dear"}}
              even: {that: "data.size % 2 == 0", else: {zh: "偶", en: "Even"}, override: {by: self, reason: true}}
              right: {that: "100 / data.size > 3", else: {zh: "比", en: "Share"}}
              spoken: {that: "data.asked == true || data.cost < 20", else: {zh: "问", en: "Asked"}}
            to: over
      over: {final: done}
""")

ROLES = ["clerk:li", "clerk:wang", "expert:ma", "chief:wu", "buyer", "buyer+expert:ma", "cook:li", "clerk"]
WORDS = st.sampled_from(["0", "2", "7", "40", "60", "90", "x", " "])
FORMS = st.fixed_dictionaries(
    {},
    optional={
        "cost": WORDS,
        "size": WORDS,
        "why": st.sampled_from(["rain", " "]),
        "asked": st.sampled_from(["yes", "no", "maybe"]),
        "colour": st.just("red"),
    },
)
BEGINNINGS = st.lists(
    st.builds(
        taken,
        st.just("drafted"),
        by=st.sampled_from(["clerk:li", "expert:ma"]),
        adviser=st.sampled_from(["li", "wang"]),
        size=st.sampled_from(["4", "5"]),
    ),
    max_size=2,
)
GOOD = {"cost": "10", "size": "2", "why": "rain", "asked": "yes"}


def typed(act: Act, **values: str) -> Act:
    return replace(act, form={**act.form, **values})


def by_right_role(act: Act, reason: Reason) -> Act:
    return replace(act, by=f"clerk:{act.by.partition(':')[2] or 'nobody'}")


def guarded(act: Act, reason: Reason) -> Act:
    cure = {"cheap": {"cost": "10"}, "right": {"size": "2"}, "spoken": {"asked": "yes"}}
    return typed(act, **cure[str(reason.values["guard"])])


def filled(act: Act, reason: Reason) -> Act:
    name = reason.where.path
    return typed(act, **{name: GOOD[name]})


def without(act: Act, reason: Reason) -> Act:
    return replace(act, form={name: value for name, value in act.form.items() if name != reason.where.path})


CURES: dict[str, Callable[[Act, Reason], Act]] = {
    "field-missing": filled,
    "field-wrong-type": filled,
    "field-unknown": without,
    "guard": guarded,
    "guard-failed": guarded,
    "guard-overridable": lambda act, reason: replace(act, reasons={str(reason.values["guard"]): "agreed"}),
    "wrong-role": by_right_role,
    "unknown-role": by_right_role,
    "helper-missing": lambda act, reason: replace(act, by="buyer+expert:ma"),
}
PERSONS = frozenset(("wrong-person", "other-person-needed"))
"""Not cured here: who the person must be may contradict who it must not be."""


def cured(act: Act, reasons: tuple[Reason, ...]) -> Act:
    # what was typed comes last: a value that cures a guard also cures what lacked
    for reason in sorted(reasons, key=lambda each: each.code.startswith("guard")):
        act = CURES[reason.code](act, reason)
    return act


@examples(beginnings=BEGINNINGS, by=st.sampled_from(ROLES), form=FORMS)
def test_curing_exactly_the_reported_reasons_makes_the_step_possible(
    beginnings: list[Act], by: str, form: dict[str, str]
) -> None:
    told = given(PARTS, opened(), *beginnings)
    act = taken("filed", by, **form)
    reasons = tuple(reason for reason in told.when(act).reasons if reason.code not in PERSONS)
    left = told.when(cured(act, reasons)).reasons
    assert {reason.code for reason in left} <= PERSONS


@examples(beginnings=BEGINNINGS, by=st.sampled_from(ROLES), form=FORMS)
def test_a_reason_that_is_not_cured_still_stands(beginnings: list[Act], by: str, form: dict[str, str]) -> None:
    told = given(PARTS, opened(), *beginnings)
    act = taken("filed", by, **form)
    reasons = tuple(reason for reason in told.when(act).reasons if reason.code in ("wrong-role", "field-unknown"))
    for kept in reasons:
        others = tuple(reason for reason in reasons if reason is not kept)
        assert kept.code in told.when(cured(act, others)).codes


@examples(beginnings=BEGINNINGS, by=st.sampled_from(ROLES), form=FORMS)
def test_what_an_offer_allows_is_refused_for_its_form_alone(
    beginnings: list[Act], by: str, form: dict[str, str]
) -> None:
    told = given(PARTS, opened(), *beginnings)
    allowed = told.offers(by)["job/1.filed"].allowed
    came = told.when(taken("filed", by, **GOOD))
    if allowed:
        assert came.reasons == ()
    else:
        assert {reason.code for reason in came.reasons} <= {"wrong-role", "unknown-role", "helper-missing", *PERSONS}
