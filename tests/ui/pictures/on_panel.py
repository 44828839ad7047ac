"""What the tests do with the panel, and read off it."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array
from bpviz.session.engine.commands import InspectOwn
from bpviz.session.engine.events import State
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.walkthrough.tracing import trace_own
from bpviz.ui.pictures.output_bars import Outputs
from bpviz.ui.pictures.pictures_panel import Mode, PicturesPanel
from tests.ui.stage import Stage
from tests.ui.user_input import drag_to, lay_out_and_paint


def begin(stage: Stage, experiment: Experiment | None = None, *, epochs: int = 1) -> None:
    """Make a network, train it, and send a frame."""
    stage.prepare(experiment)
    if epochs:
        stage.train(epochs)
    stage.frame()


def turn_to(panel: PicturesPanel, mode: Mode) -> None:
    """Show a page."""
    panel.mode.setCurrentText(mode)
    lay_out_and_paint(panel)


def shown_outputs(panel: PicturesPanel, mode: Mode = Mode.SAMPLE) -> Outputs:
    """Return what the bars of a page show."""
    found = (panel.sample if mode is Mode.SAMPLE else panel.draw.body).bars.outputs
    assert found is not None
    return found


def values_of(panel: PicturesPanel, mode: Mode = Mode.SAMPLE) -> tuple[Array, Array]:
    """Return the pixels, as fractions of full ink, and dL/dx of a page."""
    body = panel.sample if mode is Mode.SAMPLE else panel.draw.body
    ink, gradient = body.input.view.values, body.gradient.view.values
    assert ink is not None
    assert gradient is not None
    return ink, gradient


def draw_a_line(panel: PicturesPanel) -> None:
    """Draw on the pad from top to bottom."""
    pad = panel.draw.pad
    drag_to(pad, pad.centre_of(1, 4).toPoint(), pad.centre_of(6, 4).toPoint(), press=True, release=True)


def own_commands(stage: Stage) -> list[InspectOwn]:
    """Return the requests to walk through a drawing."""
    return [each for each in stage.commands.given if isinstance(each, InspectOwn)]


def answer_walk(stage: Stage, index: int = 0) -> None:
    """Answer the latest request to walk through a drawing, as the session does."""
    asked = own_commands(stage)[-1]
    stage.tell(trace_own(stage.training, np.array(asked.inputs), np.array(asked.targets), index=index))
    stage.become(State.PAUSED)
