from pathlib import Path

import pytest

from tests.commands.helpers import exit_code
from tests.session.own_table import text
from tests.session.tables import workbooks

Output = pytest.CaptureFixture[str]
IRIS = """Länge;Breite;Blattlänge;Blattbreite;Art
5,1;3,5;1,4;0,2;schön
4,9;3,0;1,4;0,2;schön
4,7;3,2;1,3;0,2;schön
5,0;3,6;1,4;0,2;schön
5,4;3,9;1,7;0,4;schön
4,6;3,4;1,4;0,3;schön
5,0;3,4;1,5;0,2;schön
4,4;2,9;1,4;0,2;schön
4,9;3,1;1,5;0,1;schön
5,4;3,7;1,5;0,2;schön
7,0;3,2;4,7;1,4;größer
6,4;3,2;4,5;1,5;größer
6,9;3,1;4,9;1,5;größer
5,5;2,3;4,0;1,3;größer
6,5;2,8;4,6;1,5;größer
5,7;2,8;4,5;1,3;größer
6,3;3,3;4,7;1,6;größer
4,9;2,4;3,3;1,0;größer
6,6;2,9;4,6;1,3;größer
5,2;2,7;3,9;1,4;größer
6,3;3,3;6,0;2,5;Jungfrau
5,8;2,7;5,1;1,9;Jungfrau
7,1;3,0;5,9;2,1;Jungfrau
6,3;2,9;5,6;1,8;Jungfrau
6,5;3,0;5,8;2,2;Jungfrau
7,6;3,0;6,6;2,1;Jungfrau
7,3;2,9;6,3;1,8;Jungfrau
6,7;2,5;5,8;1,8;Jungfrau
7,2;3,6;6,1;2,5;Jungfrau
6,5;3,2;5,1;2,0;Jungfrau
"""
CHINESE = str.maketrans({"L": "长", "B": "宽", "ä": "度", "A": "种类", "ö": "山", "ß": "变", "J": "维吉"})
QUICK = ("--layers", "8", "--activation", "tanh,softmax", "--loss", "cross_entropy", "--init", "xavier")


def accuracy(output: str) -> float:
    return float(output.strip().splitlines()[-1].partition("Accuracy: ")[2].rstrip("%"))


@pytest.mark.parametrize(
    ("encoding", "typed"), [("utf-8", IRIS), ("cp1252", IRIS), ("gb18030", IRIS.translate(CHINESE))]
)
def test_iris_is_learned_from_a_csv_in_any_encoding(encoding: str, typed: str, tmp_path: Path, capsys: Output) -> None:
    path = tmp_path / "iris.csv"
    path.write_bytes(typed.encode(encoding))
    argv = ("--data", str(path), "--scale", "standard", *QUICK, "--learning-rate", "0.1", "--epochs", "51")
    assert exit_code("train", *argv) == 0
    seen = capsys.readouterr()
    assert accuracy(seen.out) > 90
    target = typed.split("\n")[0].split(";")[-1]
    assert f"target {target} (guessed); task classification (guessed)" in seen.err


def test_a_regression_is_learned(tmp_path: Path, capsys: Output) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(text(60), encoding="utf-8")
    argv = ("--target", "height", "--inputs", "a,2", "--scale", "standard", "--layers", "8", "--activation", "tanh")
    learning = ("--init", "xavier", "--learning-rate", "0.05", "--epochs", "101")
    assert exit_code("train", "--data", str(path), *argv, *learning) == 0
    seen = capsys.readouterr()
    assert float(seen.out.strip().splitlines()[-1].partition("R2: ")[2]) > 0.95
    assert "target height; task regression (guessed); inputs a, b" in seen.err


HOLED = "a,b,c\n" + "".join(f"{n},{n % 7},{'xy'[n % 2]}\n" for n in range(20)) + "5,oh,x\n6,,y\n"


