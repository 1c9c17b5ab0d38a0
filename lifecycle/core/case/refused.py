"""How something that cannot happen stops its command."""

from __future__ import annotations

from lifecycle.problems import Reason, Refusal


class Refused(Exception):
    """An effect that cannot be carried out; it refuses the whole command."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


class Stopped(Exception):
    """Something that follows cannot happen: the whole command is refused."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reasons[0].code)
        self.refusal = refusal
