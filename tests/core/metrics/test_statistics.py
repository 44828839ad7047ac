"""What is counted of the samples of an epoch."""

import numpy as np
import pytest

from bpviz.core.metrics.statistics import Statistics


@pytest.mark.parametrize("n_outputs", [2, 3])
def test_of_equal_outputs_the_first_is_predicted_as_argmax_does(n_outputs: int) -> None:
    statistics, outputs, y = Statistics(n_outputs), np.full((2, n_outputs), 0.5), np.eye(n_outputs)[[0, 1]]
    statistics.add(np.zeros((2, n_outputs)), outputs, y)
    assert (outputs.argmax(axis=1) != y.argmax(axis=1)).sum() == 1
    assert statistics.mistakes == 1
    statistics.add(np.zeros((1, n_outputs)), outputs[:1], y[:1])
    assert statistics.mistakes == 1
