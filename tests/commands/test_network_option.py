"""`--network`: training and the window start from the network in a file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bpviz.commands import train, window
from bpviz.commands.options import experiment_from
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.network_files.writing import write_network
from bpviz.session.training.training import Training
from tests.commands.helpers import exit_code
from tests.session.helpers import SMALL

Output = pytest.CaptureFixture[str]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    training = Training(SMALL)
    training.run_epoch()
    write_network(training, tmp_path / "a.npz")
    return tmp_path / "a.npz"


def given(*argv: str) -> Experiment:
    return experiment_from(train._parser().parse(list(argv)))


def torch_file(folder: Path, *shapes: tuple[int, int]) -> Path:
    from safetensors.numpy import save_file

    save_file({f"{2 * n}.weight": np.full(shape, 0.5) for n, shape in enumerate(shapes)}, folder / "t.safetensors")
    return folder / "t.safetensors"


def test_sizes_activations_and_parameters_are_those_of_the_file(saved: Path) -> None:
    found = given("--network", str(saved), "--epochs", "7", "--learning-rate", "0.5")
    with np.load(saved) as arrays:
        assert found.parameters[:8] == tuple(arrays["W1"].ravel())
    assert (found.hidden, found.activations, found.initializer) == (SMALL.hidden, SMALL.activations, "given")
    assert (found.epochs, found.learning_rate, found.samples) == (7, 0.5, 2000)


def test_training_goes_on_where_the_file_ended(tmp_path: Path, capsys: Output) -> None:
    options = ("--samples", "60", "--layers", "4", "--epochs")
    exit_code("train", *options, "2", "--weights", str(tmp_path / "two.npz"))
    exit_code("train", *options, "1", "--weights", str(tmp_path / "one.npz"))
    argv = ("--network", str(tmp_path / "one.npz"), "--samples", "60", "--epochs", "1")
    assert exit_code("train", *argv, "--weights", str(tmp_path / "and-one.npz")) == 0
    with np.load(tmp_path / "two.npz") as at_once, np.load(tmp_path / "and-one.npz") as in_two:
        for name in ("W1", "b1", "W2", "b2"):
            np.testing.assert_allclose(in_two[name], at_once[name], rtol=1e-12)


def test_the_option_activation_names_those_that_the_file_does_not(tmp_path: Path) -> None:
    path = str(torch_file(tmp_path, (4, 2), (3, 4), (2, 3)))
    assert given("--network", path, "--activation", "tanh").activations == ("tanh", "tanh", "sigmoid")
    found = given("--network", path, "--activation", "relu,tanh,softmax", "--loss", "cross_entropy")
    assert (found.activations, found.loss) == (("relu", "tanh", "softmax"), "cross_entropy")


def test_one_sigmoid_output_becomes_two_probabilities(tmp_path: Path, capsys: Output) -> None:
    path = torch_file(tmp_path, (3, 2), (1, 3))
    found = given("--network", str(path), "--activation", "tanh,sigmoid")
    assert (found.activations, found.sizes) == (("tanh", "softmax"), (2, 3, 2))
    assert "t.safetensors has one output, a sigmoid" in capsys.readouterr().err
    outputs = Training(found).network.feed_forward([0.3, -0.1])
    expected = 1.0 / (1.0 + np.exp(-3 * 0.5 * np.tanh(0.1)))
    np.testing.assert_allclose(outputs, [1.0 - expected, expected], rtol=1e-12)


@pytest.mark.parametrize(
    ("shapes", "options", "sentence"),
    [
        (((2, 2),), (), "it does not say which activations its layers have: name them with --activation"),
        (((3, 2),), ("--activation", "tanh"), "the network has 2 inputs and 3 outputs, the data need 2 inputs and 2"),
        (((2, 5),), ("--activation", "tanh"), "the network has 5 inputs and 2 outputs, the data need 2 inputs and 2"),
        (((2, 2),), ("--activation", "tanh", "--layers", "3"), "hidden is that of the network in"),
        (((2, 2),), ("--activation", "tanh", "--init", "he"), "initializer is that of the network in"),
        (((2, 2),), ("--activation", "tanh", "--loss", "cross_entropy"), "loss cross_entropy needs sigmoid or softmax"),
        (((1025, 2), (2, 1025)), ("--activation", "tanh"), "too large for bpviz, as hidden entry 1: must be a whole"),
        (((2, 2),) * 10, ("--activation", "tanh"), "the network is too large for bpviz, as hidden may have at most 8"),
    ],
)
def test_a_network_that_does_not_fit_is_refused_in_a_line(
    shapes: tuple[tuple[int, int], ...], options: tuple[str, ...], sentence: str, tmp_path: Path, capsys: Output
) -> None:
    assert exit_code("train", "--network", str(torch_file(tmp_path, *shapes)), *options) == 2
    err = capsys.readouterr().err
    assert sentence in err
    assert err.splitlines()[1:] == ["Try “bpviz train --help”."]


def test_the_window_opens_with_it(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []

    def open_window(found: Any, **options: Any) -> int:
        opened.append((found, options))
        return 0

    monkeypatch.setattr("bpviz.app.open_window", open_window)
    assert exit_code("--network", str(saved)) == 0
    ((found, options),) = opened
    assert (found.experiment.initializer, options["preset"]) == ("given", "")
    assert len(found.experiment.parameters) == SMALL.n_parameters


def test_the_window_needs_a_network_for_activations(capsys: Output) -> None:
    assert exit_code("--activation", "tanh") == 2
    assert f"{window.PROG}: error: --activation is for a network from a file" in capsys.readouterr().err


@pytest.mark.slow
def test_a_program_is_written_that_prints_the_same(tmp_path: Path, capsys: Output) -> None:
    path = tmp_path / "mine.py"
    options = ("--layers", "4", "--samples", "60", "--epochs", "11", "--seed", "3")
    assert exit_code("train", *options, "--program", str(path)) == 0
    lines, told = capsys.readouterr()
    assert told == f"bpviz train: wrote {path}\n"
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == lines
    assert exit_code("train", *options, "--program", str(path), "--program-for", "torch") == 0
    assert "import torch" in path.read_text(encoding="utf-8")


def test_weights_can_be_written_for_pytorch(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    assert exit_code("train", "--layers", "4", "--samples", "60", "--epochs", "1", "--weights", str(path)) == 0
    assert given("--network", str(path)).hidden == (4,)
