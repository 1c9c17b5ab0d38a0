from tests.unit.language.checks.marks import expect

NUMBER = 'number: "WR-{year}-{serial:06}"'


def test_a_pattern_with_an_unknown_place_is_found():
    expect(["bad-number-pattern"], (NUMBER, 'number: ¦"WR-{yaer}-{serial:06}"'))


def test_a_pattern_needs_a_serial_number():
    expect(["bad-number-pattern"], (NUMBER, 'number: ¦"WR-{year}"'))


def test_two_kinds_do_not_number_alike():
    expect(
        ["number-shared"],
        (
            "\nmachines:\n",
            '  spare_case:\n    zh: "配件"\n    en: "Spare"\n    number: ¦"WR-{year}-{serial:04}"\n    machines: [part]\n'
            '    opens: {made: {zh: "写", en: "Made", by: office}}\n\nmachines:\n',
        ),
    )
