"""The ways out: what each of them is asked to do, and those that need no network."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from lifecycle.core.events import stamp
from lifecycle.outbox.message import Message


class Undelivered(Exception):
    """A message that did not get out, or may not have.

    reason  code of the catalogue: "unreachable", "refused" ...; never words of the other side, which may name people
    again   whether another try may help
    """

    def __init__(self, reason: str, *, again: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again


class Way(Protocol):
    """One way out. What it is given may have been delivered before: the id is then the same."""

    def deliver(self, message: Message, address: str) -> None:
        """Return when the message is out.

        Raises  Undelivered
        """


class Console:
    """Says notices to whoever runs the program.

    say  takes one line
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def deliver(self, message: Message, address: str) -> None:
        """Say the message in one line."""
        first = message.text.partition("\n\n-- \n")[0]
        self._say(f"{message.id}  {message.to}  {message.subject}: {' '.join(first.split())}")


class File:
    """Appends notices to a file, one JSON document a line; on disk when it returns.

    A second delivery is a second line of the same "id". Safe for several processes; a line that a dead process left
    half written stays a line of its own.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def deliver(self, message: Message, address: str) -> None:
        """Append the message.

        Raises  Undelivered
        """
        document = {
            "id": message.id,
            "message": message.stable,
            "to": message.to,
            "case": message.case,
            "workflow": message.workflow,
            "at": stamp(message.at),
            "lang": message.lang,
            "subject": message.subject,
            "text": message.text,
        }
        line = json.dumps(document, ensure_ascii=False).encode() + b"\n"
        try:
            self._append(line)
        except OSError as error:
            raise Undelivered("file-unwritable") from error

    def _append(self, line: bytes) -> None:
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with open(handle, "r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            size = file.seek(0, os.SEEK_END)
            if size and os.pread(handle, 1, size - 1) != b"\n":
                line = b"\n" + line
            if file.write(line) != len(line):
                raise OSError("the line is not whole")
            os.fsync(handle)
