"""Figures: what they count can happen; each way of counting has the keys that go with it."""

from tests.unit.language.checks.marks import expect

TEXTS = "\ntexts:\n"


def figuring(codes: list[str], *lines: str, mark: str = "") -> None:
    """Expect problems in the clean file with a figure of some lines. mark: before its name, or its first key."""
    name, first = (mark, "") if mark != "zh" else ("", "¦")
    body = "".join(f"    {line}\n" for line in lines)
    expect(codes, (TEXTS, f'\nkpis:\n  {name}rate:\n    {first}zh: "率"\n    en: "Rate"\n{body}\ntexts:\n'))


def test_each_way_of_counting_is_clean():
    figuring([], "count: [repair.signed, repair.held]", "group: [actor.person, cause]", "per: week")
    figuring(
        [],
        "count: repair.signed",
        "of: repair.confirmed",
        'where: "data.opinion != null"',
        "at_least: 90%",
        "per: month",
        "compare: previous",
    )
    figuring([], "share: \"state == 'praised'\"", "of: repair.signed")
    figuring(
        [],
        "measure: between(repair_case.reported, repair_case.closed)",
        "show: p90",
        "pause: repair.on_hold",
        "at_most: 3d",
    )
    figuring([], 'sum: "=data.quantity"', "of: part.fitted", "group: number")
    figuring(
        [], 'average: "=now - data.arrived_at"', "unit: duration", "of: repair.signed", 'at_most: "=settings.limit"'
    )


def test_what_the_step_asked_for_is_known_behind_it():
    figuring([], "count: repair.arrived", "where: \"data.arrived_at < timestamp('2026-01-01T00:00:00Z')\"")
    figuring(["expression-untested-name"], "count: repair.held", 'where: "¦data.arrived_at < now"')


def test_what_is_counted_is_declared():
    figuring(["unknown-step"], "count: ¦repair.sined")
    figuring(["unknown-opening"], "count: ¦repair_case.ended")
    figuring(["unknown-machine"], "count: ¦repairs.signed")
    figuring(["unknown-finding"], "count: ¦finding.late")
    figuring(["unknown-deadline"], "count: ¦repair.contact.met")
    figuring(["unknown-step"], "measure: ¦between(repair.sined, repair.signed)")
    figuring(["bad-countable"], "count: ¦Repair")


def test_what_does_not_count_is_a_state_of_a_machine():
    figuring(["unknown-state"], "measure: between(repair.confirmed, repair.signed)", "pause: ¦repair.held")
    figuring(["unknown-machine"], "measure: between(repair.confirmed, repair.signed)", "pause: ¦repairs.on_hold")


def test_exactly_one_way_and_the_keys_that_go_with_it():
    figuring(["needs-one"], "count: repair.signed", 'share: "true"', "of: repair.signed", mark="¦")
    figuring(["key-missing"], 'average: "=data.quantity"', mark="¦")
    figuring(["kpi-key-misplaced"], "count: repair.signed", "pause: repair.on_hold", mark="zh")


def test_a_target_is_of_the_figures_own_kind():
    figuring(["kpi-target"], "count: repair.signed", "of: repair.confirmed", "at_least: ¦3d")
    figuring(["kpi-target"], "measure: between(repair.confirmed, repair.signed)", "at_most: ¦98%")


def test_a_sum_is_of_numbers_amounts_or_lengths():
    figuring(["expression-result-type"], 'sum: "=¦data.opinion"', "of: repair.signed")


def test_nothing_personal_is_grouped_by():
    figuring(["personal-read"], "count: repair.signed", "group: ¦phone")


def test_a_state_that_no_instance_reaches_counts_nothing():
    figuring(["view-state-unknown"], "count: repair.signed", "where: \"state == ¦'prased'\"")
