"""Ledgers: verbs and units that fit, holders that are named; each fault at its place."""

from tests.unit.language.checks.marks import changed, expect, problems_of

BILL = """ledgers:
  bill: {unit: CNY, payer: customer, payee: company, zh: "费用", en: "Charge"}

cases:
"""
STOCK = """ledgers:
  stock: {of: part, unit: piece, floor: 0, zh: "库存", en: "Stock"}

cases:
"""
STEP = "            form: [arrived_at!]\n"


def posting(codes: list[str], post: str, ledgers: str = BILL, *changes: tuple[str, str]) -> None:
    """Expect problems in the clean file with a ledger that one step posts to."""
    expect(codes, ("cases:\n", ledgers), (STEP, f"{STEP}            post: {post}\n"), *changes)


def test_a_file_with_a_ledger_is_clean():
    posting([], '[{bill: {owe: "120.00"}}, {bill: {pay: "120.00"}}]')


def test_ledgers_and_parties_that_a_post_names_are_declared():
    posting(["unknown-ledger"], '[{bill: {pay: "1.00"}}, {¦bil: {owe: "1.00"}}]')
    posting(["unknown-role"], '{bill: {pay: "1.00", payer: ¦custmer}}')


def test_a_verb_of_money_does_not_go_with_pieces_nor_the_other_way_round():
    posting(["post-wrong-verb"], "{bill: {¦add: 3}}")
    posting(["post-wrong-verb"], "{stock: {¦owe: 3, key: P}}", STOCK)


def test_an_account_for_each_part_needs_to_know_which():
    posting(["post-needs-key"], "{¦stock: {add: 3}}", STOCK)


def test_an_amount_is_of_the_ledgers_own_unit():
    posting(["ledger-unit-mismatch", "read-before-set"], '{bill: {pay: ¦"=¦data.quantity"}}')
    posting(["expression-result-type"], '{bill: {pay: "=¦data.arrived_at"}}')


def test_a_balance_is_asked_of_a_ledger_that_there_is():
    posting(["unknown-ledger"], '{bill: {pay: "1.00", when: "balance(¦\'bil\') == 0"}}')


def test_a_ledger_that_nothing_posts_to_or_asks_for_is_not_used():
    expect(["never-used"], ("cases:\n", BILL.replace("  bill", "  ¦bill")))


def test_what_is_owed_can_be_paid_or_waived():
    posting(["ledger-never-settled"], '{bill: {owe: "1.00"}}', BILL.replace("  bill", "  ¦bill"))


QUOTE = """papers:
  quote:
    zh: "报价单"
    en: "Quote"
    number: "Q-{serial:04}"
    fields: [quantity]
    stages: {drawn: {zh: "已开", en: "Drawn"}, agreed: {zh: "已同意", en: "Agreed"SIGNED}}

ledgers:
  hours: {unit: hour, ceiling: CEILING, zh: "工时", en: "Hours"}

units: {hour: {zh: "小时", en: "hour"}}

cases:
"""


def test_a_ceiling_is_of_a_paper_that_somebody_signs():
    ceiling = '"=¦paper.quote.quantity == null ? 0 : paper.quote.quantity"'
    quote = "papers: {quote: agreed}, post: {hours: {add: 1}}"
    found = [
        [problem.code for problem in problems_of(changed(*changes))]
        for signed in ("", ", signed_by: customer")
        for changes in [
            (
                ("cases:\n", QUOTE.replace("SIGNED", signed).replace("CEILING", ceiling.replace("¦", ""))),
                (STEP, f"{STEP}            {quote.replace(', post', chr(10) + '            post')}\n"),
            )
        ]
    ]
    assert [codes.count("ceiling-without-consent") for codes in found] == [2, 0]


def test_a_stock_with_a_floor_is_filled_by_something():
    posting(["ledger-never-filled"], "{stock: {take: 3, key: P}}", STOCK.replace("  stock", "  ¦stock"))


def test_a_balance_that_is_asked_for_is_posted_to():
    two = BILL.replace("\n\ncases", '\n  ¦fines: {unit: CNY, zh: "罚款", en: "Fines"}\n\ncases')
    posting(["ledger-only-read"], '{bill: {pay: "1.00", when: "balance(\'fines\') == 0"}}', two)


def test_a_rung_that_an_opening_climbs_assigns_nobody():
    climbed = """pools: {fitters: {role: installer}}
ledgers:
  stock: {of: part, unit: piece, key: "='P'", ladder: {"3": {assign: {¦fitter: fitters}}}, zh: "库存", en: "Stock"}

cases:
"""
    opening = ("form: [phone], start: repair}", "form: [phone], start: repair, post: {stock: {add: 3}}}")
    expect(["assign-without-instance"], ("cases:\n", climbed), opening)
    posting([], "{stock: {add: 3}}", climbed.replace("¦", ""))
