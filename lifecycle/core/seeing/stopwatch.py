"""Stop watches: the time between two events of a case, without the time that does not count."""

from __future__ import annotations

from datetime import datetime, timedelta

from lifecycle.core.case.evolve import around
from lifecycle.core.case.measures import passed
from lifecycle.core.seeing.happening import Moment, meets
from lifecycle.core.seeing.rows import RowScope
from lifecycle.core.workflow.seeing import Kpi


class Watch:
    """The stop watches of a measured kpi in one case: one for each instance, or one for the whole case."""

    def __init__(self, kpi: Kpi) -> None:
        self.kpi = kpi
        ends = {counted.happening.machine for counted in kpi.counted}
        begins = {happening.machine for happening in kpi.since}
        self.own = bool(ends) and ends == begins and "" not in ends
        self.running: dict[str, datetime] = {}
        self.pauses: list[tuple[datetime, datetime]] = []
        self.paused: datetime | None = None

    def stand(self, moment: Moment) -> None:
        """Keep when the case stood still in a state whose time does not count."""
        at = moment.event.occurred_at
        still = self.stands_still(moment)
        if still and self.paused is None:
            self.paused = at
        elif not still and self.paused is not None:
            self.pauses.append((self.paused, at))
            self.paused = None

    def begin(self, moment: Moment) -> None:
        """Start what an event starts, unless it runs already."""
        for happening in self.kpi.since:
            for address in meets(happening, moment):
                self.running.setdefault(address if self.own else "", moment.event.occurred_at)

    def stands_still(self, moment: Moment) -> bool:
        return any(
            one.machine == machine and not one.final and around(state, one.state)
            for machine, state in self.kpi.pause
            for one in moment.after.instances.values()
        )

    def runs(self, scope: RowScope) -> bool:
        """Return whether there is something to measure; of a kpi that measures nothing, there always is."""
        return self.kpi.way != "measure" or self.address(scope) in self.running

    def address(self, scope: RowScope) -> str:
        return scope.instance.id if self.own and scope.instance else ""

    def stop(self, scope: RowScope) -> timedelta | None:
        """Return the time that was measured up to now; None when nothing had started."""
        begun = self.running.pop(self.address(scope), None)
        if begun is None:
            return None
        end, clock = scope.now, self.kpi.clock
        total = passed(scope, clock, begun, end)
        for start, stop in (*self.pauses, *([(self.paused, end)] if self.paused else [])):
            total -= passed(scope, clock, max(start, begun), min(stop, end))
        return total
