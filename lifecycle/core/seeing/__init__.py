"""What is seen of many cases: the rows of views and the members of audiences as cases stand, figures over events."""

from lifecycle.core.seeing.figures import Figures, Line, Tally
from lifecycle.core.seeing.happening import moments
from lifecycle.core.seeing.members import Members, members_of
from lifecycle.core.seeing.rows import Looker, Row, Rows, RowScope, Unjudged, rows_of
from lifecycle.core.seeing.words import ROW_WORDS

__all__ = [
    "ROW_WORDS",
    "Figures",
    "Line",
    "Looker",
    "Members",
    "Row",
    "RowScope",
    "Rows",
    "Tally",
    "Unjudged",
    "members_of",
    "moments",
    "rows_of",
]
