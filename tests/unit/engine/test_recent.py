"""What one turn leaves for the next is used only while nobody else has written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from lifecycle.app import App, build
from lifecycle.core.case import Case, Note, OpenCase, TakeStep
from lifecycle.core.events import Actor
from lifecycle.engine import Done
from lifecycle.engine.recent import MOST, Recent, Standing
from lifecycle.problems import Refusal, RevisionConflict
from lifecycle.settings import Settings

FOLDER = Path(__file__).resolve().parents[3] / "benchmarks"
CLERK = Actor(role="clerk", person="li")
FORM = {"caller": "Li", "phone": "13800000000", "address": "Road 1", "amount": 5}


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[App, App]]:
    """Two programs on one store."""
    settings = Settings(store=f"sqlite:{tmp_path / 'a.db'}", workflows=FOLDER)
    apps = build(settings), build(settings)
    yield apps
    for app in apps:
        app.engine.close()


def step(case: str, name: str) -> TakeStep:
    return TakeStep(id=f"{name}-{case}", case=case, step=name, actor=CLERK, form=FORM)


def opened(app: App) -> str:
    answer = app.engine.execute(OpenCase(id="open", workflow="repair-path", actor=CLERK, customer="C-1"))
    assert isinstance(answer, Done)
    return answer.case


def test_a_step_that_another_program_took_is_seen_by_the_one_that_worked_on_the_case_before(
    two: tuple[App, App],
) -> None:
    one, other = two
    case = opened(one)
    assert isinstance(other.engine.execute(step(case, "registered")), Done)
    again = TakeStep(id="again", case=case, step="registered", actor=CLERK, form=FORM)
    refusal = one.engine.execute(again)
    assert isinstance(refusal, Refusal)
    assert refusal.reasons[0].code == "wrong-state"
    assert isinstance(one.engine.execute(step(case, "confirmed")), Done)


def test_a_caller_that_has_seen_an_older_revision_is_told_so_however_the_case_was_loaded(two: tuple[App, App]) -> None:
    one, other = two
    case = opened(one)
    other.engine.execute(Note(id="n", case=case, actor=CLERK, text="seen"))
    with pytest.raises(RevisionConflict):
        one.engine.execute(step(case, "registered"), if_revision=1)


def test_what_a_dry_command_would_have_done_is_not_believed_by_the_next_one(two: tuple[App, App]) -> None:
    one, _ = two
    case = opened(one)
    assert isinstance(one.engine.execute(step(case, "registered"), dry=True), Done)
    assert isinstance(one.engine.execute(step(case, "registered")), Done)


def test_a_case_that_was_never_reloaded_is_the_one_that_is_stored(two: tuple[App, App]) -> None:
    one, other = two
    case = opened(one)
    for name in ("registered", "confirmed", "priced"):
        assert isinstance(one.engine.execute(step(case, name)), Done)
    kept = one.engine._recent.take(one.store.last_position()).cases[case]
    assert kept == other.engine.case(case)[0]
    assert kept.to_json() == one.engine.case(case)[0].to_json()


def test_what_was_known_at_another_position_is_forgotten() -> None:
    recent, standing = Recent(), Standing()
    recent.give(7, standing)
    assert recent.take(8) is not standing
    recent.give(7, standing)
    assert recent.take(7) is standing
    assert recent.take(7) is not standing, "a turn takes it with it"


def test_only_so_many_cases_are_kept() -> None:
    standing = Standing()
    for number in range(MOST + 3):
        standing.keep(Case(id=UUID(int=number), number=str(number)))
    assert list(standing.cases) == [str(number) for number in range(3, MOST + 3)]
