import dataclasses

import numpy as np
import pytest

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.pictures.sample_reader import SampleReader, SampleReading
from bpviz.session.training.training import Training
from tests.core.helpers import slopes_by_difference
from tests.session.helpers import SMALL


def reading(training: Training, sample: int) -> SampleReading:
    reader, layers = SampleReader(training.experiment), training.network.layers
    reader.take([layer.weights for layer in layers], [layer.bias for layer in layers])
    return reader.read(training.split.X_train[sample], training.split.y_train[sample])


@pytest.mark.parametrize("experiment", [SMALL, dataclasses.replace(SMALL, loss="cross_entropy")])
def test_the_numbers_are_those_of_the_network_that_was_trained(experiment: Experiment) -> None:
    training = Training(experiment)
    training.run_epoch()
    x, y = training.split.X_train[5], training.split.y_train[5]
    found = reading(training, 5)
    np.testing.assert_array_equal(found.outputs, training.network.feed_forward(x))
    assert found.predicted == training.network.predict(x)
    assert found.loss == pytest.approx(training.network.losses(x, y), rel=1e-12)
    expected = slopes_by_difference(lambda moved: training.network.losses(moved, y), x)
    np.testing.assert_allclose(found.input_gradient, expected, rtol=1e-5, atol=1e-9)


def test_with_a_planted_mistake_the_numbers_are_those_of_the_wrong_program() -> None:
    training = Training(dataclasses.replace(SMALL, mistakes=("slope_left_out",)))
    done = training.trainer.trace(np.array([3]))
    found = reading(training, 3)
    np.testing.assert_array_equal(found.outputs, done.layers[-1].a[0])
    wrong = done.layers[0].delta[0] @ training.network.layers[0].weights.T
    np.testing.assert_allclose(found.input_gradient, wrong, rtol=1e-12)
    true = SampleReader(SMALL)
    true.take([each.weights for each in training.network.layers], [each.bias for each in training.network.layers])
    right = true.read(training.split.X_train[3], training.split.y_train[3])
    assert not np.allclose(right.input_gradient, found.input_gradient)


def test_numbers_that_are_not_finite_are_read_without_a_warning() -> None:
    training = Training(SMALL)
    training.network.parameters[:] = 1e308
    found = reading(training, 0)
    assert found.outputs.shape == (2,)
