"""A mail server on this machine: it takes mail, over TLS if it is given a certificate, and answers as it is told."""

from __future__ import annotations

import base64
import ipaddress
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.contracts.controls import MONDAY

GONE = "gone"
"""An answer that is none: the connection ends."""


@dataclass
class Post:
    """What the server has seen, and what it will answer.

    answers  by command ("MAIL", "RCPT", "DATA", "TEXT" for the end of a mail, "QUIT"): what to say instead of yes, one
             for each time; `GONE` ends the connection
    login    "user:password" that it wants; "" wants none
    """

    answers: dict[str, list[str]] = field(default_factory=dict)
    login: str = ""
    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, str]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    connections: int = 0

    def answer(self, command: str, usual: str) -> str:
        waiting = self.answers.get(command)
        return waiting.pop(0) if waiting else usual


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, post: Post, context: ssl.SSLContext | None, *, at_once: bool) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.post = post
        self.context = context
        self.at_once = at_once

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that goes away is what several tests are about."""


class Conversation(socketserver.StreamRequestHandler):
    timeout = 20

    def setup(self) -> None:
        self.over = cast(Server, self.server)
        self.post = self.over.post
        self.encrypted = False
        if self.over.at_once:
            self.encrypt()
        super().setup()

    def encrypt(self) -> None:
        assert self.over.context is not None
        self.request = self.over.context.wrap_socket(self.request, server_side=True)
        self.encrypted = True

    def finish(self) -> None:
        super().finish()
        self.request.close()  # the server itself knows only the socket below the encryption

    def say(self, text: str) -> bool:
        """Answer; return whether the conversation goes on."""
        if text == GONE:
            return False
        self.wfile.write(text.encode() + b"\r\n")
        return True

    def handle(self) -> None:
        self.post.connections += 1
        sender = receiver = ""
        going = self.say(self.post.answer("HELLO", "220 mail.example.com"))
        while going and (line := self.rfile.readline()):
            command, _, rest = line.decode().strip().partition(" ")
            match command.upper():
                case "EHLO":
                    going = self.say("\r\n".join(self.offers()))
                case "STARTTLS":
                    going = self.say("220 go on")
                    self.encrypt()
                    super().setup()
                case "AUTH":
                    word = base64.b64encode(b"\0" + self.post.login.replace(":", "\0").encode()).decode()
                    going = self.say("235 come in" if rest == f"PLAIN {word}" else "535 no")
                case "MAIL":
                    sender = rest
                    going = self.say(self.post.answer("MAIL", "250 ok"))
                case "RCPT":
                    receiver = rest
                    going = self.say(self.post.answer("RCPT", "250 ok"))
                case "DATA":
                    answer = self.post.answer("DATA", "354 go on")
                    going = self.say(answer)
                    if answer.startswith("354"):
                        going = self.take(sender, receiver)
                case "RSET":
                    going = self.say("250 ok")
                case "QUIT":
                    self.say(self.post.answer("QUIT", "221 bye"))
                    going = False
                case _:
                    going = self.say("502 what?")

    def offers(self) -> Iterator[str]:
        yield "250-mail.example.com"
        if self.over.context is not None and not self.encrypted:
            yield "250-STARTTLS"
        if self.post.login:
            yield "250-AUTH PLAIN"
        yield "250 SIZE 1000000"

    def take(self, sender: str, receiver: str) -> bool:
        """Read a mail up to its end, and keep it unless the answer to it says no."""
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        answer = self.post.answer("TEXT", "250 taken")
        if answer.startswith("250") or answer == GONE:
            self.post.mails.append(cast(EmailMessage, message_from_bytes(b"".join(lines), policy=SMTP)))
            self.post.envelopes.append((sender, receiver))
            self.post.encrypted.append(self.encrypted)
        return self.say(answer)


@contextmanager
def serving(post: Post, context: ssl.SSLContext | None = None, *, at_once: bool = False) -> Iterator[int]:
    """Run a mail server; give its port."""
    with Server(post, context, at_once=at_once) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server.port
        server.shutdown()
        thread.join()


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """Return the file of a certificate for this machine, and what a server shows it with."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(MONDAY - timedelta(days=3650))
        .not_valid_after(MONDAY + timedelta(days=36500))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    shown, secret = folder / "server.pem", folder / "server.key"
    shown.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, secret)
    return shown, context
