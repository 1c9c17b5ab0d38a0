"""People assigned from pools: whose turn, who is passed over and why, by hand, in teams, given back, nobody left."""

from __future__ import annotations

from collections.abc import Mapping

from lifecycle.core.events import Json, Personal, stamp
from lifecycle.core.roster import ROSTER
from lifecycle.texts.wording import Wording
from tests.unit.core.controls import MORNING, Came, Told, given, opened, small, taken

SHOP = small("""
fields:
  skill: {is: text}
  worker: {is: staff}
  outlet: {is: text}
roles:
  clerk: {}
  chief: {corrects: true}
  fitter: {}
  driver: {}
  outletman: {within: outlet}
  buyer: {party: true}
rules: {P-1: {zh: "一", en: "One", source: "s"}, P-2: {zh: "二", en: "Two", source: "s"}}
pools:
  fitters: {role: fitter, needs: ["=data.skill"], pass_over: [away, on_job], rules: [P-1]}
  drivers: {role: driver, turn: least_load, cap: 2, pass_over: off_shift}
  hands: {role: fitter, turn: by_hand, pass_over: away, rules: [P-2]}
  locals: {role: outletman}
  rounders: {role: fitter, pass_over: away, passed: lost}
  nearest: {role: outletman, passed: lost}
cases:
  matter:
    machines: [job, stopgap]
    opens: {opened: {by: clerk, start: job}}
machines:
  job:
    start: new
    states:
      new:
        steps:
          described: {by: clerk, form: [skill, outlet]}
          sent: {by: clerk, assign: {fitter: fitters}}
          lent: {by: clerk, assign: {driver: drivers}}
          named:
            by: [clerk, chief]
            form: [worker]
            assign: {fitter: {pool: hands, person: "=form.worker", override: {by: chief, reason: true}}}
          seconded:
            by: clerk
            form: [worker!]
            assign: {second: {pool: hands, person: "=form.worker", apart_from: fitter}}
          crewed: {by: clerk, assign: {crew: {pool: fitters, team: {lead: 1, helper: 2}}}}
          placed: {by: clerk, assign: {local: locals}}
          rounded: {by: clerk, assign: {rounder: rounders}}
          paired: {by: clerk, assign: {pair: {pool: rounders, team: {lead: 1, helper: 1}}}}
          near: {by: clerk, assign: {near: nearest}}
          kept: {by: fitter, assign: {owner: "=actor.person"}}
          freed: {by: clerk, release: fitter}
          worked: {by: [fitter, driver], is: assignee}
          led: {by: fitter, is: "=assigned.crew.lead"}
          signed: {by: buyer, with: [fitter, clerk], is: assignee}
          checked: {by: [clerk, fitter], apart_from: fitter}
          finished: {by: fitter, same_as: fitter}
          closed_up: {by: outletman}
          ended: {by: clerk, to: over}
      over: {final: done}
  stopgap:
    start: lacking
    starts: {upon: fitters.exhausted}
    states:
      lacking: {steps: {noted: {by: clerk, to: over}}}
      over: {final: done}
""")


def added(person: str, *roles: str, unit: str = "", skills: tuple[str, ...] = ()) -> tuple[str, Mapping[str, Json]]:
    return "added", {"person": person, "roles": {"small": list(roles)}, "unit": unit, "skills": list(skills)}


def away(person: str, since: str = "2026-03-01T00:00", to: str = "") -> tuple[str, Mapping[str, Json]]:
    told = {"person": person, "from": f"{since}:00.000000Z"}
    return "away", {**told, "to": f"{to}:00.000000Z"} if to else told


CREW = (added("li", "fitter"), added("ma", "fitter"), added("wu", "fitter"), added("he", "fitter"))
OPEN = given(SHOP, opened()).with_staff(*CREW)


def assigned(came: Came, name: str = "fitter") -> Json:
    came.then(came.events[0].type, *(event.type for event in came.events[1:]))
    return next(e for e in came.changes["assigned"] if e["is"] == "assigned" and e["name"] == name)


def sent(told: Told, *, times: int = 1) -> tuple[Told, list[str]]:
    """Return a case after so many assignments, each given back at once, and who it was."""
    people: list[str] = []
    for _ in range(times):
        came = told.when(taken("sent"))
        people += assigned(came)["people"]
        told = came.told.when(taken("freed")).told
    return told, people


def test_the_turn_goes_round_in_the_order_in_which_people_were_added() -> None:
    told, people = sent(OPEN, times=6)
    assert people == ["li", "ma", "wu", "he", "li", "ma"]
    roster = told.beside_now(ROSTER, "small/fitters")
    assert (roster.turns, dict(roster.open)) == (6, {})
    assert roster.given == {"li": 2, "ma": 2, "wu": 1, "he": 1}


