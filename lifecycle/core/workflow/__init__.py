"""The compiled workflow, as decisions see it.

The language room builds these values once per published version; nothing here knows YAML, CEL or
any package. Conditions and formulas arrive behind two small protocols.
"""

from lifecycle.core.workflow.acts import (
    Branch,
    Call,
    Effect,
    Expectation,
    FormField,
    Guard,
    Invariant,
    Open,
    Send,
    Set,
    Start,
    Who,
)
from lifecycle.core.workflow.conditions import Cell, Condition, Failure, Formula, Scope
from lifecycle.core.workflow.coverage import Coverage
from lifecycle.core.workflow.dictionary import Checklist, Field, Guidance, Item, Role, Row, Setting, Table
from lifecycle.core.workflow.kinds import Kind, Link, Opening, Workflow, brood_of
from lifecycle.core.workflow.ledgers import Ledger, Mark, Post, Renewal
from lifecycle.core.workflow.lists import Listing
from lifecycle.core.workflow.machines import TIMED, Arrows, Machine, Order, State, Step, effects_of
from lifecycle.core.workflow.notices import Notify
from lifecycle.core.workflow.papers import MovePaper, Paper, Reconciliation, Signer, Stage, Wanted
from lifecycle.core.workflow.people import Assign, Away, Pool, Qualify, Release, Slot
from lifecycle.core.workflow.schedules import Schedule, Told
from lifecycle.core.workflow.seeing import (
    Apart,
    Audience,
    Column,
    Derived,
    Freeze,
    Happening,
    Kpi,
    Sorting,
    Tallied,
    View,
)
from lifecycle.core.workflow.series import Record, Series
from lifecycle.core.workflow.settlements import Counted, Posted, Ranking, RowColumn, Settle, Settlement
from lifecycle.core.workflow.time import BREACH, ELAPSED, Cue, Deadline, Length, Rung

__all__ = [
    "BREACH",
    "ELAPSED",
    "TIMED",
    "Apart",
    "Arrows",
    "Assign",
    "Audience",
    "Away",
    "Branch",
    "Call",
    "Cell",
    "Checklist",
    "Column",
    "Condition",
    "Counted",
    "Coverage",
    "Cue",
    "Deadline",
    "Derived",
    "Effect",
    "Expectation",
    "Failure",
    "Field",
    "FormField",
    "Formula",
    "Freeze",
    "Guard",
    "Guidance",
    "Happening",
    "Invariant",
    "Item",
    "Kind",
    "Kpi",
    "Ledger",
    "Length",
    "Link",
    "Listing",
    "Machine",
    "Mark",
    "MovePaper",
    "Notify",
    "Open",
    "Opening",
    "Order",
    "Paper",
    "Pool",
    "Post",
    "Posted",
    "Qualify",
    "Ranking",
    "Reconciliation",
    "Record",
    "Release",
    "Renewal",
    "Role",
    "Row",
    "RowColumn",
    "Rung",
    "Schedule",
    "Scope",
    "Send",
    "Series",
    "Set",
    "Setting",
    "Settle",
    "Settlement",
    "Signer",
    "Slot",
    "Sorting",
    "Stage",
    "Start",
    "State",
    "Step",
    "Table",
    "Tallied",
    "Told",
    "View",
    "Wanted",
    "Who",
    "Workflow",
    "brood_of",
    "effects_of",
]
