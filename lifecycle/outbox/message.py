"""A notice as one receiver gets it: in their language, with the workflow's title, safe to put in a header or a line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from lifecycle.core.case.notifying import said
from lifecycle.core.events import Json, Recorded
from lifecycle.core.notices import Recipient, notice_id, void
from lifecycle.core.workflow import Workflow

LONGEST_TEXT = 2_000
LONGEST_SUBJECT = 120
"""Characters; what is longer is cut, and says so by an ellipsis."""

UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
"""Characters that are not seen, end lines or turn the direction of what follows: they stay out. A newline is kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What is delivered.

    id      of the notice, the same at every delivery: "notice/<position>/<n>"
    stable  the same with the event's digest: no other store, and no later life of this one, has it for another notice
    to      whom the workflow means: "role:manager", "audience:<name>/<case of the member>"
    at      when it happened
    text    personal values in clear: it goes to its receiver and is kept nowhere
    """

    id: str
    stable: str
    to: str
    case: str
    workflow: str
    lang: str
    at: datetime
    subject: str
    text: str


def compose(
    recorded: Recorded,
    n: int,
    entry: Mapping[str, Json],
    to: Recipient,
    workflow: Workflow,
    lang: str,
    voided: Mapping[str, str],
) -> Message:
    """Return what somebody is told; a member of an audience reads the number of their own case around the words.

    entry   with its personal values opened
    voided  by language, the words around a notice that no longer holds: "void: {text}"
    """
    event = recorded.event
    title = workflow.titles.get(lang) or next(iter(workflow.titles.values()), workflow.name)
    zone = ZoneInfo(workflow.zone)
    words = said(entry, event.case, workflow, lang, zone)
    if void(entry):
        words = voided[lang].replace("{text}", words)
    words = cut(plain(words).strip(), LONGEST_TEXT)
    about = to.case or event.case
    close = f"-- \n{one_line(f'{title} · {about}')} · {event.occurred_at.astimezone(zone):%Y-%m-%d %H:%M}"
    return Message(
        id=notice_id(recorded.position, n),
        stable=f"notice.{recorded.position}.{n}.{recorded.digest.hex()[:16]}",
        to=str(to),
        case=event.case,
        workflow=workflow.name,
        lang=lang,
        at=event.occurred_at,
        subject=cut(one_line(f"{title} {about}"), LONGEST_SUBJECT),
        text=f"{words}\n\n{close}\n",
    )


def plain(text: str) -> str:
    """Return a text with its newlines and without what cannot be seen."""
    return UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def one_line(text: str) -> str:
    """Return a text as one line, fit for a header."""
    return " ".join(plain(text).split())


def cut(text: str, longest: int) -> str:
    """Return a text of at most so many characters."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
