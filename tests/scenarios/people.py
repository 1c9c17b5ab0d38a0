"""Steps about people: who works here and is qualified, away or on shift; who was assigned and who was passed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lifecycle.core.events import Actor, Json, stamp
from lifecycle.core.staff import ChangeStaff
from lifecycle.problems import Refusal
from tests.scenarios.phrases import phrase
from tests.scenarios.stage import Stage
from tests.scenarios.titles import role_of

WHYS = {
    "离岗": "away",
    "手上有活": "on_job",
    "不当班": "off_shift",
    "不具备资格": "lacks",
    "资格过期": "expired",
    "不属本单位": "elsewhere",
    "已达上限": "capped",
    "须为另一人": "apart",
    "不符合条件": "unfit",
}
"""Why somebody is passed over, as scenarios in Chinese say it; those in English use the words of the event."""


def change(stage: Stage, person: str, happening: str, told: Mapping[str, Json]) -> None:
    """Change the staff directory; it has to succeed."""
    command = ChangeStaff(
        id=str(stage.new_id()), person=person, happening=happening, change=told, actor=Actor(role="operator")
    )
    answer = stage.engine.change_staff(command, stage.workflow.zone)
    assert not isinstance(answer, Refusal), f"refused: {stage.said(answer)}"


def join(stage: Stage, role: str, person: str, told: Mapping[str, Json]) -> None:
    """Give somebody a role, who is added to the staff when not yet there."""
    known = stage.engine.staff().people.get(person)
    name = stage.workflow.name
    held = known.roles.get(name, ()) if known is not None and not known.left else ()
    roles = list(dict.fromkeys((*held, role_of(stage.workflow, role))))
    happening = "changed" if known is not None and not known.left else "added"
    change(stage, person, happening, {"roles": {**(dict(known.roles) if known else {}), name: roles}, **told})


@phrase('<角色>"<人>"在岗', '<role> "<person>" is on the staff')
def on_the_staff(stage: Stage, role: str, person: str) -> None:
    join(stage, role, person, {})


@phrase('<角色>"<人>"在"<单位>"任职', '<role> "<person>" is on the staff of "<unit>"')
def on_the_staff_of(stage: Stage, role: str, person: str, unit: str) -> None:
    join(stage, role, person, {"unit": unit})


@phrase('"<人>"具备资格"<资格>"', '"<person>" is qualified as "<qualification>"')
def is_qualified(stage: Stage, person: str, qualification: str) -> None:
    change(stage, person, "qualified", {"qualification": qualification})


@phrase('"<人>"具备资格"<资格>"，有效期至"<日期>"', '"<person>" is qualified as "<qualification>" until "<day>"')
def is_qualified_until(stage: Stage, person: str, qualification: str, day: str) -> None:
    change(stage, person, "qualified", {"qualification": qualification, "until": day})


@phrase('"<人>"离岗', '"<person>" is away')
def is_away(stage: Stage, person: str) -> None:
    change(stage, person, "away", {"from": stamp(stage.now)})


@phrase('"<人>"离岗至"<时刻>"', '"<person>" is away until "<time>"')
def is_away_until(stage: Stage, person: str, time: str) -> None:
    change(stage, person, "away", {"from": stamp(stage.now), "to": stamp(stage.instant(time))})


@phrase('"<人>"返岗', '"<person>" is back')
def is_back(stage: Stage, person: str) -> None:
    change(stage, person, "returned", {"at": stamp(stage.now)})


@phrase('"<人>"从"<时刻>"当班至"<止>"', '"<person>" is on shift from "<time>" to "<end>"')
def is_on_shift(stage: Stage, person: str, time: str, end: str) -> None:
    shift = {"from": stamp(stage.instant(time)), "to": stamp(stage.instant(end))}
    change(stage, person, "shifted", shift)


@phrase('"<人>"离职', '"<person>" has left')
def has_left(stage: Stage, person: str) -> None:
    change(stage, person, "left", {"at": stamp(stage.now)})


@phrase('"<指派>"由"<人>"担任', '"<assignment>" is borne by "<person>"')
def is_assigned(stage: Stage, assignment: str, person: str) -> None:
    people = [one for held in borne(stage, assignment) for one in held]
    assert person in people, f"{assignment} is {people}"


@phrase('"<指派>"无人担任', '"<assignment>" is borne by nobody')
def is_nobody(stage: Stage, assignment: str) -> None:
    people = [one for held in borne(stage, assignment) for one in held]
    assert not people, f"{assignment} is {people}"


@phrase('指派时"<人>"因"<缘由>"被跳过', '"<person>" was passed over: "<why>"')
def was_passed_over(stage: Stage, person: str, why: str) -> None:
    passed = [(one["person"], one["why"]) for entry in assignments(stage) for one in entry.get("passed", ())]
    assert (person, WHYS.get(why, why)) in passed, f"passed over: {passed}"


@phrase('派工池"<派工池>"无人可派', 'the pool "<pool>" had nobody')
def had_nobody(stage: Stage, pool: str) -> None:
    lacking = [entry["pool"] for entry in assignments(stage) if entry.get("lacking")]
    assert pool in stage.workflow.pools, f"no pool {pool!r}; known: {list(stage.workflow.pools)}"
    assert pool in lacking, f"these had nobody: {lacking}"


def borne(stage: Stage, assignment: str) -> Iterator[list[str]]:
    """Yield who bears a name now, in each instance of the case."""
    return (list(one.assigned.get(assignment, ())) for one in stage.case.instances.values())


def assignments(stage: Stage) -> Iterator[Mapping[str, Json]]:
    """Yield every assignment in the history of the case."""
    for recorded in stage.engine.history(stage.case_number):
        yield from (entry for entry in recorded.event.changes.get("assigned", ()) if entry["is"] == "assigned")
