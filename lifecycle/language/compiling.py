"""What compiling needs at every element: expressions made where they stand, literals in stored form, problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lifecycle.core.events import Json
from lifecycle.core.parsing import accept
from lifecycle.core.values import FieldType, Misfit
from lifecycle.core.workflow import Condition, Field, Formula, Setting, Table
from lifecycle.expressions import ValueType
from lifecycle.language.columns import inside
from lifecycle.language.conditions import Both, Customs, Expression, Literal, Surroundings, condition
from lifecycle.language.definition import Definition
from lifecycle.language.facts import Facts
from lifecycle.language.fieldtypes import fields_of, lists_type, series_type, settings_of, type_of_entry, value_type
from lifecycle.language.flatten import Flat, flatten
from lifecycle.language.names import Names, Site
from lifecycle.language.relations import Relations, relations_of
from lifecycle.language.tree import MapNode, ScalarNode, Style, lookup
from lifecycle.problems import Place, Problem

Written = str | int | bool | Decimal
TICKED_ITEMS = ValueType("list", of=ValueType("text"))
"""The field by which a checklist's own step is told what was ticked."""
LITERALS = {
    "choice-unknown": "literal-unknown-choice",
    "value-too-small": "literal-out-of-bounds",
    "value-too-large": "literal-out-of-bounds",
}
"""What a misfit is called when a designer wrote it; everything else is `literal-wrong-type`."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An expression and where it was written: the path of its value, or of the map whose key it is."""

    expression: Expression
    path: str
    key: str = ""


