"""What a step would do to every other sample, predicted from deltas, compared with one product of the same size."""

from __future__ import annotations

import numpy as np

from bpviz.core import backprop
from bpviz.core.network import Network
from bpviz.session.effects.first_order import FirstOrder
from tests.benchmarks.algorithm import ARTICLE, medians, samples
from tests.benchmarks.row import Row

_TIMES = 200


def rows() -> list[Row]:
    """Measure a prediction for 1,400 samples of the article's network."""
    x, y = samples(ARTICLE)
    network = Network.build(ARTICLE, ["sigmoid"] * (len(ARTICLE) - 1))
    zs, activations = backprop.forward(network, x)
    _, _, exact = backprop.backward(network, zs, activations, y)
    # In single precision, as frames hold them.
    inputs, deltas = ([each.astype(np.float32) for each in part] for part in ([x, *activations[:-1]], exact))
    predictor, everything = FirstOrder(inputs, deltas, train_biases=True), np.hstack([*inputs, *deltas])

    def predict() -> None:
        for row in range(_TIMES):
            predictor.change(row, 0.01)

    def multiply() -> None:
        for row in range(_TIMES):
            everything @ everything[row]

    times = medians({"predict": predict, "multiply": multiply})
    milliseconds = times["predict"] * len(x) / _TIMES / 1e3
    return [
        Row("a step on one sample, predicted for 1,400", milliseconds, "at most", 0.1, unit=" ms"),
        Row("the same / one numpy product of this size", times["predict"] / times["multiply"], "at most", 4),
    ]
