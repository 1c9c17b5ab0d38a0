"""The stage tells a scenario that claims too much, or keeps silent about a refusal."""

from __future__ import annotations

import pytest

from tests.scenarios import acting, asking
from tests.scenarios.stage import Stage
from tests.scenarios.titles import UnknownTitle

REPORT = [["字段", "值"], ["小区", "阳光花园"], ["故障现象", "窗扇关不严"]]
FORM = [
    ["字段", "值"],
    ["顾客姓名", "王芳"],
    ["联系电话", "13800001234"],
    ["地址", "3号楼501"],
    ["报修渠道", "电话"],
    ["报修方", "客户"],
    ["产品", "窗"],
    ["位置", "客厅"],
    ["维修类别", "框扇"],
]


@pytest.fixture
def reported(stage: Stage) -> Stage:
    """A repair that customer service has just taken down; the next step is said with `when`."""
    acting.use_workflow(stage, "doors-windows")
    acting.opened(stage, "客服", "小李", "接到报修", REPORT)
    stage.said_with = "when"
    return stage


def test_a_given_that_is_refused_fails_at_once(reported: Stage):
    reported.said_with = "given"
    with pytest.raises(AssertionError, match=r"refused: .*报修渠道"):
        acting.takes(reported, "客服", "小李", "填写报修登记表")


def test_a_refusal_that_nobody_speaks_of_fails_at_the_end(reported: Stage):
    acting.takes(reported, "客服", "小李", "填写报修登记表")
    with pytest.raises(AssertionError, match="no step says so"):
        reported.settle()


def test_a_refusal_that_was_spoken_of_is_settled(reported: Stage):
    acting.takes(reported, "客服", "小李", "填写报修登记表")
    asking.refused_because(reported, "报修渠道")
    reported.settle()


def test_a_refusal_for_another_reason_is_told(reported: Stage):
    acting.takes(reported, "客服", "小李", "填写报修登记表")
    with pytest.raises(AssertionError, match=r"for another reason: .*报修渠道"):
        asking.refused_because(reported, "须先征得同意")


def test_a_refusal_under_another_rule_is_told(reported: Stage):
    acting.takes(reported, "客服", "小李", "派工")
    with pytest.raises(AssertionError, match=r"not by DW-999"):
        asking.refused_under(reported, "DW-999")


def test_what_a_refusal_does_not_suggest_is_told(reported: Stage):
    acting.takes(reported, "客服", "小李", "填写报修登记表")
    with pytest.raises(AssertionError, match="suggested was"):
        asking.refused_suggesting(reported, "2026-03-14")


def test_a_step_that_was_taken_is_not_refused(reported: Stage):
    acting.takes(reported, "客服", "小李", "填写报修登记表", FORM)
    with pytest.raises(AssertionError, match="was not refused"):
        asking.refused_because(reported, "报修渠道")


def test_a_change_that_nobody_speaks_of_is_told(reported: Stage):
    acting.takes(
        reported, "工程科维修员", "老周", "先行抢修", [["字段", "值"], ["抢修原因", "险情"], ["保修期内", "是"]]
    )
    with pytest.raises(AssertionError, match=r"not spoken of: \['visit/1'\]"):
        asking.nothing_else(reported)
    asking.is_in(reported, "上门", "已派工")
    asking.nothing_else(reported)


def test_a_wrong_state_or_value_is_told_with_the_right_one(reported: Stage):
    with pytest.raises(AssertionError, match=r"repair/1 is in intake\.reported"):
        asking.is_in(reported, "维修", "安排中")
    with pytest.raises(AssertionError, match="小区 is 阳光花园"):
        asking.field_is(reported, "小区", "月亮湾")


def test_a_state_around_the_present_one_holds_too(reported: Stage):
    asking.is_in(reported, "维修", "登记阶段")


def test_a_personal_value_may_be_asked_for(reported: Stage):
    acting.takes(reported, "客服", "小李", "填写报修登记表", FORM)
    asking.field_is(reported, "顾客姓名", "王芳")


def test_who_can_and_who_cannot(reported: Stage):
    asking.role_can(reported, "客服", "填写报修登记表")
    with pytest.raises(AssertionError, match="设计人员 cannot take"):
        asking.role_can(reported, "设计人员", "填写报修登记表")
    with pytest.raises(AssertionError, match="客服 can take"):
        asking.role_cannot(reported, "客服", "填写报修登记表")
    asking.can_be_taken(reported, "填写报修登记表")
    with pytest.raises(AssertionError, match="派工 cannot be taken"):
        asking.can_be_taken(reported, "派工")


@pytest.mark.parametrize("title", ["派单", "填写登记表格"])
def test_an_unknown_step_is_answered_with_the_nearest(reported: Stage, title):
    with pytest.raises(UnknownTitle, match="did you mean"):
        acting.takes(reported, "客服", "小李", title)


def test_an_act_is_not_said_with_then(reported: Stage):
    reported.said_with = "then"
    with pytest.raises(AssertionError, match="not with 那么"):
        acting.takes(reported, "客服", "小李", "填写报修登记表", FORM)


def test_the_latest_entry_of_a_step_is_corrected(stage: Stage):
    period = [["字段", "值"], ["约定时间段起", "2026-03-02 14:00"], ["约定时间段止", "2026-03-02 16:00"]]
    later = [["字段", "值"], ["约定时间段止", "2026-03-02 17:00"]]
    acting.use_workflow(stage, "aircon-network")
    acting.opened(stage, "信息中心", "小秦", "接到客户来电")
    acting.takes(stage, "信息中心", "小秦", "与客户约定时间段", period)
    acting.corrects(stage, "信息中心", "小秦", "听错", "与客户约定时间段", later)
    asking.field_is(stage, "约定时间段止", "2026-03-02 17:00")
    with pytest.raises(AssertionError, match="信息完结 was never recorded"):
        acting.corrects(stage, "信息中心", "小秦", "听错", "信息完结", later)


def test_time_does_not_go_back(reported: Stage):
    with pytest.raises(AssertionError, match="time does not go back"):
        acting.it_is_now(reported, "2026-03-01 09:00")


def test_one_of_several_instances_has_to_be_named(stage: Stage):
    acting.use_workflow(stage, "doors-windows")
    acting.prepare_rows(stage, "报修项目", [["序号", "故障现象"], ["1", "窗扇关不严"], ["2", "门锁打不开"]])
    acting.opened(stage, "客服", "小李", "接到多项报修")
    stage.said_with = "when"
    with pytest.raises(AssertionError, match="name the instance"):
        acting.takes(stage, "客服", "小李", "填写报修登记表")
    with pytest.raises(AssertionError, match="say which"):
        asking.is_in(stage, "维修", "待登记")
