"""Units: declared where a field has one, of numbers alone; shown in the reader's language."""

from zoneinfo import ZoneInfo

from lifecycle.core.showing import show, unit_behind
from lifecycle.core.values import FieldType
from tests.unit.language.checks.marks import expect

QUANTITY = '  quantity: {is: integer, zh: "数量", en: "Quantity"}\n'
UNITS = 'units:\n  piece: {zh: "件", en: "pieces"}\n\nfields:\n'


def units(codes: list[str], field: str, text: str = UNITS) -> None:
    expect(codes, ("fields:\n", text), (QUANTITY, f'  quantity: {{{field}, zh: "数量", en: "Quantity"}}\n'))


def test_a_field_may_have_a_unit_that_is_declared():
    units([], "is: integer, unit: piece")
    units(["unknown-unit"], "is: integer, unit: ¦peace")


def test_only_numbers_have_one():
    more = UNITS + '  colour: ¦{is: text, unit: piece, zh: "颜色", en: "Colour"}\n'
    expect(["unit-of-no-number"], ("fields:\n", more), (QUANTITY, QUANTITY.replace("integer", "integer, unit: piece")))


def test_a_unit_that_nothing_is_counted_in_is_not_used():
    units(["never-used"], "is: integer", UNITS.replace("  piece", "  ¦piece"))


def test_a_number_is_shown_with_its_unit_in_the_readers_language():
    type = FieldType(name="integer", unit={"zh": "件", "en": "pieces"})
    zone = ZoneInfo("UTC")
    assert [show(type, 3, lang, zone) for lang in ("zh", "en")] == ["3 件", "3 pieces"]
    assert show(FieldType(name="number", unit={"zh": "公里"}), "4.5", "en", zone) == "4.5 公里"
    assert show(type, None, "zh", zone) == ""


def test_a_unit_stands_behind_an_amount_by_its_titles_or_as_it_is_written():
    assert unit_behind("piece", {"zh": "件", "en": "pieces"}) == {"zh": " 件", "en": " pieces"}
    assert unit_behind("piece", {}) == " piece"
    assert unit_behind("", {}) == ""
