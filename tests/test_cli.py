"""The command line program in a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bpviz import Layer
from bpviz.commands.options import DATA, NETWORK, TRAINING
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset, preset_names
from bpviz.session.training.training import Training
from bpviz.versions import versions
from tests.commands.helpers import DEADLINE_SECONDS, exit_code, first_line, python, start

ROOT = Path(__file__).parent.parent
LOADED = "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
Output = pytest.CaptureFixture[str]


def test_the_entry_point_imports_only_what_it_needs() -> None:
    loaded = python(f"import sys, bpviz.cli; {LOADED}").split()
    assert "numpy" in loaded
    assert not {"PySide6", "shiboken6", "pyqtgraph", "sklearn", "scipy", "matplotlib", "tqdm"} & set(loaded)


@pytest.mark.slow
def test_training_imports_no_qt_and_no_plotting() -> None:
    *_, loaded = python(
        f"import sys, bpviz.cli; bpviz.cli.main(['train', '--epochs', '1', '--samples', '40']); {LOADED}"
    ).splitlines()
    assert "sklearn" in loaded.split()
    assert not {"PySide6", "shiboken6", "pyqtgraph", "matplotlib"} & set(loaded.split())


@pytest.mark.slow
def test_a_figure_is_drawn_without_qt_and_without_pyplot(tmp_path: Path) -> None:
    argv = ["train", "--epochs", "1", "--samples", "40", "--figure", str(tmp_path / "f.png")]
    code = f"import sys, bpviz.cli; bpviz.cli.main({argv}); print(*sorted(sys.modules))"
    loaded = python(code).splitlines()[-1].split()
    assert "matplotlib.figure" in loaded
    assert not {"PySide6", "matplotlib.pyplot"} & set(loaded)


@pytest.mark.parametrize("program", [["-m", "bpviz"], [str(ROOT / "main.py")]])
def test_every_entry_point_is_called_bpviz(program: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *program, "train", "--epochs", "0"], capture_output=True, text=True, timeout=DEADLINE_SECONDS
    )
    assert done.returncode == 2
    assert done.stderr.startswith("bpviz train: error: epochs must be a whole number from 1")


def test_training_prints_to_standard_output_and_nothing_else() -> None:
    process = start("train", "--preset", "article", "--epochs", "11")
    out, err = process.communicate(timeout=DEADLINE_SECONDS)
    assert (process.returncode, err) == (0, "")
    assert out.splitlines() == [
        "Epoch: #0, MSE: 0.246478, Accuracy: 49.50%",
        "Epoch: #10, MSE: 0.145265, Accuracy: 81.83%",
    ]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_ctrl_c_stops_after_an_update_and_writes_the_requested_files(tmp_path: Path) -> None:
    history, weights = tmp_path / "h.csv", tmp_path / "w.npz"
    files = ("--history", str(history), "--weights", str(weights))
    process = start("train", "--preset", "xor", "--samples", "20000", *files)
    assert first_line(process).startswith("Epoch: #0, ")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=DEADLINE_SECONDS)
    assert process.returncode == 130
    assert err.splitlines()[1:] == [f"bpviz train: wrote {history}", f"bpviz train: wrote {weights}"]
    _, *epochs = history.read_text().splitlines()
    with np.load(weights) as arrays:
        states = _states_after(len(epochs), Experiment.from_json(str(arrays["experiment"])))
        # The other process may have trained its first epochs in numpy, before numba was ready: the last bits differ.
        assert any(np.allclose(layer.weights, arrays["W1"], rtol=1e-9, atol=1e-12) for layer in states)


def _states_after(epochs: int, experiment: Experiment) -> Iterator[Layer]:
    """Train again, and yield the first layer at every position where an epoch may be stopped."""
    training = Training(experiment)
    for _ in range(epochs):
        training.run_epoch()
    yield training.network.layers[0]
    for _ in training.run_in_slices(1000):
        yield training.network.layers[0]


@pytest.mark.slow
def test_a_closed_pipe_ends_training_without_an_error() -> None:
    process = start("train", "--preset", "xor", "--epochs", "1000000")
    assert process.stdout is not None
    assert process.stderr is not None
    first_line(process)
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(DEADLINE_SECONDS) == 141
    assert err == ""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_terminal_gets_a_progress_bar_as_well() -> None:
    terminal, end = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bpviz", "train", "--preset", "xor", "--epochs", "11"],
        stdout=subprocess.PIPE,
        stderr=end,
        text=True,
    )
    os.close(end)
    bar = _read_to_the_end(terminal)
    out, _ = process.communicate(timeout=DEADLINE_SECONDS)
    assert [line.partition(",")[0] for line in out.splitlines()] == ["Epoch: #0", "Epoch: #10"]
    assert "11/11" in bar


def _read_to_the_end(terminal: int) -> str:
    chunks = []
    try:
        while chunk := os.read(terminal, 4096):
            chunks.append(chunk)
    except OSError:
        pass  # Linux reports a closed pseudo-terminal as an error
    os.close(terminal)
    return b"".join(chunks).decode()


@pytest.mark.parametrize("command", [[], ["train"], ["gradcheck"]])
def test_the_help_has_examples_and_every_preset(command: list[str], capsys: Output) -> None:
    assert exit_code(*command, "--help") == 0
    text = capsys.readouterr().out
    assert text.startswith(f"usage: {' '.join(['bpviz', *command])}")
    assert "examples:" in text
    for name in preset_names():
        assert load_preset(name).about in text


def test_the_help_of_train_names_every_option_with_its_default(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    exit_code("train", "--help")
    text = capsys.readouterr().out
    for option in (*DATA, *NETWORK, *TRAINING):
        line = next(line for line in text.splitlines() if line.startswith(f"  {option.flag} "))
        assert line.endswith("]")
    assert "[25,50,25]" in text


def test_the_commands_are_named_in_the_help(capsys: Output) -> None:
    exit_code("--help")
    text = capsys.readouterr().out
    assert "bpviz train " in text
    assert "bpviz gradcheck " in text
    assert "bpviz check " in text


def test_versions_do_not_import_the_packages() -> None:
    *told, loaded = python(f"import sys, bpviz.cli; bpviz.cli.main(['--version']); {LOADED}").splitlines()
    assert told == [f"{name} {version}" for name, version in versions().items()]
    assert not {"PySide6", "pyqtgraph", "sklearn"} & set(loaded.split())
