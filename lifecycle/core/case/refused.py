"""How an effect that cannot be carried out stops its command."""

from __future__ import annotations

from lifecycle.problems import Reason


class Refused(Exception):
    """An effect that cannot be carried out; it refuses the whole command."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason
