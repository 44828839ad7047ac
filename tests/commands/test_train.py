import csv
import os
import re
import signal
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from bpviz.commands import train
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.files.experiment_file import ExperimentFile, write_experiment_file
from bpviz.session.files.session_data import SavedBranch
from bpviz.session.files.session_file import read_session
from bpviz.session.time_travel.history import History
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from tests.commands.helpers import exit_code
from tests.session.helpers import EXPLOSIVE, SMALL, train_to_the_fault

QUICK = ("train", "--layers", "4", "--samples", "40")
BREAKING = (*QUICK, "--layers", "4,3", "--activation", "none,none,none", "--learning-rate", "5")
Output = pytest.CaptureFixture[str]


def history_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("preset", "lines"),
    [
        ("article", ["Epoch: #0, MSE: 0.246478, Accuracy: 49.50%", "Epoch: #10, MSE: 0.145265, Accuracy: 81.83%"]),
        ("moons", ["Epoch: #0, MSE: 0.246588, Accuracy: 49.50%", "Epoch: #10, MSE: 0.144861, Accuracy: 81.67%"]),
    ],
)
def test_every_tenth_epoch_is_reported_in_the_articles_words(preset: str, lines: list[str], capsys: Output) -> None:
    assert exit_code("train", "--preset", preset, "--seed", "0", "--epochs", "12") == 0
    assert capsys.readouterr() == ("\n".join(lines) + "\n", "")


def test_the_same_command_prints_the_same_numbers(capsys: Output) -> None:
    exit_code(*QUICK, "--epochs", "11", "--shuffle", "--seed", "3")
    first = capsys.readouterr().out
    exit_code(*QUICK, "--epochs", "11", "--shuffle", "--seed", "3")
    assert capsys.readouterr().out == first


def test_requested_files_are_written_and_reported(tmp_path: Path, capsys: Output) -> None:
    names = {"--history": "h.csv", "--weights": "w.npz", "--figure": "f.svg", "--save": "s.bpviz"}
    asked = [part for flag, name in names.items() for part in (flag, str(tmp_path / name))]
    assert exit_code(*QUICK, "--epochs", "3", *asked) == 0
    assert capsys.readouterr().err.splitlines() == [f"bpviz train: wrote {tmp_path / name}" for name in names.values()]
    assert [row["epoch"] for row in history_of(tmp_path / "h.csv")] == ["1", "2", "3"]
    with np.load(tmp_path / "w.npz") as weights:
        assert weights["W1"].shape == (2, 4)
        assert Experiment.from_json(str(weights["experiment"])).epochs == 3
    ElementTree.parse(tmp_path / "f.svg")
    assert "moons, epoch 3, test accuracy" in (tmp_path / "f.svg").read_text(encoding="utf-8")
    assert sorted(os.listdir(tmp_path)) == sorted(names.values())


@pytest.mark.slow
@pytest.mark.parametrize(("name", "beginning"), [("f.png", b"\x89PNG\r\n\x1a\n"), ("f.pdf", b"%PDF-")])
def test_a_figure_has_the_format_of_its_name(name: str, beginning: bytes, tmp_path: Path) -> None:
    assert exit_code(*QUICK, "--epochs", "1", "--figure", str(tmp_path / name)) == 0
    assert (tmp_path / name).read_bytes().startswith(beginning)


def test_a_history_agrees_with_what_was_printed(tmp_path: Path, capsys: Output) -> None:
    exit_code(*QUICK, "--epochs", "11", "--history", str(tmp_path / "h.csv"))
    rows = history_of(tmp_path / "h.csv")
    assert [int(row["epoch"]) for row in rows] == list(range(1, 12))  # the printed lines count from 0
    assert capsys.readouterr().out.splitlines() == [
        f"Epoch: #{epoch}, MSE: {float(rows[epoch]['mse_train']):.6f}, "
        f"Accuracy: {100 * float(rows[epoch]['accuracy_test']):.2f}%"
        for epoch in (0, 10)
    ]


