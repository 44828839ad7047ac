"""How large a table may be, and the sentences about one that is larger.

They bound the memory of reading: 8 bytes for each number, 4 for each cell of a column of texts, each different text
once, and one piece of the file at a time.
"""

from __future__ import annotations

from collections.abc import Callable

from bpviz.language import _
from bpviz.session.tables.table_error import ReadingCancelledError, TableError

MOST_BYTES = 2_000_000_000  # of a file
MOST_CELLS = 50_000_000
MOST_COLUMNS = 10_000
MOST_TEXTS = 2_000_000  # different ones, in all columns together
MOST_CHARACTERS_OF_A_LINE = 10_000_000

# Called with the share that has been read, 0..1; it returns whether to go on.
Progress = Callable[[float], bool]


def go_on(share: float) -> bool:
    """Report no progress, and never cancel."""
    return True


def report(progress: Progress, share: float) -> None:
    """Report how much has been read.

    Raises
    ------
    ReadingCancelledError
        If it is not to go on.
    """
    if not progress(min(share, 1.0)):
        raise ReadingCancelledError


def check_size(rows: int, columns: int) -> None:
    """Check the numbers of rows and columns.

    Raises
    ------
    TableError
        If there are too many.
    """
    if columns > MOST_COLUMNS:
        raise TableError(
            _(
                "The table has {columns:,} columns, and at most {most_columns:,} are read: keep the columns that you "
                "need."
            ).format(columns=columns, most_columns=MOST_COLUMNS)
        )
    if rows * columns > MOST_CELLS:
        raise TableError(
            _(
                "The table has more than {most_cells:,} cells ({columns:,} columns): keep fewer rows, or the columns "
                "that "
                "you need."
            ).format(most_cells=MOST_CELLS, columns=columns)
        )
