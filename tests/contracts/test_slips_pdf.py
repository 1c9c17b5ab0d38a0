"""The PDF of a slip, made with the system's Pango and fonts: half a sheet, Chinese characters, page numbers."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from lifecycle.papers import printer
from lifecycle.papers.slip import Slip, Table
from tests.unit.papers.controls import SLIP
from tests.unit.papers.payloads import PAYLOADS

assert shutil.which("pdftotext"), "poppler-utils is missing: see system-packages.txt"


@pytest.fixture
def text_of(tmp_path: Path):
    def read(slip: Slip, tool: str = "pdftotext", *words: str) -> str:
        path = tmp_path / "slip.pdf"
        path.write_bytes(printer.pdf(slip))
        return subprocess.run([tool, str(path), *words], capture_output=True, text=True, check=True).stdout

    return read


def test_the_pdf_says_in_chinese_what_the_slip_says(text_of):
    text = re.sub(r"\s", "", text_of(SLIP, "pdftotext", "-layout", "-"))
    for told in ("维修单", "光明灯具", "王芳", "客厅吊灯不亮", "补打（第1次）", "打印时间", "第1页/共1页"):
        assert told in text


def test_it_is_half_a_sheet_across(text_of):
    assert re.search(r"Page size:\s+595\.\d+ x 419\.\d+", text_of(SLIP, "pdfinfo"))


def test_the_chinese_font_is_embedded_and_holds_only_what_is_used(text_of):
    fonts = text_of(SLIP, "pdffonts").splitlines()[2:]
    assert fonts
    for font in fonts:
        assert re.search(r"^[A-Z]{6}\+\S*(CJK|Han|Hei|Song)", font), font
        assert " yes yes " in font


def test_many_rows_go_on_over_pages_that_are_counted(text_of):
    rows = tuple((f"配件 {number}", "1") for number in range(200))
    long = replace(SLIP, tables=(Table(label="配件", columns=("名称", "数量"), rows=rows),))
    pages = int(re.search(r"Pages:\s+(\d+)", text_of(long, "pdfinfo"))[1])
    assert pages > 5
    text = text_of(long, "pdftotext", "-layout", "-")
    assert re.search(rf"第\s*{pages}\s*页\s*/\s*共\s*{pages}\s*页", text)
    assert "配件 199" in text
    assert text.count("名称") == pages or text.count("名称") == pages - 1, (
        "the heading stands again on each page of rows"
    )


def test_the_same_slip_gives_the_same_page():
    assert printer.html(SLIP) == printer.html(SLIP)


def test_the_qr_code_differs_with_the_number_and_is_drawn_without_a_file():
    one, other = printer.qr("WX-2026-000001"), printer.qr("WX-2026-000002")
    assert one.startswith("<svg")
    assert one != other


def test_the_doctor_can_name_the_font_and_the_library():
    assert re.search("CJK|Han|Hei|Song", printer.font_for_chinese())
    assert printer.subsets_fonts()


def test_nothing_is_fetched_from_anywhere():
    together = "\n".join(PAYLOADS)
    typed = replace(
        SLIP,
        short=(("a", PAYLOADS[0]), ("b", PAYLOADS[70])),
        long=(("c", together),),
        tables=(Table(label="d", columns=("e",), rows=tuple((payload,) for payload in PAYLOADS)),),
    )
    assert printer.pdf(typed).startswith(b"%PDF-"), "it would have stopped at the first thing asked for"


@pytest.mark.parametrize(
    "asking",
    ["<img src=http://127.0.0.1:9/x.png>", "<img src=file:///etc/hostname>", "<style>@import 'http://127.0.0.1:9'"],
)
def test_a_page_that_asks_for_anything_is_not_printed(asking):
    with pytest.raises(BaseException, match="Error fetching"):
        printer.printed(asking)
