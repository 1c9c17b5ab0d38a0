"""Events of older shapes, brought to the present one when they are read. Nothing stored is rewritten."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lifecycle.core.events import SHAPE, Json
from lifecycle.problems import DamagedHistory, NewerShape

Upcast = Callable[[dict[str, Json]], dict[str, Json]]

UPCASTS: Mapping[int, Upcast] = {}
"""From each older shape to the next one."""


def upcast(
    document: dict[str, Json], position: int, *, upcasts: Mapping[int, Upcast] = UPCASTS, shape: int = SHAPE
) -> dict[str, Json]:
    """Return a stored form in the present shape.

    Raises  NewerShape when a newer program wrote it; DamagedHistory when no shape is named or known
    """
    found = document.get("v")
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise DamagedHistory(position=position)
    if found > shape:
        raise NewerShape(position=position, found=found, known=shape)
    while found < shape:
        if found not in upcasts:
            raise DamagedHistory(position=position)
        document = upcasts[found](document) | {"v": found + 1}
        found += 1
    return document
