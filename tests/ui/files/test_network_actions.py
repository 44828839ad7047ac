"""Open network, export weights, figure and program."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from bpviz.session.engine.commands import ExportFigure, ExportWeights, Load
from bpviz.session.network_files.writing import write_network
from bpviz.session.training.training import Training
from bpviz.ui.files.activations_dialog import ActivationsDialog
from bpviz.ui.window.main_window import MainWindow
from tests.session.helpers import SMALL
from tests.ui.files.test_opening import choose
from tests.ui.stage import Stage


def loaded(stage: Stage) -> list[Load]:
    return [command for command in stage.commands.given if isinstance(command, Load)]


def test_an_opened_network_is_trained_on_the_present_samples(
    bare_window: MainWindow, stage: Stage, tmp_path: Path
) -> None:
    stage.prepare()
    other = Training(dataclasses.replace(SMALL, hidden=(5,), activations=("relu", "softmax"), seed=8))
    write_network(other, tmp_path / "a.npz")
    choose(bare_window, "open_network", tmp_path / "a.npz")
    (command,) = loaded(stage)
    found = command.experiment
    assert (found.sizes, found.activations, found.samples) == ((2, 5, 2), ("relu", "softmax"), SMALL.samples)
    assert found.parameters == tuple(other.network.parameters.tolist())


def test_activations_that_the_file_does_not_name_are_asked_for(
    bare_window: MainWindow, stage: Stage, tmp_path: Path
) -> None:
    stage.prepare()
    save_file({"0.weight": np.ones((3, 2)), "2.weight": np.ones((2, 3))}, tmp_path / "a.safetensors")
    choose(bare_window, "open_network", tmp_path / "a.safetensors")
    (dialog,) = bare_window.findChildren(ActivationsDialog)
    assert loaded(stage) == []
    dialog.hidden.setCurrentText("tanh")
    dialog.output.setCurrentText("sigmoid")
    dialog._choose()
    assert loaded(stage)[0].experiment.activations == ("tanh", "sigmoid")
    dialog.close()


def test_a_file_that_cannot_be_opened_is_named(bare_window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    stage.prepare()
    (tmp_path / "a.npz").write_bytes(b"no archive")
    choose(bare_window, "open_network", tmp_path / "a.npz")
    assert bare_window.notice.sentence.text().startswith(f"{tmp_path / 'a.npz'} cannot be opened: ")
    assert loaded(stage) == []


def test_one_sigmoid_output_is_explained(bare_window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    stage.prepare()
    tensors = {"0.weight": np.ones((1, 2))}
    save_file(tensors, tmp_path / "a.safetensors", metadata={"activations": "sigmoid"})
    choose(bare_window, "open_network", tmp_path / "a.safetensors")
    assert "has one output, a sigmoid" in bare_window.notice.sentence.text()
    assert loaded(stage)[0].experiment.activations == ("softmax",)


@pytest.mark.parametrize(
    ("command", "name", "kind"),
    [("export_weights", "a.onnx", ExportWeights), ("export_figure", "a.pdf", ExportFigure)],
)
def test_weights_and_figure_are_written_by_the_session(
    command: str,
    name: str,
    kind: type[ExportWeights | ExportFigure],
    bare_window: MainWindow,
    stage: Stage,
    tmp_path: Path,
) -> None:
    stage.prepare()
    choose(bare_window, command, tmp_path / name)
    assert stage.commands.given[-1] == kind(tmp_path / name)


def test_a_place_that_cannot_be_written_is_named(bare_window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    stage.prepare()
    choose(bare_window, "export_weights", tmp_path / "nowhere" / "a.npz")
    assert "no such file or directory" in bare_window.notice.sentence.text()


@pytest.mark.parametrize(("command", "word"), [("export_program", "class Layer"), ("export_torch_program", "torch")])
def test_a_program_is_written(command: str, word: str, bare_window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    stage.prepare()
    choose(bare_window, command, tmp_path / "mine.py")
    assert word in (tmp_path / "mine.py").read_text(encoding="utf-8")


def test_a_program_needs_a_network(bare_window: MainWindow, tmp_path: Path) -> None:
    choose(bare_window, "export_program", tmp_path / "mine.py")
    assert "There is no network yet" in bare_window.notice.sentence.text()
