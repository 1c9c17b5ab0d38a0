"""From a slip to what goes to the printer: HTML with its QR code, and PDF."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from lifecycle.papers.page import page_of
from lifecycle.papers.slip import Slip
from lifecycle.papers.style import FONTS

CHINESE = "中"
"""A character that every font for Chinese has."""


class NothingFetched(Exception):
    """A slip asked for something outside itself: never followed."""


def html(slip: Slip) -> str:
    """Return the slip as a page that needs nothing else."""
    return page_of(slip, qr(slip.code))


def pdf(slip: Slip) -> bytes:
    """Return the slip as PDF, its fonts embedded.

    Raises  OSError when the system lacks Pango
    """
    return printed(html(slip))


def printed(page: str) -> bytes:
    from weasyprint import HTML  # noqa: PLC0415 - half a second that only printing pays

    return bytes(HTML(string=page, url_fetcher=nothing()).write_pdf())


def nothing() -> Any:
    """Return a fetcher that fetches nothing and stops whatever asks: a slip is whole in itself."""
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    class Nothing(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no type hints
        def fetch(self, url: str, headers: Any = None) -> NoReturn:
            raise NothingFetched(url)

    return Nothing(fail_on_errors=True)


def qr(told: str) -> str:
    """Return a QR code as SVG."""
    import segno  # noqa: PLC0415 - only printing needs it

    svg: str = segno.make(told, error="m", micro=False).svg_inline(border=1, scale=3)
    return svg


def font_for_chinese() -> str:
    """Return the name of the font that slips are set in; "" when none has Chinese characters.

    Raises  OSError when the system lacks Pango
    """
    from weasyprint import HTML  # noqa: PLC0415

    page = f"<style>body {{ font-family: {FONTS}, sans-serif }}</style><body>{CHINESE}</body>"
    plain = HTML(string=page, url_fetcher=nothing()).write_pdf(uncompressed_pdf=True)
    shown = re.search(rb"<([0-9a-f]+)> <4e2d>", plain, re.IGNORECASE)
    name = re.search(rb"/BaseFont /(?:[A-Z]{6}\+)?([^\s/]+)", plain)
    if shown is None or int(shown[1], 16) == 0 or name is None:
        return ""
    return name[1].decode("ascii", "replace")


def subsets_fonts() -> bool:
    """Return whether the library is there that keeps only the characters used: without it a slip takes seconds."""
    from weasyprint.text.ffi import harfbuzz_subset  # noqa: PLC0415

    return bool(harfbuzz_subset)
