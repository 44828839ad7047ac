"""The first row of a table: whether it holds the names of the columns, and these names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bpviz.session.tables.number_format import MISSING_TEXTS, NumberFormat
from bpviz.session.tables.table_error import TableError, quoted

_LONGEST_NAME = 100


def usual_width(rows: Sequence[Sequence[str]]) -> int:
    """Return the length that most rows have; of the first row only if there is no other."""
    below = rows[1:] or rows
    return Counter(len(row) for row in below).most_common(1)[0][0]


def guess_header(rows: Sequence[Sequence[str]], number_format: NumberFormat) -> bool:
    """Return whether the first row probably holds names.

    It does if no name is a number and a column below is of numbers, or, among texts alone, if no name is met again
    below; also if it counts its columns, and the second
    row does not count on.
    """
    first, below = [cell.strip() for cell in rows[0]], rows[1:]
    kinds = [_kind(cell, number_format) for cell in first]
    if _counts(first):
        return not below or below[0][:1] != [str(int(first[-1]) + 1)]
    if "number" in kinds or "text" not in kinds:
        return False
    if not below:
        return len(first) > 1
    columns = [[_kind(row[n], number_format) for row in below if n < len(row)] for n in range(len(first))]
    if any("number" in column and "text" not in column for column in columns):
        return True
    seen = {(n, cell.strip()) for row in below for n, cell in enumerate(row)}
    return len(set(first)) == len(first) and not any((n, cell) in seen for n, cell in enumerate(first) if cell)


def _kind(cell: str, number_format: NumberFormat) -> str:
    if cell.strip() in MISSING_TEXTS:
        return "missing"
    return "text" if number_format.value(cell) != number_format.value(cell) else "number"


def _counts(cells: Sequence[str]) -> bool:
    """Return whether cells are 0, 1, 2, ... or 1, 2, 3, ...: names that programs give to columns without names."""
    count = len(cells)
    return count > 2 and list(cells) in ([str(n) for n in range(count)], [str(n) for n in range(1, count + 1)])


def column_names(first: Sequence[str], width: int, has_header: bool) -> list[str]:
    """Return different names for all columns. R writes no name over the first column, which holds the rows' names.

    Raises
    ------
    TableError
        If the header has more names than there are columns, or far fewer.
    """
    if not has_header:
        return [f"column {n}" for n in range(1, width + 1)]
    names = [" ".join(cell.split())[:_LONGEST_NAME] for cell in first]
    while len(names) > width and not names[-1]:
        names.pop()
    if len(names) == width - 1:
        names.insert(0, "row")
    if len(names) != width:
        raise TableError(
            f"The first row has {len(names):,} cells (“{quoted(names[0])}”, …), and those below have {width:,}: give "
            "each column a name, and delete lines above the names."
        )
    return _different([name or f"column {n}" for n, name in enumerate(names, start=1)])


def _different(names: Sequence[str]) -> list[str]:
    """Return the names, a repeated one with a number behind it."""
    taken, found = set(names), []
    counts: Counter[str] = Counter()
    for name in names:
        counts[name] += 1
        new = name
        while counts[name] > 1 and new in taken:
            new = f"{name} ({counts[name]})"
            counts[name] += new in taken
        taken.add(new)
        found.append(new)
    return found
