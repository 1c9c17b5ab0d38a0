"""Derived labels: their value, read in the machine or kind that they belong to."""

from __future__ import annotations

from dataclasses import dataclass

from lifecycle.core import workflow as core
from lifecycle.core.events import Json
from lifecycle.core.workflow import Condition, Failure, Scope
from lifecycle.language.compiling import Compiler, Placed
from lifecycle.language.conditions import Expression
from lifecycle.language.derived import DerivedEntry
from lifecycle.language.fieldtypes import type_named
from lifecycle.language.names import Site


@dataclass(frozen=True, slots=True)
class Truth:
    """A condition as a value that is never null (implements the core's `Formula`)."""

    condition: Condition

    @property
    def text(self) -> str:
        return self.condition.text

    @property
    def reads(self) -> tuple[str, ...]:
        return self.condition.reads

    def value(self, scope: Scope) -> Json | Failure:
        return self.condition.holds(scope)


def derived_of(compiler: Compiler, name: str, entry: DerivedEntry) -> core.Derived:
    """Return a label."""
    path = f"derived.{name}"
    machine = entry.of if entry.of in compiler.text.machines else ""
    kind = entry.of if entry.of in compiler.text.cases and not machine else ""
    compiler.unresolved |= not machine and not kind
    kinds = compiler.relations.kinds.get(machine, ()) if machine else (kind,) if kind else ()
    type = type_named(compiler.definition, entry.is_)
    around = compiler.around(Site(machine=machine, kinds=kinds))
    if type.name == "boolean":
        made = Expression(entry.value, expect=type, around=around, customs=compiler.customs, is_value=False)
        compiler.expressions.append(Placed(made, f"{path}.value"))
        value: core.Formula = Truth(made)
    else:
        value = compiler.expression(entry.value, type, around, f"{path}.value")
    return core.Derived(
        name=name,
        type=type,
        value=value,
        titles=entry.titles,
        machine=machine,
        kind=kind,
        frozen=entry.frozen or "",
        rules=entry.rules,
        where=compiler.definition.key_place(path),
    )
