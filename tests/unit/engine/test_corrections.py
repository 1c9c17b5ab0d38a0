"""What was put right is right in the live case and in every replay, on both axes."""

from __future__ import annotations

from datetime import timedelta

from lifecycle.audit.verify import state_bytes, verify_case
from tests.contracts.controls import MONDAY
from tests.unit.engine.controls import Shop


def corrected(shop: Shop) -> str:
    """Return a case priced at 5, ten minutes later put right to 7."""
    number = shop.priced(5)
    shop.clock.go(minutes=10)
    shop.do(shop.correction(number, 2, cost=7))
    return number


def cost(shop: Shop, number: str, **axes: object) -> object:
    case = shop.engine.replay(number, **axes)  # type: ignore[arg-type]  # the axes of the test's own call
    return case.instances["job/1"].data.get("cost") if case.instances else None


def test_a_correction_replaces_the_value_live_and_after_reload(shop: Shop) -> None:
    number = corrected(shop)
    assert shop.engine.case(number)[0].instances["job/1"].data["cost"] == 7
    assert state_bytes(shop.again().replay(number)) == state_bytes(shop.engine.case(number)[0])
    assert verify_case(shop.engine, number).findings == []


def test_the_case_can_be_read_at_any_time_as_known_at_any_position_or_time(shop: Shop) -> None:
    number = corrected(shop)
    then = MONDAY + timedelta(minutes=5)
    assert cost(shop, number) == 7
    assert cost(shop, number, at=then) == 7
    assert cost(shop, number, at=then, known_at=3) == 5
    assert cost(shop, number, at=then, known_at=then) == 5
    assert cost(shop, number, known_at=then) == 5
    assert cost(shop, number, at=MONDAY) is None
    assert shop.engine.replay(number, at=MONDAY - timedelta(minutes=1)).revision == 0


def test_a_withdrawn_step_is_no_evidence_any_more(shop: Shop) -> None:
    number = shop.priced()
    shop.do(shop.step(number, "checked", by="expert:ma"))
    shop.do(shop.correction(number, 3, withdraw=True))
    assert shop.refused(shop.engine.execute(shop.step(number, "closed"))) == ["guard"]
    shop.do(shop.step(number, "checked", by="expert:ma"))
    shop.do(shop.step(number, "closed"))


def test_who_may_not_correct_is_refused_and_journaled(shop: Shop) -> None:
    number = shop.priced()
    outcome = shop.engine.execute(shop.correction(number, 2, by="expert:ma", cost=7))
    assert shop.refused(outcome) == ["wrong-role"]
    assert [entry["asked"] for entry in shop.engine.store.refusals(number)] == ["correct 2"]


def test_reasons_and_notes_are_kept_sealed_and_can_be_read(shop: Shop) -> None:
    number = corrected(shop)
    shop.do(shop.note(number, "called twice"))
    history = shop.engine.history(number)
    store = shop.engine.store
    assert store.open(history[2].event.changes["reason"]) == "misheard"
    assert store.open(history[3].event.changes["note"]) == "called twice"
    assert shop.refused(shop.engine.execute(shop.note(number, " "))) == ["field-missing"]
