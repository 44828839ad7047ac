import math

import numpy as np
import pytest
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score

from bpviz import NeuralNetwork
from bpviz.core.metrics.scores import Score, errors_in_pieces, r2, spread


@pytest.mark.parametrize("n_outputs", [1, 3])
@pytest.mark.parametrize(("samples", "pieces"), [(2, 1), (1000, 1), (1001, 2), (2500, 3)])
def test_the_scores_of_a_regression_are_those_of_scikit_learn(samples: int, pieces: int, n_outputs: int) -> None:
    rng = np.random.default_rng(3)
    network = NeuralNetwork.build((4, 5, n_outputs), ["tanh", "none"])
    X, y = rng.normal(size=(samples, 4)), rng.normal(1.0, 2.0, (samples, n_outputs))
    *pauses, score = errors_in_pieces(network, X, y, 1000)
    outputs = network.feed_forward(X)
    assert pauses == [None] * (pieces - 1)
    assert isinstance(score, Score)
    assert score.mse == pytest.approx(mean_squared_error(y, outputs), rel=1e-12)
    assert score.mae == pytest.approx(mean_absolute_error(y, outputs), rel=1e-12)
    assert math.isnan(score.accuracy)
    expected = r2_score(y, outputs, multioutput="variance_weighted")
    assert r2(score.mse, spread(y)) == pytest.approx(expected, rel=1e-9)


def test_a_perfect_fit_has_an_r2_of_1_and_the_mean_one_of_0() -> None:
    y = np.array([[1.0], [2.0], [6.0]])
    assert r2(0.0, spread(y)) == 1.0
    assert r2(float(np.mean((y - 3.0) ** 2)), spread(y)) == 0.0


def test_targets_that_are_all_equal_have_no_r2() -> None:
    assert math.isnan(r2(0.5, spread(np.ones((4, 1)))))
