"""Eight processes issue numbered slips at once: no number is left out, none is given twice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from lifecycle.core.beside import stream_of
from lifecycle.core.register import REGISTER
from tests.contracts.slips import office, opening
from tests.effort import share_of

ROOT = Path(__file__).parents[2]
PROCESSES = 8


def test_numbers_are_without_gap_and_without_double_whoever_draws_them_and_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    engine = office(path)
    engine.execute(opening("first"))
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.contracts.slips", str(path), str(seed), str(share_of(100, at_least=4))],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for seed in range(PROCESSES)
    ]
    said = [json.loads(line) for worker in workers for line in worker.communicate(timeout=300)[0].splitlines()]
    assert [worker.returncode for worker in workers] == [0] * PROCESSES

    issued = sum(line["done"] for line in said if line["step"] in ("issued", "locked"))
    assert sum(not line["done"] for line in said) == sum(line["step"] == "locked" for line in said)
    stream = stream_of(engine.store.meta.id, REGISTER, "slips/slip")
    history = list(engine.store.read(stream))
    numbered = [recorded.event for recorded in history if recorded.event.type == "register.numbered"]
    serials = [event.changes["register"]["serial"] for event in numbered]
    assert serials == list(range(1, issued + 1)), "in order, none left out, none twice"
    voided = [recorded.event.changes["register"]["number"] for recorded in history if "voided" in recorded.event.type]
    assert len(voided) == len(set(voided)) == sum(line["step"] == "dropped" for line in said)

    of_cases = [
        entry["number"]
        for recorded in engine.store.feed()
        for entry in recorded.event.changes.get("papers", ())
        if entry["is"] == "issued"
    ]
    assert sorted(of_cases) == [event.changes["register"]["number"] for event in numbered]
    head = engine.store.head(stream)
    assert head is not None
    assert head.state == {"serial": issued, "voided": len(voided), "revision": len(history)}
    assert engine.store.verify().findings == ()
    engine.rebuild_heads()
    rebuilt = engine.store.head(stream)
    assert rebuilt is not None
    assert rebuilt.state == head.state
    engine.close()
