"""First times: what a figure that counts a case, or an instance, once has seen of it already."""

from __future__ import annotations

from lifecycle.core.seeing.happening import Moment
from lifecycle.core.seeing.rows import RowScope
from lifecycle.core.workflow.seeing import Happening, Kpi, Tallied


class First:
    """What a kpi that counts once has seen of one case; for any other kpi everything is a first time.

    An event that is counted and that it is a share of stands in both together, or in neither: a case that was promised
    twice, and kept the promise the second time only, has not kept it.
    """

    def __init__(self, kpi: Kpi) -> None:
        self.once = kpi.once
        self.shared = {counted.happening for counted in kpi.of}
        self.seen: set[tuple[str, str]] = set()
        self.taken: dict[str, tuple[int, Happening]] = {}

    def of(self, counted: Tallied, scope: RowScope, moment: Moment) -> bool:
        """Return whether something is the first of what the kpi is a share of."""
        first = self.is_first("of", scope)
        if first and self.once:
            self.taken[self.whose(scope)] = (moment.revision, counted.happening)
        return first

    def counted(self, counted: Tallied, scope: RowScope, moment: Moment) -> bool:
        """Return whether something is the first of what is counted."""
        both = (moment.revision, counted.happening)
        if self.once and counted.happening in self.shared and self.taken.get(self.whose(scope)) != both:
            return False
        return self.is_first("counted", scope)

    def apart(self, name: str, scope: RowScope) -> bool:
        """Return whether something is the first of a count that stands beside."""
        return self.is_first(f"apart.{name}", scope)

    def is_first(self, what: str, scope: RowScope) -> bool:
        if not self.once:
            return True
        key = (what, self.whose(scope))
        first = key not in self.seen
        self.seen.add(key)
        return first

    def whose(self, scope: RowScope) -> str:
        """Return what is counted once: the instance, where there is one, or the case."""
        return scope.instance.id if self.once == "instance" and scope.instance else ""