class Compiler:
    """The parts of one workflow that every element's compilation uses.

    problems      found while compiling; the expressions' own are found by `expression_problems`
    tables        compiled before the steps that ask them
    unresolved    whether something names what is not there, which the checker reports: no workflow comes out
    """

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.text = definition.text
        self.problems: list[Problem] = []
        self.unresolved = bool(definition.broken)
        self.expressions: list[Placed] = []
        self.fields: dict[str, Field] = fields_of(definition)
        self.customs = Customs(
            zone=_zone(self.text.zone),
            currency=_currency(self.fields),
            lists={name: value_type(lists_type(definition, name)) for name in self.text.lists},
            series={name: value_type(series_type(one.is_)) for name, one in self.text.series.items()},
        )
        self.settings: dict[str, Setting] = settings_of(definition, self._defaults())
        self.flats: dict[str, Flat] = {name: flatten(name, machine) for name, machine in self.text.machines.items()}
        self.relations: Relations = relations_of(definition, self.flats)
        self.names = Names(definition, self.fields, self.settings, self.relations)
        self.tables: dict[str, Table] = {}
        self._facts: Facts | None = None

    def _defaults(self) -> dict[str, Json]:
        return {
            name: self.literal(setting.default, type_of_entry(self.definition, setting), f"settings.{name}.default")
            for name, setting in self.text.settings.items()
        }

    @property
    def facts(self) -> Facts:
        """What is surely known where; only checking asks."""
        if self._facts is None:
            self._facts = Facts(self.definition, self.flats, self.relations)
        return self._facts

    def around(self, site: Site) -> Surroundings:
        """Return what may be read at a site."""
        return Surroundings(lambda: self.names.environment(site), lambda: self.facts.at(site), site.given)

    def condition(self, text: str, around: Surroundings, path: str, key: str = "") -> Expression:
        """Return a condition.

        path  of its value; with `key`, of the map in which it is that key
        """
        made = condition(text, around, self.customs)
        self.expressions.append(Placed(made, path, key))
        return made

    def when(self, text: str | None, around: Surroundings, path: str) -> Condition | None:
        """Return the condition of a `when`, if there is one."""
        return None if text is None else self.condition(text, around, f"{path}.when")

    def formula(
        self, written: Written, type: FieldType | None, around: Surroundings, path: str, *, personal: bool = False
    ) -> Formula:
        """Return a value: an expression when it begins with "=", else the literal.

        personal  whether a personal field takes it
        """
        if isinstance(written, str) and written.startswith("="):
            return self.expression(written, type, around, path, personal=personal)
        stored = written if type is None else self.literal(written, type, path)
        return Literal(str(written), stored)

    def expression(
        self, text: str, type: FieldType | None, around: Surroundings, path: str, *, personal: bool = False
    ) -> Expression:
        """Return an expression that gives a value of a type; of any type when it is None."""
        made = Expression(text, expect=type, around=around, customs=self.customs, personal=personal)
        self.expressions.append(Placed(made, path))
        return made

    def each(self, text: str | None, site: Site, path: str) -> tuple[Expression | None, Site]:
        """Return the rows of an `each` and the site at which its row is read as `it`."""
        if text is None:
            return None, site
        made = self.expression(text, None, self.around(site), f"{path}.each")
        return made, replace(site, each=made)

    def literal(self, written: Written, type: FieldType, path: str) -> Json:
        """Return the stored form of a literal; None, with a problem, when it does not fit its type."""
        if isinstance(written, str) and written.startswith("="):
            where = self.definition.place(path)
            self.problems.append(Problem(code="literal-wanted", where=where, values={"value": written[:80]}))
            return None
        stored = accept(type, written, _zone(self.text.zone))
        if isinstance(stored, Misfit):
            self.misfit(stored, written, path)
            return None
        return stored

    def misfit(self, misfit: Misfit, written: object, path: str) -> None:
        """Report a literal that does not fit its type."""
        said, told = str(written)[:80], misfit.values
        values: dict[str, object] = {"value": said, "name": said, "type": told.get("type", "")}
        values["known"] = told.get("allowed", ())
        values["limit"] = told.get("minimum", told.get("maximum", ""))
        code = LITERALS.get(misfit.code, "literal-wrong-type")
        self.problems.append(Problem(code=code, where=self.definition.place(path), values=values))

    def nth(self, path: str, number: int) -> str:
        """Return the path of one of several entries, which has a number only when they were written as a list."""
        return f"{path}.{number}" if f"{path}.0" in self.definition.places.values else path

    def field(self, name: str) -> Field | None:
        """Return a field of the dictionary; None, and no workflow in the end, for one that it does not have."""
        found = self.fields.get(name)
        self.unresolved |= found is None
        return found

    def form_types(self, names: tuple[str, ...]) -> Mapping[str, ValueType]:
        """Return the types of the fields of a form."""
        known = self.names.types
        return {name: known.get(name, TICKED_ITEMS) for name in names if name in known or name == "items"}

    def expression_problems(self) -> list[Problem]:
        """Return the faults of every expression, each at its column, and the names that it should have tested.

        A shared guard is checked with the names of every step that asks for it; what is wrong there is told once.
        """
        found: dict[tuple[Place, str, object], Problem] = {}
        for placed in self.expressions:
            faults, untested = placed.expression.check()
            told = [(fault.line, fault.column, fault.code, fault.values) for fault in faults]
            told.extend((1, column, "expression-untested-name", {"name": name}) for name, column in untested)
            for line, column, code, values in told:
                where = self._inside(placed, line, column)
                found.setdefault((where, code, values.get("name")), Problem(code=code, where=where, values=values))
        return list(found.values())

    def _inside(self, placed: Placed, line: int, column: int) -> Place:
        scalar, style, value = self._scalar(placed)
        source = placed.expression.source
        before = sum(len(one) + 1 for one in source.split("\n")[: line - 1])
        return inside(scalar, style, value, before + column - 1 + len(placed.expression.text) - len(source))

    def _scalar(self, placed: Placed) -> tuple[Place, Style, str]:
        node = lookup(self.definition.tree, placed.path)
        if placed.key and isinstance(node, MapNode):
            key = node.key(placed.key)
            if key is not None:
                return key.place, key.style, key.value
        if isinstance(node, ScalarNode):
            return node.place, node.style, str(node.value)
        return self.definition.place(placed.path), "folded", ""


def both(first: Condition | None, second: Condition | None) -> Condition | None:
    """Return the condition that both hold."""
    if first is None or second is None:
        return first or second
    return Both(first, second)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")  # the checker reports a zone that does not exist


def _currency(fields: Mapping[str, Field]) -> str:
    """Return what `money("12.50")` means: the currency of the first field of money."""
    return next((one.type.currency for one in fields.values() if one.type.name == "money"), "CNY")
