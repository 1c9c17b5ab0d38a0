"""The canonical order of keys, read off the definition itself: the order in which its elements declare them."""

from __future__ import annotations

import types
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from lifecycle.language.behaviour import Order
from lifecycle.language.definition import Sections, WorkflowText, keys_of
from lifecycle.language.dictionary import FieldEntry, Role, Setting
from lifecycle.language.vocabulary import Element

ITEM = "[]"
"""Stands in a path for an element of a list."""

PART_HEAD = ("part", "zh", "en", "parameters", "include")
_TITLES = ("zh", "en")
_TITLES_LAST: tuple[type[Element], ...] = (FieldEntry, Role, Setting)
"""One-line entries, in which the type is what one looks for."""


@cache
def keys_at(path: tuple[str, ...]) -> Sequence[str]:
    """Return the keys of the element at a path, in canonical order; () for maps whose keys are names."""
    if not path:
        return (*PART_HEAD[:1], *keys_of(WorkflowText)[:4], *PART_HEAD[3:], *keys_of(WorkflowText)[4:])
    at: Any = Sections if path[0] in Sections.model_fields else WorkflowText
    for step in path:
        at = _inside(at, step)
    model = _element(at)
    if model is None or model is Order:
        return ()
    keys = keys_of(model)
    if not issubclass(model, _TITLES_LAST):
        return keys
    rest = [key for key in keys if key not in (*_TITLES, "rules")]
    return (*rest, *_TITLES, "rules")


def _inside(annotation: Any, step: str) -> Any:
    """Return what stands under a key (or in a list) of an annotation; None when nothing is known of it."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _inside(arguments[0], step)
    if origin in (Union, types.UnionType):
        return next((found for one in arguments if (found := _inside(one, step)) is not None), None)
    if origin is dict:
        return arguments[1]
    if origin is tuple:
        return arguments[0] if step == ITEM else _inside(arguments[0], step)
    if isinstance(annotation, type) and issubclass(annotation, Element):
        fields = annotation.model_fields.items()
        return next((_typed(field) for name, field in fields if (field.alias or name) == step), None)
    return None


def _typed(field: Any) -> Any:
    return field.annotation


def _element(annotation: Any) -> type[Element] | None:
    """Return the element that a map is, where one or a list of them may stand."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Annotated, tuple):
        return _element(arguments[0])
    if origin in (Union, types.UnionType):
        return next((found for one in arguments if (found := _element(one)) is not None), None)
    return annotation if isinstance(annotation, type) and issubclass(annotation, Element) else None
