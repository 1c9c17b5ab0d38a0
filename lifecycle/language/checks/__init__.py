"""The rules of the checker, one to a file: each yields the problems of its kind from what it is shown."""

from __future__ import annotations

from lifecycle.language.checks.arguments import unknown_arguments
from lifecycle.language.checks.audiences import audiences
from lifecycle.language.checks.calendars import calendars
from lifecycle.language.checks.checklists import idle_checklists
from lifecycle.language.checks.choices import branches
from lifecycle.language.checks.clashes import name_clashes, step_clashes
from lifecycle.language.checks.constant_guards import constant_conditions
from lifecycle.language.checks.coverage import coverage, coverage_asked
from lifecycle.language.checks.deadlines import deadline_names, deadline_walks, unknown_clocks
from lifecycle.language.checks.derived import labels
from lifecycle.language.checks.freezing import frozen
from lifecycle.language.checks.history import histories
from lifecycle.language.checks.joins import empty_joins, forgotten_children
from lifecycle.language.checks.keys import kind_keys
from lifecycle.language.checks.kpis import kpis
from lifecycle.language.checks.ledgers import balancing, consented, posts
from lifecycle.language.checks.lists import lists
from lifecycle.language.checks.loops import event_loops, restless_conditions
from lifecycle.language.checks.names import unknown_names
from lifecycle.language.checks.never_set import reads_before_set
from lifecycle.language.checks.notices import placeholders_named
from lifecycle.language.checks.numbers import case_numbers
from lifecycle.language.checks.openings import first_opening
from lifecycle.language.checks.orders import orders
from lifecycle.language.checks.overwritten import overwritten_forms
from lifecycle.language.checks.paper_paths import paper_paths
from lifecycle.language.checks.papers import paper_lines, paper_moves, reconciled
from lifecycle.language.checks.parties import parties
from lifecycle.language.checks.pools import assigned_by_openings, assignees, pools
from lifecycle.language.checks.rules_carried import rules
from lifecycle.language.checks.schedules import schedules
from lifecycle.language.checks.sends import unreceived
from lifecycle.language.checks.separation import separation_of_duty
from lifecycle.language.checks.series import series
from lifecycle.language.checks.settlements import settlements
from lifecycle.language.checks.starts import idle_kinds, idle_machines
from lifecycle.language.checks.subject import Check, Subject
from lifecycle.language.checks.tables import table_rows
from lifecycle.language.checks.titles import missing_titles
from lifecycle.language.checks.traps import traps
from lifecycle.language.checks.unreachable import unreachable_states
from lifecycle.language.checks.unused import never_used
from lifecycle.language.checks.views import views

CHECKS: tuple[Check, ...] = (
    unknown_names,
    unknown_arguments,
    calendars,
    deadline_names,
    unknown_clocks,
    name_clashes,
    step_clashes,
    missing_titles,
    unreachable_states,
    traps,
    idle_machines,
    idle_kinds,
    parties,
    deadline_walks,
    separation_of_duty,
    histories,
    orders,
    constant_conditions,
    branches,
    table_rows,
    reads_before_set,
    overwritten_forms,
    event_loops,
    restless_conditions,
    empty_joins,
    forgotten_children,
    idle_checklists,
    never_used,
    case_numbers,
    kind_keys,
    unreceived,
    first_opening,
    pools,
    assignees,
    assigned_by_openings,
    paper_moves,
    paper_lines,
    reconciled,
    paper_paths,
    posts,
    balancing,
    consented,
    settlements,
    lists,
    series,
    placeholders_named,
    views,
    kpis,
    labels,
    frozen,
    audiences,
    schedules,
    coverage,
    coverage_asked,
    rules,
)

__all__ = ["CHECKS", "Check", "Subject"]
