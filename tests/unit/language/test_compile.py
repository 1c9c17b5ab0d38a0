"""A definition becomes the workflow of the core: exactly its steps, arrows, conditions and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lifecycle.clocks.calendar import Calendar, calendar_of
from lifecycle.core.events import Json
from lifecycle.core.workflow import Failure, Machine, Send, Set, Start, State, Step, Workflow
from lifecycle.language.compile import Compilation, compile_workflow
from lifecycle.language.define import define
from lifecycle.language.reader import read

REPAIR = (Path(__file__).parent / "files" / "repair.yaml").read_text("utf-8")


def compiled(text: str = REPAIR) -> Compilation:
    reading = read(text, "repair.yaml")
    assert reading.tree is not None
    assert not reading.problems
    definition, problems = define(reading.tree)
    assert not problems
    return compile_workflow(definition, "00")


def with_change(old: str, new: str) -> Compilation:
    assert REPAIR.count(old) == 1, f"{old!r} stands {REPAIR.count(old)} times in repair.yaml"
    return compiled(REPAIR.replace(old, new))


def found_at(old: str, new: str, wanted: str) -> list[tuple[int, int, str]]:
    """Return the problems of a changed text, and make sure that the first points at the wanted characters."""
    problems = with_change(old, new).problems
    first = problems[0].where
    assert first.source[first.column - 1 :].startswith(wanted), first.source[first.column - 1 :]
    return [(problem.where.line, problem.where.column, problem.code) for problem in problems]


@pytest.fixture(scope="module")
def workflow() -> Workflow:
    found = compiled()
    assert found.problems == ()
    assert found.workflow is not None
    return found.workflow


@pytest.fixture(scope="module")
def repair(workflow: Workflow) -> Machine:
    return workflow.machines["repair"]


def step(machine: Machine, state: str, name: str) -> Step:
    return next(one for one in machine.steps_of(state) if one.name == name)


@dataclass
class Seen:
    """A scope in which everything is said."""

    values: Mapping[str, Json] = field(default_factory=dict)
    taken: tuple[str, ...] = ()
    open_items: tuple[str, ...] = ()

    def value(self, name: str) -> Json:
        return self.values.get(name)

    def done(self, step: str) -> bool:
        return step in self.taken

    def ever(self, step: str) -> bool:
        return step in self.taken

    def count(self, step: str) -> int:
        return self.taken.count(step)

    def time_of(self, step: str) -> str | None:
        return "2026-03-02T01:00:00.000000Z" if step in self.taken else None

    def actor_of(self, step: str) -> str | None:
        return "li" if step in self.taken else None

    def missing(self, checklist: str) -> list[str]:
        return list(self.open_items)

    def all_final(self, plural: str) -> bool:
        return plural not in self.open_items

    def calendar(self, name: str) -> Calendar:
        return calendar_of(name, zone="Asia/Shanghai", hours={"mon-fri": ["08:30-17:30"]})


def test_the_head_and_the_dictionary_are_carried_over(workflow: Workflow) -> None:
    assert (workflow.name, workflow.version, workflow.zone, workflow.digest) == (
        "window-repair",
        1,
        "Asia/Shanghai",
        "00",
    )
    assert workflow.fields["caller"].shared
    assert workflow.fields["caller"].pii
    assert workflow.fields["lines"].type.required == {"number"}
    assert workflow.fields["lines"].type.row["quantity"].name == "integer"
    assert workflow.fields["cause"].type.choices["defect"] == {"zh": "质量问题", "en": "Defect"}
    assert workflow.settings["first_contact"].default == "30m"
    assert not workflow.settings["first_contact"].given
    assert workflow.settings["most_lines"].type.maximum == "50"
    assert workflow.fields["fault"].where.source.strip().startswith("fault:")


def test_states_inside_states_have_dotted_paths_and_a_leaf_that_entering_reaches(repair: Machine) -> None:
    assert list(repair.states) == [
        "reported",
        "working",
        "working.confirmed",
        "working.dispatched",
        "on_hold",
        "signing",
        "closed",
    ]
    assert repair.states["working"].initial == "working.confirmed"
    assert repair.states["working.confirmed"].initial == ""
    assert repair.states["working.dispatched"].phase == "after_sale"
    assert repair.states["closed"].outcome == "done"
    assert repair.start == "reported"


def test_arrows_lead_between_leaves_by_step_and_branch(repair: Machine) -> None:
    fire = repair.arrows.fire
    assert fire("reported", "confirmed#0") == "working.confirmed"
    assert fire("working.confirmed", "dispatched#0") == "working.dispatched"
    assert fire("working.confirmed", "consented#0") is None
    assert fire("working.dispatched", "finished#0") == "signing"
    assert fire("working.dispatched", "finished#1") == "closed"
    assert fire("closed", "noted#0") is None


def test_a_step_of_a_composite_state_leaves_every_leaf_and_history_leads_back_to_each(repair: Machine) -> None:
    fire = repair.arrows.fire
    assert fire("working.confirmed", "held#0") == fire("working.dispatched", "held#0") == "on_hold"
    assert fire("on_hold", "rearranged@working.confirmed") == "working.confirmed"
    assert fire("on_hold", "rearranged@working.dispatched") == "working.dispatched"
    assert fire("on_hold", "rearranged@reported") is None
    assert step(repair, "on_hold", "rearranged").to[0].state == "$history"


def test_an_ordered_state_completes(repair: Machine) -> None:
    signing = repair.states["signing"]
    assert signing.order is not None
    assert signing.order.variants == {"first": ("signed", "stamped"), "second": ("stamped", "signed")}
    assert signing.order.by is not None
    assert signing.order.by.value(Seen({"data.sequence": "second"})) == "second"
    assert signing.complete == "closed"
    assert repair.arrows.fire("signing", "$complete:signing") == "closed"


def test_a_step_has_its_event_its_actors_and_its_rules(repair: Machine) -> None:
    confirmed = step(repair, "reported", "confirmed")
    assert (confirmed.event, confirmed.owner, confirmed.trigger) == ("repair.confirmed", "reported", "by")
    assert confirmed.who.roles == ("customer_service",)
    assert confirmed.rules == ("DW-013",)
    assert step(repair, "working.confirmed", "consented").who.recorders == ("customer_service",)
    assert step(repair, "working.confirmed", "dispatched").who.apart_from == ("confirmed",)
    finished = step(repair, "working.dispatched", "finished")
    assert finished.who.role is not None
    assert finished.who.person is not None
    assert finished.who.role.value(Seen({"decision.payer.payer": "installer"})) == "installer"
    assert finished.who.person.value(Seen({"data.adviser": "li"})) == "li"
    assert step(repair, "on_hold", "noted").owner == ""


def test_a_form_knows_what_is_required_and_what_is_taken_when_nothing_was_typed(repair: Machine) -> None:
    form = {one.field.name: one for one in step(repair, "reported", "confirmed").form}
    assert list(form) == ["fault", "in_warranty", "cause", "estimate", "visit_at", "lines"]
    assert form["lines"].required is True
    noted = step(repair, "reported", "noted").form[0]
    assert noted.default is not None
    assert noted.default.value(Seen({"data.opinion": "loose"})) == "loose"


def test_guards_read_declared_names_and_answer_only_true_or_false(repair: Machine) -> None:
    few, whole = step(repair, "reported", "confirmed").require
    assert few.that is not None
    assert few.that.reads == ("data.lines", "settings.most_lines")
    assert few.that.holds(Seen({"data.lines": [{"number": "1"}], "settings.most_lines": 1})) is True
    assert few.that.holds(Seen({"data.lines": [{"number": "1"}], "settings.most_lines": 0})) is False
    assert isinstance(few.that.holds(Seen({"settings.most_lines": 1})), Failure)
    assert whole.each is not None
    rows = [{"number": "1", "quantity": 0}, {"number": "2"}]
    assert whole.each.value(Seen({"form.lines": rows})) == rows
    assert whole.that is not None
    assert [whole.that.holds(Seen({"it": row})) for row in rows] == [False, True]


def test_a_shared_guard_is_asked_under_the_steps_own_name_for_it(repair: Machine) -> None:
    agreed, soon = step(repair, "working.confirmed", "dispatched").require
    assert (agreed.name, agreed.rules) == ("agreed", ("DW-015",))
    assert agreed.otherwise["en"] == "Work that is charged needs consent first"
    assert agreed.where.source.strip() == "agreed:"
    assert agreed.that is not None
    assert agreed.that.holds(Seen({"decision.payer.payer": "customer"})) is False
    assert agreed.that.holds(Seen({"decision.payer.payer": "customer", "data.consent": True})) is True
    assert soon.override == ("self",)
    seen = Seen({"now": "2026-03-02T01:00:00.000000Z", "data.visit_at": "2026-05-02T01:00:00.000000Z"})
    assert soon.that is not None
    assert soon.that.holds(seen) is False
    assert soon.suggest is not None
    assert soon.suggest.value(seen) == "2026-03-02T01:00:00.000000Z"


def test_a_set_value_is_computed_in_the_stored_form_of_its_field(repair: Machine) -> None:
    fee = step(repair, "reported", "confirmed").effects[0]
    assert isinstance(fee, Set)
    field, formula = fee.values["fee"]
    assert field.name == "fee"
    assert formula.value(Seen({"data.estimate": "200.00 CNY"})) == "60.00 CNY"
    assert isinstance(formula.value(Seen({})), Failure)
    literal = repair.states["signing"].enter[0]
    assert isinstance(literal, Set)
    assert literal.values["sequence"][1].value(Seen()) == "first"


def test_a_started_row_hands_its_columns_to_the_child(repair: Machine) -> None:
    start = step(repair, "reported", "confirmed").effects[1]
    assert isinstance(start, Start)
    assert (start.machine, start.key) == ("line", "number")
    assert list(start.data) == ["number", "quantity", "fault"]
    seen = Seen({"it": {"number": "7"}, "data.fault": "leak"})
    assert [formula.value(seen) for _, formula in start.data.values()] == ["7", None, "leak"]


def test_a_command_to_a_linked_case_carries_literals(repair: Machine, workflow: Workflow) -> None:
    send = step(repair, "working.dispatched", "finished").effects[0]
    assert isinstance(send, Send)
    assert (send.link, send.step, send.form["mileage"].value(Seen())) == ("dossier", "visited", 5)
    link = workflow.kinds["repair_case"].links["dossier"]
    assert link.key is not None
    assert link.key.value(Seen({"case.dossier_key": "A1"})) == "A1"


def test_a_checklist_brings_the_step_that_ticks_it(repair: Machine, workflow: Workflow) -> None:
    ticked = step(repair, "working.dispatched", "delivery_ticked")
    assert (ticked.event, ticked.ticks, ticked.owner) == ("repair.delivery_ticked", "delivery", "working.dispatched")
    assert [one.field.name for one in ticked.form] == ["items", "opinion"]
    assert "installer" in ticked.who.roles
    assert "service_manager" in ticked.who.roles  # items without `by` are ticked by whoever acts in the state
    paid = workflow.checklists["delivery"].items["paid"]
    assert paid.when is not None
    assert paid.when.holds(Seen({"data.fee": "0.01 CNY"})) is True
    assert paid.when.holds(Seen({})) is False


def test_an_upon_step_sees_the_form_of_the_event_that_fires_it(workflow: Workflow) -> None:
    callback = workflow.machines["callback"]
    heard = step(callback, "due", "heard")
    assert heard.when is not None
    assert (heard.trigger, heard.upon, heard.when.reads) == ("upon", ("repair.signed",), ("form.opinion",))
    assert callback.starts == ("repair.signed",)
    spared = step(callback, "due", "spared")
    assert spared.always is not None
    assert spared.always.holds(Seen({"callbacks": [{"id": "callback/1", "state": "satisfied"}]})) is True
    assert spared.always.holds(Seen({"callbacks": []})) is False


def test_an_effect_of_an_entry_keeps_the_condition_of_the_entry(workflow: Workflow) -> None:
    again = workflow.machines["callback"].states["unsatisfied"].enter[0]
    assert isinstance(again, Start)
    assert again.when is not None
    assert again.when.holds(Seen({"data.satisfied": False})) is True


def test_a_child_reads_its_parent(workflow: Workflow) -> None:
    guard = step(workflow.machines["line"], "open", "done").require[0]
    assert guard.that is not None
    assert guard.that.reads == ("parent.estimate", "data.number")
    assert guard.that.holds(Seen({"parent.estimate": "1.00 CNY", "data.number": "1"})) is True


def test_tables_test_values_lists_comparisons_and_ranges(workflow: Workflow) -> None:
    rows = workflow.tables["payer"].rows
    assert list(rows[2].cells) == ["in_warranty", "estimate"]
    assert rows[1].cells["cause"].matches("misuse")
    assert not rows[1].cells["cause"].matches("defect")
    assert rows[2].cells["estimate"].matches("100.00 CNY")
    assert not rows[3].cells["estimate"].matches("100.00 CNY")
    assert rows[3].cells["estimate"].matches("0.00 CNY")
    assert not rows[3].cells["estimate"].matches(None)
    assert rows[0].outputs == {"payer": "company"}


def test_kinds_know_their_openings_and_count_by_their_initials(workflow: Workflow) -> None:
    kind = workflow.kinds["repair_case"]
    assert kind.openings["reported"].event == "repair_case.reported"
    assert kind.closes
    assert not workflow.kinds["dossier"].closes
    assert workflow.kinds["dossier"].number == "D-{year}-{serial:06}"
    assert kind.expects[0].owner == "service_manager"


def test_guidance_takes_its_words_from_the_texts(repair: Machine) -> None:
    (said,) = repair.states["reported"].guidance
    assert said.text["en"] == "Register first, then confirm by telephone"
    assert not said.reviewed


def test_invariants_and_expectations_are_conditions(repair: Machine, workflow: Workflow) -> None:
    (never,) = workflow.invariants
    assert never.machine == "repair"
    assert never.that.holds(Seen({"data.fee": "-1.00 CNY"})) is False
    signing: State = repair.states["signing"]
    assert signing.expects[0].that.holds(Seen({"state": "signing", "data.estimate": "99999.00 CNY"})) is False


@pytest.mark.parametrize(
    ("old", "new", "wanted", "code"),
    [
        ('"size(data.lines) <= settings', '"size(data.linse) <= settings', "data.linse", "expression-unknown-name"),
        ("\"state == 'signing' &&", "\"state == 'signing' &", "&", "expression-syntax"),
    ],
)
def test_a_fault_stands_at_its_column_in_the_file(old: str, new: str, wanted: str, code: str) -> None:
    assert found_at(old, new, wanted)[0][2] == code


def test_the_column_counts_quotes_and_escapes_of_the_scalar_around_it() -> None:
    old = 'that: "data.fee == null || data.fee >= 0"'
    single = found_at(old, "that: 'data.opinion == ''it'' || data.nothing >= 0'", "data.nothing")
    double = found_at(old, r'that: "data.opinion == \"\u4e00\" || data.nothing >= 0"', "data.nothing")
    plain = found_at(old, "that: data.fee == null || data.nothing >= 0", "data.nothing")
    key = found_at('"data.satisfied": satisfied', '"data.nothing": satisfied', "data.nothing")
    formula = found_at('"=share(data.estimate, 30, 100)"', '"=share(data.nothing, 30, 100)"', "data.nothing")
    for problems in (single, double, plain, key, formula):
        assert [code for _, _, code in problems] == ["expression-unknown-name"]


def test_a_value_of_another_type_is_a_fault_of_the_expression() -> None:
    problems = with_change('"=share(data.estimate, 30, 100)"', "\"='much'\"").problems
    assert [problem.code for problem in problems] == ["expression-result-type"]


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        ("default: 30m", "default: soon", "literal-wrong-type", "soon"),
        ("default: 30m", 'default: "=settings.most_lines"', "literal-wanted", '"=settings'),
        ("default: 20", "default: 51", "literal-out-of-bounds", "51"),
        ("cause: [misuse]", "cause: [misuze]", "literal-unknown-choice", "[misuze]"),
        ("[0..100)", "[0..many)", "literal-wrong-type", '"[0..many)'),
        ("mileage: 5}", "mileage: far}", "literal-wrong-type", "far"),
    ],
)
def test_a_literal_that_does_not_fit_is_told_at_its_place_and_makes_no_workflow(
    old: str, new: str, code: str, at: str
) -> None:
    found = with_change(old, new)
    assert [problem.code for problem in found.problems] == [code]
    where = found.problems[0].where
    assert where.source[where.column - 1 :].startswith(at)
    assert found.workflow is None


def test_a_personal_field_may_only_be_tested_for_null() -> None:
    old = 'that: "case.district != null"'
    assert with_change(old, 'that: "case.caller != null"').problems == ()
    problems = with_change(old, "that: \"case.caller == 'li'\"").problems
    assert [problem.code for problem in problems] == ["personal-read"]


def test_a_personal_field_is_handed_on_only_to_a_personal_field() -> None:
    old, new = "enter: {set: {sequence: first}}", 'enter: {{set: [{{sequence: first}}, {{{}: "=case.caller"}}]}}'
    assert with_change(old, new.format("caller")).problems == ()
    assert [one.code for one in with_change(old, new.format("opinion")).problems] == ["personal-read"]


def test_a_name_that_some_way_leaves_unset_must_be_tested() -> None:
    problems = with_change(
        "form: [fault!, in_warranty!, cause!, estimate!,", "form: [fault!, in_warranty!, cause!, estimate,"
    ).problems
    assert {problem.values["name"] for problem in problems if problem.code == "expression-untested-name"} == {
        "data.estimate",
        "parent.estimate",
    }


def test_a_target_that_is_no_state_makes_no_workflow_and_is_left_to_the_checks() -> None:
    found = with_change("to: on_hold", "to: on_hodl")
    assert found.workflow is None
    assert found.problems == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            'stamped: {zh: "盖章", en: "Stamped", by: service_manager, optional: true}',
            'stamped: {zh: "盖章", en: "Stamped", by: service_manager, when: "data.consent != null",'
            ' require: {c: {that: "data.consent", else: {zh: "否", en: "No"}}}}',
        ),
        (
            'that: "data.fee == null || data.fee >= 0"',
            'when: "data.fee != null"\n    that: "data.fee >= 0"',
        ),
        (
            'enter: {start: repair, when: "data.satisfied == false"}',
            'enter: {set: {visits: "=case.visits + 1"}, when: "case.visits != null"}',
        ),
    ],
)
def test_what_a_when_has_tested_needs_no_test_again(old: str, new: str) -> None:
    assert with_change(old, new).problems == ()


def test_nothing_is_compiled_before_it_is_asked() -> None:
    found = compiled()
    assert found.workflow is not None
    assert len(found.compiler.expressions) > 20
    guard = step(found.workflow.machines["line"], "open", "done").require[0]
    assert guard.that is not None
    assert guard.that.holds(Seen({"parent.estimate": "1.00 CNY", "data.number": "1"})) is True
    woken = [placed.expression.text for placed in found.compiler.expressions if placed.expression.is_compiled]
    assert woken == [guard.that.text]


def test_an_opening_may_show_guidance_as_a_state_does() -> None:
    form = "        form: [caller!, district"
    found = with_change(form, f'        guidance: {{zh: "先问清", en: "Ask first", for: customer_service}}\n{form}')
    assert found.problems == ()
    assert found.workflow is not None
    (said,) = found.workflow.kinds["repair_case"].openings["reported"].guidance
    assert (said.text, said.role) == ({"zh": "先问清", "en": "Ask first"}, "customer_service")