@pytest.mark.parametrize(
    ("flag", "name", "sentence"),
    [
        ("--history", "h.txt", "its name must end in .csv"),
        ("--history", "", "its name must end in .csv"),
        ("--weights", "w.npy", "its name must end in .npz"),
        ("--figure", "f.gif", "its name must end in .svg or .png or .pdf"),
        ("--figure", "f", "its name must end in .svg or .png or .pdf"),
        ("--save", "s.zip", "its name must end in .bpviz"),
        ("--save", "nowhere/s.bpviz", "make that folder first"),
        ("--history", "nowhere/h.csv", "make that folder first"),
        ("--weights", "nowhere/w.npz", "make that folder first"),
        ("--figure", "nowhere/f.svg", "make that folder first"),
        ("--history", "folder.csv", "that is a folder"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_before_training(
    flag: str, name: str, sentence: str, tmp_path: Path, capsys: Output
) -> None:
    (tmp_path / "folder.csv").mkdir()
    assert exit_code(*QUICK, flag, str(tmp_path / name)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("bpviz train: error: ")
    assert sentence in err


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (("--learning-rate", "0"), "learning rate must be a number greater than 0"),
        (("--learning-rate", "-1"), "learning rate must be a number greater than 0"),
        (("--epochs", "ten"), "epochs must be a whole number"),
        (("--layers", "a"), "hidden entry 1: must be a whole number"),
        (("--dataset", "suns"), "dataset must be one of moons, "),
        (("--preset", "suns"), "no preset is called suns"),
        (("--dataset", "blobs", "--classes", "6", "--samples", "10"), "the training samples hold only"),
        (("--momentun", "0.9"), "unrecognized arguments: --momentun"),
        (("--learn", "0.9"), "unrecognized arguments: --learn"),
        (("--epochs",), "argument --epochs: expected one argument"),
        (("moons",), "unrecognized arguments: moons"),
    ],
)
def test_a_wrong_option_is_refused_in_a_line(argv: tuple[str, ...], sentence: str, capsys: Output) -> None:
    assert exit_code("train", *argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"bpviz train: error: {sentence}")
    assert err.splitlines()[1:] == ["Try “bpviz train --help”."]


def test_a_non_finite_number_is_reported_and_the_last_finite_state_is_written(tmp_path: Path, capsys: Output) -> None:
    files = (
        "--history",
        str(tmp_path / "h.csv"),
        "--weights",
        str(tmp_path / "w.npz"),
        "--figure",
        str(tmp_path / "f.png"),
    )
    assert exit_code(*BREAKING, *files) == 1
    training = Training(EXPLOSIVE)
    fault = train_to_the_fault(training)
    assert capsys.readouterr().err.startswith(f"bpviz train: Training stopped: {fault}. ")
    with np.load(tmp_path / "w.npz") as weights:
        for number, layer in enumerate(training.network.layers, start=1):
            np.testing.assert_array_equal(weights[f"W{number}"], layer.weights)
    assert history_of(tmp_path / "h.csv") == []
    assert (tmp_path / "f.png").exists()


def test_a_file_that_fails_at_the_end_does_not_cost_the_others(
    tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    prepare = train._prepare

    def prepare_and_pull_out(given: Namespace) -> Training:
        training = prepare(given)
        folder.rmdir()
        return training

    monkeypatch.setattr(train, "_prepare", prepare_and_pull_out)
    files = ("--history", str(folder / "h.csv"), "--weights", str(tmp_path / "w.npz"))
    assert exit_code(*QUICK, "--epochs", "1", *files) == 1
    assert "h.csv cannot be written: no such file or directory" in capsys.readouterr().err
    assert (tmp_path / "w.npz").exists()


@pytest.fixture
def ctrl_c_is_heard() -> Iterator[None]:
    """Let Ctrl-C do what it does in a terminal: whatever a shell starts in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c_is_heard")
def test_ctrl_c_before_training_ends_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    def press(given: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(train, "_prepare", press)
    assert exit_code(*QUICK) == 130


def test_ctrl_c_between_two_epochs_stops_there(tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    report = train._report

    def report_and_press(*args: object) -> None:
        report(*args)  # type: ignore[arg-type]
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(train, "_report", report_and_press)
    assert exit_code(*QUICK, "--history", str(tmp_path / "h.csv")) == 130
    assert capsys.readouterr().err.splitlines()[0] == "bpviz train: Stopped before epoch 1."
    assert len(history_of(tmp_path / "h.csv")) == 1


def test_ctrl_c_during_the_last_update_counts_as_done(monkeypatch: pytest.MonkeyPatch) -> None:
    finish = Training.finish_epoch

    def finish_and_press(training: Training) -> object:
        signal.raise_signal(signal.SIGINT)
        return finish(training)

    monkeypatch.setattr(Training, "finish_epoch", finish_and_press)
    assert exit_code(*QUICK, "--epochs", "1") == 0


def test_after_training_the_former_handler_of_ctrl_c_is_restored() -> None:
    before = signal.getsignal(signal.SIGINT)
    exit_code(*QUICK, "--epochs", "1")
    assert signal.getsignal(signal.SIGINT) is before


def test_training_uses_an_experiment_file_saved_by_the_window(tmp_path: Path, capsys: Output) -> None:
    write_experiment_file(tmp_path / "mine.json", ExperimentFile(SMALL))
    assert exit_code("train", "--experiment", str(tmp_path / "mine.json"), "--history", str(tmp_path / "a.csv")) == 0
    assert len((tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()) == 1 + SMALL.epochs
    assert exit_code("train", "--experiment", str(tmp_path), "--epochs", "1") == 2
    assert "cannot be read: that is a folder, not a file" in capsys.readouterr().err


def branch_in(path: Path) -> SavedBranch:
    return read_session(path).branches[0]


def parameters_at(branch: SavedBranch) -> bytes:
    """Seek the position of a branch from the last checkpoint before it."""
    history, place = History(Training(branch.first)), Position(branch.place.epoch, branch.place.sample)
    before = [checkpoint.checkpoint for checkpoint in branch.checkpoints if checkpoint.position <= place][-1]
    history.training.trainer.restore(before)
    while history.position < place:
        history.advance(10**6, until=place)
    return history.training.network.parameters.tobytes()


def weights_in(path: Path) -> bytes:
    with np.load(path) as arrays:
        numbers = range(1, len([name for name in arrays if name.startswith("W")]) + 1)
        return b"".join(arrays[f"{kind}{number}"].tobytes() for number in numbers for kind in "Wb")


def test_a_saved_session_is_at_the_position_where_training_ended(tmp_path: Path) -> None:
    files = ("--save", str(tmp_path / "s.bpviz"), "--weights", str(tmp_path / "w.npz"))
    assert exit_code(*QUICK, "--epochs", "7", "--batch-size", "3", "--shuffle", *files) == 0
    branch = branch_in(tmp_path / "s.bpviz")
    assert (branch.furthest, branch.place, len(branch.epochs)) == (Position(7), Position(7), 7)
    assert [checkpoint.position.epoch for checkpoint in branch.checkpoints] == list(range(8))
    assert parameters_at(branch) == weights_in(tmp_path / "w.npz")


def test_ctrl_c_in_the_middle_of_an_epoch_saves_the_session_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    advance = History.advance

    def press_and_advance(history: History, samples: int) -> object:
        if history.position == Position(2):
            signal.raise_signal(signal.SIGINT)
        return advance(history, 5)

    monkeypatch.setattr(History, "advance", press_and_advance)
    files = ("--save", str(tmp_path / "s.bpviz"), "--weights", str(tmp_path / "w.npz"))
    assert exit_code(*QUICK, *files) == 130
    monkeypatch.undo()
    branch = branch_in(tmp_path / "s.bpviz")
    assert (branch.furthest, branch.place, len(branch.epochs)) == (Position(2, 5), Position(2, 5), 2)
    assert parameters_at(branch) == weights_in(tmp_path / "w.npz")


def test_the_session_before_a_non_finite_number_is_saved(tmp_path: Path) -> None:
    files = ("--save", str(tmp_path / "s.bpviz"), "--weights", str(tmp_path / "w.npz"))
    assert exit_code(*BREAKING, *files) == 1
    branch = branch_in(tmp_path / "s.bpviz")
    assert branch.place == branch.furthest > Position(0)
    assert parameters_at(branch) == weights_in(tmp_path / "w.npz")


def test_a_regression_reports_mse_mae_and_r2(capsys: Output) -> None:
    options = "train --dataset line --samples 60 --layers 3 --epochs 11 --learning-rate 0.05"
    assert exit_code(*options.split()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert all(re.fullmatch(r"Epoch: #\d+, MSE: \d\.\d{6}, MAE: \d\.\d{6}, R2: -?\d+\.\d{4}", line) for line in lines)


@pytest.mark.parametrize("name", ["iris", "sine", "plane"])
def test_there_is_a_figure_for_any_number_of_inputs(name: str, tmp_path: Path) -> None:
    options = ("train", "--preset", name, "--epochs", "1", "--figure", str(tmp_path / "f.svg"))
    assert exit_code(*options, *(("--samples", "60") if name != "iris" else ())) == 0
    assert (tmp_path / "f.svg").stat().st_size > 1000
