"""A stage on which a small network learns the written digits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bpviz.session.experiment.experiment import Experiment
from bpviz.ui.pictures.pictures_panel import PicturesPanel
from tests.ui.conftest import Show
from tests.ui.stage import Stage

DIGITS = Experiment(
    dataset="digits",
    samples=1797,
    hidden=(6,),
    activations=("tanh", "softmax"),
    initializer="xavier",
    loss="cross_entropy",
    scale="minmax",
    learning_rate=0.02,
    epochs=3,
)


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A view model with the digits, not yet prepared, without a thread."""
    made = Stage(DIGITS)
    yield made
    made.model.deleteLater()


@pytest.fixture
def panel(show: Show, stage: Stage) -> PicturesPanel:
    """The panel in a window of the size that it has in the usual arrangement."""
    made = PicturesPanel(stage.model)
    show(made, 460, 400)
    return made
