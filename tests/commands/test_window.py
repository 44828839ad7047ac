import dataclasses
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile, ZipInfo

import pytest

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.breakpoints import READY_MADE
from bpviz.session.debugging.watches import Watch
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset
from bpviz.session.files.experiment_file import ExperimentFile, write_experiment_file
from bpviz.session.files.session_file import write_session
from bpviz.session.recovery.crash_log import CrashLog
from bpviz.session.training.position import Position
from tests.commands.helpers import exit_code
from tests.session.files.saved_sessions import MARKS, trained_session
from tests.session.recording.loops import layers, recorded, train_layers

Output = pytest.CaptureFixture[str]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, dict[str, Any]]]:
    """Replacement of the window that records what it was asked to open."""
    calls: list[tuple[Any, dict[str, Any]]] = []

    def open_window(experiment: object, **options: object) -> int:
        calls.append((experiment, options))
        return 7

    monkeypatch.setitem(sys.modules, "bpviz.app", SimpleNamespace(open_window=open_window))
    return calls


def test_without_options_the_window_opens_on_the_default_preset(opened: list[Any]) -> None:
    assert exit_code() == 7
    nothing = dict.fromkeys(("session", "screenshot", "epochs", "theme", "size", "go_to", "language")) | {"run": False}
    assert opened == [(ExperimentFile(load_preset("moons").experiment), {"preset": "moons"} | nothing)]


def test_options_reach_the_window(opened: list[Any]) -> None:
    assert exit_code("--preset", "xor", "--run", "--theme", "dark") == 7
    experiment_file, options = opened[0]
    assert experiment_file == ExperimentFile(load_preset("xor").experiment)
    assert (options["preset"], options["run"], options["theme"]) == ("xor", True, "dark")


def test_the_window_opens_on_what_it_saved(opened: list[Any], tmp_path: Path) -> None:
    experiment_file = ExperimentFile(Experiment(seed=9), tuple(READY_MADE.values()), (Watch(Metric("loss"), 3),))
    write_experiment_file(tmp_path / "mine.json", experiment_file)
    assert exit_code("--experiment", str(tmp_path / "mine.json")) == 7
    assert (opened[0][0], opened[0][1]["preset"]) == (experiment_file, "")


def test_the_window_opens_on_a_session(opened: list[Any], tmp_path: Path) -> None:
    write_session(tmp_path / "a.bpviz", trained_session())
    assert exit_code(str(tmp_path / "a.bpviz"), "--theme", "dark") == 7
    experiment_file, options = opened[0]
    assert experiment_file == ExperimentFile(trained_session().branches[1].first, *MARKS)
    assert (options["preset"], options["session"], options["theme"]) == ("", tmp_path / "a.bpviz", "dark")


@pytest.mark.parametrize("name", ["a.bpviz", "a.zip"])
def test_a_bad_session_is_refused_before_there_is_a_window(
    name: str, opened: list[Any], tmp_path: Path, capsys: Output
) -> None:
    (tmp_path / name).write_bytes(b"hello")
    assert exit_code(str(tmp_path / name)) == 2
    assert opened == []
    sentence = f"{tmp_path / name} cannot be opened: it is not a bpviz session; choose another file"
    assert capsys.readouterr().err.splitlines()[0] == f"bpviz: error: {sentence}"


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["--experiment", "nowhere.json"], "nowhere.json cannot be read: no such file or directory"),
        (["--experiment", "a.json", "--preset", "xor"], "argument --preset: not allowed with argument --experiment"),
    ],
)
def test_a_file_that_holds_no_experiment_is_refused(
    argv: list[str], sentence: str, opened: list[Any], capsys: Output
) -> None:
    assert exit_code(*argv) == 2
    assert opened == []
    assert capsys.readouterr().err.startswith(f"bpviz: error: {sentence}")


