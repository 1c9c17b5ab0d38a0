"""Audiences in decisions: members are what the shell saw, and nobody without a store."""

from __future__ import annotations

from dataclasses import replace

from lifecycle.core.case import decide, evolve
from lifecycle.core.case.commands import Seen, TakeStep
from lifecycle.core.case.notifying import MOST_MEMBERS
from lifecycle.core.notices import each_told
from lifecycle.problems import Refusal
from tests.unit.core.controls import actor, given, opened, small, taken

TEXT = """
machines:
  job:
    start: open
    states:
      open:
        steps:
          told: {by: clerk, notify: {who: [everybody, chief], text: {zh: "来", en: "come"}}}
          closed: {by: clerk, to: over}
      over: {final: done}
audiences:
  everybody: {zh: "所有客户", en: "Everybody", of: matter, party: buyer}
"""
WORKFLOW = small(TEXT)


def decided(*cases: str):
    """Return what taking the step comes to where the shell sees the customers of these cases."""
    case = given(WORKFLOW, opened())
    rows = [{"case": case, "subject": f"subject of {case}"} for case in cases]
    facts = replace(case.facts, seen=lambda what, by, now: Seen(rows=rows, position=40))
    command = TakeStep(id="c", case="M-1", step="told", actor=actor("clerk:li"))
    return decide(WORKFLOW, case.case, command, case.now, facts)


def test_a_decision_without_a_store_sees_nobody():
    came = given(WORKFLOW, opened()).when(taken("told"))
    [entry] = came.changes["notices"]
    assert entry["to"] == [
        {"role": "chief"},
        {"audience": "everybody", "party": "buyer", "members": 0, "position": 0, "cases": []},
    ]
    assert [str(one) for _, one in each_told(came.changes)] == ["role:chief"]


def test_each_member_is_a_recipient_by_the_number_of_a_case():
    answer = decided("M-8", "M-9")
    [event] = answer.events[next(iter(answer.events))]
    recipients = [one for _, one in each_told(event.changes)]
    assert [str(one) for one in recipients] == ["role:chief", "audience:everybody/M-8", "audience:everybody/M-9"]
    assert recipients[1].to_json() == {"audience": "everybody", "case": "M-8", "party": "buyer"}
    before = given(WORKFLOW, opened()).case
    [kept] = evolve(before, event).notices
    assert kept["to"][1] == {"audience": "everybody", "party": "buyer", "members": 2, "position": 40}


def test_as_many_as_one_notice_may_tell_are_told_and_one_more_is_refused():
    most = [f"M-{n}" for n in range(MOST_MEMBERS)]
    assert not isinstance(decided(*most), Refusal)
    refused = decided(*most, "M-x")
    assert isinstance(refused, Refusal)
    assert [(reason.code, reason.values["most"]) for reason in refused.reasons] == [
        ("audience-too-large", MOST_MEMBERS)
    ]
