"""What is seen of many cases: the rows of views as cases stand, figures over what happened in them."""

from lifecycle.core.seeing.figures import Figures, Line, Tally
from lifecycle.core.seeing.happening import moments
from lifecycle.core.seeing.rows import Looker, Row, Rows, RowScope, Unjudged, rows_of
from lifecycle.core.seeing.words import ROW_WORDS

__all__ = [
    "ROW_WORDS",
    "Figures",
    "Line",
    "Looker",
    "Row",
    "RowScope",
    "Rows",
    "Tally",
    "Unjudged",
    "moments",
    "rows_of",
]