def test_a_picture_has_a_place_epochs_and_a_size(opened: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    assert exit_code("--screenshot", str(path), "--epochs", "30", "--size", "1280x720") == 7
    options = opened[0][1]
    assert (options["screenshot"], options["epochs"], options["size"]) == (path, 30, (1280, 720))
    assert not path.exists()


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["--epochs", "5"], "--epochs is for a screenshot: give --screenshot FILE.png as well"),
        (["--epochs", "0"], "--epochs is for a screenshot: give --screenshot FILE.png as well"),
        (["--size", "800x600"], "--size is for a screenshot: give --screenshot FILE.png as well"),
        (["--preset", "suns"], "no preset is called suns"),
        (["--preset", ""], "no preset is called "),
        (["--theme", "pink"], "argument --theme: must be one of light, dark, not pink"),
        (["--theme", ""], "argument --theme: must be one of light, dark, not nothing"),
        (["--screenshot", "a.gif"], "a.gif cannot be written: its name must end in .png"),
        (["--screenshot", "nowhere/a.png"], "nowhere/a.png cannot be written: no such file or directory"),
        (["trian"], "trian is not a command, or does not come first; the commands are train, gradcheck, check, info,"),
        (["x" * 5000], f"{'x' * 5000} is not a command, or does not come first"),
        (["nowhere.bpviz"], "nowhere.bpviz cannot be opened: no such file or directory; choose another file"),
        (["a.bpviz", "--preset", "xor"], "a.bpviz has its own experiment: leave out --experiment, --preset and"),
        (["--experiment", "a.json", "a.bpviz"], "a.bpviz has its own experiment: leave out --experiment,"),
        (["a.bpviz", "--screenshot", "a.png", "--epochs", "1"], "a.bpviz has its own experiment: leave out"),
        (["--preset", "xor", "train"], "train is not a command, or does not come first"),
        (["--colour"], "unrecognized arguments: --colour"),
    ],
)
def test_a_wrong_option_is_refused_in_a_line(argv: list[str], sentence: str, opened: list[Any], capsys: Output) -> None:
    assert exit_code(*argv) == 2
    assert opened == []
    err = capsys.readouterr().err
    assert err.startswith(f"bpviz: error: {sentence}")
    assert err.splitlines()[1:] == ["Try “bpviz --help”."]


@pytest.mark.parametrize("value", ["-1", "2.5", "nan", "many", "", "10000001"])
def test_a_wrong_number_of_epochs_is_refused(value: str, opened: list[Any], capsys: Output) -> None:
    assert exit_code("--screenshot", "a.png", "--epochs", value) == 2
    assert "argument --epochs: must be a whole number from 0 to 10,000,000" in capsys.readouterr().err
    assert opened == []


@pytest.mark.parametrize(
    "value", ["", "big", "0x0", "100x100", "1440", "1440x", "-1440x900", "1440X900", "9" * 50 + "x900"]
)
def test_a_wrong_size_is_refused(value: str, opened: list[Any], capsys: Output) -> None:
    assert exit_code("--screenshot", "a.png", f"--size={value}") == 2
    assert "argument --size: must be like 1440x900, from 640x480 to 7680x4320, not " in capsys.readouterr().err
    assert opened == []


def test_versions_are_told_without_opening_anything(opened: list[Any], capsys: Output) -> None:
    assert exit_code("--version") == 0
    names = [line.rpartition(" ")[0] for line in capsys.readouterr().out.splitlines()]
    assert names[:6] == ["bpviz", "Python", "numpy", "scikit-learn", "PySide6-Essentials", "pyqtgraph"]
    assert opened == []


def test_the_place_of_the_log_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setattr("bpviz.commands.window.log_folder", lambda: tmp_path / "log")
    assert exit_code("--log") == 0
    assert capsys.readouterr().out == f"{tmp_path / 'log'}\n"
    with CrashLog(tmp_path / "log", {}) as log:
        log.record("a fault", "details")
    assert exit_code("--log") == 0
    (path,) = (tmp_path / "log").glob("*.log")
    assert capsys.readouterr().out == f"{path}\n"
    monkeypatch.setattr("bpviz.commands.window.log_folder", lambda: None)
    assert exit_code("--log") == 0
    assert "no home folder" in capsys.readouterr().out


def test_the_window_opens_a_recording_beside_a_new_session(opened: list[Any], tmp_path: Path) -> None:
    network = layers()
    with recorded(network, tmp_path):
        train_layers(network)
    assert exit_code(str(tmp_path / "mine.bpviz")) == 7
    ((experiment_file, options),) = opened
    assert experiment_file.experiment == load_preset("moons").experiment
    assert (options["preset"], options["session"]) == ("moons", tmp_path / "mine.bpviz")


def test_a_damaged_recording_is_refused_before_there_is_a_window(opened: list[Any], tmp_path: Path) -> None:
    with ZipFile(tmp_path / "mine.bpviz", "w") as archive:
        archive.writestr(ZipInfo("recording.json"), "{}")
    assert exit_code(str(tmp_path / "mine.bpviz")) == 2
    assert opened == []


def test_a_shared_experiment_and_its_position_reach_the_window(opened: list[Any]) -> None:
    assert exit_code("--preset", "xor", "--share", "seed=3 learning_rate=0.5", "--go-to", "12,4") == 7
    ((found, options),) = opened
    assert found.experiment == dataclasses.replace(load_preset("xor").experiment, seed=3, learning_rate=0.5)
    assert (options["preset"], options["go_to"]) == ("", Position(12, 4))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--share", "sede=3"), "no field called sede"),
        (("--share", "seed=3", "--experiment", "mine.json"), "give it with --preset alone"),
        (("--go-to", "now"), "a position must be like 12"),
        (("--go-to", "3", "--run"), "--go-to trains by itself"),
    ],
)
def test_a_shared_experiment_that_cannot_be_used_is_refused(
    opened: list[Any], capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    assert exit_code(*arguments) == 2
    assert sentence in capsys.readouterr().err
    assert opened == []
