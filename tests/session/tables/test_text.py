"""Text as a table: separators, decimal signs, headers, and the sentences about text that is none."""

from __future__ import annotations

from typing import Any

import pytest

from bpviz.session.tables import assembly, limits
from bpviz.session.tables.columns import NumberColumn
from bpviz.session.tables.read_options import ReadOptions
from bpviz.session.tables.reading import ReadTable, read_table_text
from bpviz.session.tables.table_error import ReadingCancelledError, TableError

AB = ("a", "b")
C12 = ("column 1", "column 2")
# name: text, names of columns, values
READ: dict[str, tuple[str, tuple[str, ...], list[tuple[Any, ...]]]] = {
    "CSV": ("a,b\n1,2\n3,4.5\n", AB, [(1, 2), (3, 4.5)]),
    "CSV with texts": ("a,b\n1,x\n3,y", AB, [(1, "x"), (3, "y")]),
    "no header": ("1,2\n3,4\n", C12, [(1, 2), (3, 4)]),
    "TSV with line ends of Windows": ("a\tb\r\n1\t2\r\n3\t4\r\n", AB, [(1, 2), (3, 4)]),
    "line ends of the old Mac": ("a,b\r1,2\r", AB, [(1, 2)]),
    "semicolons and decimal commas": ("a;b\n1,5;2\n2,25;3\n", AB, [(1.5, 2), (2.25, 3)]),
    "semicolons and an unclear comma": ("a;b\n1,234;x\n", AB, [(1.234, "x")]),
    "tabs and decimal commas": ("a\tb\n1,5\t2\n", AB, [(1.5, 2)]),
    "spaces": ("a b\n1   2\n 3 4 \n", AB, [(1, 2), (3, 4)]),
    "spaces and decimal commas": ("a b\n1 0,5\n2 1,5\n", AB, [(1, 0.5), (2, 1.5)]),
    "commas and spaces": ("a, b\n1, 2\n3, 4\n", AB, [(1, 2), (3, 4)]),
    "bars": ("a|b\n1|x\n2|y", AB, [(1, "x"), (2, "y")]),
    "texts with spaces": ("a,b\nNew York,2\nLos Angeles,3\n", AB, [("New York", 2), ("Los Angeles", 3)]),
    "quotes": ('"a","b"\n"x, ""y""","2"\n"z\nz","3"\n', AB, [('x, "y"', 2), ("z\nz", 3)]),
    "points between thousands": ("a;b\n1.234,5;2\n1.000;3,5\n", AB, [(1234.5, 2), (1000, 3.5)]),
    "commas between thousands": ('a,b\n"1,234",2.5\n"1,234,567",3.5', AB, [(1234, 2.5), (1234567, 3.5)]),
    "spaces between thousands": ("a;b\n1 234,5;2\n12\u00a0345;3,1", AB, [(1234.5, 2), (12345, 3.1)]),
    "signs and exponents": ("a,b\n\u22121.5,+2\n1e-3,.5\n", AB, [(-1.5, 2), (0.001, 0.5)]),
    "empty rows and cells at the end": ("a,b,\n1,2,\n\n,,\n3,4,\n", AB, [(1, 2), (3, 4)]),
    "the separator told to spreadsheets": ("sep=;\na;b\n1;2\n", AB, [(1, 2)]),
    "numpy's comment": ("# a b\n1 2\n3 4\n", AB, [(1, 2), (3, 4)]),
    "R's names of rows": ('"a" "b"\n"1" 5.1 3.5\n"2" 4.9 3\n', ("row", *AB), [(1, 5.1, 3.5), (2, 4.9, 3)]),
    "counted columns": ("0,1,2\n5,6,7\n8,9,1\n", ("0", "1", "2"), [(5, 6, 7), (8, 9, 1)]),
    "rows that count on": ("1 2 3\n4 5 6", ("column 1", "column 2", "column 3"), [(1, 2, 3), (4, 5, 6)]),
    "repeated names": ("a,a,a (2)\n1,2,3\n", ("a", "a (3)", "a (2)"), [(1, 2, 3)]),
    "one column": ("a\n1\n2\n", ("a",), [(1,), (2,)]),
    "one column of decimal commas": ("0,05\n0,7\n", ("column 1",), [(0.05,), (0.7,)]),
    "one cell": ("5", ("column 1",), [(5,)]),
    "texts alone": ("a,b\nx,y\nx,z\n", AB, [("x", "y"), ("x", "z")]),
    "texts alone without header": ("x,y\nx,z\n", C12, [("x", "y"), ("x", "z")]),
    "names of a year and a number": ("a,b\n2024_01,1\n2024_02,2\n", AB, [("2024_01", 1), ("2024_02", 2)]),
}


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read 64 rows at a time."""
    monkeypatch.setattr(assembly, "_CELLS_OF_A_PIECE", 1)


def values(read: ReadTable) -> list[tuple[Any, ...]]:
    """Return the rows: numbers, or texts."""
    columns = [
        column.numbers.tolist()
        if isinstance(column, NumberColumn)
        else list(map(column.text_at, range(read.table.n_rows)))
        for column in read.table.columns
    ]
    return list(zip(*columns, strict=True))


@pytest.mark.parametrize("name", READ)
def test_it_reads(name: str) -> None:
    text, names, expected = READ[name]
    read = read_table_text(text)
    assert (read.table.names, values(read)) == (names, expected)


@pytest.mark.parametrize("name", READ)
def test_what_was_guessed_gives_the_same_table_when_chosen(name: str) -> None:
    read = read_table_text(READ[name][0])
    assert [field for field, value in vars(read.options).items() if value is None] == ["sheet"]  # text has none
    again = read_table_text(READ[name][0], options=read.options)
    assert again == read


def test_options_override_the_guess() -> None:
    text = "1;2,5\n3;4,5\n"
    assert values(read_table_text(text, options=ReadOptions(delimiter=","))) == [("1;2", 5), ("3;4", 5)]
    assert values(read_table_text(text, options=ReadOptions(has_header=True))) == [(3, 4.5)]
    assert values(read_table_text("a;b\n1,234;2", options=ReadOptions(decimal="."))) == [(1234, 2)]
    assert values(read_table_text("a,b\n1,2", options=ReadOptions(has_header=False))) == [("a", "b"), ("1", "2")]


def test_missing_cells_and_texts_among_numbers_are_known_by_row_and_column() -> None:
    table = read_table_text("a,b,c\n1,2,x\n,abc,y\n\n3,1e999,\n4,NA\n5,6,z\n7,8,z").table
    assert list(map(str, table.problems(("a", "b"), "c"))) == [
        "Row 3, column “a”: the cell is empty.",
        "Row 3, column “b”: “abc” is no finite number.",
        "Row 5, column “b”: “1e999” is no finite number.",
        "Row 5, column “c”: the cell is empty.",
        "Row 6, column “b”: the cell is empty.",
        "Row 6, column “c”: the cell is empty.",
    ]
    assert table.faulty_rows(("a", "b"), "c") == (3, 5, 6)
    assert table.problems(("a",), "a", most=100) == table.problems(("a", "b"), "c")[:1]


@pytest.mark.usefixtures("small_pieces")
def test_a_column_that_turns_out_to_be_of_texts_is_read_as_one() -> None:
    rows = [f"{n},1" for n in range(100)] + ["x,1"] * 110
    table = read_table_text("\n".join(["a,b", *rows])).table
    assert table.columns[0].text_at(7) == "7"
    assert table.columns[0].text_at(150) == "x"


@pytest.mark.usefixtures("small_pieces")
def test_a_column_that_turns_out_to_be_of_numbers_is_read_as_one() -> None:
    rows = [f"x{n},1" for n in range(70)] + ["1.5,1"] * 160
    column = read_table_text("\n".join(["a,b", *rows])).table.columns[0]
    assert isinstance(column, NumberColumn)
    assert (column.text_at(0), column.numbers[-1], len(column.faults)) == ("x0", 1.5, 70)


# text: what the sentence says
REFUSED: dict[str, str] = {
    "": "There is nothing to read",
    " \n\n": "There is nothing to read",
    "a,b\n": "no rows below its header",
    "1,2,3\n2,2,2\n4,5,6,7\n": "Row 3 has 4 cells (“7” is too many), and the others have 3",
    'a,b\n1,"x\n2,y\n': 'quotes (") in line 3 or before it are not closed',
    'a,b\n1,"x"y\n': 'quotes (") in line 2',
    "a,b\n1,2\0\n": "Line 2 holds a byte 0",
    "a title\nx,y,z\n1,2,3\n4,5,6\n": "The first row has 1 cells",
    "a," * 11_000 + "\n" + "1," * 11_000: "11,001 columns, and at most 10,000",
    f"a,b\n1,{'x' * 200_000}\n": "field larger than field limit",
}


@pytest.mark.parametrize("text", REFUSED, ids=REFUSED.values())
def test_it_refuses(text: str) -> None:
    with pytest.raises(TableError) as caught:
        read_table_text(text)
    assert REFUSED[text] in str(caught.value)
    assert str(caught.value).endswith(".")


def test_too_many_cells_and_too_many_texts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a,b\n" + "".join(f"{n},text {n}\n" for n in range(100))
    monkeypatch.setattr(limits, "MOST_CELLS", 199)
    with pytest.raises(TableError, match="more than 199 cells"):
        read_table_text(text)
    monkeypatch.setattr(limits, "MOST_CELLS", 200)
    monkeypatch.setattr(assembly, "MOST_TEXTS", 99)
    with pytest.raises(TableError, match="more than 99 different texts"):
        read_table_text(text)


@pytest.mark.usefixtures("small_pieces")
def test_progress_grows_to_the_whole_and_can_cancel() -> None:
    text = "a,b\n" + "1,2\n" * 1000
    shares: list[float] = []

    def first_half(share: float) -> bool:
        shares.append(share)
        return share < 0.5

    def noted(share: float) -> bool:
        shares.append(share)
        return True

    read_table_text(text, progress=noted)
    assert len(shares) > 3
    assert shares == sorted(shares)
    assert 0.9 < shares[-1] <= 1
    shares.clear()
    with pytest.raises(ReadingCancelledError):
        read_table_text(text, progress=first_half)
    assert shares[-1] < 0.9


def test_only_the_first_rows_can_be_read() -> None:
    assert read_table_text("a\n1\n2\n3\n", most_rows=2).table.row_numbers.tolist() == [2, 3]