def test_rows_with_missing_cells_are_refused_or_left_out(tmp_path: Path, capsys: Output) -> None:
    path = tmp_path / "holed.csv"
    path.write_text(HOLED)
    argv = ("gradcheck", "--data", str(path), "--target", "c", "--inputs", "b", "--layers", "3")
    assert exit_code(*argv) == 2
    line = capsys.readouterr().err.splitlines()[-2]
    assert line.endswith(
        "Row 22, column “b”: “oh” is no finite number; correct the file, or leave out 2 rows of 22 by --leave-out-rows"
    )
    assert exit_code(*argv, "--leave-out-rows") == 0
    assert "left out 2 rows of 22" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        ("--data missing.csv", "missing.csv cannot be opened"),
        ("--data {} --target nope", "There is no column “nope”: choose from “a”, “b”"),
        ("--data {} --inputs a,9", "There is no column “9”"),
        ("--data {} --inputs a,kind --target kind", "The column “kind” is chosen twice"),
        ("--data {} --inputs=", "No input is chosen"),
        ("--data {} --target kind --task regression", "The column “kind” holds texts"),
        ("--data {} --target height --task regression --loss cross_entropy", "loss cross_entropy is for classes"),
        ("--data {} --dataset iris", "leave out one of them"),
        ("--data {} --samples 50", "samples has no effect for table, whose samples are given"),
        ("--data {} --classes 3", "classes has no effect for table"),
        ("--target kind", "--target says what to do with a table: give --data FILE as well"),
        ("--leave-out-rows", "--leave-out-rows says what to do with a table"),
        ("--dataset table", "table is missing: give a file with a table (--data)"),
    ],
)
def test_a_wrong_option_is_one_sentence(argv: str, sentence: str, tmp_path: Path, capsys: Output) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(text(), encoding="utf-8")
    assert exit_code("train", *(part.format(path) for part in argv.split())) == 2
    errors = [line for line in capsys.readouterr().err.splitlines() if "error: " in line]
    assert len(errors) == 1
    assert sentence in errors[0]


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 100, b"PK\3\4 no zip", b"%PDF-1.4", b"\x80\4K.", b'a,b\n1,"2\n', b"a,b\n1,2,3,4\n", b"a,b,c\n", b"x"],
)
@pytest.mark.parametrize("command", ["train", "window"])
def test_a_hostile_table_is_one_sentence(command: str, content: bytes, tmp_path: Path, capsys: Output) -> None:
    path = tmp_path / "hostile.csv"
    path.write_bytes(content)
    argv = ("--data", str(path))
    assert exit_code(*(("train", *argv) if command == "train" else argv)) == 2
    errors = [line for line in capsys.readouterr().err.splitlines() if "error: " in line]
    assert len(errors) == 1
    assert str(path) in errors[0]


def test_the_window_takes_scaling_only_with_a_table(capsys: Output) -> None:
    assert exit_code("--scale", "standard") == 2
    assert "--scale is for a table: give --data FILE as well" in capsys.readouterr().err


def test_a_sheet_of_a_workbook_is_chosen_by_its_name(tmp_path: Path, capsys: Output) -> None:
    rows = [line.split(";") for line in IRIS.splitlines()]
    path = tmp_path / "flowers.xlsx"
    path.write_bytes(workbooks.workbook([["note"], ["nothing"]], rows))
    assert exit_code("train", "--data", str(path), "--sheet", "Sheet2", *QUICK, "--epochs", "1") == 0
    assert "flowers.xlsx: 30 rows, sheet Sheet2, with header" in capsys.readouterr().err
    assert exit_code("train", "--data", str(path), "--sheet", "Sheet7", *QUICK) == 2
    assert "The workbook has no sheet Sheet7: it has Sheet1, Sheet2" in capsys.readouterr().err
    assert exit_code("train", "--sheet", "Sheet2") == 2
    assert "--sheet says what to do with a table: give --data FILE as well" in capsys.readouterr().err
