"""The benchmarks run; what they print is for people to judge, never for a test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.figures import ALL

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ALL)
def test_each_benchmark_runs_and_prints_its_ratios(name: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--tiny", name], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    rows = [line for line in answer.stdout.splitlines() if line.startswith("|")][2:]
    assert rows
    assert all(row.rstrip("| ").endswith(("met", "MET")) for row in rows)
