"""What separates the cells of a text: the sign that gives rows of equal length, most of them numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bpviz.session.tables.number_format import is_number
from bpviz.session.tables.read_options import DELIMITERS
from bpviz.session.tables.table_error import TableError
from bpviz.session.tables.text_rows import split

_PAIR = re.compile(r"\s*[+-]?\d+,\d+\s*")
# Nobody writes whole numbers as 05 or -0.
_SURELY_DECIMAL = re.compile(r",0\d|-0+,")


def guess_delimiter(lines: Sequence[str]) -> str:
    """Return what probably separates the cells in lines, a key of `DELIMITERS`; for a single column a tab."""
    scores = {delimiter: _score(lines, delimiter) for delimiter in DELIMITERS}
    best = max(scores, key=scores.__getitem__)  # of equal ones the first, which texts contain least
    if not scores[best][1] or (best == "," and _is_one_column_of_decimals(lines)):
        return "\t"
    return best


def _score(lines: Sequence[str], delimiter: str) -> tuple[bool, float, float]:
    """Return whether all rows have the same length, the share of those that do, and the share of numbers."""
    rows = [row for row in _rows(lines, delimiter) if any(cell.strip() for cell in row)]
    if not rows:
        return False, 0.0, 0.0
    width, count = Counter(len(row) for row in rows).most_common(1)[0]
    if width < 2 or sum(len(row) > 1 for row in rows) <= len(rows) / 2:
        return False, 0.0, 0.0
    cells = [cell for row in rows for cell in row if cell.strip()]
    numbers = sum(map(is_number, cells)) / len(cells)
    share = count / len(rows)
    return share == 1, share if share == 1 else share * (0.5 + numbers / 2), numbers


def _rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """Return the rows up to the first that cannot be split: the last may have quotes that are closed later."""
    rows: list[list[str]] = []
    try:
        rows.extend(split(lines, delimiter))
    except TableError:
        return rows
    return rows


def _is_one_column_of_decimals(lines: Sequence[str]) -> bool:
    return all(_PAIR.fullmatch(line) for line in lines) and any(_SURELY_DECIMAL.search(line) for line in lines)
