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


DEADLINES = """    deadlines:
      contact: {zh: "联系", en: "Contact", start: $start, stop: [confirmed], within: 1h}
      visit: {zh: "上门", en: "Visit", start: registered, stop: [inspected], within: 20h, clock: office}
      whole: {zh: "办结", en: "The whole", start: $start, stop: [closed], within: 30d}
"""
CALENDAR = """calendars:
  office: {days: cn, hours: {mon-fri: ["08:30-12:00", "13:30-17:30"]}}
"""


def with_deadlines(folder: Path) -> Path:
    """Write the same workflow with three deadlines on its path into a folder; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = (FOLDER / f"{WORKFLOW}.yaml").read_text(encoding="utf-8")
    machine, calendars = "    start: reported\n", "types:\n"
    assert text.count(machine) == text.count(calendars) == 1
    text = text.replace(machine, machine + DEADLINES).replace(calendars, f"{CALENDAR}\n{calendars}")
    (folder / f"{WORKFLOW}.yaml").write_text(text, encoding="utf-8")
    return folder
