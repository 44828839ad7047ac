"""Starting a preset, which may contain a second experiment for comparison."""

from __future__ import annotations

import dataclasses

from bpviz.session.engine.commands import LoadBeside, RenameBranch
from bpviz.session.experiment.presets import Preset
from bpviz.ui.view_model.view_model import ViewModel


def start_preset(model: ViewModel, preset: Preset, epochs: int | None = None) -> None:
    """Load the network of a preset and, if the preset has one, the network to compare it with on a second branch.

    Parameters
    ----------
    model : ViewModel
    preset : Preset
    epochs : int, optional
        Number of epochs after which training stops; by default the preset's.
    """
    stop = preset.experiment.epochs if epochs is None else epochs
    model.load(dataclasses.replace(preset.experiment, epochs=stop))
    if preset.against:
        name, experiment = preset.against
        model.post(LoadBeside(dataclasses.replace(experiment, epochs=stop), name))
        model.post(RenameBranch(0, preset.called))