def test_who_is_away_or_on_a_job_is_passed_over_and_the_event_says_why() -> None:
    came = OPEN.with_staff(away("li")).when(taken("sent"))
    entry = assigned(came)
    assert entry == {
        "is": "assigned",
        "name": "fitter",
        "of": "job/1",
        "pool": "fitters",
        "people": ["ma"],
        "turn": "round_robin",
        "of_all": 4,
        "passed": [{"person": "li", "why": "away"}],
    }
    assert [event.type for event in came.aside] == ["roster.assigned"]
    busy = came.told.when(taken("crewed"))
    assert assigned(busy, "crew")["people"] == ["wu", "he"]
    assert assigned(busy, "crew")["passed"] == [{"person": "li", "why": "away"}, {"person": "ma", "why": "on_job"}]


def test_a_turn_that_is_lost_is_not_made_up_and_the_event_and_the_roster_say_so() -> None:
    first = OPEN.with_staff(away("ma", to="2026-03-03T00:00")).when(taken("rounded"))
    assert assigned(first, "rounder")["people"] == ["li"]
    second = first.told.when(taken("rounded"))
    entry = assigned(second, "rounder")
    assert (entry["people"], entry["passed"]) == (["wu"], [{"person": "ma", "why": "away", "lost": True}])
    told = next(event.changes["roster"] for event in second.aside if event.type == "roster.assigned")
    assert told == {"people": ["wu"], "as": "rounder", "of": "job/1", "in_turn": True, "turns": ["ma", "wu"]}
    back = second.told.pass_by(60 * 24)
    people = []
    for _ in range(4):
        came = back.when(taken("rounded"))
        people += assigned(came, "rounder")["people"]
        back = came.told
    assert people == ["he", "li", "ma", "wu"]


def test_a_team_takes_its_turns_in_the_order_of_the_round_among_those_that_are_lost() -> None:
    came = OPEN.with_staff(away("ma")).when(taken("paired"))
    assert assigned(came, "pair")["people"] == ["li", "wu"]
    taken_in = came.told.beside_now(ROSTER, "small/rounders").taken
    assert sorted(taken_in, key=lambda person: taken_in[person]) == ["li", "ma", "wu"]


def test_a_turn_that_finds_nobody_is_nobodys() -> None:
    came = OPEN.with_staff(*(away(one) for one in ("li", "ma", "wu", "he"))).when(taken("rounded"))
    entry = assigned(came, "rounder")
    assert entry["people"] == []
    assert all("lost" not in one for one in entry["passed"])
    assert came.aside == ()


def test_who_belongs_to_another_unit_does_not_stand_in_the_round_and_loses_nothing() -> None:
    told = OPEN.with_staff(
        added("n1", "outletman", unit="north"),
        added("s1", "outletman", unit="south"),
        added("n2", "outletman", unit="north"),
        added("s2", "outletman", unit="south"),
    )
    people = []
    for unit in ("north", "south", "north", "south", "north"):
        came = told.when(taken("described", outlet=unit)).told.when(taken("near"))
        entry = assigned(came, "near")
        people += entry["people"]
        assert all("lost" not in one for one in entry.get("passed", ()))
        told = came.told
    assert people == ["n1", "s1", "n2", "s2", "n1"]


def test_an_absence_counts_from_its_beginning_to_just_before_its_end() -> None:
    now = stamp(MORNING)[:16]
    here = given(SHOP, opened()).with_staff(added("li", "fitter"))
    assert here.pass_by(-1).now == MORNING
    ends_now = here.pass_by(-1).with_staff(away("li", to=now))
    assert assigned(ends_now.when(taken("sent")))["people"] == ["li"]
    begins_now = here.pass_by(-1).with_staff(away("li", since=now))
    assert assigned(begins_now.when(taken("sent")))["people"] == []


def test_a_qualification_counts_until_the_end_of_its_last_day() -> None:
    told = OPEN.when(taken("described", skill="gas")).told
    valid = told.with_staff(("qualified", {"person": "wu", "qualification": "gas", "until": "2026-03-02"}))
    entry = assigned(valid.when(taken("sent")))
    assert entry["people"] == ["wu"]
    assert entry["passed"] == [
        {"person": "li", "why": "lacks", "what": "gas"},
        {"person": "ma", "why": "lacks", "what": "gas"},
    ]
    over = told.with_staff(("qualified", {"person": "wu", "qualification": "gas", "until": "2026-03-01"}))
    entry = assigned(over.when(taken("sent")))
    assert entry["people"] == []
    assert entry["passed"][2] == {"person": "wu", "why": "expired", "what": "gas"}


