"""Audiences: of what has customers, told by somebody, by a name of their own, and without anybody's personal data."""

from tests.unit.language.checks.marks import expect

STEP = "            form: [arrived_at!]\n"
TEXTS = "\ntexts:\n"
SERVED = '  served: {zh: "客户", en: "Customers", of: repair, where: "closed", party: customer}\n'
COME = 'text: {zh: "到", en: "come"}'


def telling(codes: list[str], audience: str, notice: str, *changes: tuple[str, str]) -> None:
    """Expect problems in the clean file with an audience, and a step that tells somebody."""
    expect(
        codes,
        (STEP, f"{STEP}            notify: {notice}\n"),
        (TEXTS, f"\naudiences:\n{audience}{TEXTS}"),
        *changes,
    )


def test_an_audience_of_a_machine_or_a_kind_is_told_beside_roles():
    telling([], SERVED, f"{{who: [installer, served], {COME}}}")
    telling([], SERVED.replace("of: repair,", "of: repair_case,"), f"{{who: served, {COME}}}")


def test_who_is_told_is_a_role_or_an_audience():
    telling(["unknown-recipient"], SERVED, f"{{who: ¦serfed, {COME}}}")


def test_an_audience_whom_nobody_tells_is_never_used():
    telling(["never-used"], SERVED.replace("served", "¦served"), f"{{who: installer, {COME}}}")


def test_it_is_of_a_machine_or_a_kind_that_there_is():
    telling(["unknown-machine"], SERVED.replace("of: repair", "of: ¦repare"), f"{{who: served, {COME}}}")


def test_its_rows_have_customers():
    asset = ("    subject: customer\n", "    subject: asset\n")
    telling(["audience-without-customers"], SERVED.replace("repair,", "¦repair,"), f"{{who: served, {COME}}}", asset)
    nothing = ("    subject: customer\n", "")
    telling([], SERVED, f"{{who: served, {COME}}}", nothing)


def test_its_party_is_declared_and_a_party():
    telling(["unknown-role"], SERVED.replace("party: ", "party: ¦")[:-10] + "er}\n", f"{{who: served, {COME}}}")
    staff = SERVED.replace("party: customer", "party: ¦office")
    telling(["audience-not-a-party"], staff, f"{{who: served, {COME}}}")


def test_it_has_titles_in_both_languages():
    telling(["title-missing"], SERVED.replace(' en: "Customers",', "").replace("served", "¦served"),
            f"{{who: served, {COME}}}")  # fmt: skip


def test_no_role_has_its_name():
    clash = SERVED.replace("served", "¦office")
    telling(["name-clash"], clash, f"{{who: office, {COME}}}")


def test_its_condition_reads_a_row_and_names_states_that_there_are():
    telling(["view-state-unknown"], SERVED.replace('"closed"', "\"state == ¦'sined'\""), f"{{who: served, {COME}}}")
    telling([], SERVED.replace('"closed"', "\"closed && silent < duration('8760h')\""), f"{{who: served, {COME}}}")
    telling(["personal-read"], SERVED.replace('"closed"', "\"¦case.phone == '1'\""), f"{{who: served, {COME}}}")


def test_nothing_personal_of_the_case_that_tells_is_told_to_an_audience():
    telling(["audience-personal"], SERVED, '{who: [installer, served], text: ¦{zh: "{phone}", en: "{phone}"}}')
    copied = '{who: served, text: {zh: "{tel}", en: "{tel}"}, with: {tel: ¦"=case.phone"}}'
    telling(["audience-personal"], SERVED, copied)
    apart = (
        '[{who: installer, text: {zh: "{phone}", en: "{phone}"}}, {who: served, text: {zh: "{cause}", en: "{cause}"}}]'
    )
    telling([], SERVED, apart)
