"""A withdrawn breach is taken back in other cases, too: those that it opened, and steps that its messages took."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from lifecycle.core.case import Case, OpenCase, TakeStep
from lifecycle.core.events import Actor
from lifecycle.engine import Done
from tests.unit.engine.controls import Shop

OFFICE = """
workflow: office
version: 1
zone: Asia/Shanghai
fields:
  flat: {is: text, scope: case}
  misses: {is: integer, scope: case}
  why: {is: text}
roles:
  clerk: {}
cases:
  matter:
    number: "M-{serial:04}"
    machines: [job]
    links: {dossier: {case: dossier, key: "=case.flat"}}
    opens: {reported: {by: clerk, form: [flat!], start: job}}
  dossier:
    number: "D-{serial:04}"
    key: flat
    machines: [file]
    opens: {created: {by: clerk, form: [flat!], start: file}}
  incident:
    number: "I-{serial:04}"
    machines: [inquiry, letter]
    opens: {found: {by: clerk, form: [why!], start: inquiry}}
machines:
  job:
    start: new
    states:
      new:
        steps:
          answered: {by: clerk, recorded_afterwards: true}
          closed: {by: clerk, to: over}
      over: {final: done}
    deadlines:
      answer:
        stop: [answered]
        within: 1h
        ladder:
          100%:
            - send: {dossier: {missed: {}}}
              open: {incident: {form: {why: late}}}
  file:
    start: clean
    states:
      clean:
        steps:
          missed: {upon: received.missed, set: {misses: 1}, to: stained}
      stained:
        steps:
          missed_again: {upon: received.missed, set: {misses: "=case.misses == null ? 1 : case.misses + 1"}}
          looked_at: {by: clerk}
          cleaned: {by: clerk, set: {misses: 0}, to: clean}
  inquiry:
    start: open
    states:
      open:
        start: letter
        steps:
          asked: {by: clerk}
          closed: {by: clerk, to: over}
      over: {final: done}
  letter:
    start: sent
    states:
      sent: {steps: {returned: {by: clerk, to: back}}}
      back: {final: back}
