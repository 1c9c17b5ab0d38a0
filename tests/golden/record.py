"""Write the golden histories anew: python -m tests.golden.record [WORKFLOW...].

Only when a workflow has changed before its release: see the package's own words. The same workflows give the same
files, byte by byte: ids are counted, the clock is the walk's own, personal values are fictitious and their boxes
hold nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from random import Random

from lifecycle.core.case import Case, Correct, Note
from lifecycle.core.events import Actor, Event, Json, changed_values
from lifecycle.core.workflow import Kind, Workflow
from lifecycle.problems import Refusal
from tests.golden.files import FOLDER, RECORDED, write
from tests.walks.aims import aims_of
from tests.walks.exploring import Explorer
from tests.walks.reach import listed
from tests.walks.typing_in import value_of
from tests.walks.world import World, shipped_workflow

WANTED = 20
SEED = 20260302
LONGEST = 90
REMARKS = 0.12
"""How often a note or a correction comes between two steps."""

Story = tuple[Case, Sequence[Event]]


def main() -> None:
    for name in sys.argv[1:] or RECORDED:
        folder = FOLDER / name
        folder.mkdir(exist_ok=True)
        for file in folder.glob("*.json"):
            file.unlink()
        for number, (case, events) in enumerate(chosen(list(stories(shipped_workflow(name)))), start=1):
            write(folder / f"{number:02}.json", case, events)
            print(f"{folder.name}/{number:02}  {case.kind}  {len(events)} events")


def stories(workflow: Workflow) -> Iterator[Story]:
    """Yield closed cases: walks of each kind that ended, with remarks on the way."""
    explorer = Explorer(workflow, aims_of(workflow), listed(workflow.name), SEED)
    for kind in workflow.kinds.values():
        arrows = sum(len(explorer.aims.edges[name]) for name in kind.machines)
        for _ in range(10 + 2 * arrows if kind.closes else 0):
            world = walk(explorer, kind)
            for case in world.cases.values():
                if case.closed and len(world.histories[case.id]) <= LONGEST:
                    yield case, world.histories[case.id]


def walk(explorer: Explorer, kind: Kind) -> World:
    """Open a case of a kind and take steps until it is closed, or too long."""
    world = explorer.grounded(World.of(explorer.workflow), kind)
    ground = len(world.cases)
    for opening in explorer.chance.sample(list(kind.openings.values()), k=len(kind.openings)):
        world = explorer.begin(world, kind.name, opening) or world
        if len(world.cases) > ground:
            break
    for _ in range(LONGEST):
        choices = list(explorer.choices(world))
        if not choices:
            break
        world = explorer.taken(world, explorer.weighted(world, choices)) or world
        if explorer.chance.random() < REMARKS:
            world = remarked(world, explorer.chance)
    return world


def remarked(world: World, chance: Random) -> World:
    """Write a note on a case, or correct a value that one of its events gave."""
    case = chance.choice(list(world.cases.values()))
    revision, event = chance.choice(list(enumerate(world.histories[case.id], start=1)))
    given = {name: world.workflow.fields[name] for name in changed_values(event) if name in world.workflow.fields}
    command: Note | Correct
    actor = Actor(role=event.by.role, person=event.by.person or "p1")
    if not given:
        command = Note(id="command", case=case.number, actor=actor, text="a remark")
    else:
        name = chance.choice(list(given))
        value: Json = value_of(given[name].type, world, chance)
        command = Correct(
            id="command", case=case.number, revision=revision, actor=actor, reason="mistyped", form={name: value}
        )
    answer = world.later(timedelta(minutes=2)).attempt(command)
    return world if isinstance(answer, Refusal) else answer.after


def chosen(found: Sequence[Story]) -> list[Story]:
    """Return the stories that together show most: each one the story that adds most to those before it."""
    left = list(found)
    picked: list[Story] = []
    shown: set[str] = set()
    while left and len(picked) < WANTED:
        new = [each for each in left if each[0].kind not in {case.kind for case, _ in picked}]  # every kind once
        best = max(new or left, key=lambda story: (len(shows(story) - shown), -len(story[1])))
        left.remove(best)
        picked.append(best)
        shown |= shows(best)
    assert len(picked) == WANTED, f"only {len(picked)} walks closed their cases"
    return picked


def shows(story: Story) -> set[str]:
    """Return what a history shows: kinds of events with their arrows, two in a row, and kinds of change."""
    case, events = story
    arrows = [f"{case.kind}:{event.type}:{event.source}>{event.target}" for event in events]
    pairs = {f"{first}, {second}" for first, second in pairwise(arrows)}
    return pairs | {*arrows} | {f"{case.kind}:{name}" for event in events for name in event.changes}


if __name__ == "__main__":
    main()
