"""Instants in refusals, as people of the workflow's zone read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from lifecycle.clocks.typed import show_time
from lifecycle.core.events import instant
from lifecycle.problems import Reason

STAMP: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z", re.ASCII)
"""The stored form of an instant, and nothing else."""


def in_zone(reason: Reason, zone: str) -> Reason:
    """Return a reason whose instants read as the clocks of a zone show them."""
    values: Mapping[str, object] = readable(reason.values, zone)
    return replace(
        reason, values=values, actual=readable(reason.actual, zone), required=readable(reason.required, zone)
    )


def readable(value: Any, zone: str) -> Any:
    """Return a value in which every stored instant is replaced by its reading in a zone."""
    if isinstance(value, str) and STAMP.fullmatch(value):
        return show_time(instant(value), ZoneInfo(zone))
    if isinstance(value, dict):
        return {name: readable(each, zone) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(readable(each, zone) for each in value)
    return value
