"""What a step does beside moving: values, children, messages and new cases."""

from __future__ import annotations

from lifecycle.core.events import Personal
from tests.unit.core.controls import given, opened, small, taken

EFFECTS = small(
    """
fields:
  cost: {is: integer}
  share: {is: integer}
  visits: {is: integer, scope: case}
  flat: {is: text, scope: case}
  caller: {is: text, pii: true}
  contact: {is: text, scope: case, pii: true}
  line_no: {is: text}
  count: {is: integer}
  lines: {is: list, of: [line_no!, count]}
  rework: {is: boolean}
cases:
  matter:
    machines: [job, line]
    links: {dossier: {case: dossier, key: "=case.flat"}}
    opens:
      opened: {by: clerk, form: [flat, lines], start: job}
  dossier:
    key: flat
    machines: [file]
    opens: {created: {by: clerk, form: [flat!], start: file}}
  letter:
    machines: [post]
    links: {matter: {case: matter, by: about}}
    opens: {written: {by: chief, form: [cost!, caller], start: post}}
machines:
  job:
    start: new
    states:
      new:
        steps:
          priced:
            by: clerk
            form: [cost!, caller]
            set: {share: "=data.cost / 2", visits: "=data.cost", contact: "=data.caller"}
          cleared: {by: clerk, set: {share: "=null"}}
          failed: {by: clerk, form: [cost!], set: {share: "=10 / data.cost"}}
          listed:
            by: clerk
            form: [lines!]
            start: {line: {each: "=form.lines", key: line_no, set: {cost: "=data.cost"}}}
          again: {by: clerk, form: [lines!], start: {line: {each: "=form.lines", key: line_no, again: true}}}
          one: {by: clerk, start: line}
          told: {by: clerk, form: [cost!], send: {dossier: {seen: {cost: "=data.cost"}}}}
          wrote:
            by: clerk
            form: [cost, caller]
            open: {letter: {opening: written, form: {cost: "=data.cost", caller: "=data.caller"}, link: matter}}
          some: {by: clerk, form: [rework], start: {line: {when: "data.rework == true"}}}
          ended: {by: clerk, to: over}
      over: {final: done}
  line:
    many: true
    plural: lines
    start: open
    states:
      open:
        enter: {set: {rework: true}}
        steps:
          done: {by: clerk, to: ready}
          dropped: {upon: removed, to: gone}
      ready: {final: done}
      gone: {final: dropped}
  file:
    start: kept
    states:
      kept:
        steps:
          seen: {upon: received.seen, form: [cost], set: {share: "=form.cost"}}
          ended: {by: clerk, to: out}
      out: {final: done}
  post:
    start: open
    states: {open: {steps: {sent: {by: clerk, to: over}}}, over: {final: done}}
""".replace("links: {matter: {case: matter, by: about}}", "links: {matter: {case: matter, key: '=case.flat'}}")
)
OPEN = given(EFFECTS, opened(flat="A-1"))
TWO = [{"line_no": "1", "count": 2}, {"line_no": "2"}]


def test_derived_values_are_kept_where_their_fields_belong() -> None:
    came = OPEN.when(taken("priced", cost=8, caller="Wang"))
    told = came.then("job.priced")
    assert told.data() == {"cost": 8, "caller": "Wang", "share": 4}
    assert told.case.data == {"flat": "A-1", "visits": 8, "contact": Personal("Wang")}
    assert came.changes["shared"] == ["visits", "contact"]


def test_a_value_is_cleared_by_null() -> None:
    told = given(EFFECTS, opened(), taken("priced", cost=8), taken("cleared"))
    assert told.data()["share"] is None


def test_an_effect_that_fails_refuses_the_step() -> None:
    (reason,) = OPEN.when(taken("failed", cost=0)).then_refused("effect-failed")
    assert reason.values["formula"] == "=10 / data.cost"


def test_one_child_is_started_per_row_with_the_rows_values() -> None:
    told = given(EFFECTS, opened(), taken("priced", cost=8), taken("listed", lines=TWO))
    assert list(told.case.instances) == ["job/1", "line/1", "line/2"]
    assert told.data("line/1") == {"line_no": "1", "count": 2, "cost": 8, "rework": True}
    assert (told.one("line/2").parent, told.one("line/2").key) == ("job/1", "2")


def test_a_changed_list_starts_only_what_is_missing_and_strikes_out_what_is_gone() -> None:
    listed = given(EFFECTS, opened(), taken("listed", lines=TWO))
    came = listed.when(taken("listed", lines=[{"line_no": "2"}, {"line_no": "3"}]))
    told = came.then("job.listed", "line.dropped")
    assert [entry["id"] for entry in came.changes["started"]] == ["line/3"]
    assert came.changes["removed"] == ["line/1"]
    assert (told.one("line/1").removed, told.state("line/1")) == (True, "gone")


