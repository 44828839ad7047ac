"""How a preset begins: alone, or with the experiment that it is compared with beside it."""

from __future__ import annotations

import dataclasses

from bpviz.session.engine.commands import LoadBeside, RenameBranch
from bpviz.session.experiment.presets import Preset
from bpviz.ui.view_model.view_model import ViewModel


def begin(model: ViewModel, preset: Preset, epochs: int | None = None) -> None:
    """Ask for a preset's network, and for the one beside it where it has one; they are made one after the other.

    Parameters
    ----------
    model : ViewModel
    preset : Preset
    epochs : int, optional
        After how many training stops, by default what the preset says.
    """
    stop = preset.experiment.epochs if epochs is None else epochs
    model.load(dataclasses.replace(preset.experiment, epochs=stop))
    if preset.against:
        name, experiment = preset.against
        model.post(LoadBeside(dataclasses.replace(experiment, epochs=stop), name))
        model.post(RenameBranch(0, preset.called))