def test_the_one_with_the_fewest_open_jobs_is_next_and_the_cap_holds() -> None:
    shift = {"from": "2026-03-02T00:00:00.000000Z", "to": "2026-03-02T08:00:00.000000Z"}
    drivers = [added(name, "driver") for name in ("su", "xu", "yu")]
    told = given(SHOP, opened()).with_staff(
        *drivers, ("shifted", {"person": "su", **shift}), ("shifted", {"person": "xu", **shift})
    )
    people = []
    for _ in range(3):
        came = told.when(taken("lent"))
        people.append(assigned(came, "driver")["people"])
        told = came.told
        assert told.beside_now(ROSTER, "small/drivers").open == {people[-1][0]: 1}, "who bore the name gave it back"
    assert people == [["su"], ["xu"], ["su"]]
    full = told.when(taken("lent")).told
    for name in ("su", "xu"):
        roster = full.beside_now(ROSTER, "small/drivers")
        assert roster.given[name] == 2


def test_one_named_by_hand_who_does_not_qualify_is_refused_and_may_be_named_with_a_reason() -> None:
    told = OPEN.with_staff(away("li"))
    (reason,) = told.when(taken("named", worker="li")).then_refused("assignee-away", rules=["P-2"])
    assert (reason.actual, reason.values["pool"]) == ("li", "hands")
    told.when(taken("named", worker="nobody")).then_refused("assignee-not-in-pool")
    told.when(taken("named")).then_refused("assignee-missing")
    told.when(taken("named", "chief:wu", worker="li")).then_refused("assignee-away", "assignee-overridable")
    entry = assigned(told.when(taken("named", "chief:wu", worker="li", reasons={"fitter": "nobody else knows it"})))
    assert (entry["people"], entry["turn"]) == (["li"], "by_hand")
    assert entry["reason"] == Personal("nobody else knows it")
    assert entry["against"] == [{"person": "li", "why": "away"}]
    told.when(taken("named", worker="ma", reasons={"other": "why not"})).then_refused("reason-unknown")


def test_naming_by_hand_does_not_move_the_turn() -> None:
    told = OPEN.when(taken("named", worker="wu")).told
    assert told.one("job/1").assigned == {"fitter": ["wu"]}
    _, people = sent(told.when(taken("freed")).told)
    assert people == ["li"]


def test_who_bears_one_name_may_be_kept_from_another() -> None:
    told = OPEN.when(taken("named", worker="wu")).told
    told.when(taken("seconded", worker="wu")).then_refused("assignee-apart")
    told.when(taken("seconded", worker="ma")).then("job.seconded")


def test_a_team_is_seated_in_the_order_of_its_places() -> None:
    came = OPEN.when(taken("crewed"))
    assert assigned(came, "crew")["team"] == {"lead": ["li"], "helper": ["ma", "wu"]}
    came.told.when(taken("led", "fitter:ma")).then_refused("wrong-person")
    came.told.when(taken("led", "fitter:li")).then("job.led")
    came.told.when(taken("worked", "fitter:wu")).then("job.worked")


def test_a_pool_with_nobody_refuses_nothing_but_says_so() -> None:
    came = OPEN.with_staff(*(away(name) for name in ("li", "ma", "wu", "he"))).when(taken("sent"))
    entry = assigned(came)
    assert (entry["people"], entry["lacking"]) == ([], 1)
    assert [passed["why"] for passed in entry["passed"]] == ["away"] * 4
    assert came.told.findings == ["fitters.exhausted"]
    assert came.told.state("stopgap/1") == "lacking", "what is upon the event has begun"
    assert came.aside == (), "nobody has a job more"
    back = came.told.with_staff(("returned", {"person": "ma", "at": stamp(came.told.now)}))
    again = back.when(taken("sent"))
    assert assigned(again)["people"] == ["ma"]
    assert again.told.findings == []


def test_assigning_again_gives_back_who_bore_the_name() -> None:
    came = OPEN.when(taken("sent")).told.when(taken("sent"))
    released, entry = came.changes["assigned"]
    assert released == {
        "is": "released",
        "name": "fitter",
        "of": "job/1",
        "pool": "fitters",
        "people": ["li"],
        "replaced": True,
    }
    assert entry["people"] == ["ma"]
    assert [event.type for event in came.aside] == ["roster.released", "roster.assigned"]
    assert came.told.beside_now(ROSTER, "small/fitters").open == {"ma": 1}


def test_the_end_of_the_instance_gives_everybody_back_but_their_names_stay() -> None:
    told = OPEN.when(taken("crewed")).told
    came = told.when(taken("ended"))
    assert [entry["is"] for entry in came.changes["assigned"]] == ["released"]
    assert came.told.beside_now(ROSTER, "small/fitters").open == {}
    assert came.told.one("job/1").assigned == {"crew": ["li", "ma", "wu"]}


