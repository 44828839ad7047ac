"""Starting a preset, with the arrangement of panels that it is meant for."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction

from bpviz.language import _
from bpviz.session.engine.commands import GoTo, LoadBeside, RenameBranch
from bpviz.session.experiment.presets import Preset
from bpviz.session.training.position import Position
from bpviz.ui.view_model.view_model import ViewModel


def start_preset(model: ViewModel, preset: Preset, actions: Mapping[str, QAction], epochs: int | None = None) -> None:
    """Load the network of a preset and, if the preset has one, the network to compare it with on a second branch.

    A preset that is meant to be walked through opens before its first operation.

    Parameters
    ----------
    model : ViewModel
    preset : Preset
    actions : mapping of str to QAction
        All actions of the window.
    epochs : int, optional
        Number of epochs after which training stops; by default the preset's.
    """
    stop = preset.experiment.epochs if epochs is None else epochs
    had_pair = model.time.compared is not None
    model.load(dataclasses.replace(preset.experiment, epochs=stop))
    if preset.against:
        name, experiment = preset.against
        model.post(LoadBeside(dataclasses.replace(experiment, epochs=stop), _(name)))
        model.post(RenameBranch(0, _(preset.called)))
        model.debugger.disable_breakpoints()  # another experiment even where the first network is that of before
        actions["compare_layout"].trigger()
    elif preset.is_to_step:
        model.post(GoTo(Position()))
        # The arrangement depends on the new network.
        once = Qt.ConnectionType.SingleShotConnection
        model.experiment_prepared.connect(actions["step_layout"].trigger, once)
    elif had_pair:
        actions["train_layout"].trigger()  # the panels for comparing have nothing to show
