"""Papers: the names that they use, who moves and signs them; each fault at its place."""

from tests.unit.language.checks.marks import expect

SLIP = """papers:
  slip:
    zh: "单"
    en: "Slip"
    number: "WX-{year}-{serial:06}"
    fields: [opinion]
    stages:
      issued: {zh: "已开", en: "Issued", holder: installer}
      signed: {zh: "已签", en: "Signed", signed_by: customer}

cases:
"""
ISSUED = ("            form: [arrived_at!]\n", "            form: [arrived_at!]\n            papers: {slip: issued}\n")
SIGNED = ("            form: [opinion]\n", "            form: [opinion]\n            papers: {slip: signed}\n")


def with_papers(
    codes: list[str], *changes: tuple[str, str], slip: str = SLIP, issued: str = "", signed: str = ""
) -> None:
    """Expect problems in the clean file with a paper; issued, signed: how the two steps move it."""
    first = (ISSUED[0], ISSUED[1].replace("{slip: issued}", issued or "{slip: issued}"))
    second = (SIGNED[0], SIGNED[1].replace("{slip: signed}", signed or "{slip: signed}"))
    expect(codes, ("cases:\n", slip), first, second, *changes)


def changed(old: str, new: str) -> str:
    assert SLIP.count(old) == 1
    return SLIP.replace(old, new)


def test_a_file_with_a_paper_is_clean():
    with_papers([])


def test_papers_and_stages_that_are_moved_are_declared():
    with_papers(["unknown-paper"], issued="{slip: issued, ¦slipp: issued}")
    with_papers(["unknown-stage"], signed="{slip: ¦sined}")
    with_papers(["unknown-stage"], signed="{slip: {to: ¦sined}}")


def test_fields_holders_and_signers_are_declared():
    with_papers(["unknown-field"], slip=changed("[opinion]", "[opinion, ¦opinon]"))
    with_papers(["unknown-role"], slip=changed("holder: installer", "holder: ¦instaler"))
    with_papers(["unknown-role"], slip=changed("signed_by: customer", "signed_by: [customer, ¦custmer]"))
    with_papers(
        ["unknown-role"], slip=changed("signed_by: customer", 'signed_by: [customer, {role: ¦chief, when: "1 > 0"}]')
    )


def test_a_field_of_a_paper_is_named_like_nothing_that_papers_say_themselves():
    with_papers(["reserved-name"], slip=changed("[opinion]", "[opinion, ¦stage]"))


def test_a_stage_is_not_called_like_the_ways_out():
    with_papers(
        ["reserved-name"], slip=changed("      signed:", '      ¦decline: {zh: "弃", en: "Decline"}\n      signed:')
    )


def test_a_number_can_be_read():
    with_papers(["bad-number-pattern"], slip=changed('"WX-{year}-{serial:06}"', '¦"WX-{yaer}-{serial}"'))
    with_papers(["number-shared"], slip=changed('"WX-{year}-{serial:06}"', '¦"WR-{year}-{serial:04}"'))


def test_an_opening_moves_no_paper_of_an_instance():
    opening = "form: [phone], start: repair}"
    with_papers(["paper-of-no-instance"], (opening, "form: [phone], papers: {¦slip: issued}, start: repair}"))


def test_a_signed_stage_is_reached_by_a_signer():
    unreached = SLIP.replace("      issued:", "      ¦issued:")
    with_papers(["stage-unreached", "nobody-signs"], slip=unreached, issued="{¦slip: signed}")
    with_papers(["signer-not-acting"], signed="{slip: {to: signed, sign: [customer, ¦office]}}")
    entered = "        checklist: delivery\n"
    with_papers(["stage-needs-person"], (entered, entered + "        enter: {papers: {¦slip: signed}}\n"))


def test_expressions_see_papers_by_stage_and_type():
    branch = "data.opinion != null"
    with_papers([], (branch, "paper.slip.stage == 'signed' && paper.slip.opinion != null"))
    with_papers(["expression-unknown-choice"], (branch, "paper.slip.stage == ¦'sined'"))
    with_papers(["expression-unknown-name"], (branch, "¦paper.slip.phone != null"))
    with_papers(["expression-type"], (branch, "data.opinion != null && paper.slip.number ¦== 3"))


def test_a_paper_that_nothing_moves_is_found():
    expect(["never-used"], ("cases:\n", SLIP.replace("  slip:", "  ¦slip:")))
