"""Settlements: columns that know whose row they fill, read only their event's case; each fault at its place."""

from tests.unit.language.checks.marks import expect

LEDGER = '  hours: {of: staff, unit: minute, zh: "工时", en: "Hours"}'
HEAD = f"""ledgers:
{LEDGER}

settlements:
  month:
    zh: "月结"
    en: "Month"
    every: month
    per: staff
    key: "=actor.person"
    columns:
"""
JOBS = 'jobs: {count: repair.signed, zh: "单数", en: "Jobs"}'
STEP = "            form: [arrived_at!]\n"
ACTS = f"{STEP}            settle: month\n            post: {{hours: {{add: 1, key: li}}}}\n"


def settling(codes: list[str], *columns: str, more: str = "", acts: str = ACTS, head: str = HEAD) -> None:
    """Expect problems in the clean file with a settlement of these columns, drawn up by a step."""
    lines = "".join(f"      {column}\n" for column in columns)
    expect(codes, ("cases:\n", f"{head}{lines}{more}\ncases:\n"), (STEP, acts))


def test_a_file_with_a_settlement_is_clean():
    settling(
        [],
        JOBS,
        'minutes: {ledger: hours, verb: add, zh: "工时", en: "Minutes"}',
        'praised: {count: repair.signed, where: "data.opinion != null", zh: "有意见", en: "Praised"}',
        'calls: {count: repair_case.reported, zh: "来电", en: "Calls"}',
        'share: {value: "=share(100, it.praised, it.jobs)", zh: "比例", en: "Share"}',
        more="    rank: {by: jobs}\n    everyone: installer\n",
    )


def test_what_a_settlement_names_is_declared():
    settling(["unknown-ledger", "unknown-step"], 'a: {ledger: ¦hour, zh: "甲", en: "A"}',
             'b: {count: ¦repair.sign, zh: "乙", en: "B"}')  # fmt: skip
    settling(["unknown-role", "unknown-settlement-column"], JOBS, more="    everyone: ¦fitter\n    rank: {by: ¦job}\n")
    settling(["unknown-settlement"], JOBS, acts=ACTS.replace("settle: month", "settle: [month, ¦year]"))
    settling(["unknown-table"], JOBS, more='    decide: {¦grading: {jobs: "=it.jobs"}}\n')


def test_an_event_needs_a_key_that_says_whose_row_it_is():
    settling(["settlement-needs-key"], f"¦{JOBS}", head=HEAD.replace('    key: "=actor.person"\n', ""))


def test_a_ledgers_holder_is_whoever_the_rows_are_of():
    ledger = HEAD.replace("of: staff", "of: part")
    settling(["settlement-other-holder"], 'a: {ledger: ¦hours, zh: "甲", en: "A"}', head=ledger)


def test_entries_read_nothing_beside_their_case():
    column = """jobs: {count: repair.signed, where: ¦"balance('hours', 'li') > 0", zh: "单数", en: "Jobs"}"""
    settling(["settlement-reads-beside"], column)


def test_only_steps_and_openings_are_counted():
    settling(["settlement-not-counted"], 'a: {count: ¦removed, zh: "甲", en: "A"}')


def test_a_table_gives_no_column_a_second_time():
    column = 'payer: {count: repair.signed, zh: "单数", en: "Jobs"}'
    settling(["settlement-column-twice"], column, more="    decide: {¦payer: {cause: defect}}\n")


def test_a_sum_is_of_what_is_there_after_the_event_and_fits_its_type():
    settling(["expression-unknown-name"], 'a: {sum: "=¦data.quantities", of: repair.signed, zh: "甲", en: "A"}')
    settling(["expression-result-type"], 'a: {sum: "=¦data.arrived_at", of: repair.signed, zh: "甲", en: "A"}')


def test_a_value_sees_the_columns_before_it_and_no_others():
    settling(["expression-unknown-name"], 'a: {value: "=¦it.jobs + 1", zh: "甲", en: "A"}', JOBS)


def test_a_settlement_that_nothing_draws_up_is_not_used():
    expect(["never-used"], ("cases:\n", f"{HEAD.replace('  month', '  ¦month')}      {JOBS}\n\ncases:\n"),
           (STEP, ACTS.replace("            settle: month\n", "")))  # fmt: skip


def test_every_column_has_a_title():
    settling(["title-missing"], "¦jobs: {count: repair.signed}")


def test_a_column_has_one_source():
    settling(["needs-one"], JOBS, '¦a: {count: repair.signed, ledger: hours, zh: "甲", en: "A"}')
    settling(["key-missing"], JOBS, '¦a: {sum: "=data.quantity", zh: "甲", en: "A"}')
    settling(["settlement-value-of-row"], JOBS, 'a: ¦{value: "=1", where: "true", zh: "甲", en: "A"}')
    settling(["reserved-name"], JOBS, '¦rank: {count: repair.signed, zh: "甲", en: "A"}')
