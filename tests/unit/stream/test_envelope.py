"""Events as other services get them: CloudEvents 1.0, thin, and told apart for ever."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lifecycle.stream.envelope import cloud_event, plain_line
from tests.unit.engine.controls import Shop

REQUIRED = {"id", "source", "specversion", "type"}
CORE = REQUIRED | {"datacontenttype", "dataschema", "subject", "time", "data"}
MARKERS = ["Quentin Quill", "13877665544", "CUST-ZEBRA-77", "under the mat", "an old friend", "misheard"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop whose events hold personal values in every part that may hold them."""
    shop = Shop(Path(tmp_path_factory.mktemp("stream")))
    number = shop.opened(caller=MARKERS[0], phone=MARKERS[1], flat="A-1", customer=MARKERS[2])
    shop.do(shop.opening(kind="dossier", flat="A-1"))
    shop.do(shop.step(number, "priced", cost=300, remark=MARKERS[3], reasons={"cheap": MARKERS[4]}))
    shop.do(shop.step(number, "visited"))
    shop.do(shop.correction(number, 2, remark="in the shed"))
    yield shop
    shop.close()


def envelopes(shop: Shop) -> list[dict[str, Any]]:
    meta = shop.engine.store.meta
    return [cloud_event(recorded, meta.id, meta.epoch) for recorded in shop.engine.store.feed()]


def test_every_envelope_has_the_attributes_that_cloudevents_asks_for(shop: Shop) -> None:
    for envelope in envelopes(shop):
        assert envelope.keys() >= REQUIRED
        assert envelope["specversion"] == "1.0"
        assert all(envelope[name] and isinstance(envelope[name], str) for name in CORE & envelope.keys() - {"data"})
        assert json.loads(json.dumps(envelope)) == envelope


def test_extensions_have_names_of_lower_case_letters_and_digits_and_plain_values(shop: Shop) -> None:
    for envelope in envelopes(shop):
        for name in envelope.keys() - CORE:
            assert re.fullmatch(r"[a-z0-9]{1,20}", name)
            assert isinstance(envelope[name], str | int | bool)


def test_source_and_id_together_name_one_event(shop: Shop) -> None:
    found = envelopes(shop)
    assert len({(envelope["source"], envelope["id"]) for envelope in found}) == len(found)
    assert {envelope["source"] for envelope in found} == {f"urn:lifecycle:{shop.engine.store.meta.id}"}
    assert [envelope["sequence"] for envelope in found] == sorted(envelope["sequence"] for envelope in found)


def test_type_and_subject_say_what_happened_to_what(shop: Shop) -> None:
    found = envelopes(shop)
    assert found[0]["type"] == "shop.publication.published"
    assert (found[1]["type"], found[1]["subject"]) == ("shop.matter.reported", "SH-2026-0001")
    assert (found[3]["type"], found[3]["subject"]) == ("shop.job.priced", "SH-2026-0001/job/1")
    assert found[3]["time"] == found[3]["data"]["occurred_at"]


def test_no_personal_value_leaves_not_even_as_ciphertext(shop: Shop) -> None:
    epoch = shop.engine.store.meta.epoch
    lines = [plain_line(recorded, epoch) for recorded in shop.engine.store.feed()]
    for text in (json.dumps(envelopes(shop), ensure_ascii=False), json.dumps(lines, ensure_ascii=False)):
        assert [marker for marker in MARKERS if marker in text] == []
        assert '"pii"' in text
        assert '"box"' not in text


def test_a_plain_line_says_where_the_event_stands_and_what_it_changed(shop: Shop) -> None:
    epoch = shop.engine.store.meta.epoch
    line = [plain_line(recorded, epoch) for recorded in shop.engine.store.feed()][3]
    assert (line["position"], line["cursor"], line["revision"]) == (4, f"{epoch}:4", 2)
    assert (line["type"], line["from"], line["to"], line["form"]["cost"]) == ("job.priced", "new", "priced", 300)
