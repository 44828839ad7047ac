import numpy as np
import pytest

from bpviz.core.activations import ACTIVATIONS
from bpviz.core.arrays import Array
from bpviz.session.diagnostics.neuron_health import NeuronHealth, neuron_health


def column(*values: float) -> Array:
    return np.array(values, dtype=np.float64)[:, None]


@pytest.mark.parametrize(
    ("activation", "a", "found"),
    [
        ("relu", column(0, 0, 0), NeuronHealth.DEAD),
        ("relu", column(0, 0, 0.1), NeuronHealth.NONE),
        ("leaky_relu", column(0, 0, 0), NeuronHealth.NONE),
        ("none", column(9, 9, 9), NeuronHealth.NONE),
        ("softmax", column(1, 0, 1), NeuronHealth.NONE),
        # a (1 - a) is below a tenth of a quarter beyond a = 0.974,
        ("sigmoid", column(0.98, 0.99, 0.01), NeuronHealth.SATURATED),
        ("sigmoid", column(0.97, 0.99, 0.01), NeuronHealth.NONE),
        # and 1 - a^2 below a tenth beyond a = 0.949.
        ("tanh", column(-0.96, 0.96, 1), NeuronHealth.SATURATED),
        ("tanh", column(-0.94, 0.96, 1), NeuronHealth.NONE),
        ("tanh", column(np.nan, 1, 1), NeuronHealth.NONE),
    ],
)
def test_dead_and_saturated_neurons_are_found(activation: str, a: Array, found: NeuronHealth) -> None:
    assert neuron_health(np.full_like(a, np.nan), a, activation).tolist() == [found]


def test_a_few_samples_that_pass_do_not_make_a_neuron_healthy() -> None:
    a = np.full((100, 2), 0.999)
    a[:4, 0] = a[:5, 1] = 0.5
    assert neuron_health(a, a, "sigmoid").tolist() == [NeuronHealth.SATURATED, NeuronHealth.NONE]


@pytest.mark.parametrize(
    ("activation", "z", "found"),
    [
        ("elu", -2.4, NeuronHealth.SATURATED),
        ("elu", -2.2, NeuronHealth.NONE),
        ("softplus", -2.3, NeuronHealth.SATURATED),
        ("softplus", 9.0, NeuronHealth.NONE),
        ("gelu", -3.0, NeuronHealth.SATURATED),
        ("gelu", -1.4, NeuronHealth.NONE),  # its slope is below 0 there, and not small
        ("silu", -9.0, NeuronHealth.SATURATED),
        ("sin", 1.55, NeuronHealth.SATURATED),
        ("sin", 3.0, NeuronHealth.NONE),
    ],
)
def test_a_neuron_is_saturated_where_its_slope_is_small_whatever_its_sign(
    activation: str, z: float, found: NeuronHealth
) -> None:
    zs = column(z, z, z)
    assert neuron_health(zs, ACTIVATIONS[activation].f(zs, None), activation).tolist() == [found]
