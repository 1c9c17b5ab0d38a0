"""What an expression may name: its declared names and functions, and the CEL environments made of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property, lru_cache

from cel_expr_python import cel  # type: ignore[import-untyped]  # ships stubs without the py.typed mark

from lifecycle.expressions.functions import STANDARD, Signature, declarations
from lifecycle.expressions.values import ValueType, checked_as


class Environment:
    """Names with their types, which of them are never null, and functions.

    Cheap to make: the CEL environments behind it are made at first use, one for running per set of names
    and one for checking per set of names and of those always set; environments made alike share them.
    """

    def __init__(
        self,
        names: Mapping[str, ValueType],
        always_set: Collection[str] = (),
        functions: Mapping[str, Signature] = STANDARD,
    ) -> None:
        self.names = dict(names)
        self.always_set = frozenset(always_set)
        self.functions = dict(functions)
        self._names_key = tuple(sorted(self.names.items(), key=lambda item: item[0]))
        self._functions_key = tuple(sorted(self.functions.items(), key=lambda item: item[0]))

    def knowing(self, always_set: Collection[str]) -> Environment:
        """Return the same environment with more names that are never null."""
        return Environment(self.names, self.always_set | frozenset(always_set), self.functions)

    @cached_property
    def checking(self) -> cel.Env:
        """The CEL environment in which types are checked; nothing can be run in it."""
        return _checking(self._names_key, self.always_set.intersection(self.names), self._functions_key)

    @cached_property
    def running(self) -> cel.Env:
        """The CEL environment in which expressions are run; its names have no types."""
        return _running(tuple(self.names), self._functions_key)


@lru_cache(maxsize=256)
def _checking(
    names: tuple[tuple[str, ValueType], ...],
    always_set: frozenset[str],
    functions: tuple[tuple[str, Signature], ...],
) -> cel.Env:
    types = {name: checked_as(of, always_set=name in always_set) for name, of in names}
    return cel.NewEnv(variables=types, functions=declarations(dict(functions), for_checking=True))


@lru_cache(maxsize=256)
def _running(names: tuple[str, ...], functions: tuple[tuple[str, Signature], ...]) -> cel.Env:
    types = dict.fromkeys(names, cel.Type.DYN)
    return cel.NewEnv(variables=types, functions=declarations(dict(functions), for_checking=False))
