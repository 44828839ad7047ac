"""Saving an experiment with its breakpoints and watches, and opening it again."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.breakpoints import READY_MADE
from bpviz.session.debugging.watches import Watch
from bpviz.session.engine.commands import Command, Load, SetBreakpoints, SetWatches
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.files.experiment_file import ExperimentFile, read_experiment_file, write_experiment_file
from bpviz.ui.window.main_window import MainWindow
from tests.session.helpers import SMALL
from tests.ui.stage import Stage

BREAKPOINTS = tuple(READY_MADE.values())
WATCHES = (Watch(Metric("loss"), 3), Watch(Metric("delta", 1, "rms")))
OTHER = ExperimentFile(Experiment(seed=9), BREAKPOINTS, WATCHES)


def choose(window: MainWindow, command: str, path: Path) -> None:
    """Trigger an action and accept its dialog with a path."""
    window.actions_[command].trigger()
    (dialog,) = window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()


def asked(stage: Stage) -> list[Command]:
    return [command for command in stage.commands.given if isinstance(command, Load | SetBreakpoints | SetWatches)]


def test_the_experiment_is_saved_with_its_breakpoints_and_watches(
    bare_window: MainWindow, stage: Stage, tmp_path: Path
) -> None:
    stage.prepare()
    stage.model.debugger.set_breakpoints(BREAKPOINTS)
    stage.model.debugger.set_watches(WATCHES)
    choose(bare_window, "save_experiment", tmp_path / "mine.json")
    assert read_experiment_file(tmp_path / "mine.json") == ExperimentFile(SMALL, BREAKPOINTS, WATCHES)


def test_an_opened_experiment_is_loaded(bare_window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    write_experiment_file(tmp_path / "other.json", OTHER)
    choose(bare_window, "open", tmp_path / "other.json")
    assert asked(stage) == [
        Load(OTHER.experiment),
        SetBreakpoints(OTHER.breakpoints),
        SetWatches(OTHER.watches),
    ]
    assert stage.model.debugger.breakpoints == OTHER.breakpoints
    assert stage.model.debugger.watches == OTHER.watches


@pytest.mark.slow
@pytest.mark.parametrize("text", [None, "", "{", '{"colour": 1}', '{"experiment": {}, "watches": 7}'])
def test_a_file_without_an_experiment_shows_an_error_and_changes_nothing(
    bare_window: MainWindow, stage: Stage, tmp_path: Path, text: str | None
) -> None:
    path = tmp_path / "wrong.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    choose(bare_window, "open", path)
    assert bare_window.notice.isVisible()
    assert bare_window.notice.sentence.text().startswith(f"{path} cannot be read: ")
    assert asked(stage) == []


def test_the_dialog_is_not_modal_and_accepts_existing_files_only(bare_window: MainWindow) -> None:
    bare_window.actions_["open"].trigger()
    (dialog,) = bare_window.findChildren(QFileDialog)
    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptOpen
    assert dialog.fileMode() is QFileDialog.FileMode.ExistingFile
    dialog.reject()
