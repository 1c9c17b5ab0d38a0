"""A case as it stands: from its head, or from its history where the head is of another shape."""

from __future__ import annotations

from uuid import UUID

from lifecycle.core.case import SHAPE, Case, fold
from lifecycle.store.port import Head, Reads


def head_case(store: Reads, stream: UUID) -> Case:
    """Return a case as it is now; one that has no event yet is blank."""
    head = store.head(stream)
    return Case(id=stream) if head is None else unfolded(store, head)


def unfolded(store: Reads, head: Head) -> Case:
    """Return the case of a head; one of another shape is folded again from its history."""
    if head.shape == SHAPE and head.state:
        return Case.from_json(head.stream, head.state)
    return fold(head.stream, (recorded.event for recorded in store.read(head.stream)))
