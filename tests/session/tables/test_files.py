"""Files of text in several encodings, of numpy and of spreadsheets, and what is refused of them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bpviz.session.tables import limits, numpy_file, workbook
from bpviz.session.tables.columns import NumberColumn
from bpviz.session.tables.read_options import ReadOptions
from bpviz.session.tables.reading import ReadTable, read_table
from bpviz.session.tables.table_error import ReadingCancelledError, TableError
from tests.session.tables import workbooks

GERMAN = "Größe;Straße\n1,5;Äcker\n2,5;Öl für Züge\n"
CHINESE = "长度,种类\n1.5,鸢尾\n2.5,玫瑰\n"


def written(folder: Path, content: bytes, name: str = "mine.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def rows(read: ReadTable) -> list[tuple[str, ...]]:
    return [read.table.names, *read.table.first_rows(9)]


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (GERMAN, "utf-8", "UTF-8"),
        (GERMAN, "utf-8-sig", "UTF-8"),
        (GERMAN, "utf-16", "UTF-16"),
        (GERMAN, "cp1252", "Western (cp1252)"),
        ("a;b\n1,5;Größe\n", "cp1252", "Western (cp1252)"),
        ("a;b\n1,5;créée à Noël\n", "cp1252", "Western (cp1252)"),
        (CHINESE, "utf-8", "UTF-8"),
        (CHINESE, "gb18030", "Chinese (GB18030)"),
        (CHINESE, "utf-16", "UTF-16"),
    ],
)
def test_the_encoding_is_recognised(text: str, codec: str, name: str, tmp_path: Path) -> None:
    read = read_table(written(tmp_path, text.encode(codec)))
    assert read.options.encoding == name
    separator = ";" if ";" in text else ","
    lines = [tuple(line.split(separator)) for line in text.splitlines()]
    assert rows(read) == [tuple(cell.replace(",", ".") for cell in line) for line in lines]
    assert read.table.name == "mine.csv"


@pytest.mark.slow
def test_letters_after_the_first_megabyte_count_too(tmp_path: Path) -> None:
    text = "a;b\n" + "1,5;x\n" * 200_000 + "2,5;Größe\n"
    read = read_table(written(tmp_path, text.encode("cp1252")))
    assert read.table.columns[1].text_at(200_000) == "Größe"


def test_the_encoding_can_be_chosen_and_a_wrong_one_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "a;b\n1;Ž\n".encode("cp1250"))
    read = read_table(path, ReadOptions(encoding="Central European (cp1250)"))
    assert read.table.columns[1].text_at(0) == "Ž"
    with pytest.raises(TableError, match=r"not in the encoding UTF-8 .*: choose another encoding, or save it in UTF-8"):
        read_table(path, ReadOptions(encoding="UTF-8"))
    with pytest.raises(TableError, match="not read with the encoding 'zip'"):
        read_table(path, ReadOptions(encoding="zip"))


def saved(folder: Path, **arrays: Any) -> Path:
    path = folder / "mine.npz"
    np.savez_compressed(path, **arrays)
    return path


def test_X_and_y_of_numpy_are_the_table(tmp_path: Path) -> None:
    read = read_table(saved(tmp_path, y=np.array([0, 1]), other=np.zeros(7), X=np.array([[1.5, 2], [3, 4]])))
    assert rows(read) == [("X1", "X2", "y"), ("1.5", "2", "0"), ("3", "4", "1")]


def test_arrays_of_equal_length_are_put_side_by_side(tmp_path: Path) -> None:
    read = read_table(saved(tmp_path, size=np.array([1, 2]), kind=np.array(["a", "b"]), p=np.zeros((2, 1, 2))))
    assert rows(read) == [("size", "kind", "p1", "p2"), ("1", "a", "0", "0"), ("2", "b", "0", "0")]


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (np.eye(2), [("x1", "x2"), ("1", "0"), ("0", "1")]),
        (np.array([1, 2], dtype=np.uint8), [("x",), ("1",), ("2",)]),
        (np.array([(1, "a")], dtype=[("n", int), ("t", "S3")]), [("n", "t"), ("1", "a")]),
        (np.array([[1.0, np.nan], [np.inf, 2]]), [("x1", "x2"), ("1", ""), ("inf", "2")]),
    ],
    ids=["numbers", "one column", "fields", "not finite"],
)
def test_one_array_is_a_table(array: np.ndarray[Any, Any], expected: list[tuple[str, ...]], tmp_path: Path) -> None:
    np.save(tmp_path / "mine.npy", array)
    assert rows(read_table(tmp_path / "mine.npy")) == expected


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"X": np.eye(3), "z": np.zeros(2)}, r"no arrays with the same number of rows \(X \(3, 3\), z \(2,\)\)"),
        ({"X": np.array(1.0)}, "no arrays with the same number of rows"),
        ({"X": np.zeros((0, 3))}, "have no rows"),
        ({"X": np.zeros((3, 0))}, "have no columns"),
        ({"X": np.array([1j])}, "neither numbers nor texts but complex128"),
        ({"X": np.array([{}], dtype=object)}, "never unpickled"),
        ({"X": np.zeros((1, 10_001))}, "10,001 columns"),
    ],
)
def test_other_arrays_are_refused(arrays: dict[str, Any], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=sentence):
        read_table(saved(tmp_path, **arrays))


def test_a_header_that_claims_more_than_there_is_makes_no_array(tmp_path: Path) -> None:
    np.save(tmp_path / "mine.npy", np.zeros((10, 10)))
    content = (tmp_path / "mine.npy").read_bytes()
    for claimed, sentence in (
        (b"(90000000, 10), ", "900,000,000 cells"),
        (b"(1000, 10), ", "The file ends before its array"),
    ):
        path = written(tmp_path, content.replace(b"(10, 10), ", claimed.ljust(10)), "wrong.npy")
        with pytest.raises(TableError, match=sentence):
            read_table(path)


def test_a_bomb_in_npz_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numpy_file, "MOST_CELLS", 999)
    with pytest.raises(TableError, match="1,000 cells, and at most 999"):
        read_table(saved(tmp_path, X=np.zeros((100, 10))))


def test_a_sheet_can_be_chosen_by_its_name(tmp_path: Path) -> None:
    path = written(tmp_path, workbooks.workbook([["a"], [1]], [["b"], [2], [3]], []), "mine.xlsx")
    first, second = read_table(path), read_table(path, ReadOptions(sheet="Sheet2"))
    assert (first.table.names, first.options.sheet) == (("a",), "Sheet1")
    assert (second.table.names, second.table.n_rows, second.options.sheet) == (("b",), 2, "Sheet2")
    with pytest.raises(TableError, match="has no sheet Sheet9: it has Sheet1, Sheet2, Sheet3"):
        read_table(path, ReadOptions(sheet="Sheet9"))
    with pytest.raises(TableError, match="The sheet Sheet3 has no cells: choose another one"):
        read_table(path, ReadOptions(sheet="Sheet3"))
    with pytest.raises(TableError, match=r"Only a workbook \(\.xlsx\) has sheets"):
        read_table(written(tmp_path, b"a,b\n1,2\n", "mine.csv"), ReadOptions(sheet="Sheet1"))


def test_a_workbook_is_read_from_its_first_sheet_with_cells(tmp_path: Path) -> None:
    filled: list[list[workbooks.Cell]] = [["a", "b", "c"], [1, 2.5, "x"], [], [3, 0.1 + 0.2, True], [4, None, "z"]]
    read = read_table(written(tmp_path, workbooks.workbook([], filled), "mine.xlsx"))
    assert rows(read) == [
        ("a", "b", "c"),
        ("1", "2.5", "x"),
        ("3", "0.30000000000000004", "True"),
        ("4", "", "z"),
    ]
    assert read.table.row_numbers.tolist() == [2, 4, 5]
    assert read.sheets == ("Sheet1", "Sheet2")


def test_a_table_that_does_not_begin_in_the_first_cell_keeps_its_rows(tmp_path: Path) -> None:
    filled: list[list[workbooks.Cell]] = [[], [], [None, "a", "b"], [None, 1, 2]]
    read = read_table(written(tmp_path, workbooks.workbook(filled)))
    assert rows(read) == [("a", "b"), ("1", "2")]
    assert read.table.row_numbers.tolist() == [4]


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1048576"><c s="1" r="XFD1048576"><v>1</v></c></row><row r="1"><c><v>1</v></c></row>',
        "<row/>" * 9000 + "<row>" + "<c><v>1</v></c>" * 9000 + "</row>",
        '<x:row r="9000"/><x:row>' + "<x:c><x:v>1</x:v></x:c>" * 9000 + "</x:row>",
    ],
    ids=["far cell", "place behind", "no places", "prefix"],
)
def test_a_sheet_whose_rectangle_is_too_large_never_reaches_the_reader(cells: str, tmp_path: Path) -> None:
    sheet = f"<worksheet><sheetData>{cells}</sheetData></worksheet>"
    with pytest.raises(TableError, match=r"has [\d,]+ rows and [\d,]+ columns, and at most 25,000,000 cells"):
        read_table(written(tmp_path, workbooks.workbook_of_xml(sheet)))


def test_a_sheet_is_measured_alike_in_pieces_of_any_size(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = written(tmp_path, workbooks.workbook([[1] * 30] * 40))
    monkeypatch.setattr(workbook, "_PIECE", 7)
    monkeypatch.setattr(workbook, "MOST_CELLS_OF_A_SHEET", 30 * 40)
    assert read_table(path).table.n_rows == 40
    monkeypatch.setattr(workbook, "MOST_CELLS_OF_A_SHEET", 30 * 40 - 1)
    with pytest.raises(TableError, match="has 40 rows and 30 columns"):
        read_table(path)


@pytest.mark.slow
def test_a_bomb_in_a_workbook_is_not_unpacked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(workbook, "MOST_BYTES_UNPACKED", 10_000_000)
    path = written(tmp_path, workbooks.workbook_of_xml("<a/>" * 5_000_000))
    assert path.stat().st_size < 100_000
    with pytest.raises(TableError, match="more than 10,000,000 bytes when unpacked"):
        read_table(path)


def test_the_reading_of_a_workbook_can_be_cancelled(tmp_path: Path) -> None:
    with pytest.raises(ReadingCancelledError):
        read_table(written(tmp_path, workbooks.workbook([[1, 2]])), progress=lambda share: False)


def empty_archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "no table")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "There is nothing to read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook of an old or an encrypted kind"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\x1f\x8b\x08\0", "is compressed"),
        (b"\x80\x04\x95", "is a pickle"),
        (empty_archive(), "zip archive without a table, or damaged"),
        (workbooks.workbook([], []), "The workbook has no cells"),
        (b"\x93NUMPY\x01\0v\0{}", "The file is damaged"),
    ],
)
def test_other_files_are_refused(content: bytes, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=sentence):
        read_table(written(tmp_path, content))


def test_a_file_that_is_missing_or_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TableError, match=r"none.csv cannot be opened \(No such file"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(TableError, match="cannot be opened"):
        read_table(tmp_path)
    monkeypatch.setattr("bpviz.session.tables.reading.MOST_BYTES", 3)
    with pytest.raises(TableError, match="has 4 bytes, and at most 3 are read"):
        read_table(written(tmp_path, b"1,2\n"))


def test_columns_are_read_only(tmp_path: Path) -> None:
    path = written(tmp_path, b"a,b\n1,x\n2,y\n3,x\n")
    number, text = read_table(path).table.columns
    assert isinstance(number, NumberColumn)
    assert not isinstance(text, NumberColumn)
    assert not number.numbers.flags.writeable
    assert not text.codes.flags.writeable
    assert limits.go_on(0.5)
