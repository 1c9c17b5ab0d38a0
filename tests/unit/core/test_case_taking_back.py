"""A breach that is withdrawn gives back names, papers and what the staff directory was told; unless touched since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lifecycle.core.case import folded
from lifecycle.core.case.state import Case
from lifecycle.core.events import Json, Personal
from lifecycle.core.register import REGISTER
from lifecycle.core.roster import ACQUAINTANCE, ROSTER, Roster
from lifecycle.core.staff import DIRECTORY, STAFF, Person
from tests.unit.core.controls import CASE, Came, Told, given, opened, small, taken

TEXT = """
fields: {fault: {is: text}, worker: {is: staff}, day: {is: date}}
roles: {clerk: {}, chief: {}, fitter: {}, buyer: {party: true}}
pools:
  fitters: {role: fitter}
  helpers: {role: fitter, turn: least_load}
  known: {role: fitter, turn: last}
papers:
  slip:
    zh: "单"
    number: "S-{serial:03}"
    fields: [fault]
    stages: {issued: {holder: clerk}, checked: {}, signed: {signed_by: [buyer]}}
cases:
  matter: {machines: [job, chase], opens: {opened: {by: clerk, start: job}}}
machines:
  job:
    start: open
    anywhere:
      answered: {by: clerk, recorded_afterwards: true}
      sent: {by: clerk, assign: {fitter: fitters}}
      freed: {by: clerk, release: fitter}
      helped: {by: clerk, assign: {helper: helpers}}
      wrote: {by: clerk, form: [fault], papers: {slip: issued}}
      checked: {by: clerk, papers: {slip: checked}}
      signed: {by: [buyer, clerk], with: clerk, papers: {slip: signed}}
      trained: {by: clerk, form: [worker!, day], qualify: {person: "=form.worker", as: gas}}
      left: {by: clerk, form: [worker!], away: {person: "=form.worker"}}
      back: {by: clerk, form: [worker!], away: {person: "=form.worker", back: true}}
      closed: {by: clerk, to: over}
    states: {open: {}, over: {final: done}}
    deadlines:
      contact: {stop: [answered], within: 30m, ladder: {100%: {RUNG}NEXT}}
  chase:
    start: due
    many: true
    plural: chases
    states:
      due: {enter: {assign: {caller: fitters}, papers: {slip: issued}}, steps: {called: {by: clerk, to: over}}}
      over: {final: done}
