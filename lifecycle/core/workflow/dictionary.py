"""The data dictionary: fields, settings, roles, tables, checklists, what staff are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from lifecycle.core.events import Json
from lifecycle.core.values import FieldType
from lifecycle.core.workflow.conditions import Cell, Condition, Formula
from lifecycle.problems import NOWHERE, Place, Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A name of the data dictionary.

    shared  whether it belongs to the case (`scope: case`) and not to one instance
    pii     whether it is personal: kept only as ciphertext, unreadable for guards
    """

    name: str
    type: FieldType
    titles: Text = field(default_factory=dict)
    shared: bool = False
    pii: bool = False
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """A figure that the organisation sets in use.

    given    whether the source names it
    follows  whether running clocks move with it
    """

    name: str
    type: FieldType
    default: Json
    given: bool = True
    follows: bool = False
    titles: Text = field(default_factory=dict)
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """Who may act.

    party     has no login, another role records for it
    corrects  may correct any entry
    within    the field that holds the unit whose staff alone may act in it; None asks for none
    """

    name: str
    titles: Text = field(default_factory=dict)
    party: bool = False
    corrects: bool = False
    within: Field | None = None
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Guidance:
    """What staff are shown in a state. role "": everybody."""

    text: Text
    role: str = ""
    reviewed: bool = True
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One line of a checklist. by (): whoever takes the ticking step. proof: a field that must be given."""

    name: str
    titles: Text = field(default_factory=dict)
    when: Condition | None = None
    by: tuple[str, ...] = ()
    proof: Field | None = None
    each: Formula | None = None
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Checklist:
    """Items attested by people over the states of one machine."""

    name: str
    items: Mapping[str, Item]
    titles: Text = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of a decision table: a cell per input that it tests, and its outputs."""

    cells: Mapping[str, Cell]
    outputs: Mapping[str, Json]
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A decision table (DMN). default: the outputs when no row matches; None refuses."""

    name: str
    inputs: Mapping[str, FieldType]
    outputs: Mapping[str, FieldType]
    rows: tuple[Row, ...]
    hit: Literal["unique", "first", "collect", "max"] = "unique"
    default: Mapping[str, Json] | None = None
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE
