"""Steps that say what must be so."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from lifecycle.core.case.state import Case, Instance
from lifecycle.core.events import Actor, Event, Json
from lifecycle.core.workflow import Field, Guidance
from lifecycle.problems import Refusal
from lifecycle.terminal.localtime import in_zone
from tests.scenarios.phrases import phrase
from tests.scenarios.stage import Stage
from tests.scenarios.titles import events_of, fields_of, kind_of, role_of, states_of, steps_of

ROLE_REASONS = frozenset(("wrong-role", "helper-missing", "unknown-role"))


@phrase("办理成功", "it is done")
def it_is_done(stage: Stage) -> None:
    assert stage.done


@phrase('被拒绝，原因包含"<文字>"', 'it is refused because "<words>"')
def refused_because(stage: Stage, words: str) -> None:
    said = stage.said(stage.refusal)
    assert words in said, f"refused, but for another reason: {said}"


@phrase('被拒绝，涉及规则"<规则>"', 'it is refused under rule "<rule>"')
def refused_under(stage: Stage, rule: str) -> None:
    refusal = stage.refusal
    assert any(rule in reason.rules for reason in refusal.reasons), f"refused, but not by {rule}: {stage.said(refusal)}"


@phrase('被拒绝时建议"<值>"', 'the refusal suggests "<value>"')
def refused_suggesting(stage: Stage, value: str) -> None:
    zone = stage.workflow.zone
    said = [in_zone(reason, zone).values.get("suggest") for reason in stage.refusal.reasons]
    suggested = [str(each) for one in said for each in (one if isinstance(one, list | tuple) else [one])]
    assert any(value in each for each in suggested), f"suggested was: {suggested}"


@phrase("没有其他变化", "nothing else has changed")
def nothing_else(stage: Stage) -> None:
    moved = set(changes(stage))
    if isinstance(stage.outcome, Refusal):
        assert not moved, f"the refused act has changed {sorted(one for _, one in moved)}"
        return
    unsaid = moved - stage.spoken_of - {stage.own}
    assert not unsaid, f"also changed, and not spoken of: {sorted(one for _, one in unsaid)}"


def changes(stage: Stage) -> Iterator[tuple[UUID, str]]:
    """Yield (case, address) of every instance that is not as before the last act; "" stands for a new case."""
    for id, case in stage.standing().items():
        before = stage.before.get(id)
        if before is None:
            if id != stage.case.id:
                yield id, ""
            continue
        for address, one in case.instances.items():
            if before.instances.get(address) != one:
                yield id, address
        if isinstance(stage.outcome, Refusal) and before.revision != case.revision:
            yield id, case.number


@phrase('"<实例>"处于"<状态>"', '"<instance>" is in "<state>"')
def is_in(stage: Stage, instance: str, state: str) -> None:
    one = stage.instance(instance)
    paths = states_of(stage.workflow, one.machine, state)
    titles = stage.workflow.machines[one.machine].states[one.state].titles
    assert any(one.state == path or one.state.startswith(f"{path}.") for path in paths), (
        f"{one.id} is in {one.state} ({'/'.join(titles.values())})"
    )


@phrase('"<字段>"为"<值>"', '"<field>" is "<value>"')
def field_is(stage: Stage, field: str, value: str) -> None:
    held = list(holders(stage, field))
    assert any(stage.same(wanted, stored, value) for wanted, stored in held), f"{field} is {shown(stage, held)}"


@phrase('"<实例>"的"<字段>"为"<值>"', '"<field>" of "<instance>" is "<value>"')
def field_of_is(stage: Stage, instance: str, field: str, value: str) -> None:
    held = list(held_by(stage, stage.instance(instance), field))
    assert any(stage.same(wanted, stored, value) for wanted, stored in held), f"{field} is {shown(stage, held)}"


@phrase('"<字段>"未填', '"<field>" is not set')
def field_unset(stage: Stage, field: str) -> None:
    held = list(holders(stage, field))
    assert not held, f"{field} is {shown(stage, held)}"


@phrase('"<实例>"的"<字段>"未填', '"<field>" of "<instance>" is not set')
def field_of_unset(stage: Stage, instance: str, field: str) -> None:
    held = list(held_by(stage, stage.instance(instance), field))
    assert not held, f"{field} is {shown(stage, held)}"


@phrase('"<列表字段>"有<数>行', '"<list field>" has <number> rows')
def has_rows(stage: Stage, list_field: str, number: str) -> None:
    lengths = [len(stored) for _, stored in holders(stage, list_field)]
    assert int(number) in lengths, f"{list_field} has {lengths} rows"


def holders(stage: Stage, title: str) -> Iterator[tuple[Field, Json]]:
    """Yield every value of the fields of a title in the case and its instances."""
    case = stage.case
    for wanted in fields_of(stage.workflow, title):
        if case.data.get(wanted.name) is not None:
            yield wanted, case.data[wanted.name]
    for one in case.instances.values():
        yield from held_by(stage, one, title)


def held_by(stage: Stage, one: Instance, title: str) -> Iterator[tuple[Field, Json]]:
    for wanted in fields_of(stage.workflow, title):
        if one.data.get(wanted.name) is not None:
            yield wanted, one.data[wanted.name]


def shown(stage: Stage, held: list[tuple[Field, Json]]) -> str:
    return "、".join(str(stage.engine.store.open(stored)) for _, stored in held) or "not set"


@phrase('可以办理"<步骤>"', '"<step>" can be taken')
def can_be_taken(stage: Stage, step_title: str) -> None:
    assert any(stage_offers(stage, step_title)), f"{step_title} cannot be taken now"


@phrase('不可以办理"<步骤>"', '"<step>" cannot be taken')
def cannot_be_taken(stage: Stage, step_title: str) -> None:
    assert not any(stage_offers(stage, step_title)), f"{step_title} can be taken now"


@phrase('<角色>可以办理"<步骤>"', '<role> can take "<step>"')
def role_can(stage: Stage, role: str, step_title: str) -> None:
    assert may_act(stage, role, step_title), f"{role} cannot take {step_title} now"


@phrase('<角色>不可以办理"<步骤>"', '<role> cannot take "<step>"')
def role_cannot(stage: Stage, role: str, step_title: str) -> None:
    assert not may_act(stage, role, step_title), f"{role} can take {step_title} now"


def stage_offers(stage: Stage, title: str) -> Iterator[bool]:
    """Yield for each instance that offers a step of this title whether nothing stands against it."""
    meant = {step.event for _, step in steps_of(stage.workflow, title)}
    return (offered.allowed for offered in stage.engine.offers(stage.case_number) if offered.step.event in meant)


def may_act(stage: Stage, role: str, title: str) -> bool:
    """Return whether a step of this title is offered to somebody in that role, guards aside."""
    meant = {step.event for _, step in steps_of(stage.workflow, title)}
    name = role_of(stage.workflow, role)
    recorders = {r for _, step in steps_of(stage.workflow, title) for r in step.who.recorders}
    actor = Actor(role=name, helpers=dict.fromkeys(recorders, "somebody"))
    return any(
        offered.applies and not any(reason.code in ROLE_REASONS for reason in offered.reasons)
        for offered in stage.engine.offers(stage.case_number, actor)
        if offered.step.event in meant
    )


@phrase('记录了"<步骤>"', '"<step>" is recorded')
def is_recorded(stage: Stage, step_title: str) -> None:
    assert any(events(stage, step_title)), f"{step_title} is not in the history"


@phrase('没有记录"<步骤>"', '"<step>" is not recorded')
def is_not_recorded(stage: Stage, step_title: str) -> None:
    assert not list(events(stage, step_title)), f"{step_title} is in the history"


@phrase('记录了"<步骤>"，由<角色>"<人>"办理', '"<step>" is recorded by <role> "<person>"')
def is_recorded_by(stage: Stage, step_title: str, role: str, person: str) -> None:
    wanted = role_of(stage.workflow, role)
    found = [event.by for event in events(stage, step_title)]
    assert any(by.role == wanted and person in (by.person, *by.helpers.values()) for by in found), (
        f"recorded by {found}"
    )


@phrase('记录了"<步骤>"，依据规则"<规则>"', '"<step>" is recorded under rule "<rule>"')
def is_recorded_under(stage: Stage, step_title: str, rule: str) -> None:
    found = [event.rules for event in events(stage, step_title)]
    assert any(rule in rules for rules in found), f"recorded under {found}"


def events(stage: Stage, title: str) -> Iterator[Event]:
    """Yield the case's events of the steps or openings of a title."""
    wanted = events_of(stage.workflow, title)
    return (recorded.event for recorded in stage.history if recorded.event.type in wanted)


