"""The key store: one data key per subject, in a file of its own, so that destroying a key erases."""

from __future__ import annotations

import hmac
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import apsw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lifecycle.core.events import Json, Personal, Sealed, instant, stamp
from lifecycle.problems import DamagedHistory, OutcomeUnknown, StoreUnreachable
from lifecycle.store.connections import Database, fault
from lifecycle.store.meta import META, meta_values
from lifecycle.store.port import Erased, SubjectErased, UnsealedValue
from lifecycle.store.sealing import NONCE_BYTES, each, open_value, seal_value

KEY_BYTES = 32
NONCES_AT_ONCE = 8
CACHED_KEYS = 1_000
"""Keys remembered: of the cases at work, not of all."""

TABLES = (
    META,
    """CREATE TABLE IF NOT EXISTS keys (
        subject TEXT PRIMARY KEY,
        wrapped_key BLOB,
        created_at TEXT NOT NULL,
        destroyed_at TEXT) WITHOUT ROWID""",
)
SELECT_META = "SELECT value FROM meta WHERE name = ?"
INSERT_META = "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING"
SELECT_KEY = "SELECT wrapped_key, destroyed_at FROM keys WHERE subject = ?"
INSERT_KEY = "INSERT INTO keys (subject, wrapped_key, created_at) VALUES (?, ?, ?)"
# A subject without a key is marked too: the list of the erased ones is whole.
DESTROY_KEY = """INSERT INTO keys (subject, wrapped_key, created_at, destroyed_at) VALUES (?1, NULL, ?2, ?2)
    ON CONFLICT (subject) DO UPDATE SET wrapped_key = NULL, destroyed_at = coalesce(destroyed_at, ?2)"""
# Every process compares this number before it uses a key that it remembers.
COUNT_CHANGE = "UPDATE meta SET value = value + 1 WHERE name = 'changes'"


