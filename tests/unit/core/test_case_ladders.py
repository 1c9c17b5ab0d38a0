"""Rungs that tell and assign people: of deadlines, of ledgers, of steps that the clock takes."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from lifecycle.core.case.notifying import said
from lifecycle.core.events import Personal
from lifecycle.core.roster import ROSTER
from tests.unit.core.controls import Came, Told, given, opened, small, taken

SHOP = small("""
fields:
  caller: {is: text, pii: true}
  part: {is: text}
  number: {is: integer}
texts:
  late: {zh: "{case} 逾期：{caller}", en: "{case} is late: {caller}"}
  low: {zh: "{part} 只剩 {left}", en: "{part}: {left} left"}
roles:
  clerk: {}
  chief: {}
  fitter: {}
  buyer: {party: true}
pools:
  fitters: {role: fitter, pass_over: away}
  night: {role: fitter, pass_over: [away, on_job]}
ledgers:
  stock:
    of: part
    unit: piece
    key: "=data.part"
    ladder:
      "<2":
        - {notify: {who: chief, text: low, with: {left: "=balance('stock', data.part)"}, when: "data.part != null"}}
        - {assign: {buyer_of_parts: fitters}}
machines:
  job:
    start: open
    states:
      open:
        steps:
          came: {by: clerk, form: [caller]}
          stocked: {by: clerk, form: [part, number!], post: {stock: {add: "=data.number"}}}
          used: {by: clerk, form: [part, number!], post: {stock: {take: "=data.number"}}}
          reminded:
            after: 40m
            notify: {who: [chief, assignee], text: late}
            assign: {helper: fitters}
          lent: {by: clerk, assign: {fitter: fitters}}
          thanked: {by: fitter, is: "=assigned.buyer_of_parts"}
          left: {by: clerk, to: over}
      over: {final: done}
    deadlines:
      contact:
        within: 100m
        ladder:
          50%: {notify: {who: [chief, assignee], text: late}}
          80%: {assign: {fitter: night}}
          100%:
            - {assign: {chief_fitter: fitters}}
            - {notify: {who: "=assigned.chief_fitter", text: late}}
          +2h: {release: chief_fitter}
  stopgap:
    start: lacking
    starts: {upon: night.exhausted}
    states:
      lacking: {steps: {noted: {by: clerk, to: over}}}
      over: {final: done}
cases:
  matter:
    machines: [job, stopgap]
    opens: {opened: {by: clerk, start: job}}
""")


def shop(*people: str) -> Told:
    told = given(SHOP, opened())
    return told.with_staff(*(("added", {"person": one, "roles": {"small": ["fitter"]}}) for one in people))


def notices(came: Came) -> list[dict]:
    assert came.reasons == (), came.codes
    return [entry for event in came.events for entry in event.changes.get("notices", ())]


def words(entry: dict) -> str:
    opened_up = {
        name: value.value if isinstance(value, Personal) else value for name, value in entry.get("values", {}).items()
    }
    return said({**entry, "values": opened_up}, "M-1", SHOP, "en", ZoneInfo("Asia/Shanghai"))


def assigned(came: Came, name: str) -> list[dict]:
    return [entry for event in came.events for entry in event.changes.get("assigned", ()) if entry["name"] == name]


def test_a_rung_tells_roles_and_those_assigned_with_the_values_of_that_moment():
    told = shop("li").when(taken("came", caller="Mrs Wu")).told.when(taken("lent")).told
    came = told.pass_by(49).tick()
    assert [event.type for event in came.events] == ["job.reminded", "deadline.warned"]
    of_the_step, of_the_rung = notices(came)
    assert of_the_step["to"] == of_the_rung["to"] == [{"role": "chief"}, {"person": "li"}]
    assert words(of_the_rung) == "M-1 is late: Mrs Wu"
    assert of_the_rung["values"]["caller"] == Personal("Mrs Wu")


def test_a_rung_tells_the_role_alone_when_nobody_is_assigned():
    _, of_the_rung = notices(shop().pass_by(49).tick())
    assert of_the_rung["to"] == [{"role": "chief"}]
    assert words(of_the_rung) == "M-1 is late: "


def test_a_step_of_the_clock_and_a_rung_assign_in_turn_and_the_roster_learns_of_it():
    came = shop("li", "wang").pass_by(81).tick()
    assert [event.type for event in came.events] == ["job.reminded", "deadline.warned", "deadline.warned"]
    [helper] = assigned(came, "helper")
    assert (helper["people"], helper["turn"]) == (["li"], "round_robin")
    assert [event.type for event in came.aside] == ["roster.assigned", "roster.assigned"]
    assert came.told.beside_now(ROSTER, "small/fitters").open == {"li": 1}
    [fitter] = assigned(came, "fitter")
    assert (fitter["people"], fitter["passed"]) == (["wang"], [{"person": "li", "why": "on_job"}])
    assert came.told.beside_now(ROSTER, "small/night").open == {"wang": 1}


def test_whom_the_breach_assigns_it_also_tells_and_a_later_rung_releases():
    told = shop("li", "wang").pass_by(101).tick().told
    breach = next(recorded.event for recorded in told.history if recorded.event.type == "deadline.breached")
    assert [entry["people"] for entry in breach.changes["assigned"]] == [["wang"]]
    assert [entry["to"] for entry in breach.changes["notices"]] == [[{"person": "wang"}]]
    released = assigned(told.pass_by(120).tick(), "chief_fitter")
    assert [(entry["is"], entry["people"]) for entry in released] == [("released", ["wang"])]


def test_a_rung_whose_pool_has_nobody_opens_a_finding_and_starts_what_waits_for_that():
    came = shop().pass_by(81).tick()
    assert [entry["lacking"] for entry in assigned(came, "fitter")] == [1]
    assert "night.exhausted" in came.told.findings
    assert came.told.state("stopgap/1") == "lacking"


def test_a_ladder_of_a_ledger_tells_and_assigns_once_for_each_crossing():
    told = shop("li").when(taken("stocked", part="P", number=3)).told
    came = told.when(taken("used", part="P", number=2))
    [low] = notices(came)
    assert (low["to"], words(low)) == ([{"role": "chief"}], "P: 1 left")
    assert [entry["people"] for entry in assigned(came, "buyer_of_parts")] == [["li"]]
    again = came.told.when(taken("used", part="P", number=1))
    assert (notices(again), assigned(again, "buyer_of_parts")) == ([], [])


OPENING = """
fields: {part: {is: text}, number: {is: integer}}
ledgers:
  stock:
    of: part
    unit: piece
    key: "=data.part"
    ladder: {"3": {notify: {who: [chief, assignee], text: {en: "{case} has enough"}}}}
cases:
  matter:
    machines: [job]
    opens: {opened: {by: clerk, form: [part!, number!], start: job, post: {stock: {add: "=form.number"}}}}
machines:
  job: {start: open, states: {open: {steps: {ended: {by: clerk, to: over}}}, over: {final: done}}}
"""


def test_an_opening_whose_entry_climbs_a_ladder_tells_roles_for_nobody_is_assigned_yet():
    [enough] = notices(Told(small(OPENING)).when(opened(part="P", number=3)))
    assert enough["to"] == [{"role": "chief"}]


def test_whom_a_rung_of_a_ledger_assigns_the_machine_that_posts_can_name():
    told = shop("li").when(taken("stocked", part="P", number=2)).told.when(taken("used", part="P", number=1)).told
    told.when(taken("thanked", by="fitter:wang")).then_refused("wrong-person")
    told.when(taken("thanked", by="fitter:li")).then("job.thanked")
