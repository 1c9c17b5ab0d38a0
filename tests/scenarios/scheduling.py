"""Steps about schedules: how often something came again, when it comes next, what it opened."""

from __future__ import annotations

from lifecycle.core.events import instant
from lifecycle.engine.schedules import place_of
from tests.scenarios.phrases import phrase
from tests.scenarios.stage import Stage


def schedule_of(stage: Stage, title: str) -> str:
    """Return the name of the schedule of a title."""
    known = stage.workflow.schedules
    found = [one.name for one in known.values() if title in (one.name, *one.titles.values())]
    assert found, f"no schedule is called {title!r}; known: {[one.titles for one in known.values()]}"
    return found[0]


def opened_by(stage: Stage, title: str) -> list[str]:
    """Return the cases that a schedule opened, in order."""
    prefix = f"schedule/{stage.workflow.name}/{schedule_of(stage, title)}/"
    feed = (recorded for recorded in stage.engine.store.feed() if recorded.event.command.startswith(prefix))
    return [recorded.event.case for recorded in feed if recorded.revision == 1 and recorded.event.case]


@phrase('定期事项"<事项>"发生了<数>次', 'the schedule "<schedule>" occurred <number> times')
def occurred(stage: Stage, schedule: str, number: str) -> None:
    name = schedule_of(stage, schedule)
    events = [one.event for one in stage.engine.store.feed() if one.event.type == "schedule.occurred"]
    keys = [event.changes["schedule"]["key"] for event in events if event.changes["schedule"]["name"] == name]
    assert len(keys) == int(number), f"{schedule} occurred on {keys}"


@phrase('定期事项"<事项>"下次为"<时刻>"', 'the schedule "<schedule>" comes next at "<time>"')
def comes_next(stage: Stage, schedule: str, time: str) -> None:
    place = place_of(stage.engine.store, stage.engine.store.meta.id, stage.workflow.name, schedule_of(stage, schedule))
    assert place.next is not None, f"{schedule} does not come again"
    due = instant(place.next["at"])
    assert due == stage.instant(time), f"{schedule} comes next at {due.astimezone(stage.zone)}"


@phrase('转到定期事项"<事项>"新开的案件', 'turning to the case that the schedule "<schedule>" opened')
def turn_to_opened(stage: Stage, schedule: str) -> None:
    opened = opened_by(stage, schedule)
    assert opened, f"{schedule} opened no case"
    stage.case_number = opened[-1]


@phrase('定期事项"<事项>"新开了<数>个案件', 'the schedule "<schedule>" opened <number> cases')
def opened_so_many(stage: Stage, schedule: str, number: str) -> None:
    opened = opened_by(stage, schedule)
    assert len(opened) == int(number), f"{schedule} opened {opened}"
