from tests.unit.language.checks.marks import expect

VEHICLE = (
    '  vehicle:\n    zh: "车辆"\n    en: "Vehicle"\n    number: "V-{serial}"\n    key: vin\n    machines: [part]\n'
    '    opens: {registered: {zh: "建档", en: "Registered", by: office, form: [vin!]}}\n\nmachines:\n'
)
VIN = '  vin: {is: text, scope: case, zh: "车架号", en: "VIN"}\n  photo: {'


def test_a_keyed_kind_in_order_is_clean():
    expect([], ("\nmachines:\n", VEHICLE), ("  photo: {", VIN))


def test_the_key_belongs_to_the_case():
    expect(
        ["key-not-shared"],
        ("\nmachines:\n", VEHICLE.replace("key: vin", "key: ¦vin")),
        ("  photo: {", VIN.replace("scope: case, ", "")),
    )


def test_every_opening_asks_for_the_key():
    expect(
        ["key-not-asked"],
        ("\nmachines:\n", VEHICLE.replace("{registered: ", "{¦registered: ").replace("vin!", "vin")),
        ("  photo: {", VIN),
    )


def test_only_a_keyed_kind_is_found_by_a_key():
    expect(
        ["link-key-of-plain-kind"],
        (
            "\nmachines:\n",
            VEHICLE.replace(
                "    machines: [part]\n",
                '    machines: [part]\n    links: {job: {case: repair_case, key: ¦"=case.vin"}}\n',
            ),
        ),
        ("  photo: {", VIN),
    )
