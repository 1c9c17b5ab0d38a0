"""JSON as it is stored: personal values only as ciphertext."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lifecycle.core.events import Event, Json, Personal, Sealed
from lifecycle.store.port import JsonDict, UnsealedValue

NONCE_BYTES = 12
PLAIN = frozenset((str, int, bool, type(None)))
NESTED = frozenset((dict, list))
OPTIONS = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS


def seal_value(cipher: AESGCM, subject: str, value: Json, nonce: bytes) -> Sealed:
    """Return a value as the subject's ciphertext, bound to the subject."""
    box = nonce + cipher.encrypt(nonce, orjson.dumps(value), subject.encode())
    return Sealed(subject, b64encode(box).decode())


def open_value(cipher: AESGCM, sealed: Sealed) -> Json:
    """Return the clear value of a box.

    Raises  ValueError when it was not sealed for this subject with this key
    """
    try:
        box = b64decode(sealed.box, validate=True)
        return orjson.loads(cipher.decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], sealed.subject.encode()))
    except InvalidTag as error:
        raise ValueError("sealed with another key, for another subject, or altered") from error


def each(value: Json, kind: type, change: Callable[[Json], Json]) -> Json:
    """Return a tree of JSON with every value of a kind changed."""
    found = type(value)
    if found is kind:
        return change(value)
    if isinstance(value, dict):
        return {name: item if type(item) in PLAIN else each(item, kind, change) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [item if type(item) in PLAIN else each(item, kind, change) for item in value]
    return value


def each_of_event(event: Event, kind: type, change: Callable[[Json], Json]) -> Event:
    """Return an event with every value of a kind in its changes changed."""
    return event.with_changes(each(dict(event.changes), kind, change))


def _stored(value: object) -> Json:
    if type(value) is Sealed:
        return {"pii": value.subject, "box": value.box}
    if type(value) is Personal:
        raise UnsealedValue("a personal value in clear")
    raise TypeError(f"{type(value).__name__} is no JSON value")


def to_bytes(document: Json) -> bytes:
    """Return the stored bytes of a document.

    Raises  UnsealedValue when a personal value is still in clear; TypeError when something is no JSON
    """
    try:
        return bytes(memoryview(orjson.dumps(document, _stored, OPTIONS)))
    except orjson.JSONEncodeError as error:
        if isinstance(error.__cause__, UnsealedValue):
            raise error.__cause__ from None
        raise


def as_stored(stored: bytes | str) -> JsonDict:
    """Return the object of stored bytes, its boxes as plain objects.

    Raises  ValueError when it is no JSON, TypeError when it is no object
    """
    document = orjson.loads(stored)
    if type(document) is not dict:
        raise TypeError(f"{type(document).__name__} is no object")
    return document


def from_bytes(stored: bytes | str) -> Json:
    """Return the document of stored bytes, with its boxes as `Sealed`.

    Raises  ValueError when it is no JSON
    """
    document = orjson.loads(stored)
    if not _has_boxes(stored):
        return document
    whole = [document]
    _revive(whole)
    return whole[0]


NO_BOXES = frozenset(
    "taken since happened entered came serials ticks orders clocks timers counted past coverage".split()
)
"""Parts of a head, and of each of its instances, that hold no value of any field: most of a head."""


def head_from_bytes(stored: bytes | str) -> Json:
    """Return the state of a stored head, with its boxes as `Sealed`; not walked where there are none.

    Raises  ValueError when it is no JSON
    """
    head = orjson.loads(stored)
    if type(head) is dict and _has_boxes(stored):
        for part in (head, *head.get("instances", ())):
            for name, item in part.items():
                if type(item) in NESTED and name != "instances" and name not in NO_BOXES:
                    whole = [item]
                    _revive(whole)
                    part[name] = whole[0]
    return head


def _has_boxes(stored: bytes | str) -> bool:
    return '"box"' in stored if isinstance(stored, str) else b'"box"' in stored


def _revive(node: Json) -> None:
    """Put a `Sealed` in the place of every box in a document that was just read: nobody else has it yet."""
    for place, item in node.items() if type(node) is dict else enumerate(node):
        if type(item) is dict:
            if len(item) == 2 and "box" in item and "pii" in item:
                node[place] = Sealed(item["pii"], item["box"])
            elif item:
                _revive(item)
        elif type(item) is list and item:
            _revive(item)


def canonical(value: Json, plain: Callable[[Json], Json]) -> bytes:
    """Return the one form of a value as bytes, with sorted keys. plain: gives the JSON of what is none."""
    try:
        return orjson.dumps(value, plain, OPTIONS | orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        # An integer beyond 64 bits or half a character: nothing that a form accepts, but something to compare.
        return json.dumps(value, sort_keys=True, default=plain).encode()
