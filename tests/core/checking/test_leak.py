"""Networks of leaky_relu whose slope below 0 is not 0.01."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import bpviz
from bpviz.core import backprop
from bpviz.core.network import Network
from tests.core.helpers import samples_for

NAMED = "leaky_relu", "none"


def arrays_of(leak: float, slope: float | None = None) -> dict[str, Any]:
    """Return the numbers of a program with this leak forward and, as its mistake, perhaps another slope backward."""
    network = Network.build((2, 5, 2), NAMED, initializer="uniform", seed=3, leak=leak)
    x, y = samples_for(network, 6)
    done = backprop.trace(network, x, y)
    first, last = done.layers
    delta = (last.delta @ network.layers[1].weights.T) * np.where(first.z > 0, 1.0, leak if slope is None else slope)
    return {
        "W": [layer.weights for layer in network.layers],
        "b": [layer.bias for layer in network.layers],
        "x": x,
        "y": y,
        "z": [first.z, last.z],
        "a": [first.a, last.a],
        "delta": [delta, last.delta],
        "dW": [x.T @ delta / len(x), last.dW],
    }


@pytest.mark.parametrize("activations", [NAMED, None, (lambda z: np.where(z > 0, z, 0.3 * z), "none")])
def test_a_right_network_with_another_leak_is_right(activations: tuple[str | Callable[..., Any], str] | None) -> None:
    assert bpviz.check(**arrays_of(0.3), activations=activations, leak=0.3).ok
    assert bpviz.check(**arrays_of(0.01), activations=NAMED).ok


def test_without_its_leak_it_is_wrong_from_the_first_a() -> None:
    report = bpviz.check(**arrays_of(0.3), activations=NAMED)
    assert not report.ok
    assert "a of layer 1" in str(report)


def test_the_slope_of_the_usual_leak_is_found_wrong_in_a_network_with_another() -> None:
    report = bpviz.check(**arrays_of(0.3, slope=0.01), activations=NAMED, leak=0.3)
    assert not report.ok
    assert "delta of layer 1" in str(report)


def test_a_network_that_is_run_may_have_another_leak() -> None:
    network = bpviz.NeuralNetwork.build((2, 5, 2), NAMED, initializer="uniform", seed=3, leak=0.3)
    x, y = samples_for(network, 4)
    assert bpviz.check(network, x, y, leak=0.3).ok
