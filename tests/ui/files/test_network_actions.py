"""Open network, export weights, figure and program."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from pytestqt.qtbot import QtBot
from safetensors.numpy import save_file

from bpviz.session.engine.commands import ExportFigure, ExportWeights, Load
from bpviz.session.experiment.presets import load_preset
from bpviz.session.network_files.npz import holds_network
from bpviz.session.network_files.reading import SUFFIXES
from bpviz.session.network_files.writing import write_network
from bpviz.session.training.training import Training
from bpviz.ui.files.activations_dialog import ActivationsDialog
from bpviz.ui.files.network_actions import _NETWORK_SUFFIXES
from bpviz.ui.own_data.data_dialog import DataDialog
from bpviz.ui.view_model.plane_model import Kind, PlaneChoice
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


def test_the_figure_of_more_than_two_inputs_is_over_the_plane_that_is_drawn(
    bare_window: MainWindow, stage: Stage, tmp_path: Path
) -> None:
    stage.prepare(load_preset("iris").experiment)
    stage.model.plane.choose(PlaneChoice(Kind.AT_MEAN, 0, 1))
    choose(bare_window, "export_figure", tmp_path / "a.svg")
    given = stage.commands.given[-1]
    assert isinstance(given, ExportFigure)
    assert given.at is not None
    at = given.at
    assert (at.plane, at.inputs) == (stage.model.plane.plane, (0, 1))
    assert (at.names, at.note) == (("sepal length (cm)", "sepal width (cm)"), "other inputs at their mean")


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


def drop(window: MainWindow, path: Path) -> bool:
    """Drop a file on the window; return whether it was accepted."""
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(path))])
    button, nothing = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPointF(5, 5).toPoint(), Qt.DropAction.CopyAction, dropped, button, nothing)
    entering.ignore()
    window.dragEnterEvent(entering)
    if entering.isAccepted():
        window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, dropped, button, nothing))
    return entering.isAccepted()


def test_a_dropped_archive_with_weights_is_a_network_and_says_so(
    bare_window: MainWindow, stage: Stage, tmp_path: Path
) -> None:
    stage.prepare()
    other = Training(dataclasses.replace(SMALL, hidden=(5,), activations=("relu", "softmax"), seed=8))
    write_network(other, tmp_path / "a.npz")
    assert drop(bare_window, tmp_path / "a.npz")
    assert loaded(stage)[0].experiment.hidden == (5,)
    assert bare_window.notice.sentence.text().startswith("a.npz was opened as a network, since its arrays are named")
    assert bare_window.findChildren(DataDialog) == []


def test_a_dropped_archive_without_weights_is_a_table(
    bare_window: MainWindow, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    stage.prepare()
    np.savez(tmp_path / "a.npz", X=np.ones((4, 2)), y=np.array([0, 1, 0, 1]))
    assert drop(bare_window, tmp_path / "a.npz")
    (dialog,) = bare_window.findChildren(DataDialog)
    qtbot.waitUntil(lambda: dialog.about.text() == "a.npz: 4 rows, 3 columns")
    assert loaded(stage) == []
    dialog.close()


def test_another_dropped_network_is_opened_as_from_the_menu(
    bare_window: MainWindow, stage: Stage, tmp_path: Path
) -> None:
    stage.prepare()
    save_file({"0.weight": np.ones((3, 2)), "2.weight": np.ones((2, 3))}, tmp_path / "a.safetensors")
    assert drop(bare_window, tmp_path / "a.safetensors")
    (dialog,) = bare_window.findChildren(ActivationsDialog)
    dialog._choose()
    assert len(loaded(stage)) == 1
    dialog.close()
    assert not drop(bare_window, tmp_path / "a.pt")


@pytest.mark.parametrize(
    ("names", "is_network"),
    [
        (("W1", "b1", "W2"), True),
        (("W1", "activations", "loss"), True),
        (("0.weight", "0.bias"), True),
        (("X", "y"), False),
        (("W1", "b1", "y"), False),
        (("b1",), False),
        (("weights",), False),
        (("activations",), False),
    ],
)
def test_names_of_arrays_tell_a_network_from_a_table(names: tuple[str, ...], is_network: bool, tmp_path: Path) -> None:
    arrays: dict[str, Any] = dict.fromkeys(names, np.ones((2, 2)))
    np.savez(tmp_path / "a.npz", **arrays)
    assert holds_network(tmp_path / "a.npz") is is_network


def test_every_kind_of_network_can_be_dropped() -> None:
    assert _NETWORK_SUFFIXES == SUFFIXES


def test_what_is_no_archive_is_no_network(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(b"no archive")
    assert not holds_network(tmp_path / "a.npz")
    assert not holds_network(tmp_path / "missing.npz")
    os.mkfifo(tmp_path / "pipe.npz")
    assert not holds_network(tmp_path / "pipe.npz")