"""
CREW = [("added", {"person": name, "roles": {"small": ["fitter"]}}) for name in ("li", "ma", "wu")]


def case(rung: str, later: str = "") -> Told:
    body = TEXT.replace("RUNG", rung).replace("NEXT", f", +10m: {{{later}}}" if later else "")
    told = given(small(body), opened()).with_staff(*CREW)
    [first] = told.history
    named = {**first.event.changes["opened"], "customer": Personal("wang")}
    history = (replace(first, event=first.event.with_changes({**first.event.changes, "opened": named})),)
    return replace(told, history=history, case=folded(CASE, history, None, None))


def broken(told: Told) -> Told:
    """Return a case an hour after its opening: the promise was broken after 30 minutes."""
    told = told.pass_by(60 - told.minute).tick().told
    assert "deadline.breached" in told.case.happened
    return told


def answer(told: Told) -> Came:
    """Record that the promise was kept ten minutes after the opening."""
    return told.when(taken("answered", ago=told.minute - 10))


def kept(came: Came) -> list[Json]:
    assert came.events[0].type == "deadline.breach_withdrawn"
    return list(came.changes.get("kept", []))


def roster(told: Told, pool: str = "fitters") -> Roster:
    found: Roster = told.beside_now(ROSTER, f"small/{pool}")
    return found


def loads(told: Told, pool: str = "fitters") -> tuple[Mapping[str, int], Mapping[str, int], list[str]]:
    """Return open jobs, jobs given, and people in the order of their latest turns."""
    one = roster(told, pool)
    return one.open, one.given, sorted(one.taken, key=lambda person: one.taken[person])


def slip(told: Told) -> dict[str, Json]:
    return dict(told.one("job/1").papers.get("slip", {}))


def then(told: Told) -> Case:
    """Return the case as it was at its latest instant, as is known now."""
    return folded(CASE, told.history, told.now, None)


def li(told: Told) -> Person:
    found: Person = told.beside_now(STAFF, DIRECTORY).people["li"]
    return found


# --- names --------------------------------------------------------------------------------------------------------


def test_who_was_assigned_by_a_breach_that_was_none_bears_the_name_no_more() -> None:
    before = case("assign: {fitter: fitters}")
    late = broken(before)
    assert (late.one("job/1").assigned, roster(late).open) == ({"fitter": ["li"]}, {"li": 1})
    came = answer(late)
    told = came.then("deadline.breach_withdrawn", "job.answered")
    assert (dict(told.one("job/1").assigned), dict(told.one("job/1").duties)) == ({}, {})
    assert loads(told) == loads(before) == ({}, {}, [])
    assert kept(came) == []
    assert [event.type for event in came.aside] == ["roster.released"]


def test_who_lost_the_name_by_it_bears_it_again_with_the_job() -> None:
    before = case("assign: {fitter: fitters}", "release: fitter").when(taken("sent")).told
    late = broken(before)
    assert (dict(late.one("job/1").assigned), roster(late).given) == ({}, {"li": 1, "ma": 1})
    told = answer(late).told
    assert (told.one("job/1").assigned, told.one("job/1").duties) == (
        {"fitter": ["li"]},
        {"fitter": {"pool": "fitters"}},
    )
    assert loads(told) == loads(before) == ({"li": 1}, {"li": 1}, ["li"])
    assert told.when(taken("freed")).told.one("job/1").assigned == {}
    assert then(told).instances["job/1"].assigned == {"fitter": ["li"]}


def test_the_turn_that_a_withdrawn_assignment_used_is_given_back() -> None:
    told = answer(broken(case("assign: {fitter: fitters}"))).told
    assert told.when(taken("sent")).told.one("job/1").assigned["fitter"] == ["li"]


def test_a_turn_since_then_stands_and_who_was_called_off_is_next() -> None:
    sent = broken(case("assign: {helper: fitters}")).when(taken("sent")).told
    assert (sent.one("job/1").assigned["helper"], sent.one("job/1").assigned["fitter"]) == (["li"], ["ma"])
    told = answer(sent).told
    assert (told.one("job/1").assigned, roster(told).open) == ({"fitter": ["ma"]}, {"ma": 1})
    assert told.when(taken("sent")).told.one("job/1").assigned["fitter"] == ["li"]


def test_a_name_that_somebody_gave_anew_since_stays_and_the_event_says_whose_act_it_was() -> None:
    sent = broken(case("assign: {fitter: fitters}")).when(taken("sent")).told
    came = answer(sent)
    told = came.then("deadline.breach_withdrawn", "job.answered")
    assert (told.one("job/1").assigned, roster(told).open) == ({"fitter": ["ma"]}, {"ma": 1})
    assert kept(came) == [{"what": "assigned", "of": "job/1", "name": "fitter", "revision": sent.case.revision}]
    assert then(told).instances["job/1"].assigned == {"fitter": ["ma"]}


def test_a_name_is_given_back_in_a_case_that_was_closed_since_and_nobodys_job_comes_of_it() -> None:
    before = case("assign: {fitter: fitters}")
    sent = before.when(taken("sent")).told
    for told, names in ((before, {}), (sent, {"fitter": ["li"]})):
        closed = broken(told).when(taken("closed")).told
        came = answer(closed)
        assert (came.told.one("job/1").assigned, kept(came)) == (names, [])
        assert came.told.one("job/1").duties == {name: {"pool": "fitters", "over": True} for name in names}
        assert (roster(came.told).open, roster(came.told).given) == ({}, roster(told).given)
        assert then(came.told).instances["job/1"].assigned == names
        assert then(came.told).instances["job/1"].duties == came.told.one("job/1").duties


def test_a_customer_keeps_the_fitter_known_before() -> None:
    def known(told: Told) -> str:
        return str(told.beside_now(ACQUAINTANCE, f"small/known/{told.case.subject}").person)

    late = broken(case("assign: {helper: known}"))
    assert known(late) == "li"
    assert known(answer(late).told) == ""


def test_a_task_that_is_withdrawn_is_nobodys_job_and_nobody_was_given_it() -> None:
    before = case("start: chase")
    told = answer(broken(before)).told
    assert told.one("chase/1").outcome == "withdrawn"
    assert told.one("chase/1").assigned == {"caller": ["li"]}
    assert loads(told) == loads(before)


def test_nobody_can_act_on_a_task_that_is_withdrawn() -> None:
    told = answer(broken(case("start: chase"))).told
    told.when(taken("chase/1.called")).then_refused("instance-withdrawn")
    told.when(taken("called")).then_refused("instance-withdrawn")
    assert not any(name.startswith("chase/1") for name in told.offers())
    again = told.when(taken("answered")).told
    assert again.one("chase/1").outcome == "withdrawn"


def test_what_was_done_with_a_task_before_it_was_withdrawn_is_recorded_as_evidence() -> None:
    body = TEXT.replace("RUNG", "start: chase").replace("NEXT", "")
    body = body.replace("called: {by: clerk, to: over}", "called: {by: clerk, recorded_afterwards: true, to: over}")
    late = broken(Told(small(body)).with_staff(*CREW).when(opened()).told)
    told = answer(late).told
    called = told.when(taken("chase/1.called", ago=15)).then("chase.called")
    assert (called.one("chase/1").outcome, called.one("chase/1").taken["called"]["n"]) == ("withdrawn", 1)


def test_a_task_that_somebody_has_done_keeps_its_name_and_its_paper() -> None:
    called = broken(case("start: chase")).when(taken("called")).told
    came = answer(called)
    told = came.told
    assert told.one("chase/1").assigned == {"caller": ["li"]}
    assert told.one("chase/1").papers["slip"]["stage"] == "issued"
    assert kept(came) == [
        {"what": "instance", "of": "chase/1"},
        {"what": "assigned", "of": "chase/1", "name": "caller"},
        {"what": "papers", "of": "chase/1", "name": "slip"},
    ]
    assert then(told).instances["chase/1"].papers == told.one("chase/1").papers
    assert then(told).instances["chase/1"].assigned == told.one("chase/1").assigned


SUPERSEDED = (
    TEXT.replace("NEXT", "")
    .replace("RUNG", "set: {fault: none}")
    .replace(
        "states: {open: {}, over: {final: done}}",
        """states:
      open:
        enter: {assign: {fitter: fitters}}
        steps: {fell_due: {after: 20m, to: due}, met: {by: clerk, recorded_afterwards: true, to: over}}
      due: {enter: {assign: {helper: helpers}}, steps: {sunk: {after: 10m, to: lost}}}
      lost: {final: lost}
      over: {final: done}""",
    )
)


def test_a_step_of_the_clock_that_is_superseded_gives_back_the_jobs_that_it_ended() -> None:
    begun = Told(small(SUPERSEDED)).with_staff(*CREW).when(opened()).told
    lost = begun.pass_by(60).tick().told
    assert (lost.state(), roster(lost).open, lost.one("job/1").duties["helper"]["over"]) == ("lost", {}, True)
    told = lost.when(taken("answered", ago=50)).then("job.answered")
    assert told.state() == "lost", "an answer does not keep the step from being taken"
    came = lost.when(taken("met", ago=50))
    told = came.then("timer.superseded", "job.met")
    assert dict(told.one("job/1").assigned) == {"fitter": ["li"]}
    assert (roster(told).open, roster(told).given) == ({}, {"li": 1})
    assert (roster(told, "helpers").open, roster(told, "helpers").given) == ({}, {})
    assert came.changes["assigned"] == [
        {"is": "released", "name": "helper", "of": "job/1", "people": ["li"], "pool": "helpers"},
        {"is": "released", "name": "fitter", "of": "job/1", "people": ["li"], "pool": "fitters", "replaced": True},
        {"is": "assigned", "name": "fitter", "of": "job/1", "people": ["li"], "pool": "fitters", "turn": "restored"},
    ]


def test_a_second_late_entry_gives_back_what_the_first_one_had_left_to_the_other_promise() -> None:
    visit = "{stop: [sent], within: 40m, ladder: {100%: {assign: {fitter: fitters}}}}"
    body = TEXT.replace("NEXT", "").replace("RUNG", "assign: {fitter: fitters}")
    body = body.replace("sent: {by: clerk, assign: {fitter: fitters}}", "sent: {by: clerk, recorded_afterwards: true}")
    body = body.replace("  chase:\n    start", f"      visit: {visit}\n  chase:\n    start")
    before = Told(small(body)).with_staff(*CREW).when(opened()).told
    late = broken(before)
    assert (late.one("job/1").assigned, roster(late).open) == ({"fitter": ["ma"]}, {"ma": 1})
    first = answer(late).told
    assert (first.one("job/1").assigned, roster(first).open) == ({"fitter": ["ma"]}, {"ma": 1})
    second = first.when(taken("sent", ago=first.minute - 10)).then("deadline.breach_withdrawn", "job.sent")
    assert (dict(second.one("job/1").assigned), loads(second)) == ({}, loads(before))
    assert dict(then(second).instances["job/1"].assigned) == {}


# --- papers -------------------------------------------------------------------------------------------------------


def test_a_paper_that_the_breach_issued_is_void_and_keeps_its_number() -> None:
    late = broken(case("papers: {slip: issued}"))
    assert slip(late)["number"] == "S-001"
    came = answer(late)
    told = came.told
    assert (slip(told)["stage"], slip(told)["number"], kept(came)) == ("void", "S-001", [])
    assert [event.type for event in came.aside] == ["register.voided"]
    series = told.beside_now(REGISTER, "small/slip")
    assert (series.serial, series.voided) == (1, 1)
    again = told.when(taken("wrote", fault="door")).told
    assert slip(again)["number"] == "S-002"
    assert "slip" not in then(told).instances["job/1"].papers


def test_a_paper_that_the_breach_moved_on_goes_back_to_its_stage() -> None:
    before = case("papers: {slip: checked}").when(taken("wrote", fault="door")).told
    told = answer(broken(before)).told
    assert slip(told) == slip(before)
    assert told.when(taken("checked")).told.one("job/1").papers["slip"]["stage"] == "checked"


def test_a_paper_that_the_breach_had_voided_counts_again() -> None:
    before = case("papers: {slip: void}", "papers: {slip: issued}").when(taken("wrote", fault="door")).told
    late = broken(before)
    assert slip(late)["number"] == "S-002"
    came = answer(late)
    assert (slip(came.told)["number"], slip(came.told)["stage"]) == ("S-001", "issued")
    assert [(each["number"], each["stage"]) for each in slip(came.told)["before"]] == [("S-002", "void")]
    assert [event.type for event in came.aside] == ["register.voided", "register.reinstated"]
    series = came.told.beside_now(REGISTER, "small/slip")
    assert (series.serial, series.voided) == (2, 1)


def test_a_revision_that_the_breach_proposed_is_withdrawn() -> None:
    signed = [taken("wrote", fault="door"), taken("checked"), taken("signed", "buyer+clerk:li")]
    before = case("papers: {slip: {to: issued, revise: true}}")
    for act in signed:
        before = before.when(act).told
    late = broken(before)
    assert (slip(late)["revision"], slip(late)["stage"], slip(late)["signed"]) == (2, "issued", [])
    told = answer(late).told
    assert slip(told) == slip(before)


def test_a_paper_that_somebody_has_moved_since_stays() -> None:
    checked = broken(case("papers: {slip: issued}")).when(taken("checked")).told
    came = answer(checked)
    assert (slip(came.told)["stage"], came.aside) == ("checked", ())
    assert kept(came) == [{"what": "papers", "of": "job/1", "name": "slip", "revision": checked.case.revision}]
    assert then(came.told).instances["job/1"].papers == came.told.one("job/1").papers


def test_what_the_clock_moved_after_somebody_did_goes_back_to_how_that_one_left_it() -> None:
    told = case("papers: {slip: issued}", "papers: {slip: void}")
    told = told.pass_by(35 - told.minute).tick().told.when(taken("checked")).told
    late = broken(told)
    assert slip(late)["stage"] == "void"
    came = answer(late)
    assert slip(came.told) == slip(told)
    assert kept(came) == [{"what": "papers", "of": "job/1", "name": "slip", "revision": told.case.revision}]
    assert then(came.told).instances["job/1"].papers == came.told.one("job/1").papers


def test_a_number_is_struck_once_though_two_promises_that_moved_its_paper_are_withdrawn_one_after_the_other() -> None:
    ladder = "{100%: {papers: [{slip: void}, {slip: issued}]}, +15m: {papers: {slip: issued}}}"
    visit = f"{{stop: [sent], within: 40m, ladder: {ladder}}}"
    body = TEXT.replace("RUNG", "papers: {slip: issued}").replace("NEXT", ", +20m: {papers: {slip: void}}")
    body = body.replace("sent: {by: clerk, assign: {fitter: fitters}}", "sent: {by: clerk, recorded_afterwards: true}")
    body = body.replace("  chase:\n    start", f"      visit: {visit}\n  chase:\n    start")
    late = broken(Told(small(body)).with_staff(*CREW).when(opened()).told)
    assert (slip(late)["number"], slip(late)["stage"]) == ("S-003", "issued")
    first = late.when(taken("sent", ago=late.minute - 10)).then("deadline.breach_withdrawn", "job.sent")
    second = answer(first).then("deadline.breach_withdrawn", "job.answered")
    series = second.beside_now(REGISTER, "small/slip")
    assert (series.serial, series.voided) == (3, 3)
    papers = [*slip(second)["before"], slip(second)]
    assert sorted((each["number"], each["stage"]) for each in papers) == [(f"S-00{n}", "void") for n in (1, 2, 3)]


def test_a_paper_of_a_withdrawn_task_is_void() -> None:
    told = answer(broken(case("start: chase"))).told
    assert told.one("chase/1").papers["slip"]["stage"] == "void"
    assert told.beside_now(REGISTER, "small/slip").voided == 1


# --- the directory of staff ---------------------------------------------------------------------------------------


def staffed(rung: str, *acts: Any) -> tuple[Told, Came]:
    """Return the case before a breach with this effect, and what came of its withdrawal after some acts."""
    before = case(rung)
    told = broken(before)
    for act in acts:
        told = told.when(act).told
    return before, answer(told)


def test_who_was_sent_away_by_it_has_not_been_away() -> None:
    before, came = staffed("away: {person: \"='li'\"}")
    assert (li(came.told).absences, kept(came)) == ([], [])
    assert [event.type for event in came.aside] == ["staff.returned"]
    assert li(before).absences == []


def test_other_absences_than_the_withdrawn_one_stay() -> None:
    _, came = staffed("away: {person: \"='li'\"}", taken("left", worker="li"))
    assert len(li(came.told).absences) == 1
    assert li(came.told).is_away(came.told.now)


def test_who_has_come_back_since_is_left_alone_and_the_event_says_so() -> None:
    _, came = staffed("away: {person: \"='li'\"}", taken("back", worker="li"))
    assert kept(came) == [{"what": "staff", "person": "li", "revision": 2}]
    assert came.aside == ()


def test_who_was_called_back_by_it_is_away_as_before() -> None:
    before = case("away: {person: \"='li'\", back: true}").when(taken("left", worker="li")).told
    assert not li(broken(before)).is_away(broken(before).now)
    told = answer(broken(before)).told
    assert li(told).is_away(told.now)
    assert li(told).absences[-1][1] == ""


def test_a_qualification_that_it_gave_is_gone_and_one_that_it_took_is_there() -> None:
    _, came = staffed("qualify: {person: \"='li'\", as: gas}")
    assert (li(came.told).qualifications, came.aside[0].type) == ({}, "staff.disqualified")
    before = case("qualify: {person: \"='li'\", as: gas, lost: true}").when(taken("trained", worker="li")).told
    assert li(broken(before)).qualifications == {}
    assert li(answer(broken(before)).told).qualifications == {"gas": ""}


def test_a_qualification_that_was_held_before_is_held_until_the_day_before() -> None:
    rung = 'qualify: {person: "=\'li\'", as: gas, until: "=data.day"}'
    before = case(rung).when(taken("trained", worker="li", day="2027-01-31")).told
    assert li(broken(before)).qualifications == {"gas": "2027-01-31"}
    assert li(answer(broken(before)).told).qualifications == {"gas": ""}


def test_a_qualification_that_somebody_has_given_anew_stays() -> None:
    rung = "qualify: {person: \"='li'\", as: gas, lost: true}"
    before = case(rung).when(taken("trained", worker="li")).told
    came = answer(broken(before).when(taken("trained", worker="li")).told)
    assert li(came.told).qualifications == {"gas": ""}
    assert kept(came) == [{"what": "staff", "person": "li", "revision": 3}]
