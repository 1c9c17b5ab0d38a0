"""Steps about time: it passes, the clock does what is due, promises are kept or broken."""

from __future__ import annotations

import re
from datetime import timedelta

from lifecycle.audit.clocks import Arming, armings
from tests.scenarios.phrases import phrase
from tests.scenarios.stage import Stage

UNITS = {"秒": "seconds", "分钟": "minutes", "小时": "hours", "天": "days", "周": "weeks"}
LENGTH = re.compile(r"(\d+) ?(秒|分钟|小时|天|周|seconds?|minutes?|hours?|days?|weeks?)")


def length_of(typed: str) -> timedelta:
    """Return the length that "5 分钟", "2 小时 30 分钟" or "3 days" names."""
    parts = LENGTH.findall(typed)
    assert parts, f"{typed!r} is no length of time"
    assert not LENGTH.sub("", typed).strip(), f"{typed!r} is no length of time"
    units = {UNITS.get(unit, unit if unit.endswith("s") else f"{unit}s"): int(count) for count, unit in parts}
    return timedelta(**units)


@phrase('过了"<时长>"', '"<length>" have passed')
def time_passes(stage: Stage, length: str) -> None:
    stage.settle()
    stage.let_pass(length_of(length))


@phrase('期限"<期限>"已违约', 'the deadline "<deadline>" is broken')
def is_broken(stage: Stage, deadline: str) -> None:
    one = latest(stage, deadline)
    assert one.breached is not None, f"{deadline} is {one.outcome}"


@phrase('期限"<期限>"未违约', 'the deadline "<deadline>" is not broken')
def is_not_broken(stage: Stage, deadline: str) -> None:
    one = latest(stage, deadline)
    assert one.breached is None, f"{deadline} was broken at {one.breached}"


@phrase('期限"<期限>"的违约已撤销', 'the breach of the deadline "<deadline>" is withdrawn')
def is_withdrawn(stage: Stage, deadline: str) -> None:
    one = latest(stage, deadline)
    assert one.withdrawn, f"no breach of {deadline} was withdrawn"
    assert one.breached is None, f"{deadline} was broken at {one.breached}"


@phrase('期限"<期限>"按时完成', 'the deadline "<deadline>" is met')
def is_met(stage: Stage, deadline: str) -> None:
    outcome(stage, deadline, "met")


@phrase('期限"<期限>"逾期完成', 'the deadline "<deadline>" is done late')
def is_late(stage: Stage, deadline: str) -> None:
    outcome(stage, deadline, "late")


@phrase('期限"<期限>"已取消', 'the deadline "<deadline>" is cancelled')
def is_cancelled(stage: Stage, deadline: str) -> None:
    outcome(stage, deadline, "cancelled")


@phrase('期限"<期限>"已暂停', 'the deadline "<deadline>" is paused')
def is_paused(stage: Stage, deadline: str) -> None:
    outcome(stage, deadline, "paused")


@phrase('期限"<期限>"正在计时', 'the deadline "<deadline>" is running')
def is_running(stage: Stage, deadline: str) -> None:
    one = latest(stage, deadline)
    assert not one.stopped, f"{deadline} is {one.outcome}"
    assert one.outcome != "paused", f"{deadline} is paused"


@phrase('期限"<期限>"到期于"<时刻>"', 'the deadline "<deadline>" is due at "<time>"')
def is_due_at(stage: Stage, deadline: str, time: str) -> None:
    one = latest(stage, deadline)
    assert one.due == stage.instant(time), f"{deadline} is due at {one.due}"


@phrase('期限"<期限>"用时"<时长>"', 'the deadline "<deadline>" took "<length>"')
def took(stage: Stage, deadline: str, length: str) -> None:
    one = latest(stage, deadline)
    spent = sum((part.end - part.start for part in one.intervals if part.kind == "running"), timedelta())
    assert spent == length_of(length), f"{deadline} took {spent}"


@phrase('没有期限"<期限>"', 'there is no deadline "<deadline>"')
def no_deadline(stage: Stage, deadline: str) -> None:
    assert not runnings(stage, deadline), f"{deadline} has begun"


def outcome(stage: Stage, deadline: str, wanted: str) -> None:
    one = latest(stage, deadline)
    assert one.outcome == wanted, f"{deadline} is {one.outcome}"


def latest(stage: Stage, deadline: str) -> Arming:
    """Return the latest running of a deadline of the case that is spoken of."""
    found = runnings(stage, deadline)
    assert found, f"no deadline {deadline!r} has begun"
    return found[-1]


def runnings(stage: Stage, deadline: str) -> list[Arming]:
    names = {
        (machine.name, one.name)
        for machine in stage.workflow.machines.values()
        for one in machine.deadlines
        if deadline in (one.name, *one.titles.values())
    }
    assert names, f"the workflow has no deadline {deadline!r}"
    every = armings(stage.history, stage.now, lambda name: stage.engine.calendar(stage.workflow, name))
    return [one for one in every if (one.instance.partition("/")[0], one.name) in names]