@phrase('案件有未了事项"<文字>"', 'the case has the open finding "<words>"')
def has_finding(stage: Stage, words: str) -> None:
    assert any(words in text for text in findings(stage.case)), f"open: {list(findings(stage.case))}"


@phrase('案件没有未了事项"<文字>"', 'the case has no open finding "<words>"')
def has_no_such_finding(stage: Stage, words: str) -> None:
    assert not any(words in text for text in findings(stage.case)), f"open: {list(findings(stage.case))}"


@phrase("案件没有未了事项", "the case has no open finding")
def has_no_finding(stage: Stage) -> None:
    assert not list(findings(stage.case)), f"open: {list(findings(stage.case))}"


@phrase('未了事项"<文字>"由<角色>负责', 'the finding "<words>" is up to <role>')
def finding_is_up_to(stage: Stage, words: str, role: str) -> None:
    wanted = role_of(stage.workflow, role)
    owners = [each["owner"] for each in stage.case.findings.values() if words in "\n".join(each["text"].values())]
    assert wanted in owners, f"{words!r} is up to {owners}"


def findings(case: Case) -> Iterator[str]:
    """Yield the words of every open finding, in all languages."""
    return ("\n".join(finding["text"].values()) for finding in case.findings.values())


@phrase('新开了"<案件种类>"案件', 'a case "<kind>" was opened')
def was_opened(stage: Stage, kind: str) -> None:
    assert stage.done
    wanted = kind_of(stage.workflow, kind)
    fresh = {id: case for id, case in stage.standing().items() if id not in stage.before}
    opened = [id for id, case in fresh.items() if case.kind == wanted]
    assert opened, f"opened: {[case.kind for case in fresh.values()]}"
    stage.spoken_of.update((id, "") for id in opened)


@phrase('显示指引"<文字>"', 'the guidance "<words>" is shown')
def guidance_is_shown(stage: Stage, words: str) -> None:
    texts = ["\n".join(shown.text.values()) for shown in guidance(stage)]
    assert any(words in text for text in texts), f"shown: {texts}"


def guidance(stage: Stage) -> Iterator[Guidance]:
    """Yield what the present states of the live instances show, outer states included."""
    for one in stage.case.live():
        path = one.state
        while path:
            yield from stage.workflow.machines[one.machine].states[path].guidance
            path = path.rpartition(".")[0]


@phrase("案件已关闭", "the case is closed")
def is_closed(stage: Stage) -> None:
    case = stage.case
    assert case.closed, f"still open: {[one.id for one in case.live()]}"


@phrase("案件未关闭", "the case is not closed")
def is_not_closed(stage: Stage) -> None:
    assert not stage.case.closed
