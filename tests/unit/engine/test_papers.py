"""Five papers of an appliance shop on a real store: from hand to hand, personal text sealed, agreeing at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lifecycle.core.case import Case, OpenCase, Print
from lifecycle.core.events import SYSTEM, Sealed
from lifecycle.engine import Done
from lifecycle.problems import Refusal
from tests.unit.core.controls import actor
from tests.unit.engine.controls import Shop

TEXT = (Path(__file__).parents[1] / "language" / "files" / "take-back.yaml").read_text("utf-8")
TAKEN_BACK = (
    ("dispatched", "head:wu"),
    ("taken_back", "customer+technician:ma"),
    ("entered", "clerk:li"),
    ("card_hung", "technician:ma"),
    ("repaired", "technician:ma"),
    ("inspection_failed", "head:wu"),
    ("repaired", "technician:ma"),
    ("inspected", "head:wu"),
    ("given_back", "customer+technician:ma"),
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path, texts={"take-back": TEXT})
    yield shop
    shop.close()


def called(shop: Shop) -> str:
    form = {"name": "Wang Fang", "model": "TX-9"}
    return shop.do(OpenCase(id=shop.next_command(), workflow="take-back", actor=actor("clerk:li"), form=form)).case


def go(shop: Shop, case: str, *steps: tuple[str, str]) -> None:
    for step, by in steps:
        form = {"minutes": 30, "parts_taken": 2, "parts_fitted": 2} if step == "repaired" else {}
        shop.do(shop.step(case, step, by=by, **form))


def stages(case: Case) -> dict[str, str]:
    return {name: now["stage"] for holder in (case, *case.instances.values()) for name, now in holder.papers.items()}


def test_every_paper_that_is_not_at_its_end_is_named_before_the_matter_is_filed(office: Shop) -> None:
    case = called(office)
    go(office, case, *TAKEN_BACK)
    refusal = office.engine.execute(office.step(case, "filed"))
    assert isinstance(refusal, Refusal)
    assert [(r.code, r.values["paper"]["en"], r.rules) for r in refusal.reasons] == [  # type: ignore[index]
        ("reconcile-paper", "Call-out entry", ("AP-030",)),
        ("reconcile-paper", "Service voucher", ("AP-030",)),
        ("paper-out-of-order", "Service voucher", ()),
    ]
    go(office, case, ("voucher_returned", "technician:ma"), ("entry_struck", "clerk:li"), ("filed", "clerk:li"))
    standing, _ = office.engine.case(case)
    assert standing.closed
    assert stages(standing) == {
        "callout_entry": "cancelled",
        "service_voucher": "filed",
        "receipt": "void",
        "goods_entry": "given_out",
        "repair_card": "closed",
    }


def test_what_was_repaired_on_site_needs_no_receipt(office: Shop) -> None:
    case = called(office)
    go(office, case, ("dispatched", "head:wu"), ("settled", "customer+technician:ma"))
    go(office, case, ("voucher_returned", "technician:ma"), ("entry_struck", "clerk:li"), ("filed", "clerk:li"))
    assert office.engine.case(case)[0].closed


def test_parts_that_were_taken_and_not_fitted_hold_the_card_back(office: Shop) -> None:
    case = called(office)
    go(office, case, *TAKEN_BACK[:4])
    office.do(office.step(case, "repaired", by="technician:ma", minutes=30, parts_taken=3, parts_fitted=2))
    refusal = office.engine.execute(office.step(case, "inspected", by="head:wu"))
    assert office.refused(refusal) == ["reconcile-unequal"]


def test_personal_text_on_a_paper_is_kept_sealed_and_nothing_of_it_in_the_register(office: Shop) -> None:
    case = called(office)
    go(office, case, *TAKEN_BACK[:2])
    standing, _ = office.engine.case(case)
    receipt = standing.instances["job/1"].papers["receipt"]
    assert isinstance(receipt["values"]["name"], Sealed)
    assert office.engine.store.open(receipt["values"]["name"]) == "Wang Fang"
    raw = b"".join(file.read_bytes() for file in office.folder.iterdir() if file.name.startswith("store.db"))
    assert b"Wang Fang" not in raw


def test_numbers_of_a_register_go_on_in_another_process_and_after_a_refusal(office: Shop) -> None:
    first = called(office)
    assert isinstance(office.engine.execute(office.step(first, "filed")), Refusal)
    office.again()
    second = called(office)
    numbers = [office.engine.case(case)[0].papers["service_voucher"]["number"] for case in (first, second)]
    assert numbers == ["FW-000001", "FW-000002"]


def test_a_print_is_kept_in_the_case_and_does_nothing_else(office: Shop) -> None:
    case = called(office)
    before, _ = office.engine.case(case)
    done = office.engine.execute(Print(id="print", case=case, actor=SYSTEM, paper="service_voucher"))
    assert isinstance(done, Done)
    assert [recorded.event.type for recorded in done.events] == ["request.printed"]
    after, _ = office.engine.case(case)
    assert after.papers["service_voucher"]["printed"] == 1
    assert after.instances == before.instances
    again = office.engine.execute(Print(id="print", case=case, actor=SYSTEM, paper="service_voucher"))
    assert isinstance(again, Done)
    assert again.repeated


def test_as_it_was_a_paper_is_where_it_was(office: Shop) -> None:
    case = called(office)
    go(office, case, *TAKEN_BACK)
    history = office.engine.history(case)
    then = office.engine.replay(case, at=history[2].event.occurred_at)
    assert stages(then)["service_voucher"] == "acknowledged"
    assert "goods_entry" not in stages(then)


def test_many_in_one_turn_get_one_number_each(office: Shop) -> None:
    form = {"name": "Wang Fang", "model": "TX-9"}
    commands = [
        OpenCase(id=f"turn-{n}", workflow="take-back", actor=actor("clerk:li"), form=form)
        if n % 3
        else office.step("nobody", "filed", id=f"turn-{n}")
        for n in range(30)
    ]
    done = [answer for answer in office.engine.execute_all(commands) if isinstance(answer, Done)]
    numbers = [office.engine.case(answer.case)[0].papers["service_voucher"]["number"] for answer in done]
    assert numbers == [f"FW-{n:06}" for n in range(1, 21)]
