"""The digest chain of a stream: each event's digest covers the one before it."""

from __future__ import annotations

from hashlib import sha256


def chained(previous: bytes, originator: bytes, version: int, topic: str, recorded_at: str, state: bytes) -> bytes:
    """Return an event's digest: SHA-256 over 0x00 and its length-prefixed parts (design, section 5).

    previous     digest of the stream's event before it; b"" for the first
    originator   the stream's id, 16 bytes
    recorded_at  as stored
    state        the stored bytes; nothing is encoded again
    """
    name = topic.encode()
    time = recorded_at.encode()
    return sha256(
        b"".join(
            (
                b"\0",
                len(previous).to_bytes(8, "big"),
                previous,
                b"\0\0\0\0\0\0\0\x10",
                originator,
                b"\0\0\0\0\0\0\0\x08",
                version.to_bytes(8, "big"),
                len(name).to_bytes(8, "big"),
                name,
                len(time).to_bytes(8, "big"),
                time,
                len(state).to_bytes(8, "big"),
                state,
            )
        )
    ).digest()
