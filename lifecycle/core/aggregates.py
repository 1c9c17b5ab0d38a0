"""Every kind of aggregate beside cases, by the first part of its event types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lifecycle.core.beside import Aggregate
from lifecycle.core.calendars import CALENDARS
from lifecycle.core.ledger import LEDGER
from lifecycle.core.lists import LISTS
from lifecycle.core.register import REGISTER
from lifecycle.core.roster import ACQUAINTANCE, ROSTER
from lifecycle.core.schedules import SCHEDULES
from lifecycle.core.series import SERIES
from lifecycle.core.settlement import SETTLEMENT
from lifecycle.core.staff import STAFF

ALL: tuple[Aggregate[Any], ...] = (
    REGISTER,
    LEDGER,
    SETTLEMENT,
    LISTS,
    SERIES,
    CALENDARS,
    ROSTER,
    ACQUAINTANCE,
    STAFF,
    SCHEDULES,
)

AGGREGATES: Mapping[str, Aggregate[Any]] = {aggregate.name: aggregate for aggregate in ALL}
