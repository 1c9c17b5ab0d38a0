"""Cases that know each other: keys, links, messages that take effect once, cases opened by cases."""

from __future__ import annotations

import pytest

from lifecycle.core.case import TakeStep
from lifecycle.core.events import Sealed
from lifecycle.problems import StoreUnreachable
from tests.unit.engine.controls import Shop


def dossier(shop: Shop, flat: str = "A-1") -> str:
    return shop.do(shop.opening(kind="dossier", flat=flat)).case


class Died(Exception):
    """Stands for the death of the process between a commit and the delivery."""


def dying() -> int:
    raise Died


def test_a_key_names_one_case_for_ever(shop: Shop) -> None:
    first = dossier(shop)
    before = shop.engine.store.last_position()
    outcome = shop.engine.execute(shop.opening(kind="dossier", flat=" A-1 "))
    assert shop.refused(outcome) == ["key-exists"]
    assert outcome.reasons[0].values["case"] == first  # type: ignore[union-attr]  # it was just found to be a refusal
    assert shop.engine.store.last_position() == before
    assert dossier(shop, "B-2") == "D-0002", "a refused opening takes no number"


def test_a_personal_key_finds_its_case_and_is_stored_nowhere(shop: Shop) -> None:
    shop.do(shop.opening(kind="person", phone="138 1111 2222"))
    assert shop.refused(shop.engine.execute(shop.opening(kind="person", phone="13811112222"))) == ["key-exists"]
    entry = next(iter(shop.engine.store.cases()))
    assert len(entry.key) == 32
    assert "13811112222" not in entry.key


def test_a_message_is_delivered_to_the_case_of_the_key(shop: Shop) -> None:
    file = dossier(shop)
    number = shop.priced(flat="A-1")
    sent = shop.do(shop.step(number, "visited"))
    assert sent.events[0].event.changes["reads"] == {"dossier": {"case": file, "revision": 1}}
    case, _ = shop.engine.case(file)
    data = case.instances["file/1"].data
    assert (data["cost"], data["seen_cost"]) == (5, 5)
    assert shop.engine.store.open(data["remark"]) == "nothing said"
    received = shop.engine.history(file)[-1].event
    assert (received.type, received.by.role, received.causation) == ("file.seen", "system", number)
    assert shop.engine.store.pending_sends() == []


def test_a_message_without_its_case_refuses_the_step(shop: Shop) -> None:
    number = shop.priced(flat="A-1")
    assert shop.refused(shop.engine.execute(shop.step(number, "visited"))) == ["link-missing"]


def test_a_message_is_delivered_once_after_a_death_between_commit_and_delivery(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = dossier(shop)
    number = shop.priced(flat="A-1")
    visited = shop.step(number, "visited")
    with monkeypatch.context() as dead:
        dead.setattr(shop.engine, "deliver", dying)
        with pytest.raises(Died):
            shop.engine.execute(visited)
    assert shop.engine.case(file)[0].revision == 1
    shop.again().deliver()
    shop.again().deliver()
    shop.engine.execute(visited)
    assert [recorded.event.type for recorded in shop.engine.history(file)] == ["dossier.created", "file.seen"]


def test_a_message_is_delivered_once_after_a_death_before_it_was_taken_off(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = dossier(shop)
    number = shop.priced(flat="A-1")
    with monkeypatch.context() as dead:
        dead.setattr(shop.engine, "deliver", lambda: 0)
        shop.engine.execute(shop.step(number, "visited"))
    [send] = shop.engine.store.pending_sends()
    by_hand = TakeStep(
        id=send.id,
        case=file,
        step="seen",
        actor=shop.step(number, "x", by="system").actor,
        form=send.payload["form"],
        received=True,
    )
    shop.engine.execute(by_hand)
    shop.again().deliver()
    assert [recorded.event.type for recorded in shop.engine.history(file)] == ["dossier.created", "file.seen"]
    assert shop.engine.store.pending_sends() == []


def test_a_refused_message_is_kept_in_the_receivers_journal_and_not_sent_again(shop: Shop) -> None:
    file = dossier(shop)
    number = shop.priced(95, flat="A-1")
    shop.do(shop.step(number, "visited"))
    assert shop.engine.case(file)[0].revision == 1
    [entry] = shop.engine.store.refusals(file)
    assert (entry["asked"], [reason["code"] for reason in entry["reasons"]]) == ("seen", ["guard"])
    assert shop.again().deliver() == 0


def test_personal_values_travel_sealed(shop: Shop) -> None:
    file = dossier(shop)
    number = shop.opened(flat="A-1")
    shop.do(shop.step(number, "priced", cost=5, remark="the dog bites"))
    shop.do(shop.step(number, "visited"))
    remark = shop.engine.case(file)[0].instances["file/1"].data["remark"]
    assert isinstance(remark, Sealed)
    assert shop.engine.store.open(remark) == "the dog bites"


def test_a_case_that_a_step_opens_is_there_with_the_step_or_not_at_all(shop: Shop) -> None:
    number = shop.priced(flat="A-1", customer="C-1")
    done = shop.do(shop.step(number, "filed"))
    assert [recorded.event.type for recorded in done.events] == ["job.filed", "dossier.created"]
    assert shop.engine.case("D-0001")[0].key == "A-1"
    before = shop.engine.store.last_position()
    outcome = shop.engine.execute(shop.step(number, "filed"))
    assert shop.refused(outcome) == ["key-exists"]
    assert shop.engine.store.last_position() == before
    assert dossier(shop, "B-2") == "D-0002"


def test_a_store_that_fails_while_delivering_keeps_the_message(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    file = dossier(shop)
    number = shop.priced(flat="A-1")

    def failing() -> int:
        raise StoreUnreachable(reason="full")

    with monkeypatch.context() as full:
        full.setattr(shop.engine, "deliver", failing)
        assert shop.do(shop.step(number, "visited")).revision == 3, "the step itself is done"
    shop.engine.deliver()
    assert shop.engine.case(file)[0].revision == 2


def test_a_message_that_can_never_be_taken_holds_up_no_later_one(shop: Shop) -> None:
    files = [dossier(shop, flat) for flat in ("A-1", "B-2")]
    numbers = [shop.priced(flat=flat) for flat in ("A-1", "B-2")]
    engine = shop.engine
    with pytest.MonkeyPatch.context() as late:
        late.setattr(engine, "deliver", lambda: 0)
        for number in numbers:
            engine.execute(shop.step(number, "visited"))
    engine.store.destroy(engine.case(files[0])[0].subject)
    engine.deliver()
    assert [entry["reasons"] for entry in engine.store.refusals(files[0])] == [[{"code": "subject-erased"}]]
    assert engine.store.pending_sends() == []
    assert engine.case(files[1])[0].revision == 2
