from tests.unit.language.checks.marks import expect

SETTINGS = 'settings:\n  limit: {is: duration, default: 30m, zh: "时限", en: "Limit"}\n'
THAT = 'that: "data.arrived_at + settings.limit <= now"'
USED = "that: \"is_open('office', now) && data.arrived_at + settings.limit <= now\""


def with_calendars(entry: str, that: str = USED) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the changes that put calendars in and use the one called office."""
    return (SETTINGS, f"{SETTINGS}\ncalendars:\n{entry}\n"), (THAT, that)


def test_a_calendar_with_everything_is_clean():
    expect(
        [],
        *with_calendars(
            '  office:\n    zone: Europe/Berlin\n    hours: {mon-thu: ["08:30-12:00", "13:30-17:30"], fri: ["22:00-06:00"]}\n'
            '    days: cn\n    dates: {2026-05-02: ["09:00-12:00"], 2026-05-03: closed}\n'
            '    from: {2026-07-01: {"mon, wed": ["00:00-24:00"]}}'
        ),
    )


def test_every_text_of_a_calendar_names_what_it_should():
    expect(
        ["bad-days", "bad-hours", "not-one-of", "bad-date", "bad-date", "not-one-of"],
        *with_calendars(
            '  office:\n    hours: {¦monday: ["08:30-12:00"], fri: [¦"8 to 12"], tue: ["08:30-12:00"]}\n    days: ¦de\n'
            '    dates: {¦2026-02-30: closed, ¦"20260501": closed, 2026-05-03: ¦shut}'
        ),
    )


def test_a_zone_exists_and_the_one_probably_meant_is_offered():
    (problem,) = expect(
        ["unknown-zone"], *with_calendars('  office: {zone: ¦Asia/Shanghia, hours: {mon: ["08:30-12:00"]}}')
    )
    assert "Asia/Shanghai" in problem.values["known"]


def test_the_zone_of_the_workflow_exists():
    expect(["unknown-zone"], ('en: "Repair"\n\nrules', 'en: "Repair"\nzone: ¦Mars/Olympus\n\nrules'))


def test_hours_of_a_day_do_not_overlap():
    expect(["hours-overlap"], *with_calendars('  office: {hours: {mon: ["08:30-12:00", ¦"11:30-17:30"]}}'))
    expect([], *with_calendars('  office: {hours: {mon: ["08:30-12:00", "12:00-17:30"]}}'))
    expect(
        ["hours-overlap"],
        *with_calendars(
            '  office: {hours: {mon: ["08:30-12:00"]}, dates: {2026-05-02: ["09:00-12:00", ¦"08:00-10:00"]}}'
        ),
    )


def test_a_day_of_the_week_is_named_once():
    (problem,) = expect(
        ["day-twice"], *with_calendars('  office: {hours: {mon-fri: ["08:30-12:00"], ¦fri: ["13:30-17:30"]}}')
    )
    assert (problem.values["day"], problem.values["first"]) == ("fri", "mon-fri")


def test_a_calendar_opens_at_some_time():
    expect(["calendar-never-open"], *with_calendars("  ¦office: {days: cn, dates: {2026-05-03: closed}}"))
    expect([], *with_calendars('  office: {dates: {2026-05-03: ["09:00-12:00"]}}'))


def test_a_calendar_that_an_expression_names_is_declared():
    (problem,) = expect(
        ["unknown-calendar"],
        *with_calendars('  office: {hours: {mon: ["08:30-12:00"]}}', USED.replace("'office', now", "¦'ofice', now")[:-1]
        + " && next_open('office', now) > now\""),
    )  # fmt: skip
    assert (problem.values["name"], problem.values["known"]) == ("ofice", ["office"])


def test_a_calendar_that_nothing_names_is_a_leftover():
    expect(["never-used"], *with_calendars('  ¦office: {hours: {mon: ["08:30-12:00"]}}', THAT))


def test_a_calendar_is_named_on_the_spot():
    expect(
        ["expression-literal-wanted"],
        *with_calendars('  office: {hours: {mon: ["08:30-12:00"]}}', USED.replace("is_open(", "is_open(¦state")[:-1].replace("state'office'", "state")
        + " && is_open('office', now)\""),
    )  # fmt: skip


def test_a_cut_off_is_a_time_of_day():
    expect(["expression-no-time"], (THAT, "that: \"data.arrived_at + settings.limit <= cut_off(now, ¦'5 pm')\""))
