"""Whatever people type about persons through the engine lies in no file of the store in clear."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lifecycle.core.case import OpenCase, TakeStep
from lifecycle.engine import Done
from lifecycle.problems import LifecycleError, Refusal
from tests.unit.engine.controls import SHOP, Shop

NAMES = ["王小明", "Quentin Quill", "李雷的邻居", "Ms Umbrella-Stand"]
PHONES = ["13877665544", "021-55667788", "+8613911223344"]
TEXTS = ["the key lies under the mat", "狗会咬人", "his mother-in-law pays", "左边的门锁坏了三次"]
REASONS = ["an old friend of the owner", "老板的同学"]
NOTES = ["called her at work again", "他说下周搬家"]
CUSTOMERS = ["CUST-ZEBRA-77", "CUST-OKAPI-78"]
REFUSED = ["a slip of the tongue 4711", "被拒绝的话", "13500001111"]
MARKERS = [*NAMES, *PHONES, *TEXTS, *REASONS, *NOTES, *CUSTOMERS, *REFUSED]

ROWS = SHOP.replace(
    "  seen_cost: {is: integer}\n",
    "  seen_cost: {is: integer}\n  neighbour: {is: text, pii: true}\n  neighbours: {is: list, of: [neighbour!]}\n",
).replace("form: [cost, remark]}\n          visited", "form: [cost, remark, neighbours]}\n          visited")


def a_day(shop: Shop) -> None:
    """Type every marker into the store by one way or another."""
    shop.texts["shop"] = ROWS
    engine = shop.again()
    first, second = (
        shop.opened(caller=name, phone=phone, flat=flat, customer=customer)
        for name, phone, flat, customer in zip(NAMES[:2], PHONES[:2], ["A-1", "B-2"], CUSTOMERS, strict=True)
    )
    shop.do(shop.opening(kind="dossier", flat="A-1"))
    shop.do(shop.opening(kind="person", phone=PHONES[2]))
    shop.do(shop.step(first, "priced", cost=300, remark=TEXTS[0], reasons={"cheap": REASONS[0]}))
    shop.do(shop.step(first, "visited"))
    shop.do(shop.step(first, "added", remark=TEXTS[1], neighbours=[{"neighbour": NAMES[2]}, {"neighbour": NAMES[3]}]))
    shop.do(replace(shop.correction(first, 2, remark=TEXTS[2]), reason=REASONS[1]))
    shop.do(shop.note(first, NOTES[0]))
    shop.do(shop.note(second, NOTES[1]))
    shop.do(shop.step(first, "added", cost=300, remark=TEXTS[3]))
    refused: list[OpenCase | TakeStep] = [
        shop.step(first, "visited", remark=REFUSED[0]),
        shop.step(second, "priced", cost=900, remark=REFUSED[0]),
        shop.step(second, "added", by="buyer", cost="much", remark=REFUSED[1]),
        shop.opening(kind="person", phone=PHONES[2]),
        shop.opening(kind="person", phone="1", caller=REFUSED[1]),
        shop.opening(phone=REFUSED[2], caller="x" * 5000),
        shop.step(first, "added", phone=REFUSED[2]),
        replace(shop.step(second, "priced", cost=900), reasons={"rich": REFUSED[0]}),
    ]
    for command in refused:
        assert isinstance(engine.execute(command), Refusal), command
    with pytest.raises(LifecycleError):
        engine.execute(shop.step("SH-2026-0099", "priced", remark=REFUSED[1]))
    assert isinstance(engine.execute(shop.opening(caller=NAMES[0]), dry=True), Done)


def spellings(marker: str) -> list[bytes]:
    plain = {marker, marker.replace("-", "")}
    return [way for text in plain for way in (text.encode(), text.encode("unicode-escape"), text.encode("utf-16-le"))]


def found(folder: Path) -> dict[str, list[str]]:
    files = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {"store.db", "store-keys.db"} <= files.keys()
    named = {
        name: [marker for marker in MARKERS if any(way in content for way in spellings(marker))]
        for name, content in files.items()
    }
    return {name: markers for name, markers in named.items() if markers}


def test_twenty_planted_personal_values_are_in_no_file_of_the_store(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    assert len(MARKERS) == 20
    a_day(shop)
    assert found(tmp_path) == {}, "while the store is open"
    shop.close()
    assert found(tmp_path) == {}, "after it was closed"


def test_what_was_planted_is_there_all_the_same_for_who_holds_the_keys(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    a_day(shop)
    store = shop.engine.store
    read = str([store.open(recorded.event.to_json()) for recorded in store.feed()])
    for marker in set(MARKERS) - set(REFUSED):
        assert marker in read
    shop.close()
