"""Eight processes take from one stock and one quota at once, and number slips for both: never below the floor, nothing
is given twice, and a sale that is refused, whichever of them runs out, leaves no number out.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from lifecycle.core.beside import stream_of
from lifecycle.core.ledger import LEDGER, Account
from lifecycle.core.register import REGISTER
from lifecycle.engine import Done
from tests.contracts.accounts import QUOTA, office, opening, step
from tests.effort import share_of

ROOT = Path(__file__).parents[2]
PROCESSES = 8


def test_what_is_taken_at_once_is_there_and_is_taken_once(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    engine = office(path)
    opened = engine.execute(opening("first"))
    assert isinstance(opened, Done)
    rounds = share_of(100, at_least=8)
    stocked = PROCESSES * rounds // 2
    assert isinstance(engine.execute(step("second", opened.case, "stocked", stocked)), Done)
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.contracts.accounts", str(path), str(seed), str(rounds)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for seed in range(PROCESSES)
    ]
    said = [json.loads(line) for worker in workers for line in worker.communicate(timeout=300)[0].splitlines()]
    assert [worker.returncode for worker in workers] == [0] * PROCESSES
    assert len(said) == PROCESSES * rounds

    given = sum(line["number"] for line in said if line["done"])
    offered = sum(line["done"] for line in said if line["step"] in ("offered", "sold"))
    turned_away = [line for line in said if line["step"] == "offered" and not line["done"]]
    assert turned_away
    assert offered == QUOTA, "an offer is refused only when none is left"
    refused = [line["number"] for line in said if line["step"] == "used" and not line["done"]]
    left = stocked - given
    assert left >= 0
    assert refused
    assert all(number > left for number in refused), "what was refused was not there at the end either"

    for name, balance in (("stock", left), ("offers", QUOTA - offered)):
        stream = stream_of(engine.store.meta.id, LEDGER, f"accounts/{name}/company")
        history = [recorded.event for recorded in engine.store.read(stream)]
        ids = [event.changes["ledger"]["id"] for event in history if event.type == "ledger.posted"]
        assert len(ids) == len(set(ids))
        assert all(event.changes["ledger"]["balance"] >= 0 for event in history)
        head = engine.store.head(stream)
        assert head is not None
        assert Account.from_json(head.state).balance == balance
    register = stream_of(engine.store.meta.id, REGISTER, "accounts/slip")
    numbered = [each.event for each in engine.store.read(register) if each.event.type == "register.numbered"]
    sold = sum(line["done"] for line in said if line["step"] == "sold")
    assert [event.changes["register"]["serial"] for event in numbered] == list(range(1, sold + 1))
    engine.rebuild_heads()
    assert engine.store.verify().findings == ()
    engine.close()
