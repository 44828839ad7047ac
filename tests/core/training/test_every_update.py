"""Both paths make the update of the plain functions for every activation, loss and penalty."""

import itertools

import numpy as np
import pytest

from bpviz import NeuralNetwork
from bpviz.core import backprop
from bpviz.core.activations import HIDDEN_ACTIVATIONS
from bpviz.core.optimisers.learning import Learning
from bpviz.core.optimisers.rule import PLAIN_SGD, LearningRule
from bpviz.core.optimisers.update import update
from bpviz.core.training.kernel import Kernel
from tests.combinations import combinations
from tests.core.helpers import LOSS_AND_OUTPUT, samples_for

RULES = PLAIN_SGD, LearningRule(l1=0.02), LearningRule(l2=0.3)
SAMPLES, RATE = 8, 0.05


@pytest.mark.usefixtures("kernel_path")
@pytest.mark.parametrize(("hidden", "loss", "output"), combinations(HIDDEN_ACTIVATIONS, LOSS_AND_OUTPUT))
def test_an_update_is_that_of_the_plain_functions(hidden: str, loss: str, output: str) -> None:
    for rule, batch_size in itertools.product(RULES, (1, 4)):
        fast = NeuralNetwork.build((2, 4, 3), [hidden, output], initializer="uniform", seed=2, loss=loss)
        plain, (X, y) = fast.copy(), samples_for(fast, SAMPLES)
        Kernel(fast, learning=Learning(len(fast.parameters), rule)).run(X, y, np.arange(SAMPLES), RATE, batch_size)
        learning = Learning(len(plain.parameters), rule)
        for start in range(0, SAMPLES, batch_size):
            rows = slice(start, start + batch_size)
            done = backprop.trace(plain, X[rows], y[rows])
            gradient = np.concatenate([np.append(layer.dW.ravel(), layer.db) for layer in done.layers])
            update(plain, gradient, learning, RATE)
        np.testing.assert_allclose(fast.parameters, plain.parameters, rtol=0, atol=1e-12)
