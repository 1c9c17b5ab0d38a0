"""A disk that is full or fails under the program: a clean answer, nothing half written, no more writing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lifecycle.core.events import Json
from tests.contracts.engines import game
from tests.effort import share_of

ROOT = Path(__file__).parents[2]
UNREACHABLE = 6
FULL = ("pwrite64", "ENOSPC")
LOST = ("fdatasync,fsync", "EIO")


def under(fault: tuple[str, str], when: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the n-th call of a kind failing ("3"), or every one from there on ("3+")."""
    calls, error = fault
    return subprocess.run(
        [
            *("strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={calls}"),
            *("-e", f"inject={calls}:error={error}:when={when}", sys.executable, *words),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "LIFECYCLE_LANG": "en"},
        check=False,
        timeout=120,
    )


def opened(path: Path, id: str) -> tuple[str, ...]:
    """Return the command line that opens a case of a shipped workflow."""
    store = ("--store", f"sqlite:{path}")
    return ("cli.py", *store, "case", "open", "doors-windows", "--as", "customer_service:li", "--command-id", id)


def points(full: int, last: int) -> list[int]:
    """Return at which calls to fail: spread evenly, each of them in `soak`."""
    count = share_of(full, at_least=2)
    return sorted({1 + number * last // count for number in range(count)})


@pytest.mark.parametrize("fault", [FULL, LOST], ids=["full", "failing"])
def test_the_command_line_answers_cleanly_wherever_the_disk_gives_up(tmp_path: Path, fault: tuple[str, str]) -> None:
    path = tmp_path / "store.db"
    assert subprocess.run([sys.executable, *opened(path, "first")], cwd=ROOT, check=False).returncode == 0
    last = 40 if fault == FULL else 6
    answers = [0]
    for number in points(40, last):
        run = under(fault, f"{number}+", *opened(path, f"c-{number}"))
        answers.append(run.returncode)
        assert run.returncode in (0, UNREACHABLE), run.stderr
        assert "Traceback" not in run.stderr
        if run.returncode:
            assert run.stderr.startswith("error: the store")
        engine = game(path)
        kept = engine.store.command(f"c-{number}")
        assert engine.store.verify().findings == ()
        assert kept is not None or run.returncode == UNREACHABLE, "what was acknowledged is there"
        engine.close()
    assert UNREACHABLE in answers
    assert subprocess.run([sys.executable, *opened(path, "last")], cwd=ROOT, check=False).returncode == 0


def test_after_a_lost_flush_the_process_writes_no_more_and_still_reads(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    game(path).close()
    failures: list[str] = []
    for number in points(20, 8):
        run = under(LOST, str(number), "-m", "tests.contracts.engines", "stop", str(path))
        assert run.returncode == 0, run.stderr
        said: list[dict[str, Json]] = [json.loads(line) for line in run.stdout.splitlines()]
        failed = [line["failed"] for line in said if "failed" in line]
        first = next((n for n, line in enumerate(said) if "failed" in line), len(said) - 1)
        assert all("failed" in line for line in said[first:-1]), "nothing is acknowledged after the failure"
        assert set(failed[1:]) <= {"store-stopped"}
        failures += failed
        assert "readable" in said[-1]
        engine = game(path)
        assert all(engine.store.command(line["id"]) for line in said if "revision" in line)
        assert engine.store.verify().findings == ()
        engine.close()
        path = tmp_path / f"store-{number}.db"
        game(path).close()
    assert "store-stopped" in failures
