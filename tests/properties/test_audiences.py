"""Whatever happened in whatever cases: an audience is exactly the customers of the rows that the view shows."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.core.events import SYSTEM
from lifecycle.core.notices import each_told
from tests.effort import share_of
from tests.unit.outbox.audience import GreetingRoom, told

acts = st.lists(
    st.one_of(
        st.tuples(st.just("open"), st.sampled_from(("wu", "li", "wang", "zhao", ""))),
        st.tuples(st.just("end"), st.integers(0, 11)),
        st.tuples(st.just("price"), st.integers(0, 11), st.integers(0, 300)),
        st.tuples(st.just("greet")),
    ),
    max_size=24,
)


class Town:
    """What a test has done: cases by number with their customers, and the greetings that went out."""

    def __init__(self, room: GreetingRoom) -> None:
        self.room = room
        self.cases: list[str] = []
        self.ended: set[str] = set()

    def do(self, act: tuple) -> None:
        match act:
            case ("open", customer):
                self.cases.append(self.room.served(customer, ended=False))
            case ("end", number) if number < len(self.cases) and self.cases[number] not in self.ended:
                self.room.take(self.cases[number], "ended")
                self.ended.add(self.cases[number])
            case ("price", number, cost) if number < len(self.cases) and self.cases[number] not in self.ended:
                self.room.take(self.cases[number], "priced", cost=cost)
            case ("greet",):
                self.greet()

    def greet(self) -> None:
        engine = self.room.shop.engine
        workflow = engine.case(self.room.card())[1]
        shown = engine.sight().view(workflow, workflow.views["over"], SYSTEM, self.room.clock)
        event = self.room.greet()
        members = told(event)["served"]["cases"]
        subjects = [engine.case(number)[0].subject for number in members]
        assert len(set(subjects)) == len(subjects) == told(event)["served"]["members"]
        assert set(subjects) == {row.case.subject for row in shown.rows}
        assert set(members) <= {row.case.number for row in shown.rows}
        assert [one.case for _, one in each_told(event.event.changes) if one.case] == members
        number = event.event.case
        assert engine.replay(number).to_json() == engine.case(number)[0].to_json()


@given(acts)
@settings(max_examples=share_of(300, at_least=6), deadline=None)
def test_the_members_are_the_customers_of_the_rows_each_once(done: list[tuple]) -> None:
    with TemporaryDirectory() as folder:
        room = GreetingRoom(Path(folder))
        town = Town(room)
        try:
            for act in (*done, ("greet",)):
                town.do(act)
        finally:
            room.close()
