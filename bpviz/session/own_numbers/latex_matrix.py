"""Matrices of LaTeX: cells separated by &, rows by two backslashes."""

from __future__ import annotations

import re

from bpviz.language import _
from bpviz.session.own_numbers.number_text_error import NumberTextError, quoted

_BEGIN = re.compile(r"\\begin\{(\w+\*?)\}(?:\[[^\]]*\])?(?:\{[^{}]*\})?")
_POWER = re.compile(r"\\(?:times|cdot)\s*10\s*\^\s*(?:\{\s*([+-]?\s*\d+)\s*\}|(\d))")
_LEFT_OUT = re.compile(
    r"\\(?:left|right)\s*(?:\\[{}]|[\[\]().|])?|\\(?:hline|toprule|midrule|bottomrule|displaystyle|phantom\{[^{}]*\})"
    r"|\\[,;:! ]|\$+|\\[\[\]()]|~"
)
_ROW_END = re.compile(r"\\\\(?:\[[^\]]*\])?|\\tabularnewline|\\cr\b")


def is_latex(text: str) -> bool:
    """Return whether a text is a matrix of LaTeX."""
    return bool(_BEGIN.search(text)) or ("&" in text and "\\\\" in text)


def rows_of_latex(text: str) -> list[list[str]]:
    """Return the cells of a matrix.

    Raises
    ------
    NumberTextError
        If there are several matrices, or one is not complete.
    """
    text = _environment(text) if _BEGIN.search(text) else text
    text = _POWER.sub(lambda found: f"e{(found[1] or found[2]).replace(' ', '')}", text).replace("{,}", ".")
    rows = [[_cell(cell) for cell in row.split("&")] for row in _ROW_END.split(text)]
    return [row for row in rows if any(row)]


def _environment(text: str) -> str:
    begins = list(_BEGIN.finditer(text))
    if len(begins) > 1:
        raise NumberTextError(_("The text has {n_begins} matrices: paste one at a time.").format(n_begins=len(begins)))
    name, start = begins[0][1], begins[0].end()
    end = text.find(f"\\end{{{name}}}", start)
    if end < 0:
        raise NumberTextError(
            _("“\\begin{{{name}}}” has no “\\end{{{name}}}”: copy the matrix to its end.").format(name=name)
        )
    return text[start:end]


def _cell(cell: str) -> str:
    cell = re.sub(r"\s+(?=e[+-]?\d)", "", _LEFT_OUT.sub(" ", cell).strip())
    cell = re.sub(r"^\{(.*)\}$", r"\1", cell).strip()
    if "\\" in cell:
        raise NumberTextError(
            _("“{cell}” is a command of LaTeX, not a number: copy a matrix of numbers.").format(cell=quoted(cell))
        )
    return re.sub(r"^([+-])\s+", r"\1", cell)
