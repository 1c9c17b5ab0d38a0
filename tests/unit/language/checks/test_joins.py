from tests.unit.language.checks.marks import expect

HELD = 'held: {zh: "暂缓", en: "Held", by: office, to: on_hold}\n'


def test_a_join_over_a_list_that_may_be_empty_is_warned_of():
    expect(
        ["join-of-empty"],
        ("form: [cause!, consent, parts!]", "form: [cause!, consent, parts]"),
        ("all_final('parts_fitted')", "all_final(¦'parts_fitted')"),
    )


def test_a_join_that_counts_is_clean():
    expect(
        [],
        ("form: [cause!, consent, parts!]", "form: [cause!, consent, parts]"),
        ("all_final('parts_fitted')", "size(parts_fitted) > 0 && all_final('parts_fitted')"),
    )


def test_a_way_to_the_end_that_goes_past_the_children_is_warned_of():
    expect(
        ["child-forgotten"],
        (HELD, HELD + '          dropped: {zh: "取消", en: "Dropped", by: office, to: ¦closed}\n'),
    )
