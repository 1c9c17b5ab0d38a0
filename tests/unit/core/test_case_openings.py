"""How a case begins."""

from __future__ import annotations

from lifecycle.core.events import Personal
from tests.unit.core.controls import given, opened, small, taken

TWO_WAYS = small("""
fields:
  caller: {is: text, scope: case, pii: true}
  fault: {is: text}
  flat: {is: text, scope: case}
cases:
  matter:
    machines: [job]
    opens:
      reported: {by: clerk, form: [caller, fault], start: job}
      ordered:
        by: [chief, buyer]
        with: clerk
        form: [fault!]
        require: {long: {that: "size(data.fault) > 2", else: {zh: "太短", en: "Too short"}, rules: [X-1]}}
        set: {flat: "none"}
        start: job
        rules: [X-2]
  dossier:
    key: flat
    machines: [job]
    opens: {created: {by: clerk, form: [flat!], start: job}}
rules:
  X-1: {zh: "一", en: "One", source: "s"}
  X-2: {zh: "二", en: "Two", source: "s"}
machines:
  job: {start: new, states: {new: {steps: {ended: {by: clerk, to: over}}}, over: {final: done}}}
""")


def test_an_opening_gives_case_fields_to_the_case_and_the_others_to_what_it_starts() -> None:
    told = given(TWO_WAYS).when(opened(caller="Wang", fault="rattles")).then("matter.reported")
    assert told.case.data == {"caller": Personal("Wang")}
    assert told.data() == {"fault": "rattles"}
    assert (told.case.kind, told.case.number, told.case.revision) == ("matter", "M-1", 1)


def test_the_first_kind_and_opening_are_taken_when_none_is_named() -> None:
    given(TWO_WAYS).when(opened()).then("matter.reported")


def test_an_opening_without_an_actor_is_its_first_roles() -> None:
    came = given(TWO_WAYS).when(opened(by=""))
    assert came.events[0].by.role == "clerk"


def test_a_named_opening_carries_its_rules_and_derived_values() -> None:
    came = given(TWO_WAYS).when(opened("ordered", "chief:wu", fault="broken"))
    told = came.then("matter.ordered")
    assert came.events[0].rules == ("X-2",)
    assert told.case.data == {"flat": "none"}


def test_every_reason_against_an_opening_is_told_at_once() -> None:
    came = given(TWO_WAYS).when(opened("ordered", "clerk:li", caller="Wang"))
    came.then_refused("wrong-role", "field-unknown", "field-missing")
    given(TWO_WAYS).when(opened("ordered", "chief:wu", fault="x")).then_refused("guard", rules=["X-1"])


def test_a_party_opens_only_through_who_records_for_it() -> None:
    given(TWO_WAYS).when(opened("ordered", "buyer", fault="broken")).then_refused("helper-missing")
    given(TWO_WAYS).when(opened("ordered", "buyer+clerk:li", fault="broken")).then("matter.ordered")


def test_an_unknown_opening_or_kind_names_the_known_ones() -> None:
    (reason,) = given(TWO_WAYS).when(opened("begun")).then_refused("unknown-opening")
    assert reason.values["known"] == ("reported", "ordered")
    (reason,) = given(TWO_WAYS).when(opened(kind="letter")).then_refused("unknown-kind")
    assert reason.values["known"] == ("matter", "dossier")


def test_a_keyed_kind_never_closes_and_needs_its_key() -> None:
    given(TWO_WAYS).when(opened(kind="dossier")).then_refused("field-missing")
    told = given(TWO_WAYS, opened(kind="dossier", flat="A-1"), taken("ended"))
    assert told.case.key == "A-1"
    assert not told.case.closed
    assert given(TWO_WAYS, opened(), taken("ended")).case.closed


def test_an_opening_lies_back_five_minutes_at_most() -> None:
    given(TWO_WAYS).pass_by(10).when(opened(ago=5)).then("matter.reported")
    given(TWO_WAYS).pass_by(10).when(opened(ago=6)).then_refused("recorded-too-late")
    given(TWO_WAYS).when(opened(ago=-1)).then_refused("occurred-in-future")
