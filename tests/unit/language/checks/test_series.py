"""Series: readings that are somebody's, recorded by something; each fault at its place."""

from tests.unit.language.checks.marks import expect

SERIES = """series:
  mileage: {of: vehicle, key: "=case.phone", unit: km, never_falls: true, zh: "里程", en: "Mileage"}

roles:
"""
OF_CASE = SERIES.replace(', key: "=case.phone"', "").replace("vehicle", "case")
STEP = "            form: [arrived_at!]\n"
RECORD = 'record: {mileage: "=1"}'


def reading(codes: list[str], *changes: tuple[str, str], text: str = OF_CASE, record: str = RECORD) -> None:
    expect(codes, ("roles:\n", text), (STEP, f"{STEP}            {record}\n"), *changes)


def test_a_file_with_a_series_is_clean():
    reading([])
    reading(
        [],
        record='record: {mileage: {value: "=1", key: V-1, at: "=now", source: dealer}}',
        text=OF_CASE.replace("case", "car"),
    )


def test_what_a_step_records_and_an_expression_asks_for_is_a_series():
    reading(["unknown-series"], record='record: [{mileage: "=1"}, {¦milage: "=1"}]')
    reading(["unknown-series"], ('limit <= now"', "limit <= now && reading(¦'milage', now) != null\""))
    reading(["expression-unknown-name"], ('limit <= now"', 'limit <= now && ¦series.milage.last != null"'))


def test_a_reading_fits_its_type_and_is_tested_before_it_is_used():
    reading(["expression-result-type"], record='record: {mileage: "=¦data.arrived_at"}')
    reading(["expression-untested-name"], ('limit <= now"', 'limit <= now && ¦series.mileage.last > 3"'))


def test_readings_of_a_thing_need_a_key_and_those_of_the_case_none():
    reading(["series-needs-key"], record='record: {¦mileage: "=1"}', text=OF_CASE.replace("of: case", "of: car"))
    reading(
        ["series-key-needless"],
        text=OF_CASE.replace("of: case", 'of: case, ¦key: "=state"').replace("state", "actor.person"),
    )


def test_a_series_that_is_asked_for_is_recorded():
    expect(
        ["series-only-read"],
        ("roles:\n", OF_CASE),
        ('"data.arrived_at + settings', "¦\"reading('mileage', now) != null && data.arrived_at + settings"),
    )


def test_a_series_that_nothing_records_or_reads_is_not_used():
    expect(["never-used"], ("roles:\n", OF_CASE.replace("  mileage", "  ¦mileage")))
