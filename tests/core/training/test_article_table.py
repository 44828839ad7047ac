"""The article's table: its network on its two moons, and a program of its structure written here from scratch.

"Epoch k" is the report of pass k, counted from 0, and so comes after k + 1 passes.
"""

import itertools

import numpy as np
import pytest

from bpviz import NeuralNetwork
from bpviz.core.arrays import Array
from bpviz.core.datasets import Split
from bpviz.core.metrics.scores import mean_squared_error
from bpviz.core.training.trainer import Trainer
from tests.core.helpers import run_epochs

SIZES, RATE = (2, 25, 50, 25, 2), 0.01
EPOCHS = (0, 10, 100, 200, 500, 750, 990)
FIXED_BIASES = (
    "0.246478 49.50, 0.145265 81.83, 0.096057 89.00, 0.094470 89.00, 0.081373 92.67, 0.034612 96.50, 0.025621 97.50"
)
TRAINED_BIASES = (
    "0.246588 49.50, 0.144861 81.67, 0.096168 89.17, 0.094056 89.50, 0.025202 97.67, 0.025151 97.67, 0.025090 97.50"
)


def article_network(train_biases: bool) -> NeuralNetwork:
    network = NeuralNetwork.build(SIZES, ["sigmoid"] * 4, seed=0)
    network.train_biases = train_biases
    return network


def cell(network: NeuralNetwork, moons: Split) -> str:
    mse = mean_squared_error(network.feed_forward(moons.X_train), moons.y_train)
    return f"{mse:.6f} {100 * network.accuracy(network.predict(moons.X_test), moons.labels_test):.2f}"


def table(train_biases: bool, moons: Split, *, epochs: int = EPOCHS[-1]) -> list[str]:
    """Train, and return the cells of a column up to an epoch."""
    network = article_network(train_biases)
    trainer = Trainer(network, moons.X_train, moons.y_train, learning_rate=RATE)
    cells = []
    for epoch in (epoch for epoch in EPOCHS if epoch <= epochs):
        run_epochs(trainer, epoch + 1 - trainer.epoch)
        cells.append(cell(network, moons))
    return cells


columns = pytest.mark.parametrize(
    ("train_biases", "column"),
    [pytest.param(False, FIXED_BIASES, marks=pytest.mark.slow), (True, TRAINED_BIASES)],
    ids=["fixed biases", "trained biases"],
)


# 991 epochs of 1400 updates: some seconds with numba. Without it they take most of a minute, so one column must do.
@columns
def test_the_articles_table(train_biases: bool, column: str, moons: Split) -> None:
    assert table(train_biases, moons) == column.split(", ")


@pytest.mark.slow
@pytest.mark.usefixtures("numpy_only")
def test_the_articles_table_is_the_same_without_numba_until_after_the_plateau(moons: Split) -> None:
    cells = table(True, moons, epochs=500)
    assert cells == TRAINED_BIASES.split(", ")[: len(cells)]


@pytest.mark.usefixtures("numpy_only")
@columns
def test_the_articles_table_begins_the_same_without_numba(train_biases: bool, column: str, moons: Split) -> None:
    assert table(train_biases, moons, epochs=10) == column.split(", ")[:2]


def sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


class PlainProgram:
    """Backpropagation in a few lines, with the article's sign: its delta is (y - a) * f'(z), and it adds gradients."""

    def __init__(self, seed: int) -> None:
        rng = np.random.RandomState(seed)
        self.W, self.b = [], []
        for n_in, n_out in itertools.pairwise(SIZES):
            self.W.append(rng.randn(n_in, n_out) * np.sqrt(1 / n_out))
            self.b.append(rng.rand(n_out) * 0.1)

    def learn(self, x: Array, y: Array, train_biases: bool) -> None:
        seen = [x]
        for W, b in zip(self.W, self.b, strict=True):
            seen.append(sigmoid(seen[-1] @ W + b))
        missing = y - seen[-1]
        pulls = []
        for W, a in zip(reversed(self.W), reversed(seen), strict=False):
            pulls.append(missing * a * (1 - a))
            missing = W @ pulls[-1]
        for k, pull in enumerate(reversed(pulls)):
            self.W[k] += RATE * seen[k][:, None] * pull
            if train_biases:
                self.b[k] += RATE * pull

    def parameters(self) -> Array:
        return np.concatenate([np.append(W, b) for W, b in zip(self.W, self.b, strict=True)])


@pytest.mark.parametrize("train_biases", [False, True])
def test_a_plain_program_of_the_articles_structure_agrees_over_two_epochs(train_biases: bool, moons: Split) -> None:
    network, plain = article_network(train_biases), PlainProgram(seed=0)
    np.testing.assert_array_equal(network.parameters, plain.parameters())
    run_epochs(Trainer(network, moons.X_train, moons.y_train, learning_rate=RATE), 2)
    for _ in range(2):
        for x, y in zip(moons.X_train, moons.y_train, strict=True):
            plain.learn(x, y, train_biases)
    np.testing.assert_allclose(network.parameters, plain.parameters(), rtol=1e-10, atol=1e-13)
