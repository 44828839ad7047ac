"""Pasted text as arrays, and the sentences about text that is none."""

from __future__ import annotations

import re

import numpy as np
import pytest

from bpviz.session.own_numbers.number_text import read_numbers
from bpviz.session.own_numbers.number_text_error import NumberTextError

SQUARE = [[1.0, 2.0], [3.0, 4.0]]
READ: dict[str, tuple[str, list[list[float]]]] = {
    "spaces": ("1 2\n3 4", SQUARE),
    "tabs of a spreadsheet": ("1\t2\n3\t4\n", SQUARE),
    "line ends of Windows": ("1\t2\r\n3\t4\r\n", SQUARE),
    "decimal commas between tabs": ("1,5\t2,5\n3\t4,25", [[1.5, 2.5], [3.0, 4.25]]),
    "decimal commas between semicolons": ("0,5; 0,25\n1;2", [[0.5, 0.25], [1.0, 2.0]]),
    "decimal commas between spaces": ("-0,5 0,25", [[-0.5, 0.25]]),
    "a column that must have decimal commas": ("0,05\n0,7", [[0.05], [0.7]]),
    "cells in quotes": ('"1,5"\t"2,5"', [[1.5, 2.5]]),
    "CSV": ("1, 2\n3, 4", SQUARE),
    "CSV without spaces": ("1,2,3", [[1.0, 2.0, 3.0]]),
    "commas and spaces": ("1 2, 3 4", [[1.0, 2.0, 3.0, 4.0]]),
    "a table of Markdown": ("| 1 | 2 |\n|---|---|\n| 3 | 4 |", SQUARE),
    "a semicolon at the end": ("1;2;3;", [[1.0, 2.0, 3.0]]),
    "signs of typesetting": ("\u22120.5\u00a0\u20131.25", [[-0.5, -1.25]]),
    "exponents": ("1e-5 2E+3 .5 5. 1D2", [[1e-5, 2000.0, 0.5, 5.0, 100.0]]),
    "nested lists": ("[[1, 2], [3, 4]]", SQUARE),
    "a list over several lines": ("[1, 2,\n 3, 4]", [[1.0, 2.0, 3.0, 4.0]]),
    "commas at the ends": ("[[1,2],[3,4],],", SQUARE),
    "numpy's print": ("[[1. 2.]\n [3. 4.]]", SQUARE),
    "numpy's print of a wrapped row": ("[1.0e-01 -2.0e+00\n 3.0e+00]", [[0.1, -2.0, 3.0]]),
    "numpy's repr": ("array([[1., 2.],\n       [3., 4.]], dtype=float32)", SQUARE),
    "an assignment": ("dW1 = np.array([[1,2],[3,4]])", SQUARE),
    "an assignment to an entry": ("dW[1] = [[1, 2]]", [[1.0, 2.0]]),
    "scalars of numpy 2": ("[np.float64(0.1), np.float64(-2e-3)]", [[0.1, -0.002]]),
    "a list of arrays": ("[array([1., 2.]), array([3., 4.])]", SQUARE),
    "PyTorch": ("tensor([[1.0, 2.0]], device='cuda:0', grad_fn=<AddBackward0>)", [[1.0, 2.0]]),
    "TensorFlow": ("tf.Tensor([[1. 2.]], shape=(1, 2), dtype=float32)", [[1.0, 2.0]]),
    "TensorFlow's repr": (
        "<tf.Tensor: shape=(1, 2), dtype=float32, numpy=array([[1., 2.]], dtype=float32)>",
        [[1.0, 2.0]],
    ),
    "JAX": ("Array([[1., 2.]], dtype=float32)", [[1.0, 2.0]]),
    "a batch of one": ("[[[1,2],[3,4]]]", SQUARE),
    "MATLAB": ("[1 2; 3 4]", SQUARE),
    "R": ("c(1, 2, 3)", [[1.0, 2.0, 3.0]]),
    "braces": ("{{1, 2}, {3, 4}}", SQUARE),
    "tuples": ("((1, 2), (3, 4))", SQUARE),
    "LaTeX": (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", SQUARE),
    "LaTeX with powers": (
        r"$$\left[\begin{array}{cc} 1 & -2 \\ \hline 3{,}5 & 1.5 \times 10^{-3} \\ \end{array}\right]$$",
        [[1.0, -2.0], [3.5, 0.0015]],
    ),
    "the inside of a LaTeX matrix": ("1 & 2 \\\\ 3 & 4", SQUARE),
    "one number": ("3.5", [[3.5]]),
}


@pytest.mark.parametrize("name", READ)
def test_it_reads(name: str) -> None:
    text, expected = READ[name]
    (found,) = read_numbers(text)
    assert found.tolist() == expected


@pytest.mark.parametrize("precision", [3, 8, 17])
@pytest.mark.parametrize("shape", [(1, 7), (25, 1), (25, 50)])
def test_what_numpy_prints_is_read_as_it_was_printed(shape: tuple[int, int], precision: int) -> None:
    values = np.random.RandomState(0).normal(scale=0.1, size=shape)
    with np.printoptions(precision=precision, threshold=10**6, suppress=False):
        (found,) = read_numbers(str(values))
        (again,) = read_numbers(repr(values))
    np.testing.assert_allclose(found, values, rtol=0, atol=10.0**-precision)
    np.testing.assert_array_equal(found, again)


def test_what_numpy_leaves_out_is_refused() -> None:
    with pytest.raises(NumberTextError, match=r"left out.*threshold=np.inf"):
        read_numbers(str(np.zeros((50, 50))))


def test_an_empty_cell_of_a_spreadsheet_is_not_given() -> None:
    (found,) = read_numbers("1\t\t3")
    assert np.isnan(found).tolist() == [[False, True, False]]


def test_a_comma_that_can_be_both_has_two_readings() -> None:
    assert [each.tolist() for each in read_numbers("0,5\n0,7")] == [[[0.5], [0.7]], [[0.0, 5.0], [0.0, 7.0]]]


# Text, and what the sentence must name.
REFUSED = {
    "": "no text",
    "  \n\t": "no text",
    "\ufeff": "no text",
    "abc": "“abc” in row 1, column 1",
    "|---|---|": "no number",
    "1 2\n3": "Row 2 has 1 number",
    "1 2\n\n3 4 5": "Row 2 has 3 numbers",
    "[[1,2],[3]]": "Row 2 has 1 number",
    "[1 2; 3]": "Row 2 has 1 number",
    "[1, 2": "without its “]”",
    "1, 2]": "does not begin with one",
    "[[1, 2)": "“)” in line 1",
    "[1 2\n(3 4]]": "“]” in line 2",
    "[...]": "“...” in line 1",
    "[1\n 2 ... 3]": "“...” in line 2",
    "1 … 3": "“…” in line 1",
    r"\begin{pmatrix}1 & \cdots & 2\end{pmatrix}": r"“\cdots” in line 1",
    r"\begin{pmatrix}1 & 2": r"no “\end{pmatrix}”",
    r"\begin{pmatrix} a_1 & 2 \end{pmatrix}": "“a_1”",
    r"\begin{pmatrix} \alpha & 2 \end{pmatrix}": r"“\alpha” is a command",
    r"\begin{pmatrix}1\end{pmatrix}\begin{pmatrix}2\end{pmatrix}": "2 matrices",
    r"\begin{pmatrix} \end{pmatrix}": "no numbers",
    "nan 1": "“nan” in row 1, column 1 is not finite",
    "[1, inf]": "“inf” in row 1, column 2",
    "-∞": "“-∞”",
    "1e999": "“1e999”",
    "1,234.5\t2,000.1": "“1,234.5”",
    "1.234,5 2.000,1": "“1.234,5”",
    "1,2,3\t4": "“1,2,3”",
    "1 000,5\t2": "“1 000.5”",
    "#REF!\t1": "“#REF!”",
    "W1\tW2\n1\t2": "“W1” in row 1, column 1",
    "[1, None]": "“None” in row 1, column 2",
    "[True, False]": "“True”",
    "[1+2j]": "“1+2j”",
    "0x1F": "“0x1F”",
    "1_000": "“1_000”",
    "12abc": "“12abc”",
    "1..2": "“1..2”",
    "--5": "“--5”",
    "5-": "“5-”",
    "1e": "“1e”",
    "1/3 2/3": "“1/3”",
    "50%": "“50%”",
    "()": "no numbers",
    "[[]]": "no numbers",
    "[[1,2],3]": "“3”",
    "[1, [2, 3]]": "“1”",
    "[[[1,2],[3,4]],[[5,6],[7,8]]]": "more than two axes",
    "[[1]] [[2]]": "“[[2]]” stands after the first array",
    "[1] trailing": "“trailing”",
    "print(x)": "“x”",
    "<html>1</html>": "“<html>1</html>”",
    "def f(x): return [1]": "does not begin with one",
    "{'W': [1,2]}": "“'W':”",
    "[1, 'a']": "“'a'”",
    "☃": "“☃”",
    "\x00": "is not a number",
    "(" * 12 + "1" + ")" * 12: "too deeply",
    "[" * 5000: "5000 “[”",
    "x" * 1000: "xx…” in row 1",
    "__import__('os')": "is not a number",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: repr(text)[:24])
def test_it_refuses_in_one_sentence_that_says_what_and_what_to_do(text: str) -> None:
    with pytest.raises(NumberTextError) as caught:
        read_numbers(text)
    sentence = str(caught.value)
    assert REFUSED[text] in sentence
    assert re.fullmatch(r"[^\n]{20,240}: [^\n]+\.", sentence)


def test_a_text_of_many_megabytes_is_refused_at_once() -> None:
    with pytest.raises(NumberTextError, match="at most"):
        read_numbers("1 " * 10_000_001)
    with pytest.raises(NumberTextError, match="1,000,001 numbers"):
        read_numbers("1 " * 1_000_001)
