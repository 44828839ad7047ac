"""`bpviz check`: the exit code, the report in words and as JSON, files of numpy and folders of CSV."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bpviz
from bpviz.assets import resource
from tests.commands.helpers import exit_code, python

Output = pytest.CaptureFixture[str]


def numbers() -> dict[str, Any]:
    """Return the numbers of the example, in which a slope is missing."""
    found: dict[str, Any] = runpy.run_path(str(resource("check", "mine.py")))["numbers"]()
    return found


def right() -> dict[str, Any]:
    """Return the same numbers without the mistake."""
    given = numbers()
    a1 = 1 / (1 + np.exp(-(given["x"] @ given["W1"] + given["b1"])))
    delta = given["delta1"] * a1 * (1 - a1)
    return {**given, "delta1": delta, "dW1": given["x"].T @ delta / 4, "db1": delta.mean(axis=0)}


def write(path: Path, arrays: dict[str, Any]) -> str:
    np.savez(path, **arrays)
    return str(path)


def write_folder(folder: Path, arrays: dict[str, Any]) -> str:
    folder.mkdir()
    for name, value in arrays.items():
        if isinstance(value, np.ndarray):
            np.savetxt(folder / f"{name}.csv", np.atleast_2d(value), delimiter=",", fmt="%.17g")
        else:
            (folder / f"{name}.csv").write_text(value if isinstance(value, str) else ",".join(value))
    return str(folder)


def test_right_numbers_exit_with_0(tmp_path: Path, capsys: Output) -> None:
    assert exit_code("check", write(tmp_path / "mine.npz", right())) == 0
    assert capsys.readouterr().out.startswith("Right: all 37 numbers are those of backpropagation ")


def test_a_wrong_number_exits_with_1_and_is_named_with_its_cause(tmp_path: Path, capsys: Output) -> None:
    assert exit_code("check", write(tmp_path / "mine.npz", numbers())) == 1
    said = capsys.readouterr().out
    assert said.startswith("The first wrong number is delta of layer 1 at (0, 0): it is 0.0012111 and should be ")
    assert "In layer 1 the slope f'(z) is left out: delta is the error. Compute delta = error * slope." in said


@pytest.mark.parametrize(("arrays", "code"), [(right(), 0), (numbers(), 1)])
def test_the_report_is_printed_as_json(arrays: dict[str, Any], code: int, tmp_path: Path, capsys: Output) -> None:
    assert exit_code("check", write(tmp_path / "mine.npz", arrays), "--json") == code
    report = json.loads(capsys.readouterr().out)
    assert report["ok"] == (code == 0)
    assert report["causes"] == ([] if code == 0 else ["slope_left_out"])


@pytest.mark.parametrize(("arrays", "code"), [(right(), 0), (numbers(), 1)])
def test_a_folder_of_csv_holds_the_same(arrays: dict[str, Any], code: int, tmp_path: Path, capsys: Output) -> None:
    assert exit_code("check", write_folder(tmp_path / "mine", arrays)) == code
    folder = capsys.readouterr().out
    assert exit_code("check", write(tmp_path / "mine.npz", arrays)) == code
    assert folder == capsys.readouterr().out


@pytest.mark.parametrize("separator", [",", ";", "\t", "  "])
def test_csv_may_be_separated_by_commas_semicolons_or_blanks(separator: str, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "mine", right())
    for path in Path(folder).glob("*[0-9].csv"):
        path.write_text(path.read_text().replace(",", separator))
    assert exit_code("check", folder) == 0


def test_the_example_is_written_and_can_be_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.chdir(tmp_path)
    assert exit_code("check", "--example") == 0
    assert capsys.readouterr().out == ("wrote mine.py and mine.npz, what it computes; try “bpviz check mine.npz”\n")
    assert exit_code("check", "mine.npz") == 1
    first = (tmp_path / "mine.npz").read_bytes()
    (tmp_path / "mine.npz").unlink()
    python("import runpy; runpy.run_path('mine.py', run_name='__main__')")
    with np.load("mine.npz") as arrays:
        assert set(arrays.files) == set(numbers())
    assert len(first) == (tmp_path / "mine.npz").stat().st_size


def test_the_example_overwrites_nothing(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "mine.npz").write_text("mine")
    assert exit_code("check", "--example", str(tmp_path)) == 2
    assert "mine.npz exists already: choose another folder, --example FOLDER" in capsys.readouterr().err
    assert (tmp_path / "mine.npz").read_text() == "mine"
    assert not (tmp_path / "mine.py").exists()


def test_options_say_what_the_file_does_not(tmp_path: Path, capsys: Output) -> None:
    arrays = {name: value for name, value in right().items() if name not in ("activations", "loss")}
    path = write(tmp_path / "mine.npz", arrays)
    assert exit_code("check", path, "--activation", "sigmoid", "--loss", "mse", "--tolerance", "1e-6") == 0
    assert "tolerance 1.0e-06 of the largest, as given" in capsys.readouterr().out
    assert exit_code("check", path, "--activation", "tanh,sigmoid", "--loss", "cross_entropy") == 1


def test_the_learning_rate_is_that_of_the_update(tmp_path: Path) -> None:
    arrays = right()
    arrays |= {f"{name}{n}_after": arrays[f"{name}{n}"] - 0.5 * arrays[f"d{name}{n}"] for name in "Wb" for n in (1, 2)}
    path = write(tmp_path / "mine.npz", arrays)
    assert exit_code("check", path) == 0
    assert exit_code("check", path, "--learning-rate", "0.5") == 0
    assert exit_code("check", path, "--learning-rate", "0.3") == 1


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"dW1": np.zeros((5, 5))}, "dW of layer 1 has shape (5, 5), but this network and these samples need (2, 3)"),
        ({"activations": ["tanh", "mish"]}, "the activation of layer 2 is 'mish', which bpviz does not know; choose"),
        ({"dW1": np.full((2, 3), np.nan)}, "dW of layer 1 holds nan at (0, 0): there is nothing to compare"),
        ({"sum": np.zeros(2)}, "the name 'sum' has no meaning here; names are W1"),
    ],
)
def test_numbers_that_do_not_fit_are_refused(
    arrays: dict[str, Any], sentence: str, tmp_path: Path, capsys: Output
) -> None:
    assert exit_code("check", write(tmp_path / "mine.npz", {**right(), **arrays})) == 2
    assert capsys.readouterr().err.startswith(f"bpviz check: error: {sentence}")


def test_files_that_hold_no_numbers_are_refused(tmp_path: Path, capsys: Output) -> None:
    (text := tmp_path / "text.npz").write_text("no numbers")
    (empty := tmp_path / "empty").mkdir()
    (words := tmp_path / "words").mkdir()
    (words / "W1.csv").write_text("a,b\n1,2\n")
    np.savez(objects := tmp_path / "objects.npz", W1=np.array([{}, None], dtype=object))
    np.save(single := tmp_path / "single.npy", np.zeros(3))
    expected = {
        text: "cannot be read as an .npz file of numbers: write it with numpy.savez",
        objects: "cannot be read as an .npz file of numbers",
        single: "cannot be read as an .npz file of numbers",
        tmp_path / "none.npz": "is no file: give an .npz file or a folder of CSV files",
        empty: "holds no CSV file: name them W1.csv, b1.csv",
        words: "is no table of numbers",
    }
    for path, sentence in expected.items():
        assert exit_code("check", str(path)) == 2
        said = capsys.readouterr().err
        assert said.startswith("bpviz check: error: ")
        assert sentence in said


@pytest.mark.parametrize("argv", [(), ("mine.npz", "--example", ".")])
def test_either_numbers_or_the_example_are_asked_for(argv: tuple[str, ...], capsys: Output) -> None:
    assert exit_code("check", *argv) == 2
    assert "give a file or folder of numbers, or --example" in capsys.readouterr().err


def test_the_command_and_the_function_say_the_same(tmp_path: Path, capsys: Output) -> None:
    exit_code("check", write(tmp_path / "mine.npz", numbers()))
    assert capsys.readouterr().out == f"{bpviz.check(numbers())}\n"


def test_the_leak_of_leaky_relu_can_be_another(tmp_path: Path) -> None:
    x, W, b = np.array([[1.0, -2.0]]), np.array([[1.0], [1.0]]), np.array([0.0])
    arrays = {"x": x, "y": [[1.0]], "W1": W, "b1": b, "z1": [[-1.0]], "a1": [[-0.3]], "activations": ["leaky_relu"]}
    path = write(tmp_path / "mine.npz", arrays)
    assert exit_code("check", path, "--leak", "0.3") == 0
    assert exit_code("check", path) == 1
