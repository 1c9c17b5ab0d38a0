from tests.unit.language.checks.marks import expect


def test_data_that_only_a_later_step_brings_cannot_be_read():
    (problem,) = expect(
        ["read-before-set"],
        (
            'held: {zh: "暂缓", en: "Held", by: office, to: on_hold}',
            'held: {zh: "暂缓", en: "Held", by: office, when: "¦data.arrived_at != null", to: on_hold}',
        ),
    )
    assert problem.values == {"name": "data.arrived_at"}


def test_data_that_some_way_here_brings_may_be_read():
    expect(
        [],
        (
            'held: {zh: "暂缓", en: "Held", by: office, to: on_hold}',
            'held: {zh: "暂缓", en: "Held", by: office, when: "data.consent != null", to: on_hold}',
        ),
    )


def test_rows_give_an_instance_its_first_values():
    expect(
        [],
        (
            'fitted: {zh: "装好", en: "Fitted", by: installer, to: fitted}',
            'fitted: {zh: "装好", en: "Fitted", by: installer, when: "data.quantity > 0", to: fitted}',
        ),
    )