class KeyStore:
    """The keys of all subjects, and the secret behind the digests that stand for persons and words.

    randomness  n -> n random bytes
    master_key  wraps the keys; None keeps them as they are in a file that only its owner reads
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], datetime],
        randomness: Callable[[int], bytes],
        master_key: bytes | None = None,
        vfs: str = "",
    ) -> None:
        self._clock = clock
        self._randomness = randomness
        self._master = AESGCM(sha256(master_key).digest()) if master_key is not None else None
        self._lock = threading.Lock()
        self._known: dict[str, AESGCM] = {}
        self._changes = -1
        _make_private(path)
        self._database = Database(path, vfs=vfs, secure_delete=True)
        self.path = self._path = path
        secret = self._open_or_make()
        self._subjects = hmac.digest(secret, b"subject", "sha256")
        self._tokens = hmac.digest(secret, b"token", "sha256")
        self.fingerprint = hmac.digest(secret, b"fingerprint", "sha256").hex()[:32]

    def _open_or_make(self) -> bytes:
        wrapped = int(self._master is not None)
        values = meta_values(self._database)
        if "secret" not in values:
            with self._database.writing() as connection:
                for statement in TABLES:
                    connection.execute(statement)
                first = {"wrapped": wrapped, "changes": 0, "secret": self._wrapped("", self._randomness(KEY_BYTES))}
                for row in first.items():
                    connection.execute(INSERT_META, row)
            values = meta_values(self._database)
        if values["wrapped"] != wrapped:
            reason = "master-key-missing" if values["wrapped"] else "keys-not-wrapped"
            raise StoreUnreachable(reason=reason, store=str(self._path))
        return self._unwrapped("", values["secret"])

    def _wrapped(self, subject: str, key: bytes) -> bytes:
        if self._master is None:
            return key
        nonce = self._randomness(NONCE_BYTES)
        return nonce + self._master.encrypt(nonce, key, subject.encode())

    def _unwrapped(self, subject: str, wrapped: bytes) -> bytes:
        if self._master is None:
            return wrapped
        try:
            return self._master.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], subject.encode())
        except InvalidTag as error:
            raise StoreUnreachable(reason="master-key-wrong", store=str(self._path)) from error

    def subject_of(self, text: str) -> str:
        """Return the keyed digest, 32 hex digits, that stands for a person."""
        return hmac.digest(self._subjects, text.encode(), "sha256").hex()[:32]

    def token(self, text: str) -> str:
        """Return the keyed digest, 32 hex digits, under which a word is searched."""
        return hmac.digest(self._tokens, text.encode(), "sha256").hex()[:32]

    def check(self) -> None:
        """Forget the keys in memory when another process has destroyed one."""
        try:
            changes = self._database.reading.execute(SELECT_META, ("changes",)).get
        except apsw.Error as error:
            raise fault(error, self._path) from error
        with self._lock:
            if changes != self._changes or len(self._known) > CACHED_KEYS:
                self._known.clear()
                self._changes = changes

    def find(self, subject: str, connection: apsw.Connection | None = None) -> AESGCM | Erased | None:
        """Return a subject's key, `Erased` when it was destroyed, None when there never was one."""
        known = self._known.get(subject)
        if known is not None:
            return known
        seen = self._changes
        try:
            row = (connection or self._database.reading).execute(SELECT_KEY, (subject,)).fetchone()
        except apsw.Error as error:
            raise fault(error, self._path) from error
        if row is None:
            return None
        if row[0] is None:
            return Erased(subject, instant(row[1]))
        cipher = AESGCM(self._unwrapped(subject, row[0]))
        self._remember({subject: cipher}, seen)
        return cipher

    def _remember(self, ciphers: dict[str, AESGCM], seen: int) -> None:
        """Keep keys that were on disk when the change counter was `seen`."""
        with self._lock:
            if self._changes == seen:
                self._known.update(ciphers)

    def open(self, value: Json) -> Json:
        """Return a value with each `Sealed` in it replaced by its clear value, or by `Erased`.

        Raises  DamagedHistory when a box is not what was sealed
        """
        self.check()

        def opened(sealed: Sealed) -> Json:
            cipher = self.find(sealed.subject)
            if not isinstance(cipher, AESGCM):
                return cipher or Erased(sealed.subject)
            try:
                return open_value(cipher, sealed)
            except ValueError as error:
                raise DamagedHistory(position=0, store=str(self._path), subject=sealed.subject) from error

        return each(value, Sealed, opened)

    @contextmanager
    def sealing(self) -> Iterator[Sealing]:
        """Give the means to seal; new keys are on disk when it is left, all in one commit."""
        seen = self._changes
        try:
            with ExitStack() as stack:
                sealing = Sealing(self, stack)
                yield sealing
        except OutcomeUnknown as error:
            # Whether the keys are there is unknown; that nothing uses them is certain.
            raise StoreUnreachable(**error.values) from error
        if sealing.new:
            self._remember(sealing.new, seen)

    def create(self, subject: str, connection: apsw.Connection) -> AESGCM:
        """Insert a new key in a transaction that is open."""
        key = self._randomness(KEY_BYTES)
        connection.execute(INSERT_KEY, (subject, self._wrapped(subject, key), stamp(self._clock())))
        return AESGCM(key)

    @property
    def stopped(self) -> bool:
        """Whether a flush of the key store failed."""
        return self._database.stopped

    def nonces(self) -> list[bytes]:
        """Return fresh nonces, some at once: the system is asked for them seldom."""
        drawn = self._randomness(NONCES_AT_ONCE * NONCE_BYTES)
        return [drawn[start : start + NONCE_BYTES] for start in range(0, len(drawn), NONCE_BYTES)]

    def writing_in(self, stack: ExitStack) -> apsw.Connection:
        """Open a transaction of the key store that ends with the stack."""
        return stack.enter_context(self._database.writing())

    def destroy(self, subject: str) -> None:
        """Destroy a subject's key; no older page of the file or its WAL keeps it."""
        with self._database.writing() as connection:
            connection.execute(DESTROY_KEY, (subject, stamp(self._clock())))
            connection.execute(COUNT_CHANGE)
        with self._lock:
            self._known.clear()
        self._database.checkpoint()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


class Sealing:
    """A turn at sealing. Keys made in it are remembered by others only once they are on disk."""

    def __init__(self, keys: KeyStore, stack: ExitStack) -> None:
        self._keys = keys
        self._stack = stack
        self._connection: apsw.Connection | None = None
        self._checked = False
        self._nonces: list[bytes] = []
        self.new: dict[str, AESGCM] = {}

    def seal(self, subject: str, value: Json) -> Json:
        """Return a value with every `Personal` in it sealed.

        Raises  SubjectErased; UnsealedValue when no subject is named
        """
        return each(value, Personal, lambda personal: self.box(subject, personal.value))

    def box(self, subject: str, value: Json) -> Sealed:
        """Return one value sealed.

        Raises  SubjectErased; UnsealedValue when no subject is named
        """
        if not subject:
            raise UnsealedValue("a personal value without a subject")
        if not self._nonces:
            self._nonces = self._keys.nonces()
        return seal_value(self._cipher(subject), subject, value, self._nonces.pop())

    def _cipher(self, subject: str) -> AESGCM:
        if not self._checked:
            self._keys.check()
            self._checked = True
        if subject in self.new:
            return self.new[subject]
        found = self._keys.find(subject)
        if found is None:
            if self._connection is None:
                self._connection = self._keys.writing_in(self._stack)
            # Asked again: until now another process could make it.
            found = self._keys.find(subject, self._connection)
        if isinstance(found, Erased):
            raise SubjectErased(subject=subject)
        if found is None:
            assert self._connection is not None
            found = self.new[subject] = self._keys.create(subject, self._connection)
        return found


def _make_private(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        # A copy that an operator restored may have come with the mode of his shell.
        path.chmod(0o600)
    except OSError as error:
        raise StoreUnreachable(reason="cannot-open", store=str(path), detail=str(error)) from error