def test_only_an_assignee_may_act_where_the_file_says_so() -> None:
    (reason,) = OPEN.when(taken("worked", "fitter:li")).then_refused("nobody-assigned")
    told = OPEN.when(taken("sent")).told
    (reason,) = told.when(taken("worked", "fitter:ma")).then_refused("not-assignee")
    assert (reason.actual, reason.required) == ("ma", "li")
    told.when(taken("worked", "fitter")).then_refused("not-assignee")
    told.when(taken("worked", "fitter:li")).then("job.worked")


def test_for_a_party_it_is_the_recorder_who_must_be_assigned() -> None:
    told = OPEN.when(taken("sent")).told
    told.when(taken("signed", "buyer+clerk:li")).then("job.signed")
    told.when(taken("signed", "buyer+fitter:ma")).then_refused("not-assignee")


def test_persons_are_compared_with_who_bears_a_name() -> None:
    told = OPEN.when(taken("sent")).told
    told.when(taken("checked", "fitter:li")).then_refused("other-person-needed")
    told.when(taken("checked", "clerk")).then_refused("other-person-needed")
    told.when(taken("checked", "fitter:ma")).then("job.checked")
    (reason,) = told.when(taken("finished", "fitter:ma")).then_refused("same-person-needed")
    assert reason.required == "li"
    told.when(taken("finished", "fitter:li")).then("job.finished")
    OPEN.when(taken("finished", "fitter:li")).then_refused("same-person-needed")


def test_a_name_may_be_given_to_somebody_of_no_pool() -> None:
    came = OPEN.when(taken("kept", "fitter:li"))
    assert assigned(came, "owner")["people"] == ["li"]
    assert came.aside == ()
    came.told.when(taken("worked", "fitter:li")).then("job.worked")


def test_a_role_bound_to_a_unit_acts_only_in_its_own_and_its_pool_takes_only_from_it() -> None:
    staff = (added("qi", "outletman", unit="north"), added("ai", "outletman", unit="south"))
    told = given(SHOP, opened()).with_staff(*staff)
    told.when(taken("closed_up", "outletman:qi")).then("job.closed_up")
    south = told.when(taken("described", outlet="south")).told
    (reason,) = south.when(taken("closed_up", "outletman:qi")).then_refused("wrong-unit")
    assert (reason.actual, reason.required) == ("north", "south")
    south.when(taken("closed_up", "outletman:stranger")).then_refused("wrong-unit")
    entry = assigned(south.when(taken("placed")), "local")
    assert (entry["people"], entry["passed"]) == (["ai"], [{"person": "qi", "why": "elsewhere", "what": "north"}])


def test_who_has_left_is_no_candidate_and_the_turn_goes_on_behind_them() -> None:
    told, people = sent(OPEN, times=2)
    gone = told.with_staff(("left", {"person": "ma", "at": stamp(told.now)}))
    _, later = sent(gone, times=3)
    assert (people, later) == (["li", "ma"], ["wu", "he", "li"])
    gone.when(taken("named", worker="ma")).then_refused("assignee-left")


def test_who_was_passed_over_is_asked_first_next_time() -> None:
    told, people = sent(OPEN.with_staff(away("li")), times=2)
    assert people == ["ma", "wu"]
    back = told.with_staff(("returned", {"person": "li", "at": stamp(told.now)}))
    assert sent(back, times=3)[1] == ["li", "he", "ma"]


TITLED = small("""
types: {skill: {gas: {zh: "燃气", en: "Gas"}, power: {zh: "电气", en: "Power"}}}
fields: {skill: {is: skill}, worker: {is: staff}}
roles: {clerk: {}, fitter: {zh: "安装工", en: "Fitter"}}
pools: {hands: {role: fitter, turn: by_hand, needs: ["=data.skill"]}}
machines:
  job:
    start: new
    states:
      new:
        steps:
          described: {by: clerk, form: [skill!]}
          named: {by: clerk, form: [worker], assign: {fitter: {pool: hands, person: "=form.worker"}}}
          other: {by: clerk, form: [worker], assign: {mate: {pool: hands, person: "=form.worker", apart_from: fitter}}}
          ended: {by: clerk, to: over}
      over: {final: done}
""")


def test_a_refusal_names_pool_assignment_and_qualification_by_their_titles() -> None:
    told = given(TITLED, opened()).with_staff(added("li", "fitter")).when(taken("described", skill="gas")).told
    (lacks,) = told.when(taken("named", worker="li")).then_refused("assignee-lacks")
    assert Wording(lang="zh").reason(lacks) == "li 不具备资格“燃气”"
    (stranger,) = told.when(taken("named", worker="wu")).then_refused("assignee-not-in-pool")
    assert Wording(lang="en").reason(stranger) == "wu does not belong to pool Fitter (hands)"
    (nobody,) = told.when(taken("named")).then_refused("assignee-missing")
    assert nobody.values["assignment"] == {"zh": "安装工", "en": "Fitter"}
    (untitled,) = told.when(taken("other")).then_refused("assignee-missing")
    assert untitled.values["assignment"] == "mate"
