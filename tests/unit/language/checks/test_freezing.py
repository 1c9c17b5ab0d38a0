"""Freezing: what is kept exists, in a list whose columns it has, and nothing of it is personal."""

from tests.unit.language.checks.marks import expect

TEXTS = "\ntexts:\n"
SEEN = """
views:
  open: {zh: "在办", en: "Open", of: repair, where: "!closed", columns: [number, phone, {where_at: {zh: "处", en: "At", value: "=state"}}]}
kpis:
  signed: {zh: "签字", en: "Signed", count: repair.signed, per: week, group: cause}
"""
FIELD = '  photo: {is: attachment, zh: "照片", en: "Photo"}\n'


def freezing(codes: list[str], freeze: str, rows: str) -> None:
    """Expect problems in the clean file in which a step freezes something in a list with some columns."""
    kept = f'  kept: {{is: list, of: {rows}, zh: "留存", en: "Kept"}}\n'
    held = 'held: {zh: "暂缓", en: "Held", by: office, to: on_hold}'
    expect(
        codes,
        (FIELD, FIELD + kept),
        (held, held.replace("by: office,", f"by: office, freeze: {freeze},")),
        (TEXTS, f"{SEEN}{TEXTS}"),
    )


def test_rows_of_a_view_and_lines_of_a_figure_are_kept():
    freezing([], "{kept: open}", "{number: text, where_at: text}")
    freezing(
        [],
        "{kept: {kpi: signed, period: current, when: \"data.cause == 'defect'\"}}",
        "{period: text, cause: text, value: integer}",
    )


def test_what_is_frozen_is_declared():
    freezing(["unknown-view"], "{kept: ¦opn}", "{number: text}")
    freezing(["unknown-kpi"], "{kept: {kpi: ¦sined}}", "{period: text}")


def test_a_column_of_the_field_is_one_of_what_is_frozen():
    freezing(["freeze-column"], "{¦kept: open}", "{number: text, place: text}")
    freezing(["freeze-column"], "{¦kept: {kpi: signed}}", "{number: text}")


def test_nothing_personal_leaves_its_case():
    freezing(["freeze-personal"], "{¦kept: open}", "{phone: text}")


def test_only_a_list_of_rows_keeps_what_is_frozen():
    freezing(["freeze-field"], "{¦kept: open}", "text")


def test_it_is_a_view_or_a_figure():
    freezing(["needs-one"], "{¦kept: {view: open, kpi: signed}}", "{number: text}")
