"""Steps that set the scene and act."""

from __future__ import annotations

from tests.scenarios.phrases import phrase
from tests.scenarios.stage import Stage, Table
from tests.scenarios.titles import openings_of


@phrase('使用流程"<流程>"', 'the workflow "<workflow>"')
def use_workflow(stage: Stage, workflow: str) -> None:
    stage.use(workflow)


@phrase('现在是"<时刻>"', 'it is now "<time>"')
def it_is_now(stage: Stage, time: str) -> None:
    stage.tell_time(time)


@phrase('设置"<设置>"为"<值>"', 'the setting "<setting>" is "<value>"')
def set_figure(stage: Stage, setting: str, value: str) -> None:
    stage.set_figure(setting, value)


@phrase('准备"<列表字段>":', 'the rows of "<list field>":', table=True)
def prepare_rows(stage: Stage, list_field: str, datatable: Table) -> None:
    stage.prepare(list_field, datatable)


@phrase('<角色>"<人>"登记了"<开案>"案件', '<role> "<person>" opened "<opening>"', table=True)
def opened(stage: Stage, role: str, person: str, opening: str, datatable: Table | None = None) -> None:
    open_case(stage, role, person, opening, datatable)
    assert stage.done


@phrase('<角色>"<人>"以"<名>"登记了"<开案>"案件', '<role> "<person>" opened "<opening>" as "<name>"', table=True)
def opened_as(stage: Stage, role: str, person: str, name: str, opening: str, datatable: Table | None = None) -> None:
    open_case(stage, role, person, opening, datatable)
    stage.names[name] = stage.done.case


@phrase(
    '<角色>"<人>"为客户"<客户>"以"<名>"登记了"<开案>"案件',
    '<role> "<person>" opened "<opening>" for the customer "<customer>" as "<name>"',
    table=True,
)
def opened_for(
    stage: Stage,
    role: str,
    person: str,
    customer: str,
    name: str,
    opening: str,
    datatable: Table | None = None,
) -> None:
    open_case(stage, role, person, opening, datatable, customer)
    stage.names[name] = stage.done.case


@phrase('<角色>"<人>"登记"<开案>"案件', '<role> "<person>" opens "<opening>"', table=True)
def opens(stage: Stage, role: str, person: str, opening: str, datatable: Table | None = None) -> None:
    open_case(stage, role, person, opening, datatable)


def open_case(stage: Stage, role: str, person: str, opening: str, table: Table | None, customer: str = "") -> None:
    kind, name = openings_of(stage.workflow, opening)
    stage.open(kind, name, role, person, table, customer)


@phrase('转到案件"<名>"', 'turning to the case "<name>"')
def turn_to(stage: Stage, name: str) -> None:
    assert name in stage.names, f"no case was called {name!r}; known: {', '.join(stage.names)}"
    stage.case_number = stage.names[name]


@phrase("转到新开的案件", "turning to the new case")
def turn_to_new(stage: Stage) -> None:
    assert stage.done
    before = {*stage.before, stage.case.id}
    fresh = [case.number for id, case in stage.standing().items() if id not in before]
    assert len(fresh) == 1, f"the last act opened {len(fresh)} cases"
    stage.case_number = fresh[0]


@phrase('<角色>"<人>"办理"<步骤>"', '<role> "<person>" takes "<step>"', table=True)
def takes(stage: Stage, role: str, person: str, step_title: str, datatable: Table | None = None) -> None:
    stage.take(step_title, stage.actor(role, person), datatable)


@phrase('<角色>"<人>"对"<实例>"办理"<步骤>"', '<role> "<person>" takes "<step>" on "<instance>"', table=True)
def takes_on(
    stage: Stage, role: str, person: str, instance: str, step_title: str, datatable: Table | None = None
) -> None:
    stage.take(step_title, stage.actor(role, person), datatable, instance)


@phrase('<当事人>由<角色>"<人>"代录办理"<步骤>"', '<party> through <role> "<person>" takes "<step>"', table=True)
def party_takes(
    stage: Stage, party: str, role: str, person: str, step_title: str, datatable: Table | None = None
) -> None:
    stage.take(step_title, stage.party(party, role, person), datatable)


@phrase(
    '<当事人>由<角色>"<人>"代录对"<实例>"办理"<步骤>"',
    '<party> through <role> "<person>" takes "<step>" on "<instance>"',
    table=True,
)
def party_takes_on(
    stage: Stage,
    party: str,
    role: str,
    person: str,
    instance: str,
    step_title: str,
    datatable: Table | None = None,
) -> None:
    stage.take(step_title, stage.party(party, role, person), datatable, instance)


@phrase('<角色>"<人>"说明"<理由>"后办理"<步骤>"', '<role> "<person>" takes "<step>" because "<reason>"', table=True)
def takes_because(
    stage: Stage, role: str, person: str, reason: str, step_title: str, datatable: Table | None = None
) -> None:
    stage.take(step_title, stage.actor(role, person), datatable, reason=reason)


@phrase(
    '<角色>"<人>"说明"<理由>"后对"<实例>"办理"<步骤>"',
    '<role> "<person>" takes "<step>" on "<instance>" because "<reason>"',
    table=True,
)
def takes_on_because(
    stage: Stage,
    role: str,
    person: str,
    reason: str,
    instance: str,
    step_title: str,
    datatable: Table | None = None,
) -> None:
    stage.take(step_title, stage.actor(role, person), datatable, instance, reason)


@phrase(
    '<角色>"<人>"在"<时刻>"发生后补录"<步骤>"',
    '<role> "<person>" records afterwards "<step>" of "<time>"',
    table=True,
)
def records_afterwards(
    stage: Stage, role: str, person: str, time: str, step_title: str, datatable: Table | None = None
) -> None:
    stage.take(step_title, stage.actor(role, person), datatable, at=time)


@phrase(
    '<角色>"<人>"说明"<理由>"后更正"<步骤>"',
    '<role> "<person>" corrects "<step>" because "<reason>"',
    table=True,
)
def corrects(stage: Stage, role: str, person: str, reason: str, step_title: str, datatable: Table) -> None:
    stage.correct(step_title, stage.actor(role, person), reason, datatable)
