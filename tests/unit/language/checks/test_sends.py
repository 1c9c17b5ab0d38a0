from tests.unit.language.checks.marks import expect
from tests.unit.language.checks.test_keys import VEHICLE, VIN

LINK = (
    "    machines: [repair, part]\n",
    '    machines: [repair, part]\n    links: {car: {case: vehicle, key: "=case.vin"}}\n',
)
ASKED = ("form: [phone], start: repair}", "form: [phone, vin], start: repair}")
RECEIVED = (
    'visited: {zh: "来访", en: "Visited", upon: received.visited, form: [quantity]}\n          fitted: {zh: "装好"'
)


def changes(send, received=RECEIVED):
    return [
        ("\nmachines:\n", VEHICLE),
        ("  photo: {", VIN),
        LINK,
        ASKED,
        ("form: [arrived_at!]\n", f"form: [arrived_at!]\n            send: {send}\n"),
        ('fitted: {zh: "装好"', received),
    ]


def test_what_is_sent_and_received_is_clean():
    expect([], *changes("{car: {visited: {quantity: 3}}}"))


def test_what_nobody_receives_is_found():
    expect(
        ["send-unreceived", "never-sent"],
        *changes("{car: {¦called: {quantity: 3}}}", RECEIVED.replace("received.v", "¦received.v")),
    )


def test_a_field_that_the_receiver_does_not_ask_for_is_found():
    expect(["sent-field-not-asked"], *changes("{car: {visited: {¦opinion: x, quantity: 3}}}"))


def test_what_nobody_sends_is_warned_of():
    expect(["never-sent"], ('fitted: {zh: "装好"', RECEIVED.replace("received.v", "¦received.v")))
