"""Mail against a real server on this machine: encrypted, logged in, refused, cut off; and through the whole outbox."""

from __future__ import annotations

import socket
from dataclasses import replace
from email.headerregistry import Address
from pathlib import Path

import pytest

from lifecycle.outbox.delivery import Delivered, deliver
from lifecycle.outbox.message import Message
from lifecycle.outbox.smtp import Mail, MailServer
from lifecycle.outbox.ways import Undelivered
from tests.contracts.controls import MONDAY
from tests.unit.outbox.controls import BUYER, CHIEF, PostRoom
from tests.unit.outbox.mailserver import GONE, Post, certificate, serving

SENDER = Address(display_name="维修部", addr_spec="service@example.com")
MESSAGE = Message(
    id="notice/12/0",
    stable="notice.12.0.0001020304050607",
    to="role:chief",
    case="M-1",
    workflow="repair",
    lang="zh",
    at=MONDAY,
    subject="维修 M-1",
    text="请速来\n.\n\n-- \n维修 · M-1\n",
)


def server(port: int, **rest: object) -> MailServer:
    given = {"host": "127.0.0.1", "port": port, "security": "none", "sender": SENDER, "timeout": 5.0, **rest}
    return MailServer(**given)  # type: ignore[arg-type]  # the tests' own keywords


def send(port: int, **rest: object) -> None:
    Mail(server(port, **rest), lambda: MONDAY).deliver(MESSAGE, CHIEF)


def failing(port: int, **rest: object) -> tuple[str, bool]:
    """Return the reason of a failure, and whether another try may help."""
    with pytest.raises(Undelivered) as raised:
        send(port, **rest)
    return raised.value.reason, raised.value.again


def test_a_mail_arrives_as_it_was_meant():
    post = Post()
    with serving(post) as port:
        send(port)
    [mail] = post.mails
    assert (mail["To"], mail["Subject"]) == (CHIEF, "维修 M-1")
    assert mail["Message-ID"] == "<notice.12.0.0001020304050607@example.com>"
    assert mail.get_content().replace("\r\n", "\n") == MESSAGE.text
    [(sender, receiver)] = post.envelopes
    assert sender.startswith("FROM:<service@example.com>")
    assert receiver.startswith(f"TO:<{CHIEF}>")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_goes_encrypted_with_the_password_behind_it(tmp_path: Path, security: str):
    trusted, context = certificate(tmp_path)
    post = Post(login="service:correct horse")
    with serving(post, context, at_once=security == "tls") as port:
        send(port, security=security, trusted=trusted, user="service", password=lambda: "correct horse")
    assert post.encrypted == [True]


def test_a_server_that_nobody_vouches_for_gets_no_mail(tmp_path: Path):
    _, context = certificate(tmp_path)
    post = Post()
    with serving(post, context) as port:
        assert failing(port, security="starttls") == ("not-secure", True)
        assert failing(port, security="starttls", trusted=tmp_path / "nowhere.pem") == ("not-secure", True)
    assert post.mails == []


def test_a_server_that_offers_no_encryption_gets_no_mail_and_no_password():
    post = Post(login="service:correct horse")
    with serving(post) as port:
        wanted = {"user": "service", "password": lambda: "correct horse"}
        assert failing(port, security="starttls", **wanted) == ("not-secure", True)
    assert post.mails == []


def test_a_wrong_password_or_one_that_cannot_be_read_is_told_apart(tmp_path: Path):
    post = Post(login="service:correct horse")
    with serving(post) as port:
        assert failing(port, user="service", password=lambda: "wrong") == ("login-refused", True)
        assert failing(port, user="service", password=lambda: "中文") == ("login-refused", True)
        gone = (tmp_path / "nowhere").read_text
        assert failing(port, user="service", password=gone) == ("no-password", True)
    assert post.mails == []


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "TEXT"])
def test_what_the_server_refuses_for_good_is_not_tried_again_and_what_it_cannot_do_now_is(command: str):
    post = Post(answers={command: ["550 no such user", "450 come back"]})
    with serving(post) as port:
        assert failing(port) == ("refused", False)
        assert failing(port) == ("try-later", True)
        send(port)
    assert len(post.mails) == 1


@pytest.mark.parametrize("command", ["HELLO", "MAIL", "RCPT", "DATA", "TEXT"])
def test_a_connection_that_ends_is_a_failure_to_try_again(command: str):
    post = Post(answers={command: [GONE]})
    with serving(post) as port:
        assert failing(port) == ("unreachable", True)


def test_a_greeting_that_says_not_now_is_tried_again():
    with serving(Post(answers={"HELLO": ["421 too busy"]})) as port:
        assert failing(port) == ("try-later", True)


@pytest.mark.parametrize("farewell", [GONE, "500 what?"])
def test_what_is_taken_is_out_whatever_the_server_says_at_the_end(farewell: str):
    post = Post(answers={"QUIT": [farewell]})
    with serving(post) as port:
        send(port)
    assert len(post.mails) == 1


def test_nobody_at_the_door_and_somebody_who_says_nothing_are_failures_to_try_again():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        assert failing(port) == ("unreachable", True)
        silent.listen()
        assert failing(port, timeout=0.05) == ("unreachable", True)


def test_no_failure_holds_the_password_or_what_the_server_said():
    post = Post(login="service:correct horse", answers={"MAIL": ["550 <chief@example.com> is Mrs Wu"]})
    with serving(post) as port, pytest.raises(Undelivered) as raised:
        send(port, user="service", password=lambda: "correct horse")
    assert str(raised.value) == "refused"


def test_the_outbox_delivers_by_mail_and_one_receivers_refusal_is_only_theirs(room: PostRoom):
    post = Post(answers={"RCPT": ["550 no such user"]})
    room.take(room.opened(), "priced", cost=120)
    with serving(post) as port:
        office = replace(room.office, ways={"mail": Mail(server(port), room.shop.clock)})
        assert deliver(office) == Delivered(sent=1, dead=1)
    assert [mail["To"] for mail in post.mails] == [BUYER]
    assert room.reasons() == ["refused", ""]


def test_a_mail_whose_answer_was_lost_comes_twice_under_one_message_id(room: PostRoom):
    post = Post(answers={"TEXT": [GONE]})
    room.take(room.opened(), "warned")
    with serving(post) as port:
        office = replace(room.office, ways={"mail": Mail(server(port), room.shop.clock)})
        assert deliver(office) == Delivered(failed=1)
        room.shop.clock.go(minutes=1)
        assert deliver(office) == Delivered(sent=1)
        room.shop.clock.go(days=1)
        assert deliver(office) == Delivered()
    first, second = post.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["X-Lifecycle-Notice"] == second["X-Lifecycle-Notice"]
    assert room.states() == ["sent"]


def test_a_server_that_stays_away_ends_in_a_dead_notice_that_is_sent_when_it_is_back_and_asked_for(room: PostRoom):
    post = Post(answers={"HELLO": [GONE] * 4})
    recorded = room.take(room.opened(), "warned")
    with serving(post) as port:
        office = replace(room.office, ways={"mail": Mail(server(port), room.shop.clock)})
        came = []
        for _ in range(5):
            came.append(deliver(office))
            room.shop.clock.go(hours=1)
        assert came == [*[Delivered(failed=1)] * 3, Delivered(dead=1), Delivered()]
        assert (post.connections, post.mails) == (4, [])
        room.shop.engine.store.notices.retry(recorded.position, 0, room.clock)
        assert deliver(office) == Delivered(sent=1)
    assert len(post.mails) == 1
