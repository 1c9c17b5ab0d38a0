"""Steps that change the staff directory, pools of things, and customers who keep the one they know."""

from __future__ import annotations

from dataclasses import replace

from lifecycle.core.case import Case, folded
from lifecycle.core.events import Personal
from lifecycle.core.staff import DIRECTORY, STAFF
from tests.unit.core.controls import CASE, Told, given, opened, small, taken

SHOP = small("""
fields:
  worker: {is: staff}
  since: {is: date}
  until: {is: datetime}
  valid: {is: date}
  trade: {is: text}
  room: {is: text, scope: case}
  bay_trade: {is: text, scope: case}
roles: {clerk: {}, fitter: {}}
pools:
  known: {role: fitter, turn: last, pass_over: away}
  bays: {things: bay, turn: least_load, where: "it.bay_trade != null && it.bay_trade == data.trade", cap: 1}
cases:
  matter: {machines: [job], opens: {opened: {by: clerk, start: job}}}
  bay: {key: room, machines: [stand], opens: {built: {by: clerk, form: [room!, bay_trade], start: stand}}}
machines:
  job:
    start: new
    states:
      new:
        steps:
          gone:
            by: clerk
            form: [worker, since, until]
            away: {person: "=form.worker", from: "=form.since", to: "=form.until"}
          back: {by: clerk, form: [worker!], away: {person: "=form.worker", back: true}}
          trained: {by: clerk, form: [worker!, valid], qualify: {person: "=form.worker", as: gas, until: "=form.valid"}}
          barred: {by: clerk, form: [worker!], qualify: {person: "=form.worker", as: gas, lost: true}}
          served: {by: clerk, assign: {adviser: known}}
          freed: {by: clerk, release: adviser}
          parked: {by: clerk, form: [trade!], assign: {bay_used: bays}}
          ended: {by: clerk, to: over}
      over: {final: done}
  stand: {start: kept, states: {kept: {steps: {torn: {by: clerk, to: gone}}}, gone: {final: done}}}
""")
CREW = [("added", {"person": name, "roles": {"small": ["fitter"]}}) for name in ("li", "ma", "wu")]
OPEN = given(SHOP, opened()).with_staff(*CREW)


def test_a_step_sends_somebody_away_and_brings_them_back() -> None:
    came = OPEN.when(taken("gone", worker="li", since="2026-03-02", until="2026-03-05 12:00"))
    assert [event.type for event in came.aside] == ["staff.away"]
    li = came.told.beside_now(STAFF, DIRECTORY).people["li"]
    assert li.absences == [["2026-03-01T16:00:00.000000Z", "2026-03-05T04:00:00.000000Z"]]
    back = came.told.when(taken("back", worker="li"))
    assert not back.told.beside_now(STAFF, DIRECTORY).people["li"].is_away(back.told.now)


def test_an_absence_must_end_after_it_begins_and_be_of_somebody_on_the_staff() -> None:
    OPEN.when(taken("gone", worker="li", since="2026-03-06", until="2026-03-05 12:00")).then_refused(
        "absence-ends-early"
    )
    OPEN.when(taken("gone", worker="su")).then_refused("person-unknown")
    OPEN.when(taken("gone")).then_refused("person-unknown")


def test_a_step_qualifies_somebody_until_a_day_and_takes_it_away() -> None:
    told = OPEN.when(taken("trained", worker="ma", valid="2026-12-31")).told
    assert told.beside_now(STAFF, DIRECTORY).people["ma"].qualifications == {"gas": "2026-12-31"}
    told = told.when(taken("trained", worker="ma")).told
    assert told.beside_now(STAFF, DIRECTORY).people["ma"].qualifications == {"gas": ""}
    told = told.when(taken("barred", worker="ma")).told
    assert told.beside_now(STAFF, DIRECTORY).people["ma"].qualifications == {}


def of_customer(told: Told, subject: str) -> Told:
    """Return another customer's case in the same organisation, just opened."""
    first = OPEN.history[0]
    opened_for = {**first.event.changes["opened"], "subject": subject, "customer": Personal(subject)}
    event = first.event.with_changes({**first.event.changes, "opened": opened_for})
    history = (replace(first, event=event),)
    return replace(told, history=history, case=folded(CASE, history, None, None))


def served(told: Told) -> tuple[Told, str, str]:
    came = told.when(taken("served"))
    entry = next(e for e in came.changes["assigned"] if e["is"] == "assigned")
    return came.told.when(taken("freed")).told, entry["people"][0], entry["turn"]


def test_a_customer_keeps_the_one_they_know_and_others_go_in_turn() -> None:
    told, first, turn = served(of_customer(OPEN, "wang"))
    assert (first, turn) == ("li", "round_robin")
    told, second, turn = served(told)
    assert (second, turn) == ("li", "last")
    told, other, turn = served(of_customer(told, "zhao"))
    assert (other, turn) == ("ma", "round_robin")
    away = told.with_staff(("away", {"person": "li", "from": "2026-03-01T00:00:00.000000Z"}))
    _, third, turn = served(of_customer(away, "wang"))
    assert (third, turn) == ("wu", "round_robin"), "who is away is passed over, the turn decides"


def bay(number: str, trade: str) -> Case:
    came = given(SHOP, opened("built", kind="bay", room=number, bay_trade=trade))
    return replace(came.case, number=number)


def test_things_are_taken_by_load_and_condition_up_to_the_cap() -> None:
    told = replace(OPEN, things=(bay("B-1", "glass"), bay("B-2", "wood"), bay("B-3", "wood")))
    came = told.when(taken("parked", trade="wood"))
    entry = came.changes["assigned"][0]
    assert (entry["people"], entry["passed"]) == (["B-2"], [{"person": "B-1", "why": "unfit"}])
    busy = replace(came.told, beside=came.told.beside, case=OPEN.case, history=OPEN.history)
    again = busy.when(taken("parked", trade="wood")).changes["assigned"][0]
    assert again["people"] == ["B-3"]
    none = told.when(taken("parked", trade="steel"))
    assert none.changes["assigned"][0]["lacking"] == 1
    assert none.told.findings == ["bays.exhausted"]
