"""Reading pasted text as an array: a spreadsheet, numpy's print, nested lists, a LaTeX matrix, plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from bpviz.core.arrays import Array
from bpviz.language import _, ngettext
from bpviz.session.own_numbers.brackets import rows_in_brackets
from bpviz.session.own_numbers.latex_matrix import is_latex, rows_of_latex
from bpviz.session.own_numbers.number_text_error import NumberTextError, quoted

_MOST_CHARACTERS, _MOST_NUMBERS = 20_000_000, 1_000_000
_ELLIPSIS = re.compile(r"\.{3,}|…|\\[lcvd]?dots\b|⋯|⋮|⋱")
_INVISIBLE = re.compile("[\ufeff\u200b\u200c\u200d\u2060\u200e\u200f]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_MINUS = re.compile("[\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?")
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity|∞)", re.IGNORECASE)
# A comma between two digits, as in 0,5: a decimal comma, or two numbers.
_COMMA = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")
# Nobody writes a whole number as -0 or 05.
_SURELY_DECIMAL = re.compile(r"-0+,|,0\d")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+\.\d*|[+-]?\d{1,3}(\.\d{3})+,\d*")

Rows = Sequence[Sequence[str]]


def read_numbers(text: str) -> tuple[Array, ...]:
    """Return the arrays that a text can stand for, shape (n_rows, n_columns): one or, where a comma is unclear, two.

    An empty cell of a spreadsheet is NaN.

    Raises
    ------
    NumberTextError
        If the text is no array of numbers: the sentence says what is wrong, where, and what to do.
    """
    text = _cleaned(text)
    if is_latex(text):
        return (_array(rows_of_latex(text)),)
    if any(bracket in text for bracket in "[]{}()"):
        return (_array(rows_in_brackets(text)),)
    return _plain(text)


def _cleaned(text: str) -> str:
    """Return the text with plain spaces and minus signs."""
    if len(text) > _MOST_CHARACTERS:
        raise NumberTextError(
            _(
                "The text has {n_text:,} characters, of which at most {most_characters:,} are read: "
                "paste one array at a time."
            ).format(n_text=len(text), most_characters=_MOST_CHARACTERS)
        )
    text = _MINUS.sub("-", _SPACES.sub(" ", _INVISIBLE.sub("", text))).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise NumberTextError(_("There is no text to paste: copy the numbers first."))
    if found := _ELLIPSIS.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise NumberTextError(
            _(
                "Numbers are left out at “{found}” in line {line}: print the whole array "
                "(numpy: np.set_printoptions(threshold=np.inf)), and copy it again."
            ).format(found=found.group(), line=line)
        )
    return text


def _plain(text: str) -> tuple[Array, ...]:
    """Return lines of numbers, separated by tabs, semicolons, commas, bars or spaces."""
    lines = [line.strip("\n ") for line in text.split("\n")]
    lines = [line for line in lines if line.strip() and not re.fullmatch(r"[\s|:+=-]*", line)]
    if not lines:
        raise NumberTextError(
            _("There is no number in “{text}”: copy the numbers themselves.").format(text=quoted(text))
        )
    separator = next((sign for sign in "\t;|" if sign in "\n".join(lines)), None)
    if separator is not None:
        return (_array([_fields(line, separator) for line in lines], _with_decimal_comma),)
    if "," not in text:
        return (_array([line.split() for line in lines]),)
    return _with_commas(lines)


def _fields(line: str, separator: str) -> list[str]:
    """Return the cells of a line; a bar may frame it, and a semicolon may end it."""
    if separator == "|":
        line = line.strip().strip("|")
    elif separator == ";":
        line = line.strip().removesuffix(";")
    return [cell.strip().strip('"').strip() for cell in line.split(separator)]


def _with_commas(lines: Sequence[str]) -> tuple[Array, ...]:
    """Return the readings of lines in which commas separate numbers, or stand for the decimal point."""
    tokens = [token for line in lines for token in line.split()]
    separated = [[cell.strip() for cell in line.strip().removesuffix(",").split(",")] for line in lines]
    if any(_THOUSANDS.fullmatch(token) for token in tokens):
        return (_array([line.split() for line in lines], _with_decimal_comma),)
    if not all(_COMMA.fullmatch(token) or _NUMBER.fullmatch(token) for token in tokens):
        return (_array([_split_further(row) for row in separated]),)
    as_decimal = _array([line.split() for line in lines], _with_decimal_comma)
    has_spaces = any(len(line.split()) > 1 for line in lines)
    if has_spaces or any(_SURELY_DECIMAL.search(token) for token in tokens):
        return (as_decimal,)
    return as_decimal, _array(separated)


def _split_further(cells: Sequence[str]) -> list[str]:
    """Return the numbers between commas: also those that only spaces separate, as in "1 2, 3 4"."""
    return [part for cell in cells for part in (cell.split() or [cell])]


def _with_decimal_comma(cell: str) -> str:
    """Return a cell with a decimal point in place of a single comma.

    Raises
    ------
    NumberTextError
        If it has a comma and a point.
    """
    if "," not in cell:
        return cell
    if "." in cell or cell.count(",") > 1:
        raise NumberTextError(
            _(
                "“{cell}” has signs between its thousands, or is several numbers: "
                "write it with a decimal point alone, as in 1234.5."
            ).format(cell=quoted(cell))
        )
    return cell.replace(",", ".")


def _array(rows: Rows, prepared: Callable[[str], str] = str) -> Array:
    """Return the numbers of rows of equal length."""
    count = sum(map(len, rows))
    if count > _MOST_NUMBERS:
        raise NumberTextError(
            _(
                "The text has {count:,} numbers, and at most {most_numbers:,} are read: paste one array at a time."
            ).format(count=count, most_numbers=_MOST_NUMBERS)
        )
    if not count:
        raise NumberTextError(_("There are brackets but no numbers in the text: copy the numbers themselves."))
    first = len(rows[0])
    for number, row in enumerate(rows, start=1):
        if len(row) != first:
            raise NumberTextError(
                _(
                    "Row {number} has {numbers}, and row 1 has {first}: "
                    "copy a whole array, with rows of the same length."
                ).format(number=number, numbers=_numbers(len(row)), first=first)
            )
    return np.array([[_number(prepared(cell), *at) for at, cell in _places(n, row)] for n, row in enumerate(rows, 1)])


def _places(row: int, cells: Sequence[str]) -> list[tuple[tuple[int, int], str]]:
    return [((row, column), cell) for column, cell in enumerate(cells, start=1)]


def _numbers(count: int) -> str:
    return ngettext("{count} number", "{count} numbers", count).format(count=count)


def _number(cell: str, row: int, column: int) -> float:
    if not cell:
        return np.nan
    if _NUMBER.fullmatch(cell) and np.isfinite(value := float(re.sub("[dD]", "e", cell))):
        return value
    if _NUMBER.fullmatch(cell) or _NOT_FINITE.fullmatch(cell):
        raise NumberTextError(
            _(
                "“{cell}” in row {row}, column {column} is not finite, and has no difference to compare: paste an "
                "array that is computed before it, and find the first that is not finite."
            ).format(cell=quoted(cell), row=row, column=column)
        )
    raise NumberTextError(
        _("“{cell}” in row {row}, column {column} is not a number: copy numbers only, without names and units.").format(
            cell=quoted(cell), row=row, column=column
        )
    )
