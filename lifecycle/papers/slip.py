"""A slip: everything that is printed of a paper, in the reader's language, as plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

from lifecycle.core.case import Case, Printable
from lifecycle.core.events import Json, instant
from lifecycle.core.showing import show
from lifecycle.core.values import FieldType
from lifecycle.core.workflow import Field, Workflow
from lifecycle.problems import Text

Words = Callable[..., str]
"""Says a sentence of the catalogue in the reader's language: `words("slip.case")`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """The rows of a list on the slip."""

    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """A place for a signature. signed: who and when, once it is there; "" leaves the line to the pen."""

    label: str
    signed: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slip:
    """What stands on a slip.

    title, subtitle  the paper's title in the reader's language, and in the other one
    code             what the QR code says: the paper's number, or the case's
    marks            what sets it apart: a reprint, a void paper, a revision that binds nobody yet
    long             fields with texts that take a whole line
    page             what stands around the numbers of a page: before, between, behind
    """

    lang: str
    organisation: str
    title: str
    subtitle: str
    number: str
    code: str
    head: tuple[tuple[str, str], ...]
    short: tuple[tuple[str, str], ...]
    long: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    signatures: tuple[Signature, ...]
    marks: tuple[str, ...]
    void: bool
    seal: str
    foot: str
    page: tuple[str, str, str]

    @property
    def rows(self) -> int:
        """How many rows all its lists have together."""
        return sum(len(table.rows) for table in self.tables)


HERE, ALL = "\x01", "\x02"
"""Stand for the number of a page and of all of them in a sentence that is taken to pieces."""


class Told(str):
    """A text that stands on a slip instead of a value: that it was erased."""

    __slots__ = ()


LONG = 36
"""Widths of a letter (a Chinese character has two) from which a text has a line of its own."""


def slip_of(
    workflow: Workflow,
    case: Case,
    found: Printable,
    opened: Mapping[str, Json],
    *,
    lang: str,
    at: datetime,
    words: Words,
) -> Slip:
    """Return the slip of a paper.

    opened  the values that stand on it, personal ones readable; `Told` where a key is gone
    at      when it is printed; aware
    """
    zone, paper, now = ZoneInfo(workflow.zone), found.paper, found.now
    texts = [(field, text_of(field.type, opened.get(field.name), lang, zone)) for field in paper.fields]
    plain = [(titled(f.titles, f.name, lang), text) for f, text in texts if not f.type.row and f.type.name != "list"]
    number = str(now.get("number", ""))
    return Slip(
        lang=lang,
        organisation=titled(workflow.titles, workflow.name, lang),
        title=titled(paper.titles, paper.name, lang),
        subtitle=next((text for other, text in paper.titles.items() if other != lang), ""),
        number=number,
        code=number or f"{case.number} {found.address}",
        head=tuple(head_of(workflow, case, found, lang, words)),
        short=tuple(pair for pair in plain if not is_long(pair[1])),
        long=tuple(pair for pair in plain if is_long(pair[1])),
        tables=tuple(
            table_of(field, opened.get(field.name), workflow, lang, zone)
            for field in paper.fields
            if field.type.name == "list"
        ),
        signatures=tuple(signatures_of(workflow, found, lang, zone, words)),
        marks=tuple(marks_of(found, words)),
        void=found.void,
        seal=words("slip.seal"),
        foot=words("slip.foot", at=f"{at.astimezone(zone):%Y-%m-%d %H:%M}"),
        page=pieces(words("slip.page", page=HERE, pages=ALL)),
    )


def pieces(told: str) -> tuple[str, str, str]:
    """Return what stands before, between and behind the numbers of a page, which only the printing knows."""
    before, _, rest = told.partition(HERE)
    between, _, after = rest.partition(ALL)
    return before, between, after


def titled(titles: Text, otherwise: str, lang: str) -> str:
    return titles.get(lang) or next(iter(titles.values()), otherwise)


def is_long(text: str) -> bool:
    return "\n" in text or sum(1 + (east_asian_width(one) in "WF") for one in text) > LONG


def text_of(type: FieldType, value: Json, lang: str, zone: ZoneInfo) -> str:
    """Return a value as it is printed: amounts as forms write them, lists not at all (they have tables)."""
    if isinstance(value, Told):
        return str(value)
    if type.name == "list" or value is None:
        return ""
    if type.name == "money" and lang == "zh" and str(value).endswith(" CNY"):
        return f"¥{str(value).removesuffix(' CNY')}"
    return show(type, value, lang, zone)


def head_of(workflow: Workflow, case: Case, found: Printable, lang: str, words: Words) -> Iterator[tuple[str, str]]:
    """Yield what every slip says of itself."""
    paper, now, zone = found.paper, found.now, ZoneInfo(workflow.zone)
    yield words("slip.case"), case.number
    issued = min(now["at"].values(), default="")
    if issued:
        yield words("slip.issued"), f"{instant(issued).astimezone(zone):%Y-%m-%d %H:%M}"
    stage = paper.stages.get(now["stage"])
    if stage is not None:
        yield words("slip.stage"), titled(stage.titles, stage.name, lang)
    holder = workflow.roles.get(now.get("holder", ""))
    if holder is not None:
        yield words("slip.holder"), titled(holder.titles, holder.name, lang)
    if now["revision"] > 1:
        yield words("slip.revision"), str(now["revision"])


def marks_of(found: Printable, words: Words) -> Iterator[str]:
    if found.void:
        yield words("slip.void")
    if found.now["printed"]:
        yield words("slip.reprint", count=found.now["printed"])
    if found.proposal and found.now["force"]:
        yield words("slip.proposal")


def table_of(field: Field, value: Json, workflow: Workflow, lang: str, zone: ZoneInfo) -> Table:
    """Return the rows of a list; one column for a list of plain values."""
    label = titled(field.titles, field.name, lang)
    if isinstance(value, Told):
        return Table(label=label, columns=(), rows=((str(value),),))
    rows: Sequence[Json] = value if isinstance(value, list | tuple) else ()
    if not field.type.row:
        of = field.type.of
        return Table(
            label=label, columns=(), rows=tuple((show(of, one, lang, zone) if of else str(one),) for one in rows)
        )
    named = {name: workflow.fields[name].titles if name in workflow.fields else {} for name in field.type.row}
    return Table(
        label=label,
        columns=tuple(titled(titles, name, lang) for name, titles in named.items()),
        rows=tuple(
            tuple(text_of(inner, row.get(name), lang, zone) for name, inner in field.type.row.items()) for row in rows
        ),
    )


def signatures_of(workflow: Workflow, found: Printable, lang: str, zone: ZoneInfo, words: Words) -> Iterator[Signature]:
    """Yield a place for each signature that was needed, or is."""
    for stage, roles in found.signers.items():
        made = {one["role"]: one for one in found.now["signed"] if one["stage"] == stage}
        for role in dict.fromkeys((*roles, *made)):
            declared = workflow.roles.get(role)
            one = made.get(role)
            signed = ""
            if one is not None:
                who = one.get("person") or "、".join(one.get("with", {}).values())
                when = f"{instant(one['at']).astimezone(zone):%Y-%m-%d %H:%M}"
                key = "slip.signed" if one.get("person") else "slip.signed-recorded" if who else "slip.signed-nameless"
                signed = words(key, who=who, at=when)
            label = words(
                "slip.sign-here" if len(found.signers) == 1 else "slip.sign-stage",
                role=titled(declared.titles if declared else {}, role, lang),
                stage=titled(found.paper.stages[stage].titles, stage, lang),
            )
            yield Signature(label=label, signed=signed)
