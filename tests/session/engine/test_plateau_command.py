"""The report on a plateau as a command to a session that is at work."""

import dataclasses

import numpy as np

from bpviz.core import backprop
from bpviz.session.diagnostics.plateau import PlateauReport
from bpviz.session.engine.commands import ExplainPlateau, GoTo, Run
from bpviz.session.engine.events import Failed, Status
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from tests.session.helpers import LONG, SMALL, Driver

TEN = dataclasses.replace(SMALL, epochs=10)


def test_it_tells_of_the_network_and_the_epochs_of_the_position_on_screen() -> None:
    training = Training(TEN)
    losses = [training.run_epoch().mse_train for _ in range(4)]
    _, activations = backprop.forward(training.network, training.split.X_train)
    with Driver(TEN) as driver:
        driver.run_to_the_end()
        driver.runner.post(GoTo(Position(4)))
        driver.expect(Status, lambda status: status.position == Position(4) and not status.is_live)
        driver.runner.post(ExplainPlateau())
        report = driver.expect(PlateauReport)
    assert report.position.epoch == report.last_epoch == 4
    assert (report.mse_before, report.mse_after) == (losses[0], losses[3])
    np.testing.assert_allclose(report.layers[0].spread, np.sqrt(activations[0].var(axis=0).mean()))
    np.testing.assert_allclose(report.mse, losses[3], rtol=1e-9)


def test_while_training_runs_it_is_made_beside_and_from_one_state_of_the_network() -> None:
    with Driver(LONG) as driver:
        driver.runner.post(Run())
        driver.runner.post(ExplainPlateau())
        report = driver.expect(PlateauReport)
        driver.runner.post(ExplainPlateau())
        later = driver.expect(PlateauReport)
    assert later.position > report.position
    assert later.mse != report.mse


def test_without_a_network_it_is_refused_in_words() -> None:
    with Driver() as driver:
        driver.runner.post(ExplainPlateau())
        assert "no network" in driver.expect(Failed).sentence
