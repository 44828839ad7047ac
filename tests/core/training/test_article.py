import numpy as np
import pytest

import bpviz.core.network
import bpviz.core.training.article
from bpviz import Layer, NeuralNetwork
from bpviz.core.datasets import Split
from tests.core.helpers import samples_for

ARTICLE = (2, 25, 50, 25, 2)


def small(initializer: str = "article", loss: str = "mse") -> NeuralNetwork:
    return NeuralNetwork.build((2, 3, 2), ["tanh", "sigmoid"], initializer=initializer, loss=loss)


def article() -> NeuralNetwork:
    network = NeuralNetwork.build(ARTICLE, ["sigmoid"] * 4, seed=0)
    network.train_biases = False
    return network


def test_the_article_finds_its_two_classes_at_the_top() -> None:
    assert Layer is bpviz.core.network.Layer
    assert NeuralNetwork is bpviz.core.training.article.NeuralNetwork


def test_backpropagation_steps_down_the_loss() -> None:
    network = small()
    X, y = samples_for(network, 6)
    losses = []
    for _ in range(20):
        losses.append(float(network.losses(X, y).mean()))
        network.backpropagation(X, y, 0.5)
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0]


def test_train_reports_the_articles_first_line(moons: Split) -> None:
    lines: list[str] = []
    network = article()
    mses = network.train(
        moons.X_train, moons.X_test, moons.labels_train, moons.labels_test, 0.01, 1, report=lines.append
    )
    assert lines == ["Epoch: #0, MSE: 0.246478, Accuracy: 49.50%"]
    assert [f"{mse:.6f}" for mse in mses] == ["0.246478"]


def test_train_prints_unless_told_otherwise(moons: Split, capsys: pytest.CaptureFixture[str]) -> None:
    some = (moons.X_train[:9], moons.X_test[:9], moons.labels_train[:9], moons.labels_test[:9])
    small().train(*some, 0.01, 1, report=None)
    assert capsys.readouterr().out == ""
    small().train(*some, 0.01, 1)
    assert capsys.readouterr().out.startswith("Epoch: #0, MSE: 0.")


def test_train_returns_and_reports_every_tenth_epoch() -> None:
    network, copied, lines = small(), small(), list[str]()
    X, y = samples_for(network, 30)
    mses = network.train(X, X, y, y, 0.1, 21, report=lines.append)
    assert [line.split(",")[0] for line in lines] == ["Epoch: #0", "Epoch: #10", "Epoch: #20"]
    assert [line.split(", ")[1] for line in lines] == [f"MSE: {mse:.6f}" for mse in mses]
    for _ in range(11):
        for sample in range(30):
            copied.backpropagation(X[sample], y[sample], 0.1)
    assert mses[1] == pytest.approx(float(np.mean((copied.feed_forward(X) - y) ** 2)), rel=1e-10)


def test_train_takes_class_numbers_or_one_hot_alike() -> None:
    with_labels, with_targets = small(), small()
    X, y = samples_for(with_labels, 10)
    labels = y.argmax(axis=1)
    with_labels.train(X, X, labels, labels, 0.1, 3, report=None)
    with_targets.train(X, X, y, y, 0.1, 3, report=None)
    np.testing.assert_array_equal(with_labels.parameters, with_targets.parameters)


def test_train_leaves_frozen_biases() -> None:
    network = small()
    network.train_biases = False
    biases, weights = [layer.bias.copy() for layer in network.layers], network.layers[0].weights.copy()
    X, y = samples_for(network, 10)
    network.train(X, X, y, y, 0.1, 3, report=None)
    for layer, bias in zip(network.layers, biases, strict=True):
        np.testing.assert_array_equal(layer.bias, bias)
    assert (network.layers[0].weights != weights).all()
