from functools import partial

import numpy as np
import numpy.typing as npt
import pytest

from bpviz import NeuralNetwork
from bpviz.core.arrays import frozen
from bpviz.core.datasets import one_hot
from bpviz.core.metrics.scores import Score, accuracy, mean_squared_error, score_in_pieces, score_sums
from tests.core.helpers import samples_for


def test_frozen_is_a_read_only_copy() -> None:
    values = np.arange(3)
    copy = frozen(values)
    values[0] = 9
    np.testing.assert_array_equal(copy, [0.0, 1.0, 2.0])
    with pytest.raises(ValueError, match="read-only"):
        copy[0] = 1.0


def test_one_hot_turns_class_numbers_into_rows() -> None:
    np.testing.assert_array_equal(one_hot([2, 0], 3), [[0, 0, 1], [1, 0, 0]])


def test_one_hot_lets_targets_pass() -> None:
    np.testing.assert_array_equal(one_hot([[0.2, 0.8]], 2), [[0.2, 0.8]])


@pytest.mark.parametrize("labels", [[0, 2], [-1, 1]])
def test_one_hot_refuses_class_numbers_beyond_the_classes(labels: list[int]) -> None:
    with pytest.raises(ValueError, match=r"must be in 0\.\.1"):
        one_hot(labels, 2)


def test_one_hot_refuses_targets_of_another_width() -> None:
    with pytest.raises(ValueError, match="3 columns, but the network has 2 outputs"):
        one_hot(np.eye(3), 2)


def test_mse_is_the_mean_over_samples_and_outputs() -> None:
    assert mean_squared_error(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])) == 22 / 4


@pytest.mark.parametrize(
    ("predicted", "true", "share"),
    [
        ([0, 1, 1, 0], [0, 1, 0, 0], 0.75),
        ([0, 1, 1, 0], [[1, 0], [0, 1], [1, 0], [1, 0]], 0.75),
        (1, 1, 1.0),
        (1, 0, 0.0),
        (1, [0, 1], 1.0),
        (0, [0, 1], 0.0),
    ],
    ids=["labels", "one-hot", "sample right", "sample wrong", "one-hot sample right", "one-hot sample wrong"],
)
def test_accuracy_is_the_share_of_right_classes(predicted: npt.ArrayLike, true: npt.ArrayLike, share: float) -> None:
    assert accuracy(predicted, true) == share
    assert NeuralNetwork.accuracy(predicted, true) == share


@pytest.mark.parametrize(("samples", "pieces"), [(1, 1), (4096, 1), (4097, 2), (10_000, 3)])
def test_score_in_pieces_is_the_score_of_the_whole(samples: int, pieces: int) -> None:
    network = NeuralNetwork.build((2, 3, 2), ["tanh", "sigmoid"])
    X, y = samples_for(network, samples)
    *pauses, score = score_in_pieces(partial(score_sums, network), X, y, 4096)
    assert pauses == [None] * (pieces - 1)
    assert isinstance(score, Score)
    assert score.mse == pytest.approx(mean_squared_error(network.feed_forward(X), y), rel=1e-12)
    assert score.accuracy == accuracy(network.predict(X), y)
