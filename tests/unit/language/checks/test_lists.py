"""Lists: columns that there are, rows that are whole, nothing personal; each fault at its place."""

from tests.unit.language.checks.marks import expect

LISTS = """lists:
  products:
    zh: "产品"
    en: "Products"
    key: model
    columns: {model: text!, price: money!}
    rows:
      - {model: TX-9, price: "100.00"}

roles:
"""
FROM = (
    '  opinion: {is: text, zh: "意见", en: "Opinion"}\n',
    '  opinion: {is: text, from: products, zh: "意见", en: "Opinion"}\n',
)


def listing(codes: list[str], *changes: tuple[str, str], text: str = LISTS) -> None:
    expect(codes, ("roles:\n", text), FROM, *changes)


def test_a_file_with_a_list_is_clean():
    listing([])


def test_what_a_field_and_an_expression_name_is_a_list():
    expect(["unknown-list"], ("roles:\n", LISTS), (FROM[0], FROM[1].replace("from: products", "from: ¦product")),
           ("now\"", "now && row('products', 'a') != null\""))  # fmt: skip
    listing(["unknown-list"], ('limit <= now"', "limit <= now && row(¦'product', 'a') != null\""))


def test_a_row_has_only_columns_of_the_list_and_all_that_it_needs():
    listing(["unknown-list-column"], text=LISTS.replace('"100.00"}', '"100.00", ¦colour: red}'))
    listing(["list-column-missing"], text=LISTS.replace('{model: TX-9, price: "100.00"}', "¦{model: TX-9}"))
    listing(
        ["unknown-list-column"],
        text=LISTS.replace("key: model", "key: ¦modell"),
    )


def test_a_key_stands_once():
    again = '"100.00"}\n      - {model: ¦TX-9, price: "1.00"}'
    listing(["list-key-twice"], text=LISTS.replace('"100.00"}', again))


def test_a_value_of_a_row_fits_its_column():
    listing(["literal-wrong-type"], text=LISTS.replace('"100.00"', "¦dear"))


def test_a_column_that_an_expression_reads_is_there():
    listing(["unknown-list-column"], ('limit <= now"', "limit <= now && row('products', 'a').¦prise > 0\""))
    listing(["expression-unknown-column"], ('limit <= now"', 'limit <= now && lists.products.exists(r, r.¦prise > 0)"'))


def test_nothing_personal_stands_in_a_list():
    text = LISTS.replace("{model: text!, price: money!}", "¦[quantity!, phone]").replace("key: model", "key: quantity")
    listing(["list-personal"], text=text.replace('{model: TX-9, price: "100.00"}', "{quantity: 1}"))


def test_a_list_that_nothing_reads_is_not_used():
    expect(["never-used"], ("roles:\n", LISTS.replace("  products", "  ¦products")))


def test_who_keeps_a_list_is_a_role():
    listing(["unknown-role"], text=LISTS.replace("    rows:", "    kept_by: ¦cheif\n    rows:"))
