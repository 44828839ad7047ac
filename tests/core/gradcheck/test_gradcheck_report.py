"""The sentence of a gradient check: its numbers, the only layer, and numbers out of range."""

import dataclasses
import re

import numpy as np
import pytest

from bpviz import NeuralNetwork
from bpviz.core import backprop
from bpviz.core.gradcheck import check
from bpviz.core.gradcheck_report import verdict
from tests.core.gradcheck.test_gradcheck import network_of
from tests.core.helpers import samples_for


def test_a_small_error_is_reported_with_two_digits_and_a_short_exponent() -> None:
    network = network_of("tanh", "sigmoid", "mse")
    sentence = verdict(check(network, *samples_for(network, 5))).sentence
    assert re.search(r"the largest relative error is [1-9]\.[0-9]e-[1-9][0-9]*\.$", sentence)
    network.parameters[:] = 0.0
    network.layers[-1].bias[:] = 0.5  # both gradients of the layers before the last are exactly 0
    first = check(network, *samples_for(network, 5))[0]
    assert verdict([first]).sentence.endswith("the largest relative error is 0.")


def test_wrong_gradients_of_the_only_layer_are_said_to_be_that_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backprop, "gradients", lambda a_prev, delta: (a_prev.T @ delta, delta.sum(axis=0)))
    network = NeuralNetwork.build((2, 3), ["sigmoid"], seed=2)
    sentence = verdict(check(network, *samples_for(network, 5))).sentence
    assert sentence.startswith("The gradients of layer 1 are wrong (relative error ")


@pytest.mark.parametrize("side", ["analytic", "numerical"])
def test_a_single_gradient_that_is_not_finite_leaves_nothing_to_compare(side: str) -> None:
    network = network_of("tanh", "sigmoid", "mse")
    *first, last = check(network, *samples_for(network, 5))
    gradients = getattr(last, side).copy()
    gradients[3] = np.inf
    damaged = dataclasses.replace(last, worst=np.inf, **{side: gradients})
    assert verdict([*first, damaged]).sentence.startswith("The gradients of layer 4 are not finite numbers")
