"""Lists: reference rows that staff maintain in use, as the workflow's text begins them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lifecycle.core.values import FieldType, Json
from lifecycle.problems import NOWHERE, Place, Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A list of a workflow.

    key      the column that names a row
    type     of the whole list: its columns and which of them every row has
    columns  titles of the columns, by name
    rows     those of the text, in their stored form: in force until somebody changes them
    kept_by  roles that may change it; (): whoever may use the command
    """

    name: str
    titles: Text = field(default_factory=dict)
    key: str
    type: FieldType
    columns: Mapping[str, Text] = field(default_factory=dict)
    rows: tuple[Mapping[str, Json], ...] = ()
    kept_by: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE
