"""The confusion matrix in the real program: in the past and on branches it is that of the position on screen."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.metrics import confusion_matrix

from bpviz.session.engine.commands import ChangeHyperparameters, Fork, Run, ShowBranch
from bpviz.session.engine.events import State
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.ui.confusion.confusion_panel import ConfusionPanel
from tests.session.helpers import SMALL
from tests.ui.conftest import OpenProgram
from tests.ui.program_driver import ProgramDriver

LEARNS = dataclasses.replace(SMALL, samples=100, epochs=12, learning_rate=0.5)
SLOWLY = dataclasses.replace(LEARNS, learning_rate=0.001)


def counts_after(epochs: int, *, slowly_from: int | None = None) -> npt.NDArray[np.int64]:
    """Return the confusion matrix by a training of its own and by scikit-learn."""
    training = Training(LEARNS)
    for epoch in range(epochs):
        if epoch == slowly_from:
            training.change_hyperparameters(SLOWLY)
        training.run_epoch()
    split = training.split
    found: npt.NDArray[np.int64] = confusion_matrix(split.labels_train, training.network.predict(split.X_train))
    return found


def drawn(driver: ProgramDriver, panel: ConfusionPanel) -> npt.NDArray[np.int64]:
    driver.wait_until_drawn()
    assert panel.matrix.matrix is not None
    return panel.matrix.matrix.counts


@pytest.mark.slow
def test_in_the_past_and_on_a_branch_it_is_that_of_the_position(open_program: OpenProgram) -> None:
    driver = open_program(LEARNS)
    driver.wait_until_ready()
    driver.window.docks.confusion.bring_to_front()
    driver.wait_until(lambda: driver.window.docks.confusion.is_seen)
    panel = driver.window.docks.confusion.panel
    driver.wait_until(lambda: panel.matrix.matrix is not None)
    np.testing.assert_array_equal(drawn(driver, panel), counts_after(0))
    driver.model.post(Run())
    driver.wait_for_state(State.FINISHED)
    np.testing.assert_array_equal(drawn(driver, panel), counts_after(12))
    driver.model.go_to(Position(1))
    driver.wait_until(lambda: driver.model.position == Position(1))
    np.testing.assert_array_equal(drawn(driver, panel), counts_after(1))
    driver.model.post(Fork())
    driver.model.post(ChangeHyperparameters(SLOWLY))
    driver.model.post(Run())
    driver.wait_until(lambda: driver.model.position == Position(12))
    driver.wait_for_state(State.FINISHED)
    on_the_branch = drawn(driver, panel)
    np.testing.assert_array_equal(on_the_branch, counts_after(12, slowly_from=1))
    assert not np.array_equal(on_the_branch, counts_after(12))
    driver.model.post(ShowBranch(0))
    driver.wait_until(lambda: driver.model.time.timeline is not None and driver.model.time.timeline.active == 0)
    driver.wait_until(lambda: np.array_equal(drawn(driver, panel), counts_after(12)))
