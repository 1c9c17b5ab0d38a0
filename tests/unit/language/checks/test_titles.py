from tests.unit.language.checks.marks import expect


def test_a_step_without_an_english_title_is_warned_of():
    (problem,) = expect(
        ["title-missing"],
        ('arrived:\n            zh: "到达"\n            en: "Arrived"', '¦arrived:\n            zh: "到达"'),
    )
    assert problem.level == "warning"
    assert problem.values["languages"] == ["en"]


def test_the_words_of_a_guard_are_needed_in_both_languages():
    expect(["title-missing"], ('else: {zh: "时间太短", en: "Too soon"}', '¦else: {zh: "时间太短"}'))
