from tests.unit.language.checks.marks import expect

MACHINES = 'machines:\n  repair:\n    zh: "维修"'
ROUNDS = '  rounds: {zh: "巡检", en: "Rounds", every: month, open: repair_case}'


def with_schedules(entry: str) -> tuple[str, str]:
    """Return the change that puts schedules into the clean file."""
    return MACHINES, f"schedules:\n{entry}\n\n{MACHINES}"


def test_a_schedule_with_everything_is_clean():
    expect(
        [],
        with_schedules(
            '  rounds:\n    zh: "巡检"\n    en: "Rounds"\n    every: quarter\n    months: [1, 3]\n    days: [10, 20, -1]\n'
            '    weekdays: [1mon, -1fri]\n    time: "09:00"\n    missing_day: skip\n    from: 2026-01-01\n'
            "    until: 2027-12-31\n    missed: latest\n    open: {repair_case: {opening: reported}}\n    rules: [DW-015]"
        ),
    )


def test_every_text_of_a_schedule_names_what_it_should():
    expect(
        ["bad-every", "bad-monthday", "bad-weekday", "bad-time", "bad-date", "not-one-of"],
        with_schedules(
            '  rounds:\n    zh: "巡检"\n    en: "Rounds"\n    every: ¦fortnight\n    days: [¦32]\n    weekdays: ¦6mon\n'
            '    time: ¦"25:00"\n    until: ¦2026-02-30\n    missed: ¦later\n    open: repair_case'
        ),
    )


def test_a_schedule_does_something_and_only_what_fits_it():
    for codes, entry in (
        (["schedule-does-nothing"], "every: month"),
        (["schedule-key-not-with"], "every: day, days: [10], open: repair_case"),
        (["schedule-key-not-with"], "every: 36h, anchor: calendar, open: repair_case"),
        (["schedule-key-not-with"], "every: week, weekdays: 1mon, open: repair_case"),
        (["schedule-key-not-with"], "every: month, anchor: start, days: [10], open: repair_case"),
        (["schedule-month"], "every: quarter, months: [4], open: repair_case"),
    ):
        expect(codes, with_schedules(f'  rounds: ¦{{zh: "巡检", en: "Rounds", {entry}}}'))
    for entry in ("every: month, send: {read: {}}", "every: month, closed: skip, open: repair_case"):
        expect(["key-missing"], with_schedules(f'  ¦rounds: {{zh: "巡检", en: "Rounds", {entry}}}'))


def test_a_schedule_that_never_occurs_is_found():
    never = "every: year, months: [2], days: [30], missing_day: skip, open: repair_case"
    expect(["schedule-never-fires"], with_schedules(f'  ¦rounds: {{zh: "巡检", en: "Rounds", {never}}}'))
    expect(
        [], with_schedules(ROUNDS.replace("every: month", "every: year, months: [2], days: [29], missing_day: skip"))
    )
    over = ROUNDS.replace("every: month", "every: month, from: 2026-02-02, until: 2026-02-20").replace("  r", "  ¦r")
    expect(["schedule-never-fires"], with_schedules(over))


def test_names_in_a_schedule_are_declared():
    (problem,) = expect(["unknown-kind"], with_schedules(ROUNDS.replace("repair_case", "¦repair_cse")))
    assert "repair_case" in problem.values["known"]
    expect(
        ["unknown-opening"],
        with_schedules(ROUNDS.replace("open: repair_case", "open: {repair_case: {opening: ¦reportd}}")),
    )
    expect(["unknown-calendar"], with_schedules(ROUNDS.replace("every: month", "every: month, calendar: ¦office")))


def test_members_have_a_key():
    expect(
        ["schedule-per-plain-kind"],
        with_schedules(ROUNDS.replace("every: month", "every: month, per: ¦repair_case")),
    )


def test_what_an_opening_needs_is_given():
    first = 'reported: {zh: "登记", en: "Reported", by: office, form: [phone], start: repair}'
    second = first.replace("reported", "called").replace("登记", "来电").replace("Reported", "Called")
    both = (first, f"{first}\n      {second.replace('[phone]', '[phone!]')}")
    entry = ROUNDS.replace("open: repair_case", "open: {¦repair_case: {opening: called}}")
    expect(["schedule-field-not-given"], both, with_schedules(entry))
    given = "open: {repair_case: {opening: called, form: {phone: '13800000000'}}}"
    expect([], both, with_schedules(ROUNDS.replace("open: repair_case", given)))
