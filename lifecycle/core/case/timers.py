"""What an event does to the steps that the clock will take: timers set, moved, taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from lifecycle.core.case.evolve import ancestry
from lifecycle.core.case.measures import given, reached
from lifecycle.core.case.moments import Moment
from lifecycle.core.events import Json, instant, stamp
from lifecycle.core.workflow import ELAPSED, Failure, Step, Workflow


def timer_changes(moment: Moment) -> Iterator[dict[str, Json]]:
    """Yield {"step", "at"} for each timer that is set, moved or, with no "at", taken back.

    One whose length may become another one while it runs has "counted", too: {"from", "length", "clock", "version"}.
    """
    one = moment.one
    wanted = {} if one.final else {step.name: (step, at) for step, at in timers_of(moment)}
    for name, (step, at) in wanted.items():
        if one.timers.get(name) != at:
            yield {"step": name, "at": at, **counted(step, at, moment)}
    for name in one.timers:
        if name not in wanted:
            yield {"step": name}


def counted(step: Step, at: str, moment: Moment) -> dict[str, Json]:
    """Return by what a timer that was just set is to be counted anew when its calendar or its setting is changed."""
    after = step.after
    if after is None or (after.clock == ELAPSED and not follows(after.formula.reads, moment.workflow)):
        return {}
    written = after.formula.value(moment.scope)
    length = given(moment.scope, after.clock, moment.at, written) if isinstance(written, str) else None
    due = None if length is None else reached(moment.scope, after.clock, moment.at, length)
    if due is None or stamp(due) != at:
        return {}  # the rest of a stay that is resumed
    version = {} if after.clock == ELAPSED else {"version": moment.scope.calendar(after.clock).version}
    return {"counted": {"from": stamp(moment.at), "length": written, "clock": after.clock, **version}}


def follows(reads: Iterable[str], workflow: Workflow) -> bool:
    """Return whether any of the names read is a setting that running clocks follow."""
    names = (name.partition(".")[2] for name in reads if name.startswith("settings."))
    return any(name in workflow.settings and workflow.settings[name].follows for name in names)


def timers_of(moment: Moment) -> Iterator[tuple[Step, str]]:
    """Yield the timers that an instance has after the event: step and stored instant."""
    one = moment.one
    for step in moment.workflow.machines[one.machine].steps_of(one.state):
        at: datetime | None = None
        if step.trigger == "at":
            at = instant_of(step, moment)
        elif step.trigger == "after":
            at = armed(step, moment)
        if at is not None:
            yield step, stamp(at)


def instant_of(step: Step, moment: Moment) -> datetime | None:
    """Return when a step `at` falls due: at once when its instant is past, never again at one at which it was taken."""
    assert step.at is not None
    value = step.at.value(moment.scope)
    if value is None or isinstance(value, Failure):
        return None
    before = max(moment.scope.time_of(step.name) or "", moment.one.past.get(step.name, ""))
    return None if value <= before else max(instant(value), moment.at)


def armed(step: Step, moment: Moment) -> datetime | None:
    """Return when a step `after` falls due: counted from entering its state; a stay that is resumed goes on."""
    one = moment.one
    assert step.after is not None
    if step.owner in moment.entered or (moment.fresh and not step.owner):
        return after_length(step, moment)
    if moment.event.type == step.event and moment.event.machine == one.id:
        return after_length(step, moment) if step.repeat else None
    if step.name in one.timers:
        return instant(one.timers[step.name])
    if "resumed" in moment.event.changes and moment.event.machine == one.id:
        was = moment.before.instances[one.id]
        back: Mapping[str, Json] = next((was.came[path] for path in ancestry(was.state) if path in was.came), {})
        if step.name in back.get("timers", {}):
            return moment.at + (instant(back["timers"][step.name]) - instant(back["left"]))
    return None


def after_length(step: Step, moment: Moment) -> datetime | None:
    assert step.after is not None
    written = step.after.formula.value(moment.scope)
    if not isinstance(written, str):
        return None
    length = given(moment.scope, step.after.clock, moment.at, written)
    return None if length is None else reached(moment.scope, step.after.clock, moment.at, length)
