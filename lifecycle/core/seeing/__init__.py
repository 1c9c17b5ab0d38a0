"""What is seen of many cases: the rows of views, worked out from cases as they stand."""

from lifecycle.core.seeing.rows import Looker, Row, Rows, RowScope, Unjudged, rows_of
from lifecycle.core.seeing.words import ROW_WORDS

__all__ = ["ROW_WORDS", "Looker", "Row", "RowScope", "Rows", "Unjudged", "rows_of"]
