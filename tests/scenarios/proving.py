"""Steps about proof: somebody works on the store past the program, and a verification tells."""

from __future__ import annotations

import apsw

from lifecycle.audit.verify import verify_case
from tests.scenarios.phrases import phrase
from tests.scenarios.stage import Stage
from tests.scenarios.titles import events_of


@phrase('有人在存档中改动了"<步骤>"的记录', 'somebody altered the record of "<step>" in the store')
def altered(stage: Stage, step_title: str) -> None:
    """Change one byte in the middle of the step's latest event, as raw SQL can and no command of the program."""
    wanted = events_of(stage.workflow, step_title)
    positions = [one.position for one in stage.engine.history(stage.case_number) if one.event.type in wanted]
    assert positions, f"{step_title} was never recorded"
    raw = apsw.Connection(str(stage.folder / "store.db"))
    try:
        for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        ((state,),) = raw.execute("SELECT state FROM lifecycle_events WHERE position = ?", positions[-1:])
        middle = len(state) // 2
        forged = state[:middle] + bytes([state[middle] ^ 1]) + state[middle + 1 :]
        raw.execute("UPDATE lifecycle_events SET state = ? WHERE position = ?", (forged, positions[-1]))
    finally:
        raw.close()


@phrase("核对存档可见案件被改动", "a verification shows that the case was altered")
def shown_altered(stage: Stage) -> None:
    assert verify_case(stage.engine, stage.case_number).findings, "nothing is found to be altered"


@phrase("核对存档未见改动", "a verification shows nothing altered")
def shown_unaltered(stage: Stage) -> None:
    found = verify_case(stage.engine, stage.case_number).findings
    assert not found, f"found: {found}"
