"""How much a test run may spend: the same code, more or fewer examples, rounds and rows."""

from __future__ import annotations

import os
from typing import Final, Literal, get_args

Effort = Literal["check", "test", "soak", "release"]
SHARE: Final[dict[Effort, float]] = {"check": 0.02, "test": 0.1, "soak": 1.0, "release": 10.0}


def _chosen() -> Effort:
    asked = os.environ.get("EFFORT", "check")
    for effort in get_args(Effort):
        if asked == effort:
            return effort
    raise ValueError(f"EFFORT={asked}: known are {', '.join(get_args(Effort))}")


EFFORT: Final = _chosen()
"""Set by the Makefile's targets; a bare `pytest` spends as little as `make check`."""


def share_of(full: int, at_least: int = 1) -> int:
    """Return how many of the full figure's rounds this run makes: all in `soak`, a tenth in `test`."""
    return max(at_least, round(full * SHARE[EFFORT]))
