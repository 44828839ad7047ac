"""How the text of a table is to be read: what was guessed, or chosen instead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from bpviz.language import N_

Decimal = Literal[".", ","]

# The encodings that can be chosen, by Python's names of their codecs; a byte order mark is left out.
CODECS: dict[str, str] = {
    "UTF-8": "utf-8-sig",
    "UTF-16": "utf-16",
    "UTF-16 LE": "utf-16-le",
    "UTF-16 BE": "utf-16-be",
    N_("Western (cp1252)"): "cp1252",
    N_("Central European (cp1250)"): "cp1250",
    N_("Cyrillic (cp1251)"): "cp1251",
    N_("Chinese (GB18030)"): "gb18030",
    N_("Chinese (Big5)"): "big5",
    N_("Japanese (Shift JIS)"): "cp932",
    N_("Korean (cp949)"): "cp949",
}
DELIMITERS: dict[str, str] = {
    "\t": N_("tab"),
    ";": N_("semicolon"),
    ",": N_("comma"),
    "|": N_("bar"),
    " ": N_("spaces"),
}


@dataclass(frozen=True)
class ReadOptions:
    """How text becomes a table. What is None is guessed.

    Attributes
    ----------
    encoding : str, optional
        A key of `CODECS`.
    delimiter : str, optional
        A key of `DELIMITERS`; a space stands for any number of spaces and tabs.
    decimal : {".", ","}, optional
        The sign before decimals.
    groups : bool, optional
        Whether the other sign may stand between thousands where a cell alone does not tell, as in 1,234 with decimal
        points. In 1,234,567 and 1,234.5 it always may.
    has_header : bool, optional
        Whether the first row holds the names of the columns.
    sheet : str, optional
        The sheet of a workbook; the first one with cells is the guess.
    """

    encoding: str | None = None
    delimiter: str | None = None
    decimal: Decimal | None = None
    groups: bool | None = None
    has_header: bool | None = None
    sheet: str | None = None

    def completed(self, guess: ReadOptions) -> ReadOptions:
        """Return the same options, with those that are None from a guess."""
        missing = {name: value for name, value in vars(guess).items() if getattr(self, name) is None}
        return replace(self, **missing)
