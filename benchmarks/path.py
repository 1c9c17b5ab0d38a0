"""The path that both sides walk: twelve steps, a form of about 250 bytes each, three of its fields personal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
WORKFLOW = "repair-path"
STEPS = (
    "registered", "confirmed", "priced", "agreed", "planned", "dispatched",
    "prepared", "inspected", "repaired", "signed", "accounted", "closed",
)  # fmt: skip
LIMIT = 100_000


def form_of(step: int, case: int = 0) -> dict[str, Any]:
    """Return the form of a step, by its number from 0: about 250 bytes as JSON."""
    return {
        "caller": "张三",
        "phone": f"138{case % 100_000_000:08}",
        "address": "某路 1 号 2 单元 301",
        "fault": "厨房漏水，地板已湿",
        "remark": f"step {step} of a path that is walked to measure",
        "urgency": "urgent" if case % 2 else "ordinary",
        "amount": 500 + 7 * step + case % 1_000,
        "urgent": bool(case % 2),
    }
