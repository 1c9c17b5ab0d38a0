"""Mail: one message to one address, encrypted on the way, its Message-ID made of the notice's id."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from lifecycle.outbox.message import Message
from lifecycle.outbox.ways import Undelivered

PERMANENT = range(500, 600)
"""Answers of a mail server after which it will not change its mind."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MailServer:
    """Where mail is handed in.

    security  "starttls", "tls" from the first byte, or "none"
    sender    as it stands in From
    password  read when it is needed; None when the server asks for none
    trusted   file of certificates trusted beside the system's; None for none
    timeout   seconds for each answer of the server
    """

    host: str
    port: int
    security: str
    sender: Address
    user: str = ""
    password: Callable[[], str] | None = field(default=None, repr=False)
    trusted: Path | None = None
    timeout: float = 15.0


class Mail:
    """Hands messages to a mail server.

    clock  -> now, for the Date of a message
    """

    def __init__(self, server: MailServer, clock: Callable[[], datetime]) -> None:
        self._server = server
        self._clock = clock

    def deliver(self, message: Message, address: str) -> None:
        """Hand in the message for one address.

        Raises  Undelivered: what the server says, as a code of ours
        """
        mail = letter(message, address, self._server.sender, self._clock())
        try:
            connection = self._connected()
            try:
                connection.send_message(mail, self._server.sender.addr_spec, [address])
            finally:
                leave(connection)
        except (smtplib.SMTPNotSupportedError, ssl.SSLError) as error:
            raise Undelivered("not-secure") from error
        except (smtplib.SMTPAuthenticationError, UnicodeError) as error:
            raise Undelivered("login-refused") from error
        except smtplib.SMTPRecipientsRefused as error:
            [(code, _)] = error.recipients.values()
            raise answered(code) from error
        except smtplib.SMTPResponseException as error:
            raise answered(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Undelivered("unreachable") from error

    def _connected(self) -> smtplib.SMTP:
        """Return a connection that is encrypted and logged in as the settings have it."""
        server = self._server
        password = word_of(server)
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout, context=context(server)
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        try:
            if server.security == "starttls":
                connection.starttls(context=context(server))
            if password is not None:
                connection.login(server.user, password)
        except BaseException:
            connection.close()
            raise
        return connection


def leave(connection: smtplib.SMTP) -> None:
    """Say good-bye; whatever the server answers, what it has accepted is out."""
    with suppress(smtplib.SMTPException, OSError):
        connection.quit()
    connection.close()


def word_of(server: MailServer) -> str | None:
    """Return the password; None when the server asks for none.

    Raises  Undelivered when its file cannot be read
    """
    try:
        return None if server.password is None else server.password()
    except (OSError, UnicodeError) as error:
        raise Undelivered("no-password") from error


def context(server: MailServer) -> ssl.SSLContext:
    """Return what certificates are checked with: the system's, and those of the settings."""
    made = ssl.create_default_context()
    if server.trusted is not None:
        try:
            made.load_verify_locations(server.trusted)
        except OSError as error:
            raise Undelivered("not-secure") from error
    return made


def answered(code: int) -> Undelivered:
    """Return what a server's refusal means."""
    return Undelivered("refused", again=False) if code in PERMANENT else Undelivered("try-later")


def letter(message: Message, address: str, sender: Address, now: datetime) -> EmailMessage:
    """Return the mail of a message. The header registry refuses a line break in any header."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = Address(addr_spec=address)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message.stable}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Lifecycle-Notice"] = message.id
    mail.set_content(message.text, charset="utf-8", cte="base64")
    mail["Content-Language"] = message.lang
    return mail
