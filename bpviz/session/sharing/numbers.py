"""The numbers of a panel as rows under titles, and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

#: The column of a run that is not backpropagation: how many mistakes are planted, and not which, so that none is told.
PLANTED = "planted_mistakes"


@dataclass(frozen=True)
class Numbers:
    """Rows under titles; numbers are in full precision."""

    columns: tuple[str, ...]
    rows: Iterable[Iterable[object]]

    def __post_init__(self) -> None:
        """Keep the rows of this moment."""
        object.__setattr__(self, "rows", tuple(self.rows))


def csv_text(numbers: Numbers, *, n_planted: int = 0) -> str:
    """Return numbers as CSV; a run with planted mistakes has a column more, which says so in every row."""
    title, value = ((PLANTED,), (n_planted,)) if n_planted else ((), ())
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow((*numbers.columns, *title))
    table.writerows((*row, *value) for row in numbers.rows)
    return text.getvalue()
