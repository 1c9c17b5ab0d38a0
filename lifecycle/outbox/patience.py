"""How long a notice is tried: when the next try is, and when it is given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How an organisation wants notices tried.

    first    pause after the first try; each later pause is twice the one before
    longest  pause that none is longer than
    most     tries; after the last one the notice is dead
    oldest   age beyond which a notice that was never tried is not sent any more
    """

    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(hours=1)
    most: int = 16
    oldest: timedelta = timedelta(days=3)

    def pause(self, tries: int) -> timedelta:
        """Return the pause after a number of tries, from 1."""
        pause = self.first
        for _ in range(tries - 1):
            if pause >= self.longest:
                break
            pause *= 2
        return min(pause, self.longest)

    def again(self, tries: int, now: datetime) -> datetime | None:
        """Return when the next try is after one that failed; None when there is none."""
        return now + self.pause(tries) if tries < self.most else None

    def too_old(self, since: datetime, tries: int, now: datetime) -> bool:
        """Return whether a notice is not worth sending any more. tries: with the one that is being made."""
        return tries <= 1 and now - since > self.oldest
