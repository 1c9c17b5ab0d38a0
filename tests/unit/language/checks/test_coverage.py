from tests.unit.language.checks.marks import expect

MACHINES = 'machines:\n  repair:\n    zh: "维修"'
FIELD = ("fields:\n", 'fields:\n  bought_on: {is: date, scope: case, zh: "购买日", en: "Bought on"}\n')
FORM = ("form: [phone], start: repair}", "form: [phone, bought_on], start: repair}")
ROAD = """  road:
    zh: "道路"
    en: "Road"
    machines: [paving]
    opens: {dug: {zh: "开挖", en: "Dug", by: office, start: paving}}
"""
PAVING = """  paving:
    zh: "铺路"
    en: "Paving"
    start: open
    states:
      open: {zh: "在办", en: "Open", steps: {paved: {zh: "铺好", en: "Paved", by: office, to: over}}}
      over: {zh: "完", en: "Over", final: done}

"""


def with_coverage(entry: str, *, section: str = "coverage:\n") -> tuple[tuple[str, str], ...]:
    """Return the changes that put a coverage into the clean file: `entry` is what follows its titles."""
    whole = f'{section}  warranty: {{zh: "质保期", en: "Warranty", {entry}}}\n\n{MACHINES}'
    return ((MACHINES, whole), FIELD, FORM)


TERMS = 'of: repair_case, from: "=case.bought_on"'


def test_a_coverage_with_everything_is_clean():
    entry = (
        f"{TERMS}, months: 12, extended_by: [repair.on_hold, repair.working], "
        "restart: {part.fitted: \"=['brake']\", repair.arrived: all}, cancel: repair.held, rules: [DW-015]"
    )
    expect([], *with_coverage(entry))
    expect([], *with_coverage(f"{TERMS}, years: 3, restart: part.fitted"))


def test_a_coverage_has_exactly_one_length_and_one_to_begin_anew_with():
    for length in ("cancel: repair.held", "months: 12, years: 1"):
        [(old, new), *rest] = with_coverage(f"{TERMS}, {length}")
        expect(["needs-one"], (old, new.replace("  warranty: {", "  ¦warranty: {")), *rest)
    expect(["coverage-no-length"], *with_coverage(f'{TERMS}, until: "=case.bought_on", ¦restart: part.fitted'))


def test_names_in_a_coverage_are_declared():
    expect(["unknown-kind"], *with_coverage('of: ¦repair_cse, from: "=case.bought_on", years: 1'))
    expect(["unknown-state"], *with_coverage(f"{TERMS}, years: 1, extended_by: [¦repair.holding]"))
    expect(["unknown-machine"], *with_coverage(f"{TERMS}, years: 1, extended_by: ¦repairing.on_hold"))
    expect(["unknown-step"], *with_coverage(f"{TERMS}, years: 1, cancel: [repair.held, ¦repair.hold]"))
    expect(["unknown-step"], *with_coverage(f"{TERMS}, years: 1, restart: {{¦part.fit: all}}"))
    expect(["unknown-machine"], *with_coverage(f"{TERMS}, years: 1, restart: ¦parts.fitted"))
    expect(["bad-state"], *with_coverage(f"{TERMS}, years: 1, extended_by: ¦on_hold"))


def test_days_are_read_from_the_case_alone():
    expect(["coverage-reads-else"], *with_coverage('of: repair_case, from: "=¦now", years: 1'))
    expect(
        ["coverage-reads-else", "expression-unknown-name"],
        *with_coverage(f'{TERMS}, months: "=¦data.quantity"'.replace("¦", "¦¦")),
    )


OPENING = '      reported: {zh: "登记", en: "Reported", by: office, form: [phone], start: repair}\n'


def with_road(changes: tuple[tuple[str, str], ...], road: str = ROAD) -> tuple[tuple[str, str], ...]:
    """Return the changes that also put another kind of case into the clean file."""
    [(old, new), *_] = changes
    opening = OPENING.replace("[phone]", "[phone, bought_on]")
    return (old, new.replace("machines:\n", f"machines:\n{PAVING}")), FIELD, (OPENING, opening + road)


def test_states_belong_to_cases_of_that_kind():
    expect(["coverage-foreign-state"], *with_road(with_coverage(f"{TERMS}, years: 1, extended_by: ¦paving.open")))


def asked(condition: str) -> tuple[str, str]:
    return "that: \"all_final('parts_fitted')\"", f"that: \"all_final('parts_fitted') && {condition}\""


def test_what_is_asked_for_is_declared_and_within_reach():
    changes = with_coverage(f"{TERMS}, years: 1")
    expect([], *changes, asked("covered('warranty')"))
    expect([], *changes, asked("covered('warranty', 'brake')"))
    words = "coverage.warranty.until != null && coverage.warranty.lost != null && coverage.warranty.lost < 3"
    expect([], *changes, asked(words))
    expect(["unknown-coverage"], *changes, asked("covered(¦'waranty')"))


def test_another_case_asks_through_its_only_link():
    changes = with_coverage(f"{TERMS}, years: 1")
    guard = "require: {free: {that: \"covered(¦'warranty')\", else: {zh: 无, en: Never}}}, start: paving"
    road = ROAD.replace("start: paving", guard)
    expect(["coverage-out-of-reach"], *with_road(changes, road))
    field = ("fields:\n", f"{FIELD[1]}  job: {{is: repair_case, scope: case, zh: 维修, en: Job}}\n")
    linked = road.replace("¦", "").replace(
        "    machines: [paving]\n", "    machines: [paving]\n    links: {job: {case: repair_case, by: job}}\n"
    )
    linked = linked.replace("by: office,", "by: office, form: [job],")
    text, _, opening = with_road(changes, linked)
    expect([], text, field, opening)