"""

LI = Actor(role="clerk", person="li")


@pytest.fixture
def shop(tmp_path: Path):
    shop = Shop(tmp_path, texts={"office": OFFICE})
    yield shop
    shop.close()


def opened(shop: Shop, kind: str, opening: str) -> str:
    command = OpenCase(
        id=shop.next_command(), workflow="office", kind=kind, opening=opening, actor=LI, form={"flat": "A-1"}
    )
    answer = shop.engine.execute(command)
    assert isinstance(answer, Done), answer
    return answer.case


def taken(shop: Shop, case: str, step: str, *, ago: timedelta | None = None) -> Done:
    at = None if ago is None else shop.clock.now - ago
    answer = shop.engine.execute(TakeStep(id=shop.next_command(), case=case, step=step, actor=LI, occurred_at=at))
    assert isinstance(answer, Done), answer
    return answer


def missed(shop: Shop) -> tuple[str, str]:
    """Return a dossier and a matter whose answer is two hours late."""
    dossier = opened(shop, "dossier", "created")
    matter = opened(shop, "matter", "reported")
    shop.clock.go(hours=3)
    shop.engine.run_due()
    assert shop.engine.case(dossier)[0].data["misses"] == 1
    assert state(shop, "I-0001", "inquiry/1") == "open"
    return dossier, matter


def state(shop: Shop, case: str, instance: str) -> str:
    return standing(shop, case).instances[instance].state


def standing(shop: Shop, case: str) -> Case:
    return shop.engine.case(case)[0]


def types(shop: Shop, case: str) -> list[str]:
    return [recorded.event.type for recorded in shop.engine.history(case)]


def test_what_a_withdrawn_breach_sent_and_opened_is_taken_back(shop: Shop):
    dossier, matter = missed(shop)
    before = standing(shop, dossier)
    taken(shop, matter, "answered", ago=timedelta(hours=2, minutes=30))
    assert types(shop, matter)[-2:] == ["deadline.breach_withdrawn", "job.answered"]
    assert types(shop, dossier) == ["dossier.created", "file.missed", "case.taken_back"]
    after = standing(shop, dossier)
    assert before.data["misses"] == 1
    assert "misses" not in after.data
    assert after.instances["file/1"].state == "clean"
    assert types(shop, "I-0001") == ["incident.found", "case.taken_back"]
    incident = standing(shop, "I-0001")
    assert {one.outcome for one in incident.instances.values()} == {"withdrawn"}
    assert incident.closed
    assert not incident.findings
    [withdrawn] = [r.event for r in shop.engine.history(matter) if r.event.type == "deadline.breach_withdrawn"]
    assert "kept" not in withdrawn.changes
    assert [back["case"] for back in withdrawn.changes["takes_back"]] == [dossier, "I-0001"]


def test_taking_back_happens_once_however_often_it_is_delivered(shop: Shop):
    dossier, matter = missed(shop)
    taken(shop, matter, "answered", ago=timedelta(hours=2, minutes=30))
    shop.again().deliver()
    assert types(shop, dossier).count("case.taken_back") == 1
    assert types(shop, "I-0001").count("case.taken_back") == 1


def test_replays_of_the_other_cases_agree_and_know_when_it_was_taken_back(shop: Shop):
    dossier, matter = missed(shop)
    then = shop.clock.now
    shop.clock.go(hours=1)
    taken(shop, matter, "answered", ago=timedelta(hours=3, minutes=30))
    for case in (dossier, "I-0001", matter):
        assert shop.engine.replay(case) == standing(shop, case)
    past = shop.engine.replay(dossier, at=then)
    assert past.instances["file/1"].state == "clean"
    assert "misses" not in past.data
    incident = shop.engine.replay("I-0001", at=then)
    assert incident.number == "I-0001"


def test_a_case_on_which_people_have_acted_stays_with_a_finding(shop: Shop):
    _, matter = missed(shop)
    taken(shop, "I-0001", "asked")
    taken(shop, matter, "answered", ago=timedelta(hours=2, minutes=30))
    incident = standing(shop, "I-0001")
    assert state(shop, "I-0001", "inquiry/1") == "open"
    [finding] = incident.findings.values()
    assert (finding["code"], finding["cause"]) == ("cause-withdrawn", f"{matter}@2")
    back = shop.engine.history("I-0001")[-1].event
    assert back.changes["kept"] == [{"what": "case", "revision": 2}]


def test_a_value_that_somebody_changed_since_stays_with_a_finding(shop: Shop):
    dossier, matter = missed(shop)
    taken(shop, dossier, "cleaned")
    taken(shop, matter, "answered", ago=timedelta(hours=2, minutes=30))
    file = standing(shop, dossier)
    assert (file.data["misses"], file.instances["file/1"].state) == (0, "clean")
    assert [finding["code"] for finding in file.findings.values()] == ["cause-withdrawn"]


def test_the_message_of_another_breach_is_left_alone(shop: Shop):
    dossier, matter = missed(shop)
    opened(shop, "matter", "reported")
    shop.clock.go(hours=2)
    shop.engine.run_due()
    assert standing(shop, dossier).data["misses"] == 2
    taken(shop, matter, "answered", ago=timedelta(hours=4, minutes=30))
    assert standing(shop, dossier).data["misses"] == 2
    assert [f["code"] for f in standing(shop, dossier).findings.values()] == ["cause-withdrawn"]
    assert state(shop, "I-0002", "inquiry/1") == "open"
    assert standing(shop, "I-0001").closed


def test_a_late_answer_that_was_no_kept_promise_takes_nothing_back(shop: Shop):
    dossier, matter = missed(shop)
    taken(shop, matter, "answered", ago=timedelta(minutes=30))
    assert types(shop, dossier)[-1] == "file.missed"
    assert types(shop, "I-0001") == ["incident.found"]