def test_a_finished_child_is_not_struck_out() -> None:
    listed = given(EFFECTS, opened(), taken("listed", lines=TWO), taken("line/1.done"))
    assert "removed" not in listed.when(taken("listed", lines=TWO[1:])).changes


def test_rework_starts_the_same_rows_again_under_an_address_of_their_own() -> None:
    listed = given(EFFECTS, opened(), taken("listed", lines=TWO))
    told = listed.when(taken("again", lines=TWO[:1])).then("job.again")
    assert list(told.case.instances) == ["job/1", "line/1", "line/2", "line/1.3"]
    assert told.one("line/1.3").key == "1"


def test_children_without_a_row_are_numbered() -> None:
    told = given(EFFECTS, opened(), taken("one"), taken("one"))
    assert list(told.case.instances) == ["job/1", "line/1", "line/2"]


def test_an_effect_runs_only_when_its_condition_holds() -> None:
    assert list(given(EFFECTS, opened(), taken("some")).case.instances) == ["job/1"]
    assert list(given(EFFECTS, opened(), taken("some", rework="yes")).case.instances) == ["job/1", "line/1"]


def test_a_message_names_the_linked_case_and_its_values() -> None:
    dossier = given(EFFECTS, opened(kind="dossier", flat="A-1"))
    came = OPEN.with_link("dossier", dossier).when(taken("told", cost=3))
    came.then("job.told")
    assert came.changes["sends"] == [{"link": "dossier", "case": "M-1", "step": "seen", "form": {"cost": 3}}]
    assert came.changes["reads"] == {"dossier": {"case": "M-1", "revision": 1}}


def test_a_message_without_its_linked_case_refuses() -> None:
    (reason,) = OPEN.when(taken("told", cost=3)).then_refused("link-missing")
    assert reason.values["link"] == "dossier"


def test_a_message_is_received_as_a_step_that_nobody_takes() -> None:
    dossier = given(EFFECTS, opened(kind="dossier", flat="A-1"))
    told = dossier.when(taken("seen", "system", received=True, cost=3)).then("file.seen")
    assert told.data("file/1") == {"cost": 3, "share": 3}
    dossier.when(taken("seen", "clerk:li", cost=3)).then_refused("unknown-step")


def test_a_new_case_is_opened_in_the_same_commit_and_linked_back() -> None:
    came = OPEN.when(taken("wrote", cost=3, caller="Wang"))
    came.then("job.wrote")
    [(stream, events)] = came.others.items()
    letter = came.cases[stream]
    assert [event.type for event in events] == ["letter.written"]
    assert (letter.kind, letter.number, letter.subject) == ("letter", "letter-1", "subject")
    assert letter.links == {"matter": {"id": str(came.told.case.id), "number": "M-1"}}
    assert letter.instances["post/1"].data == {"cost": 3, "caller": Personal("Wang")}
    assert events[0].causation == "M-1@2"


def test_a_new_case_that_is_refused_refuses_the_step_that_opens_it() -> None:
    OPEN.when(taken("wrote")).then_refused("field-missing")


LOOSE = small("""
fields:
  line_no: {is: text}
  count: {is: integer}
  lines: {is: list, of: [line_no, count]}
cases: {matter: {machines: [job, line], opens: {opened: {by: clerk, start: job}}}}
machines:
  job:
    start: new
    states:
      new:
        steps:
          listed: {by: clerk, form: [lines], start: {line: {each: "=form.lines", key: line_no}}}
          ended: {by: clerk, to: over}
      over: {final: done}
  line:
    many: true
    plural: lines
    start: open
    states: {open: {steps: {done: {by: clerk, to: ready}}}, ready: {final: done}}
""")


def test_a_row_without_its_key_refuses_the_step() -> None:
    (reason,) = given(LOOSE, opened()).when(taken("listed", lines=[{"count": 2}])).then_refused("row-field-missing")
    assert (reason.where.path, reason.values) == ("form.lines.1", {"field": "line_no"})


def test_two_rows_of_one_key_are_two_instances_under_addresses_of_their_own() -> None:
    rows = [{"line_no": "1", "count": 1}, {"line_no": "1", "count": 2}]
    told = given(LOOSE, opened(), taken("listed", lines=rows))
    assert {address: told.data(address)["count"] for address in ("line/1", "line/1.2")} == {"line/1": 1, "line/1.2": 2}


def test_no_list_starts_nothing_and_strikes_out_what_was_there() -> None:
    told = given(LOOSE, opened(), taken("listed"), taken("listed", lines=[{"line_no": "1"}]))
    came = told.when(taken("listed"))
    assert came.changes["removed"] == ["line/1"]
