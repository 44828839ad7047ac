"""Arrays in brackets: numpy's print and repr, nested Python lists, tensors, MATLAB and Julia, braces and tuples."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bpviz.language import _
from bpviz.session.own_numbers.number_text_error import NumberTextError, quoted

Row = list[str]

# np.float64(0.5), as Python prints the numbers in a list.
_SCALAR = re.compile(r"\b(?:np\.|numpy\.)?(?:float|int)\d*\(([^()\[\]]*)\)")
# array([1., 2.]), as Python prints the arrays in a list.
_INNER = re.compile(r"\b(?:\w+\.)*(?:array|tensor|Array|Tensor)\(\s*(\[[^()]*\])\s*(?:,[^()\[\]]*)?\)")
# What stands before an array: a name and a sign, and the name of a function.
_NAME = re.compile(r"^\s*[A-Za-z_][\w.]*(?:\[[\w'\"]+\])*\s*[=:]\s*")
_CALL = re.compile(r"^\s*<?(?:[A-Za-z_][\w.]*\s*(?:\(\s*(?=[\[({])|(?=\()))?")
_TENSOR = re.compile(r"^\s*<tf\.\w+[^>]*?numpy=\s*")
_END = re.compile(r"(?:\s*,\s*\w+\s*=\s*(?:'[^']*'|<[^<>]*>|\([^()]*\)|[\w.:]+))*\s*,?\s*\)*\s*>?\s*[;.]?\s*$")
_CLOSING = {"[": "]", "(": ")", "{": "}"}
_TOKEN = re.compile(r"[\[\](){}]|[;\n,]|[^\s\[\](){};,]+")
_DEEPEST = 8


def rows_in_brackets(text: str) -> list[Row]:
    """Return the rows of an array in brackets.

    Raises
    ------
    NumberTextError
        If brackets do not match, if there are several arrays, or if one has more than two axes.
    """
    body = _body(_INNER.sub(r"\1", _SCALAR.sub(r"\1", text)))
    return _rows(_Parser(body).array())


def _body(text: str) -> str:
    """Return the outermost brackets with their contents, without what stands around them."""
    for pattern in (_NAME, _TENSOR, _CALL):
        text = pattern.sub("", text, count=1)
    text = text.lstrip()
    if not text or text[0] not in _CLOSING:
        raise NumberTextError(
            _("“{text}” has a bracket, but does not begin with one: copy one whole array, from [ to ].").format(
                text=quoted(text)
            )
        )
    end = _end_of(text)
    rest = text[end:]
    if not _END.fullmatch(rest):
        raise NumberTextError(
            _("“{rest}” stands after the first array: paste one array at a time, without other text.").format(
                rest=quoted(rest)
            )
        )
    return text[:end]


def _end_of(text: str) -> int:
    """Return where the bracket that begins a text is closed."""
    opened: list[str] = []
    for place, sign in enumerate(text):
        if sign in _CLOSING:
            opened.append(sign)
        elif sign in _CLOSING.values():
            if not opened or _CLOSING[opened.pop()] != sign:
                line = text.count("\n", 0, place) + 1
                raise NumberTextError(
                    _("The bracket “{sign}” in line {line} closes none of its kind: copy a whole array.").format(
                        sign=sign, line=line
                    )
                )
            if not opened:
                return place + 1
    raise NumberTextError(
        _("{n_opened} “{opened}” without its “{closing}”: copy the array to its end.").format(
            n_opened=len(opened), opened=opened[-1], closing=_CLOSING[opened[-1]]
        )
    )


class _Parser:
    """Reads nested brackets; an array is a list of numbers, of arrays, or of rows that semicolons separate."""

    def __init__(self, text: str) -> None:
        self._tokens = _TOKEN.findall(text)
        self._at = 0

    def array(self, depth: int = 1) -> list[object]:
        """Read from an opening bracket to its closing one."""
        if depth > _DEEPEST:
            raise NumberTextError(_("The brackets are nested too deeply for an array: paste one array at a time."))
        self._at += 1
        rows: list[list[object]] = [[]]
        while (token := self._tokens[self._at]) not in _CLOSING.values():
            if token in _CLOSING:
                rows[-1].append(self.array(depth + 1))
                continue
            self._at += 1
            if token == ";":
                rows.append([])
            elif token not in (",", "\n"):
                rows[-1].append(token)
        self._at += 1
        filled = [row for row in rows if row]
        return list(filled) if len(filled) > 1 else [each for row in filled for each in row]


def _rows(array: Sequence[object]) -> list[Row]:
    """Return the rows of nested lists; axes of length 1 around a matrix, as of a batch of one, are dropped."""
    while len(array) == 1 and isinstance(array[0], list) and any(isinstance(each, list) for each in array[0]):
        array = array[0]
    if not any(isinstance(each, list) for each in array):
        return [[str(each) for each in array]]
    rows: list[Row] = []
    for number, each in enumerate(array, start=1):
        if not isinstance(each, list):
            raise NumberTextError(
                _("“{each}” stands where a row of the array is expected: copy one whole array.").format(
                    each=quoted(str(each))
                )
            )
        if any(isinstance(cell, list) for cell in each):
            raise NumberTextError(
                _(
                    "Row {number} holds arrays in turn, so this array has more than two axes, or it is a list of "
                    "several: "
                    "paste one array of two axes at a time."
                ).format(number=number)
            )
        rows.append([str(cell) for cell in each])
    return rows
