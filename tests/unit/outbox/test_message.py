"""What a receiver gets is safe to put in a header or a line, and never longer than it may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import SMTP
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from lifecycle.core.events import Event, Json, Recorded
from lifecycle.core.notices import Recipient
from lifecycle.core.workflow import Workflow
from lifecycle.outbox.message import LONGEST_SUBJECT, LONGEST_TEXT, Message, compose, cut, one_line, plain
from lifecycle.outbox.smtp import letter
from tests.contracts.controls import MONDAY
from tests.unit.core.controls import small

CHIEF = Recipient(kind="role", name="chief")
SENDER = Address(display_name="维修部", addr_spec="service@example.com")
TEXT = """
fields: {caller: {is: text, pii: true}}
machines: {job: {start: open, states: {open: {final: done}}}}
"""


def workflow(title: str = "Repair") -> Workflow:
    return replace(small(TEXT), titles={"en": title})


def composed(text: str, *, title: str = "Repair", number: str = "M-1", digest: int = 0, **values: Json) -> Message:
    event = Event(type="job.told", stream=UUID(int=1), case=number, occurred_at=MONDAY)
    recorded = Recorded(
        position=12, revision=1, recorded_at=MONDAY, digest=bytes(range(digest, digest + 32)), event=event
    )
    return compose(recorded, 3, {"words": {"en": text}, "values": values}, CHIEF, workflow(title), "en", {})


def test_a_message_says_its_id_its_case_and_its_workflow():
    message = composed("{case}: {caller} called", caller="Mrs Wu")
    assert (message.id, message.stable) == ("notice/12/3", "notice.12.3.0001020304050607")
    assert message.subject == "Repair M-1"
    assert message.text == "M-1: Mrs Wu called\n\n-- \nRepair · M-1 · 2026-03-02 09:00\n"


def test_the_same_notice_is_the_same_message_and_another_events_is_another():
    assert composed("hello") == composed("hello")
    assert composed("hello").stable != composed("hello", digest=1).stable


def test_a_line_break_in_a_title_a_number_or_a_value_starts_no_header():
    message = composed("{caller}", title="A\r\nBcc: x@y.z", number="M\n1", caller="Wu\r\n.\r\nBcc: x@y.z\x00\u202e")
    assert message.subject == "A Bcc: x@y.z M 1"
    mail = message_from_bytes(letter(message, "chief@example.com", SENDER, MONDAY).as_bytes(), policy=SMTP)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "A Bcc: x@y.z M 1"
    assert mail.get_content().startswith("Wu\r\n.\r\nBcc: x@y.z\r\n\r\n-- \r\nA Bcc: x@y.z · M 1 · ")


def test_what_is_too_long_is_cut_and_shows_it():
    message = composed("x" * 10_000, title="T" * 500)
    assert message.text.startswith("x" * (LONGEST_TEXT - 1) + "…\n\n")
    assert len(message.subject) == LONGEST_SUBJECT
    assert message.subject.endswith("…")
    assert cut("abc", 3) == "abc"


def test_the_mail_of_a_message_has_its_id_and_answers_no_robot():
    mail = letter(composed("您好"), "chief@example.com", SENDER, datetime(2026, 3, 2, 1, tzinfo=UTC))
    assert {name: str(mail[name]) for name in mail if name not in ("MIME-Version", "Content-Transfer-Encoding")} == {
        "From": "维修部 <service@example.com>",
        "To": "chief@example.com",
        "Subject": "Repair M-1",
        "Date": "Mon, 02 Mar 2026 01:00:00 +0000",
        "Message-ID": "<notice.12.3.0001020304050607@example.com>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "en",
        "X-Lifecycle-Notice": "notice/12/3",
        "Content-Type": 'text/plain; charset="utf-8"',
    }
    assert mail.as_bytes().isascii()
    assert mail.get_content().startswith("您好\r\n")


@given(some.text(max_size=300), some.text(max_size=300))
def test_no_text_breaks_a_line_of_a_header_or_turns_what_follows(title: str, value: str):
    message = composed("{caller}", title=title or "T", caller=value)
    for line in (message.subject, one_line(value)):
        assert line.isprintable() or not any(ord(char) < 32 or char in "\u2028\u2029\u202e" for char in line)
    assert "\r" not in plain(value)
    parsed = message_from_bytes(letter(message, "chief@example.com", SENDER, MONDAY).as_bytes(), policy=SMTP)
    assert sorted(parsed.keys()) == sorted(letter(composed("x"), "c@d.e", SENDER, MONDAY).keys())
