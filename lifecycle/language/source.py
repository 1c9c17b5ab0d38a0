"""From bytes to lines: size, encoding, characters that do not belong into a text file."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass

from lifecycle.problems import Place, Problem

LARGEST_BYTES = 1024 * 1024
"""The largest workflow file, 1 MiB."""

LONGEST_SHOWN = 2000
"""Characters of a line that a place carries along."""

MOST_CHARACTERS_REPORTED = 20

_BREAK = re.compile("\r\n|\r|\n")
_STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Source:
    """A text with its lines.

    file   the name under which places speak of it
    text   with every strange character replaced by a space
    lines  without their breaks
    shown  the same, cut to the length that places carry along
    """

    file: str
    text: str
    lines: tuple[str, ...]
    shown: tuple[str, ...]

    @classmethod
    def of(cls, file: str, lines: Iterable[str]) -> Source:
        """Return the source of these lines."""
        kept = tuple(lines)
        return cls(file, "\n".join(kept), kept, tuple(line[:LONGEST_SHOWN] for line in kept))

    def place(self, line: int, column: int, path: str = "") -> Place:
        """Return a place; line and column are counted from 0 here, as the YAML parser does."""
        source = self.shown[line] if line < len(self.shown) else ""
        return Place(file=self.file, line=line + 1, column=column + 1, path=path, source=source)

    def without(self, first: int, last: int) -> Source:
        """Return the text with lines first..last (from 0, both included) emptied."""
        return Source.of(self.file, ("" if first <= number <= last else line for number, line in enumerate(self.lines)))


def read_source(content: bytes | str, file: str) -> tuple[Source | None, list[Problem]]:
    """Return the text of a file and what is wrong with its characters; None when it cannot be read at all."""
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    if len(content) > LARGEST_BYTES:
        return None, [_at_start(file, "yaml-too-large", size=len(content), limit=LARGEST_BYTES)]
    problems: list[Problem] = []
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return None, [_at_start(file, "yaml-not-utf8", byte=f"0x{content[0]:02X}")]
    if content.startswith(codecs.BOM_UTF8):
        problems.append(_at_start(file, "yaml-byte-order-mark"))
        content = content[len(codecs.BOM_UTF8) :]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        lines = _BREAK.split(before)
        place = Place(file=file, line=len(lines), column=len(lines[-1]) + 1, source=lines[-1][:LONGEST_SHOWN])
        problem = Problem(code="yaml-not-utf8", where=place, values={"byte": f"0x{content[error.start]:02X}"})
        return None, [*problems, problem]
    lines = _BREAK.split(text)
    written = Source.of(file, lines)
    problems += _strange_characters(written)
    problems += _tabs(written)
    return Source.of(file, (_STRANGE.sub(" ", line) for line in lines)), problems


def _at_start(file: str, code: str, **values: object) -> Problem:
    return Problem(code=code, where=Place(file=file, line=1, column=1), values=values)


def _strange_characters(source: Source) -> list[Problem]:
    found: list[Problem] = []
    for number, line in enumerate(source.lines):
        if (match := _STRANGE.search(line)) is None:
            continue
        values = {"character": f"U+{ord(match.group()):04X}"}
        found.append(Problem(code="yaml-control-character", where=source.place(number, match.start()), values=values))
        if len(found) == MOST_CHARACTERS_REPORTED:
            break
    return found


def _tabs(source: Source) -> list[Problem]:
    found: list[Problem] = []
    for number, line in enumerate(source.lines):
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        if "\t" in indent and line[len(indent) : len(indent) + 1] not in ("", "#"):
            column = indent.index("\t")
            found.append(Problem(code="yaml-tab", where=source.place(number, column)))
            if len(found) == MOST_CHARACTERS_REPORTED:
                break
    return found
