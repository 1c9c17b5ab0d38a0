"""Notices: texts, recipients and placeholders that there are; each fault at its place."""

from tests.unit.language.checks.marks import expect

STEP = "            form: [arrived_at!]\n"
TEXTS = """
texts:
  late: {zh: "{case} 迟到 {arrived_at}", en: "{case} is late {arrived_at}"}
"""


def telling(codes: list[str], notice: str, *changes: tuple[str, str]) -> None:
    """Expect problems in the clean file with a notice that one step gives."""
    expect(codes, (STEP, f"{STEP}            notify: {notice}\n"), *changes)


def test_a_text_that_only_a_notice_names_is_used():
    telling([], "{who: customer, text: late}", ("\ntexts:\n", TEXTS))


def test_the_text_of_a_notice_is_declared():
    telling(
        ["unknown-text"],
        "{who: customer, text: ¦laet}",
        ("\ntexts:\n", TEXTS),
    )


def test_who_is_told_is_a_role_or_whoever_is_assigned():
    telling(["unknown-recipient"], '{who: ¦custmer, text: {zh: "到", en: "come"}}')
    telling([], '{who: [customer, assignee], text: {zh: "到", en: "come"}}')


def test_a_placeholder_names_a_field_or_what_the_notice_gives():
    telling(["unknown-placeholder"], '{who: customer, text: {zh: "到", en: ¦"{csae}"}}')
    telling([], '{who: customer, text: {zh: "{count}", en: "{count}"}, with: {count: 3}}')


def test_what_a_notice_gives_is_shown():
    telling(["placeholder-missing"], '{who: customer, text: {zh: "到", en: "come"}, with: {¦count: 3}}')
