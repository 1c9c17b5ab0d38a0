"""Pools and who is assigned from them: the names that they use, who can be taken and act; each fault at its place."""

from tests.unit.language.checks.marks import expect

POOLS = """pools:
  installers: {role: installer, needs: "=data.opinion", pass_over: [away, on_job]}

tables:
"""
SENT = (
    "          held: {zh",
    '          sent: {zh: "派", en: "Sent", by: office, assign: {installer: installers}}\n          held: {zh',
)
ARRIVED = "            by: installer\n            form: [arrived_at!]\n"
THINGS = """pools:
  bays: {things: bay, where: "it.room != null", cap: 2, pass_over: on_job}

tables:
"""
BAY = """
  bay:
    zh: "工位"
    en: "Bay"
    number: "B-{serial:03}"
    subject: asset
    key: room
    machines: [part]
    opens: {built: {zh: "建", en: "Built", by: office, form: [room!], start: part}}

machines:
  repair:
"""


def with_pool(codes: list[str], *changes: tuple[str, str], pools: str = POOLS, sent: str = "") -> None:
    """Expect problems in the clean file with a pool and a step that takes from it; sent: how it does."""
    step = (SENT[0], SENT[1].replace("assign: {installer: installers}", sent or "assign: {installer: installers}"))
    expect(codes, ("tables:\n", pools), step, *changes)


def pool(old: str, new: str) -> str:
    assert POOLS.count(old) == 1
    return POOLS.replace(old, new)


def test_a_file_with_a_pool_is_clean():
    with_pool([])


def test_a_file_with_a_pool_of_things_is_clean():
    room = ("  opinion: {is: text", '  room: {is: text, scope: case, zh: "房", en: "Room"}\n  opinion: {is: text')
    with_pool([], ("\nmachines:\n  repair:\n", BAY), room, pools=THINGS, sent="assign: {bay_used: bays}")


def test_pools_roles_and_kinds_are_declared():
    with_pool(["unknown-pool"], pools=POOLS, sent="assign: {installer: installers, helper: ¦instalers}")
    with_pool(["unknown-role"], pools=pool("role: installer", "role: ¦instaler"))
    with_pool(["unknown-kind"], pools=THINGS.replace("things: bay", "things: ¦bey"), sent="assign: {bay_used: bays}")


def test_what_a_pool_needs_is_declared():
    with_pool(["expression-unknown-name"], pools=pool("=data.opinion", "=¦data.opinon"))
    with_pool(["expression-unknown-name"], pools=pool("away, on_job]", 'away, on_job], within: "=¦case.outlet"'))


def test_a_pool_is_of_people_or_of_things_and_says_nothing_meant_for_the_other():
    with_pool(["needs-one"], pools=pool("installers: {role", "¦installers: {things: repair_case, role"))
    with_pool(
        ["pool-key-idle"],
        pools=pool("  installers: {role: installer", '  installers: ¦{where: "1 > 0", role: installer'),
    )


def test_only_a_turn_that_goes_round_is_lost_or_kept():
    with_pool([], pools=pool("pass_over: [away, on_job]", "pass_over: [away, on_job], passed: lost"))
    for turn in ("least_load", "by_hand"):
        text = f"installers: ¦{{passed: lost, turn: {turn}, role: installer"
        sent = 'assign: {installer: {pool: installers, person: "=actor.person"}}'
        with_pool(["pool-key-idle"], pools=pool("installers: {role: installer", text), sent=sent)


def test_a_pool_of_a_party_is_never_filled():
    with_pool(["pool-of-party"], pools=pool("role: installer", "role: ¦customer"))


def test_things_that_are_taken_in_turn_have_a_key():
    pools = "pools:\n  bays: {things: ¦repair_case}\n\ntables:\n"
    with_pool(["pool-unkeyed"], pools=pools, sent="assign: {bay_used: bays}")


def test_a_pool_that_nothing_takes_from_is_told():
    with_pool(["never-used"], pools=pool("  installers:", "  ¦spare: {role: installer}\n  installers:"))


def test_a_pool_bears_the_name_of_nothing_else():
    changes = pool("  installers:", "  ¦part: {role: installer}\n  installers:")
    with_pool(["name-clash"], pools=changes, sent="assign: {installer: installers, fitter: part}")


def test_a_name_assigned_is_not_the_name_of_a_step():
    with_pool(["name-clash"], sent="assign: {¦held: installers}")


def test_a_pool_given_by_hand_needs_somebody_named():
    by_hand = pool("role: installer,", "role: installer, turn: by_hand,")
    with_pool(["by-hand-needs-person"], pools=by_hand, sent="assign: {¦installer: installers}")
    with_pool([], pools=by_hand, sent='assign: {installer: {pool: installers, person: "=actor.person"}}')


def test_a_team_has_no_place_for_nobody():
    with_pool(["number-too-small"], sent="assign: {crew: {pool: installers, team: {lead: 1, helper: ¦0}}}")


def test_what_is_released_was_assigned():
    with_pool([], sent="assign: {installer: installers}, release: installer")
    with_pool(["unknown-assignment"], sent="assign: {installer: installers}, release: ¦instaler")


def test_who_is_assigned_may_be_named_as_a_person():
    with_pool([], (ARRIVED, ARRIVED.replace("form", "is: assignee\n            form")))
    with_pool([], (ARRIVED, ARRIVED.replace("form", 'is: "=assigned.installer"\n            form')))
    with_pool([], (ARRIVED, ARRIVED.replace("form", "apart_from: installer\n            form")))
    with_pool(
        ["expression-unknown-name"],
        (ARRIVED, ARRIVED.replace("form", 'is: "=¦assigned.instaler"\n            form')),
    )


def test_an_assignee_is_one_whom_something_assigns():
    expect(["assignee-never"], (ARRIVED, ARRIVED.replace("form", "is: ¦assignee\n            form")))


def test_the_assignees_role_may_take_the_step():
    with_pool(
        ["assignee-in-no-role"],
        (ARRIVED, ARRIVED.replace("by: installer", "by: office\n            is: ¦assignee")),
    )


def test_a_step_for_the_assignee_is_not_kept_from_every_assignee():
    with_pool(
        ["nobody-left"],
        (ARRIVED, ARRIVED.replace("form", "is: assignee\n            apart_from: ¦installer\n            form")),
    )


def test_a_step_upon_an_empty_pool_does_not_ask_it_again():
    again = (
        '          ¦asked_again: {zh: "再", en: "Again", upon: installers.exhausted, assign: {installer: installers}}\n'
    )
    expect(["event-loop"], ("tables:\n", POOLS), (SENT[0], SENT[1].replace("          held", again + "          held")))


def test_the_event_of_an_empty_pool_is_known_by_its_name():
    noted = '          noted: {zh: "记", en: "Noted", upon: installers.exhausted}\n          held'
    expect([], ("tables:\n", POOLS), (SENT[0], SENT[1].replace("          held", noted)))
    wrong = '          noted: {zh: "记", en: "Noted", upon: ¦installers.empty}\n          held'
    expect(["unknown-step"], ("tables:\n", POOLS), (SENT[0], SENT[1].replace("          held", wrong)))


def test_the_field_that_binds_a_role_to_its_unit_is_declared():
    bound = ('installer: {zh: "维修员"', 'installer: {within: ¦outlet, zh: "维修员"')
    expect(["unknown-field"], bound)
    expect([], (bound[0], bound[1].replace("¦outlet", "opinion")))
