"""A slip as one HTML page: every text escaped, nothing fetched from anywhere, no script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from lifecycle.papers.slip import Slip, Table
from lifecycle.papers.style import STYLE, margins

WIDE = 10
"""Letters from which a cell counts as wide."""

HIDING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of what follows: shown by their code, so that no text reads as another one."""


def page_of(slip: Slip, code: str) -> str:
    """Return the page of a slip. code: an SVG, our own."""
    return "".join(_page(slip, code))


def _page(slip: Slip, code: str) -> Iterator[str]:
    heading = text(" ".join(part for part in (slip.title, slip.number) if part))
    yield f'<!DOCTYPE html>\n<html lang="{"zh-CN" if slip.lang == "zh" else "en"}"><head><meta charset="utf-8">'
    yield f"<title>{heading}</title><style>{STYLE}{margins(slip.foot, slip.page)}</style></head><body>"
    if slip.void:
        yield f'<div class="void">{text(slip.marks[0])}</div>'
    yield f'<header><div class="code">{code}</div><div class="organisation">{text(slip.organisation)}</div>'
    yield f"<h1{' class=latin' if slip.lang != 'zh' else ''}>{text(slip.title)}</h1>"
    yield f'<div class="subtitle">{text(slip.subtitle)}</div><div class="number">'
    yield f"No.<strong>{text(slip.number)}</strong>" if slip.number else ""
    yield from (f'<span class="mark">{text(mark)}</span> ' for mark in slip.marks)
    yield "</div></header>"
    yield from _pairs(slip.head, "head", across=len(slip.head))
    yield from _pairs(slip.short, "short", across=2)
    if slip.long:
        yield '<table class="long">'
        yield from (f'<tr><th>{text(label)}</th><td class="pre">{text(value)}</td></tr>' for label, value in slip.long)
        yield "</table>"
    for table in slip.tables:
        yield from _rows(table)
    yield from _close(slip)
    yield "</body></html>\n"


def _pairs(pairs: tuple[tuple[str, str], ...], name: str, across: int) -> Iterator[str]:
    """Yield labels and values, so many in a line; the last line is filled up."""
    if not pairs:
        return
    yield f'<table class="{name}">'
    for first in range(0, len(pairs), across):
        line = [*pairs[first : first + across]]
        line += [("", "")] * (across - len(line))
        cells = (f"<th>{text(label)}</th><td{wide(value)}>{text(value)}</td>" for label, value in line)
        yield "<tr>" + "".join(cells) + "</tr>"
    yield "</table>"


def wide(value: str) -> str:
    """Mark what needs room to stand in one line, where a table has cells for it: numbers and times."""
    return ' class="wide"' if len(value) > WIDE else ""


def _rows(table: Table) -> Iterator[str]:
    yield f'<table class="rows"><caption>{text(table.label)}</caption>'
    if table.columns:
        yield (
            '<thead><tr><th class="nr">#</th>'
            + "".join(f"<th>{text(one)}</th>" for one in table.columns)
            + "</tr></thead>"
        )
    yield "<tbody>"
    for number, row in enumerate(table.rows, start=1):
        yield f'<tr><td class="nr">{number}</td>' + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>"
    yield "</tbody></table>"


def _close(slip: Slip) -> Iterator[str]:
    """Yield the lines to sign on, and the place for the stamp."""
    yield '<div class="close"><div class="signatures">'
    for one in slip.signatures:
        yield f'<div class="signature"><b>{text(one.label)}</b><div class="line">{text(one.signed)}</div></div>'
    yield f'</div><div class="seal">{text(slip.seal)}</div></div>'


def text(value: str) -> str:
    """Return a text as it may stand in the page, whoever typed it."""
    return escape(HIDING.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", value), quote=True)
