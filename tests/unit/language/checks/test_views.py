"""Views: rows of what there is, columns that something fills, states that instances reach."""

from tests.unit.language.checks.marks import expect

TEXTS = "\ntexts:\n"


def viewing(codes: list[str], *lines: str, of: str = "repair") -> None:
    """Expect problems in the clean file with a view of some lines."""
    body = "".join(f"    {line}\n" for line in (f"of: {of}", *lines))
    expect(codes, (TEXTS, f'\nviews:\n  open:\n    zh: "在办"\n    en: "Open"\n{body}\ntexts:\n'))


def test_a_view_of_instances_reads_what_conditions_read_and_the_words_of_rows():
    viewing(
        [],
        "where: \"state in ['reported', 'working'] && !closed && (due == null || due < now)\"",
        'columns: [number, state, cause, phone, since, {waits: {zh: "等候", en: "Waits", value: "=now - since"}}]',
        "order: [-waits, number]",
        "group: state",
        "owner: office",
        "limit: 20",
    )


def test_a_view_of_cases_reads_the_case():
    viewing(
        [], 'where: "closed || case.phone != null"', "columns: [number, phone, opened_at, findings]", of="repair_case"
    )


def test_a_view_is_of_a_machine_or_a_kind_of_case():
    viewing(["unknown-machine"], of="¦repiar")


def test_its_owner_is_a_role():
    viewing(["unknown-role"], "owner: ¦offce")


def test_a_column_is_a_field_or_a_name_that_rows_have():
    viewing(["unknown-column"], "columns: [number, ¦stat]")
    viewing(["unknown-column"], "columns: [number, ¦cause]", of="repair_case")
    viewing(["unknown-column"], "order: [¦wrong]")


def test_a_column_that_nothing_fills_is_told():
    viewing(["column-never-set"], "columns: [number, ¦opinion]", of="part")


def test_an_expression_under_a_name_has_a_title():
    viewing(["title-missing"], 'columns: [{¦waits: "=now - since"}]')


def test_an_expression_reads_names_that_there_are():
    viewing(["expression-unknown-name"], "where: \"¦stat == 'reported'\"")
    viewing(["personal-read"], "where: \"¦case.phone == '1'\"")
    viewing(["expression-unknown-name"], 'columns: [{waits: {zh: "等", en: "W", value: "=¦sinc"}}]')


def test_a_column_stands_once_and_is_one_name():
    viewing(["duplicate-column"], "columns: ¦[number, number]")
    viewing(["bad-column"], "columns: [¦Number]")


def test_a_state_that_no_instance_reaches_leaves_rows_out():
    viewing(["view-state-unknown"], "where: \"state == ¦'reportd'\"")
