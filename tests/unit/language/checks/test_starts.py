from tests.unit.language.checks.marks import expect


def test_a_machine_that_no_kind_lists_is_found():
    expect(["machine-in-no-kind"], ("machines: [repair, part]", "machines: [repair]"), ("  part:\n", "  ¦part:\n"))


def test_a_machine_that_nothing_starts_is_found():
    expect(
        ["machine-never-started"], ("  repair:\n", "  ¦repair:\n"), ("form: [phone], start: repair}", "form: [phone]}")
    )


def test_a_kind_needs_an_opening():
    expect(
        ["kind-never-opened"],
        (
            "\nmachines:\n",
            '  ¦spare_case: {zh: "配件", en: "Spare", number: "S-{serial}", machines: [part]}\n\nmachines:\n',
        ),
    )


def test_a_kind_that_lists_no_machine_is_warned_of():
    expect(
        ["kind-without-machines"],
        (
            "\nmachines:\n",
            "  ¦note:\n    zh: \"便条\"\n    en: \"Note\"\n    number: \"N-{serial}\"\n"
            "    opens: {made: {zh: \"写\", en: \"Made\", by: office}}\n\nmachines:\n",
        ),
    )  # fmt: skip


def test_a_machine_is_started_only_in_a_kind_that_lists_it():
    expect(
        ["machine-not-of-kind"],
        (
            "\nmachines:\n",
            "  spare_case:\n    zh: \"配件\"\n    en: \"Spare\"\n    number: \"S-{serial}\"\n    machines: [part]\n"
            "    opens: {made: {zh: \"写\", en: \"Made\", by: office, start: {¦repair: {}}}}\n\nmachines:\n",
        ),
    )  # fmt: skip
