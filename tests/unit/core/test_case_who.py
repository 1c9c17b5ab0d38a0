"""Whose act a step is, and how persons compare."""

from __future__ import annotations

from lifecycle.texts.wording import Wording
from tests.unit.core.controls import given, opened, small, taken

WHO = small("""
fields:
  adviser: {is: staff}
  caller: {is: staff, pii: true}
  hard: {is: boolean}
tables:
  doer:
    inputs: {hard: boolean}
    outputs: {doer: role}
    rows: [{hard: true, then: {doer: expert}}, {hard: false, then: {doer: clerk}}]
machines:
  job:
    start: new
    states:
      new:
        steps:
          graded: {by: clerk, form: [hard!, adviser], decide: {doer: {hard: "=data.hard"}}}
          solved: {by: "=decision.doer.doer"}
          advised: {by: [clerk, expert], is: "=data.adviser"}
          agreed: {by: [buyer, chief], with: [clerk, expert]}
          drafted: {by: [clerk, expert]}
          finished: {by: [clerk, expert], same_as: [drafted]}
          written: {by: clerk, zh: "书写", en: "Written"}
          read: {by: [clerk, expert], apart_from: [written]}
          signed: {by: [clerk, expert], same_as: [written]}
          checked: {by: [clerk, expert, chief], apart_from: [drafted, finished], rules: [X-1]}
          ended: {by: clerk, to: over}
      over: {final: done}
rules: {X-1: {zh: "一", en: "One", source: "s"}}
""")
OPEN = given(WHO, opened())


def test_a_wrong_role_is_refused_with_the_right_ones() -> None:
    (reason,) = OPEN.when(taken("drafted", "chief:wu")).then_refused("wrong-role")
    assert (reason.actual, reason.required) == ("chief", ["clerk", "expert"])
    (reason,) = OPEN.when(taken("drafted", "cook:wu")).then_refused("unknown-role")
    assert reason.values["known"] == ("clerk", "chief", "expert", "buyer")


def test_a_party_needs_somebody_who_records_for_it() -> None:
    (reason,) = OPEN.when(taken("agreed", "buyer")).then_refused("helper-missing")
    assert reason.required == ["clerk", "expert"]
    OPEN.when(taken("agreed", "buyer+chief:wu")).then_refused("helper-missing")
    came = OPEN.when(taken("agreed", "buyer+clerk:li"))
    came.then("job.agreed")
    assert (came.events[0].by.role, came.events[0].by.helpers) == ("buyer", {"clerk": "li"})
    OPEN.when(taken("agreed", "chief:wu")).then("job.agreed")


def test_the_role_of_a_table_is_the_one_it_decided() -> None:
    OPEN.when(taken("solved", "clerk:li")).then_refused("wrong-role")
    hard = given(WHO, opened(), taken("graded", hard="yes"))
    hard.when(taken("solved", "clerk:li")).then_refused("wrong-role")
    hard.when(taken("solved", "expert:ma")).then("job.solved")


def test_a_person_of_the_data_and_nobody_else_may_act() -> None:
    OPEN.when(taken("advised", "clerk:li")).then_refused("wrong-person")
    named = given(WHO, opened(), taken("graded", hard="no", adviser="li"))
    (reason,) = named.when(taken("advised", "clerk:wang")).then_refused("wrong-person")
    assert reason.required == "li"
    named.when(taken("advised", "clerk:li")).then("job.advised")


def test_a_step_bound_to_a_person_needs_that_persons_earlier_step() -> None:
    OPEN.when(taken("finished", "clerk:li")).then_refused("same-person-needed")
    drafted = given(WHO, opened(), taken("drafted", "clerk:li"))
    drafted.when(taken("finished", "expert:ma")).then_refused("same-person-needed")
    drafted.when(taken("finished", "clerk:li")).then("job.finished")


def test_nobody_checks_what_he_did_himself() -> None:
    OPEN.when(taken("checked", "chief:wu")).then("job.checked")
    drafted = given(WHO, opened(), taken("drafted", "clerk:li"), taken("finished", "clerk:li"))
    drafted.when(taken("checked", "clerk:li")).then_refused("other-person-needed", "other-person-needed", rules=["X-1"])
    drafted.when(taken("checked", "clerk:wang")).then("job.checked")


def test_who_is_not_known_is_not_taken_for_another_person() -> None:
    drafted = given(WHO, opened(), taken("drafted", "clerk:li"))
    drafted.when(taken("checked", "chief")).then_refused("other-person-needed")
    drafted.when(taken("finished", "clerk")).then_refused("same-person-needed")


def test_offers_say_who_may_and_ask_nobody_in_particular_when_no_one_asks() -> None:
    drafted = given(WHO, opened(), taken("drafted", "clerk:li"))
    assert drafted.offers()["job/1.checked"].allowed
    assert not drafted.offers("clerk:li")["job/1.checked"].allowed
    assert drafted.offers("chief:wu")["job/1.checked"].allowed


def test_who_must_be_another_or_the_same_is_told_the_step_by_its_title() -> None:
    written = given(WHO, opened(), taken("written", "clerk:li"))
    (apart,) = written.when(taken("read", "clerk:li")).then_refused("other-person-needed")
    (same,) = written.when(taken("signed", "clerk:wang")).then_refused("same-person-needed")
    assert apart.values == same.values == {"step": {"zh": "书写", "en": "Written"}}
    assert Wording(lang="zh").reason(apart) == "做过或担任“书写”的人不能再做这一步"
    drafted = given(WHO, opened(), taken("drafted", "clerk:li"))
    (untitled,) = drafted.when(taken("checked", "clerk:li")).then_refused("other-person-needed")
    assert untitled.values == {"step": "drafted"}
