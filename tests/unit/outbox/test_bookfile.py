"""The address book is read whole, and each fault of it is told at its place."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from lifecycle.outbox.book import Book, Card, mailbox, way_of
from lifecycle.outbox.bookfile import read_book
from lifecycle.outbox.patience import Patience
from lifecycle.problems import InvalidInput

WHOLE = """
lang = "en"

[smtp]
host = "mail.example.com"
from = "维修部 <service@example.com>"
user = "service"
password_file = "secret"
trusted = "ca.pem"
timeout_seconds = 5

[file]
path = "notices.jsonl"

[tries]
first = "10s"
longest = "2h"
most = 5
oldest = "1d"

[roles]
chief = "chief@example.com"
"furniture/clerk" = ["desk@example.com", "file", "console"]

[people]
li = {to = "li@example.com", lang = "zh"}

[parties]
customer = {field = "email"}

[audiences]
"furniture/served" = {field = "email", lang = "en"}

[others]
to = "file"
"""


def read(folder: Path, text: str, password: str = "") -> Book:
    (folder / "notify.toml").write_text(text, encoding="utf-8")
    return read_book(folder / "notify.toml", password)


def told(folder: Path, text: str) -> list[tuple[str, str, str]]:
    """Return code, place and hint of each problem."""
    with pytest.raises(InvalidInput) as raised:
        read(folder, text)
    return [(problem.code, problem.where.path, problem.hint) for problem in raised.value.problems]


def test_a_whole_book_is_read(tmp_path: Path):
    (tmp_path / "secret").write_text("correct horse\n")
    book = read(tmp_path, WHOLE)
    assert book.roles == {
        "chief": Card(to=("chief@example.com",)),
        "furniture/clerk": Card(to=("desk@example.com", "file", "console")),
    }
    assert book.card("role", "clerk", "furniture") == book.roles["furniture/clerk"]
    assert book.card("role", "clerk", "appliance") is None
    assert book.people == {"li": Card(to=("li@example.com",), lang="zh")}
    assert book.parties == {"customer": Card(field="email")}
    assert book.card("audience", "served", "furniture") == Card(field="email", lang="en")
    assert book.card("audience", "served", "appliance") is None
    assert (book.others, book.lang, book.file) == (Card(to=("file",)), "en", tmp_path / "notices.jsonl")
    assert book.patience == Patience(
        first=timedelta(seconds=10), longest=timedelta(hours=2), most=5, oldest=timedelta(days=1)
    )
    server = book.server
    assert server is not None
    assert (server.host, server.port, server.security, server.timeout) == ("mail.example.com", 587, "starttls", 5)
    assert (str(server.sender), server.user, server.trusted) == (
        "维修部 <service@example.com>", "service", tmp_path / "ca.pem",
    )  # fmt: skip
    assert server.password is not None
    assert server.password() == "correct horse"
    assert "horse" not in repr(book)


def test_a_password_of_the_environment_goes_before_the_file(tmp_path: Path):
    server = read(tmp_path, WHOLE, password="of the environment").server
    assert server is not None
    assert server.password is not None
    assert server.password() == "of the environment"
    assert "environment" not in repr(server)


def test_an_empty_book_reaches_nobody(tmp_path: Path):
    assert read(tmp_path, "") == Book()


def test_a_file_that_is_not_there_or_is_no_toml_is_told(tmp_path: Path):
    assert told(tmp_path, "[roles\n") == [("notify-file-unreadable", "", "")]
    with pytest.raises(InvalidInput):
        read_book(tmp_path / "nowhere.toml")


SMTP = '[smtp]\nhost = "mail.example.com"\nfrom = "a@example.com"\n'


@pytest.mark.parametrize(
    ("text", "code", "place", "hint"),
    [
        ("[rolls]\n", "notify-unknown-key", "rolls", ""),
        ('lang = "fr"\n', "notify-unknown-key", "lang", ""),
        ("roles = 3\n", "notify-wrong-value", "roles", "notify-table"),
        ("[roles]\nchief = 3\n", "notify-wrong-value", "roles.chief", "notify-addresses"),
        ('[roles]\nchief = {at = "file"}\n', "notify-unknown-key", "roles.chief.at", ""),
        ('[roles]\nchief = "chief"\n' + SMTP, "notify-wrong-address", "roles.chief", ""),
        ('[roles]\nchief = "chief@example.com"\n', "notify-no-way", "smtp", ""),
        ('[roles]\nchief = "file"\n', "notify-no-way", "file", ""),
        ('[parties]\nbuyer = {field = "email"}\n', "notify-no-way", "smtp", ""),
        ('[tries]\nfirst = "soon"\n', "notify-wrong-value", "tries.first", "notify-length"),
        ('[tries]\nfirst = "0s"\n', "notify-wrong-value", "tries.first", "notify-length"),
        ("[tries]\nmost = 0\n", "notify-wrong-value", "tries.most", "notify-number"),
        ("[tries]\nmost = true\n", "notify-wrong-value", "tries.most", "notify-number"),
        ("[file]\npath = 3\n", "notify-wrong-value", "file.path", "notify-text"),
        (SMTP + 'security = "none"\n', "notify-unencrypted", "smtp.security", ""),
        (SMTP + 'security = "ssl"\n', "notify-unknown-key", "smtp.security", ""),
        (SMTP + 'user = "service"\n', "notify-no-password", "smtp.user", ""),
        (SMTP + "timeout_seconds = 21\n", "notify-wrong-value", "smtp.timeout_seconds", "notify-number"),
        (SMTP + "port = 70000\n", "notify-wrong-value", "smtp.port", "notify-number"),
        ('[smtp]\nfrom = "a@example.com"\n', "notify-missing", "smtp.host", ""),
        ('[smtp]\nhost = "localhost"\n', "notify-missing", "smtp.from", ""),
        ('[smtp]\nhost = "localhost"\nfrom = "nobody"\n', "notify-wrong-address", "smtp.from", ""),
    ],
)
def test_each_fault_is_told_at_its_place(tmp_path: Path, text: str, code: str, place: str, hint: str):
    assert told(tmp_path, text) == [(code, place, hint)]


def test_all_faults_are_told_at_once(tmp_path: Path):
    codes = [code for code, _, _ in told(tmp_path, 'lang = "fr"\n[tries]\nmost = 0\n[roles]\nchief = "file"\n')]
    assert sorted(codes) == ["notify-no-way", "notify-unknown-key", "notify-wrong-value"]


def test_mail_to_this_machine_may_go_unencrypted(tmp_path: Path):
    server = read(tmp_path, '[smtp]\nhost = "localhost"\nfrom = "a@example.com"\nsecurity = "none"\n').server
    assert server is not None
    assert (server.port, server.password) == (25, None)


@pytest.mark.parametrize(
    "text",
    [
        "", "a", "a@", "@b", "a@b@c", "a b@c.d", '"a b"@c.d', "<a@b.c>", "a@b.c, d@e.f", "a@b.c\nBcc: d@e.f",
        "a@b.c\r\n", "王@example.com", "a@例子.中国", f"{'a' * 251}@b.c", None, 3, ["a@b.c"],
    ],
)  # fmt: skip
def test_what_is_no_plain_mailbox_is_none(text: object):
    assert mailbox(text) is None


def test_a_mailbox_is_read_and_its_way_is_mail():
    assert mailbox(" Li.Wei+x@mail.example.com ") == "Li.Wei+x@mail.example.com"
    assert [way_of(address) for address in ("a@b.c", "file", "console")] == ["mail", "file", "console"]
