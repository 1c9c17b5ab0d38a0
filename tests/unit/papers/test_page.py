"""The page of a slip: its texts are texts, whatever they say; it fetches nothing."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from lifecycle.papers import printer
from tests.unit.papers.controls import SLIP, hostile
from tests.unit.papers.payloads import PAYLOADS


class Shape(HTMLParser):
    """The tags and attributes of a page, and its texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.texts: list[str] = []
        self.feed(page.partition("<body>")[2])

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


def shape(page: str) -> list[tuple[str, tuple[tuple[str, str | None], ...]]]:
    return Shape(page).tags


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_text_stays_a_text(payload):
    page = printer.html(hostile(payload))
    assert shape(page) == shape(printer.html(hostile("x" * len(payload)))), "it opened or closed an element"
    assert "<script" not in page
    head = page.partition("<body>")[0]
    assert head.count("<style>") == 1
    assert head.count("</title>") == 1


def test_what_turns_the_direction_of_reading_is_shown_by_its_code():
    page = printer.html(hostile("付\u202e款"))
    assert "\u202e" not in page
    assert "付⟨U+202E⟩款" in page


def test_everything_that_belongs_on_the_slip_is_there():
    texts = "".join(Shape(printer.html(SLIP)).texts)
    wanted = "光明灯具 维修单 WX-2026-000001 补打 BX-1 王芳 客厅吊灯不亮 端子 客户签字 已签 主管签字 （盖章处）"
    for told in wanted.split():
        assert told in texts
