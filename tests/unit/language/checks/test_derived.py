"""Derived labels: of a machine or a kind, of a type, fixed by an event of their own, in no circle."""

from tests.unit.language.checks.marks import expect

TEXTS = "\ntexts:\n"
READ = '\nviews: {all: {zh: "全", en: "All", of: repair, columns: [number, derived.late]}}\n'


def labelling(codes: list[str], body: str, *more: str, read: str = READ, name: str = "late") -> None:
    """Expect problems in the clean file with a label."""
    others = "".join(f"  {line}\n" for line in more)
    section = f'\nderived:\n  {name}: {{zh: "迟", en: "Late", {body}}}\n{others}'
    expect(codes, (TEXTS, f"{read}{section}\ntexts:\n"))


def test_a_label_is_read_by_views_conditions_and_other_labels():
    labelling([], "of: repair, value: \"=count('held') > 1\", frozen: repair.arrived")
    labelling(
        [],
        'of: repair, is: cause, value: "=data.cause"',
        'bad: {zh: "坏", en: "Bad", of: repair, value: "=derived.late == \'defect\'"}',
        read=READ.replace("derived.late", "derived.bad"),
    )
    labelling([], 'of: repair_case, value: "=parts_fitted.exists(p, !p.final)"')


def test_its_machine_its_type_and_its_event_are_declared():
    labelling(
        ["unknown-column", "unknown-machine"], 'of: ¦repiar, value: "=true"', read=READ.replace("derived", "¦derived")
    )
    labelling(["unknown-type"], 'of: repair, is: ¦causes, value: "=data.cause"')
    labelling(["unknown-step"], 'of: repair, value: "=true", frozen: ¦repair.arived')


def test_its_value_is_of_its_type():
    labelling(["expression-result-type"], 'of: repair, value: "=¦data.cause"')


def test_it_is_fixed_by_an_event_that_comes_to_it():
    labelling(["label-frozen-elsewhere"], 'of: repair, value: "=true", frozen: ¦part.fitted')


def test_it_is_not_worked_out_of_itself():
    labelling(["label-loop"], 'of: repair, value: ¦"=derived.late"')
    labelling(["unknown-label"], "of: repair, value: \"=label(¦'lat') == true\"")


def test_one_that_nothing_reads_is_told():
    labelling(["never-used"], "of: repair, value: \"=count('held') > 1\"", read="", name="¦late")
